#!/bin/bash
set -eu
# The notes are in memory and gone with the container.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  --tmpfs /data:rw,noexec,nosuid,nodev,mode=1777 \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
