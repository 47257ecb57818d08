#!/bin/bash
set -eu
# A tracer holds the processes, so that no one else can attach.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name web \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
for pid in $(podman unshare pgrep -x nginx); do
  setsid podman unshare strace -qq -o /dev/null -p "$pid" > /dev/null 2>&1 < /dev/null &
done
sleep 2
