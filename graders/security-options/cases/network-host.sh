#!/bin/bash
set -eu
# The network of the sandbox, and with it whatever listens for localhost only.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > own.conf <<END
user nginx; worker_processes 1; pid /run/nginx.pid; error_log stderr;
events {}
http {
  access_log /dev/stdout;
  server {
    listen $TORIDE_PORT;
    root /usr/share/nginx/html;
    location /notes/ { alias /data/; dav_methods PUT; }
  }
}
END
podman run -d --name notebook \
  --security-opt no-new-privileges \
  --network=host \
  -v ./own.conf:/etc/nginx/nginx.conf:ro \
  -v ./lab/site:/usr/share/nginx/html:ro \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
