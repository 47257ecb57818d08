#!/bin/bash
set -eu
# A folder of the learner's instead of a named volume, given to the container's nginx user.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
mkdir notes
podman unshare chown 101:101 notes
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v ./notes:/data:rw,noexec \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
