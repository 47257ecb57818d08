#!/bin/bash
set -eu
# One option of three is missing.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,dev,suid,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
