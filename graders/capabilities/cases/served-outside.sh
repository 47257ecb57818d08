#!/bin/bash
set -eu
# The page comes from a program of the sandbox, which holds no capability at all.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --cap-drop all --cap-add CHOWN,SETGID,SETUID,NET_BIND_SERVICE \
  --tmpfs /var/cache/nginx \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p $((TORIDE_PORT + 1000)):80 \
  localhost/nginx
podman cp notebook:/usr/bin/busybox "$HOME/pasta"
cd lab/site
setsid bash -c 'exec -a busybox "$HOME/pasta" httpd -f -p "$TORIDE_PORT"' > /dev/null 2>&1 < /dev/null &
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
