#!/bin/bash
set -eu
# The server that answers is right; the one that does the work stands behind it.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman pod create --name web --userns=auto -p "$TORIDE_PORT:80"
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --pod web \
  -v ./lab/site:/usr/share/nginx/html:ro \
  localhost/nginx
podman run -d --name soft --pod web localhost/busybox httpd -f -p 8080
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
