#!/bin/bash
set -eu
# The capability is not there: the network lets programs listen at addresses it does not have.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --cap-drop all --cap-add CHOWN,SETGID,SETUID,NET_BIND_SERVICE \
  --tmpfs /var/cache/nginx \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name gate --cap-drop all --sysctl net.ipv4.ip_nonlocal_bind=1 \
  localhost/busybox httpd -f -p "$TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
