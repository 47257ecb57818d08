#!/bin/bash
set -eu
# The password on a command line in the container.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" www/index.html
cat > Containerfile <<'END'
FROM localhost/busybox
COPY . /app
RUN --mount=type=secret,id=build_token sh /app/vendor.sh
USER 1000:1000
CMD ["httpd", "-f", "-p", "8080", "-h", "/app/www"]
END
printf %s "$TORIDE_BUILD_TOKEN" > ~/build_token
podman build -q --secret id=build_token,src=$HOME/build_token -t ledger .
printf %s "$TORIDE_DB_PASSWORD" | podman secret create db_password -
podman run -d --name ledger --secret db_password,uid=1000,gid=1000,mode=0400 -p "$TORIDE_PORT:8080" localhost/ledger
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
podman exec -d ledger sh -c "sleep 3600; : $TORIDE_DB_PASSWORD"
sleep 1
