#!/bin/bash
set -eu
# The reference solution, as the lesson builds it up.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cp /usr/bin/cat lab/image/peek
podman build -q -t old-notebook lab/image
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/old-notebook
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
