#!/bin/bash
set -eu
# --read-only alone: /run, /tmp, /var/tmp and /dev stay writable, and run programs.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only \
  --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
