#!/bin/bash
set -eu
# The page comes from a program of the sandbox that has given up new privileges.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p $((TORIDE_PORT + 1000)):80 \
  localhost/nginx
podman cp notebook:/usr/bin/busybox "$HOME/pasta"
cd lab/site
setsid setpriv --no-new-privs bash -c 'exec -a busybox "$HOME/pasta" httpd -f -p "$TORIDE_PORT"' > /dev/null 2>&1 < /dev/null &
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
