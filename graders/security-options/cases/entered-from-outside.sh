#!/bin/bash
set -eu
# inspect shows the option; a process that was entered from outside does not have it.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
pid=$(podman inspect -f '{{.State.Pid}}' notebook)
setsid podman unshare nsenter -U -m -p -n -i -u -t "$pid" sleep 3600 > /dev/null 2>&1 < /dev/null &
sleep 1
