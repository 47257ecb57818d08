#!/bin/bash
set -eu
# One container for both: the server itself has the address and NET_ADMIN.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --cap-drop all --cap-add CHOWN,SETGID,SETUID,NET_BIND_SERVICE,NET_ADMIN --tmpfs /var/cache/nginx \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo; httpd -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT; exec nginx -g 'daemon off;'"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
