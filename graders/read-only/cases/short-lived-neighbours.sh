#!/bin/bash
set -eu
# Other containers that do not listen do not matter.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
podman run -d --name idle localhost/busybox sleep 3600
podman run --rm localhost/busybox true
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
