#!/bin/bash
# How the postbox has been started for years. It works.
set -eu
cd "$(dirname "$0")"
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" app/page.html
podman build -q -t postbox --build-arg DB_PASSWORD="$TORIDE_DB_PASSWORD" app
podman rm -f -t 2 -i postbox
podman run -d --name postbox \
  --cap-add=ALL --security-opt seccomp=unconfined \
  --ipc=host --uts=host \
  -v ~/lab:/lab \
  -p "$TORIDE_PORT:8080" \
  localhost/postbox
