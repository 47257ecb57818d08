#!/bin/bash
set -eu
# An own configuration that listens at 8080, so that not even the port needs anything.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > lab/Containerfile <<'END'
FROM localhost/nginx
RUN sed -i 's/listen 80;/listen 8080;/; s/\[::\]:80;/[::]:8080;/; s,/run/nginx.pid,/tmp/nginx.pid,' /etc/nginx/nginx.conf
USER 101:101
END
podman build -t high lab
podman run -d --name notebook \
  --cap-drop all \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:8080" \
  localhost/high
podman run -d --name gate --cap-drop all --cap-add NET_ADMIN \
  localhost/busybox sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo && exec httpd -f -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
