#!/bin/bash
set -eu
# The soft server is killed at the first sign of a request.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
# This request of ours must be in the log by then: the sign is the next one.
until podman logs notebook 2>&1 | grep -q 'GET /'; do sleep 0.1; done
cat > kill.sh <<'END'
until podman logs -f --since 0s notebook 2> /dev/null | grep -q 'GET /'; do sleep 0.1; done
podman rm -f -t 0 notebook
END
setsid bash kill.sh > /dev/null 2>&1 < /dev/null &
sleep 1
