#!/bin/bash
set -eu
# A profile that allows everything: Seccomp says 2, and nothing is filtered.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
echo '{"defaultAction": "SCMP_ACT_ALLOW"}' > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
