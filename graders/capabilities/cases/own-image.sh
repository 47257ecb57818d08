#!/bin/bash
set -eu
# The scratch folders are made in an image: then CHOWN is not needed either. Created first, started later.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > lab/Containerfile <<'END'
FROM localhost/nginx
RUN cd /var/cache/nginx && mkdir body proxy fastcgi uwsgi scgi && chown 101:101 *
END
podman build -t prepared lab
podman create --name notebook \
  --cap-drop all --cap-add SETGID,SETUID,NET_BIND_SERVICE \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -v notes:/data \
  -p "127.0.0.1:$TORIDE_PORT:80" \
  localhost/prepared
podman start notebook
podman run -d --name gate --network none --cap-drop all --cap-add NET_ADMIN \
  localhost/busybox sh -c "ip addr add $TORIDE_GATE_ADDRESS/32 dev lo && exec httpd -f -p $TORIDE_GATE_ADDRESS:$TORIDE_GATE_PORT"
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
