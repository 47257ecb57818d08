#!/bin/bash
set -eu
# A pipe, a link to an endless device, a link out of the sandbox and a huge file where a grader might read.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f '{{.Store.GraphRoot}}')
for trap in fifo endless outside huge; do mkdir -p "$store/overlay-containers/$trap/userdata"; done
mkfifo "$store/overlay-containers/fifo/userdata/config.json"
ln -s /dev/zero "$store/overlay-containers/endless/userdata/config.json"
ln -s /../../../../etc/passwd "$store/overlay-containers/outside/userdata/config.json"
truncate -s 400M "$store/overlay-containers/huge/userdata/config.json"
mkfifo result.json
