#!/bin/bash
set -eu
# A solution copied from a neighbour, token and all.
echo "<p>k2j5x9q0w8e7</p>" > lab/site/index.html
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
