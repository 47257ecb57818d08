#!/bin/bash
set -eu
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
podman unshare chown -R 101:101 lab/notes
podman run -d --name notebook --user 101:101 -p "$TORIDE_PORT:8080" \
  -v ./lab/nginx.conf:/etc/nginx/nginx.conf:ro -v ./lab/site:/usr/share/nginx/html:ro \
  -v ./lab/notes:/data localhost/nginx
curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$TORIDE_PORT/"
