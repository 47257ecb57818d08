#!/bin/bash
set -eu
# The user namespace belongs to the pod; created first, started later.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman pod create --name web --userns=auto:size=4096 -p "$TORIDE_PORT:80"
podman create --name notebook \
  --security-opt no-new-privileges=true \
  -v ./lab/site:/usr/share/nginx/html:ro \
  --pod web \
  localhost/nginx
podman pod start web
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
