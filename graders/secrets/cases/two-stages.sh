#!/bin/bash
set -eu
# The licence is made in a stage of its own, with an argument that is not shipped.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" www/index.html
cat > Containerfile <<'END'
FROM localhost/busybox AS vendor
ARG BUILD_TOKEN
COPY vendor.sh /app/
RUN BUILD_TOKEN=$BUILD_TOKEN sh /app/vendor.sh
FROM localhost/nginx
COPY www /app/www
COPY --from=vendor /app/vendor /app/vendor
USER 1000:1000
CMD ["httpd", "-f", "-p", "8080", "-h", "/app/www"]
END
podman build -q --build-arg BUILD_TOKEN="$TORIDE_BUILD_TOKEN" -t ledger .
printf %s "$TORIDE_DB_PASSWORD" | podman secret create db_password -
podman run -d --name ledger --secret db_password,uid=1000,gid=1000,mode=0400 -p "$TORIDE_PORT:8080" localhost/ledger
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
