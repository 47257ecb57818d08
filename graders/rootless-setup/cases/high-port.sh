#!/bin/bash
set -eu
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
podman unshare chown -R "$TORIDE_APP_UID:$TORIDE_APP_UID" lab/notes
podman run -d --name notebook --user "$TORIDE_APP_UID" -p 8080:8080 \
  -v ./lab/nginx.conf:/etc/nginx/nginx.conf:ro -v ./lab/site:/usr/share/nginx/html:ro \
  -v ./lab/notes:/data localhost/nginx
sleep 1
