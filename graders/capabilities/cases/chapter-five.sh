#!/bin/bash
set -eu
# The set the chapter recommends: one too many.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --cap-drop all --cap-add CHOWN,DAC_OVERRIDE,SETGID,SETUID,NET_BIND_SERVICE \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name gate --cap-drop all --cap-add NET_ADMIN \
  localhost/busybox sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo && exec httpd -f -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
