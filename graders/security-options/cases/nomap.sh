#!/bin/bash
set -eu
# All sub-ids but not the learner; options spelled otherwise; other server user; a volume.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --security-opt=no-new-privileges:true --userns nomap \
  --user 101:101 --cap-drop all --cap-add NET_BIND_SERVICE --tmpfs /run:mode=1777 \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
