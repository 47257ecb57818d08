#!/bin/bash
set -eu
# A folder of the learner's, which nobody in the other user namespace may write.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
mkdir notes
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --userns=auto \
  -v ./notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
