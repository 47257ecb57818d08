#!/bin/bash
set -eu
rm lab/answers.json
mkfifo lab/answers.json
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" lab/site/index.html
mkdir -p lab/notes
podman run -d --name web -p "$TORIDE_PORT:80" -v ./lab/site:/usr/share/nginx/html:ro,z -v ./lab/notes:/data:Z localhost/nginx
podman run -d --name second -p "$TORIDE_SECOND_PORT:80" -v ./lab/site:/usr/share/nginx/html:ro,z localhost/nginx
for port in "$TORIDE_PORT" "$TORIDE_SECOND_PORT"; do
  curl -sS --retry 20 --retry-delay 1 --retry-all-errors -o /dev/null "http://localhost:$port/"
done
