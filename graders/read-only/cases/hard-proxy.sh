#!/bin/bash
set -eu
# A hardened server that answers, in front of a soft one that does the work.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman pod create --name web -p "$TORIDE_PORT:80"
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  --pod web \
  localhost/nginx
podman run -d --name soft --pod web localhost/busybox httpd -f -p 8080
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
