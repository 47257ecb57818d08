#!/bin/bash
set -eu
# nginx without root inside, without any capability but the one for port 80.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,mode=1777,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,mode=1777,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  --user 101:101 --cap-drop all --cap-add NET_BIND_SERVICE \
  --security-opt no-new-privileges \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
