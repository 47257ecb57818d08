#!/bin/bash
set -eu
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
printf 'FROM localhost/nginx\nCOPY nginx.conf /etc/nginx/\nCOPY site /usr/share/nginx/html\nUSER %s:%s\n' "$TORIDE_APP_UID" "$TORIDE_APP_UID" > lab/Containerfile
podman build -q -t mine lab
podman unshare chown -R "$TORIDE_APP_UID:$TORIDE_APP_UID" lab/notes
podman pod create --name web -p "$TORIDE_PORT:8080"
podman run -d --pod web -v ./lab/notes:/data mine
curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$TORIDE_PORT/"
