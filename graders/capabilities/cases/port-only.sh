#!/bin/bash
set -eu
# User 101 with NET_BIND_SERVICE, flags spelled otherwise, and a neighbour without any.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -u nginx:nginx --mount type=tmpfs,destination=/run,tmpfs-mode=1777 \
  --cap-drop=ALL --cap-add=cap_net_bind_service --security-opt=no-new-privileges \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name idle --cap-drop all localhost/busybox sleep 3600
podman run -d --name idle-too --user 1234 localhost/busybox sleep 3600
podman run -d --name gate --cap-drop all --cap-add NET_ADMIN \
  localhost/busybox sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo && exec httpd -f -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
