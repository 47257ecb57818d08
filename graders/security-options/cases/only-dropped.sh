#!/bin/bash
set -eu
# No capability is left, but a setuid program still becomes root and reads what is root's.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cp /usr/bin/cat lab/image/peek
podman build -q -t old-notebook lab/image
podman run -d --name notebook \
  --userns=auto \
  --cap-drop all --cap-add CHOWN,SETGID,SETUID,NET_BIND_SERVICE \
  --tmpfs /var/cache/nginx \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/old-notebook
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
