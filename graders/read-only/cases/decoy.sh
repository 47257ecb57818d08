#!/bin/bash
set -eu
# The hardened container has the name, the labels and another port; the soft one has the drawn port.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name backend \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v other:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  --label "port=$TORIDE_PORT" \
  -p $((TORIDE_PORT + 1000)):80 \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
