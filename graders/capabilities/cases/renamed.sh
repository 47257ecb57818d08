#!/bin/bash
set -eu
# The server with the default set is called pasta, the forwarder of published ports.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
printf 'FROM localhost/nginx\nRUN cp /usr/sbin/nginx /usr/bin/pasta\nCMD ["/usr/bin/pasta", "-g", "daemon off;"]\n' > lab/Containerfile
podman build -t renamed lab
podman run -d --name notebook \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/renamed
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
