#!/bin/bash
set -eu
# The bare container has the name and another port; the one with the default set has the drawn port.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name backend \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name notebook \
  --cap-drop all --cap-add CHOWN,SETGID,SETUID,NET_BIND_SERVICE \
  --tmpfs /var/cache/nginx \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p $((TORIDE_PORT + 1000)):80 \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
