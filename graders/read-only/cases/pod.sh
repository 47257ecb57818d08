#!/bin/bash
set -eu
# In a pod, created first and started later.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman pod create --name web -p "$TORIDE_PORT:80"
podman create --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  --pod web \
  localhost/nginx
podman pod start web
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
