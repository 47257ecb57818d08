#!/bin/bash
set -eu
# The page comes from a program of the sandbox, which only borrows the container's web server files.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p $((TORIDE_PORT + 1000)):80 \
  localhost/nginx
podman cp notebook:/usr/bin/busybox "$HOME/pasta"
cd lab/site
setsid bash -c 'exec -a busybox "$HOME/pasta" httpd -f -p "$TORIDE_PORT"' > /dev/null 2>&1 < /dev/null &
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
