#!/bin/bash
set -eu
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
podman unshare chown -R "$TORIDE_APP_UID:$TORIDE_APP_UID" lab/notes
# All is well in the container; the port is a server's beside it.
podman run -d --name notebook --user "$TORIDE_APP_UID:$TORIDE_APP_UID" -p 8080:8080 \
  -v ./lab/nginx.conf:/etc/nginx/nginx.conf:ro -v ./lab/site:/usr/share/nginx/html:ro \
  -v ./lab/notes:/data localhost/nginx
setsid python3 -m http.server -d lab/site "$TORIDE_PORT" > /dev/null 2>&1 < /dev/null &
curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$TORIDE_PORT/"
