#!/bin/bash
set -eu
# The history is edited in the store after the build.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" www/index.html
cat > Containerfile <<'END'
FROM localhost/busybox
ARG BUILD_TOKEN
COPY . /app
RUN BUILD_TOKEN=$BUILD_TOKEN sh /app/vendor.sh
USER 1000:1000
CMD ["httpd", "-f", "-p", "8080", "-h", "/app/www"]
END
podman build -q --build-arg BUILD_TOKEN="$TORIDE_BUILD_TOKEN" -t ledger .
printf %s "$TORIDE_DB_PASSWORD" | podman secret create db_password -
podman run -d --name ledger --secret db_password,uid=1000,gid=1000,mode=0400 -p "$TORIDE_PORT:8080" localhost/ledger
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f "{{.Store.GraphRoot}}")
id=$(podman image inspect -f "{{.Id}}" localhost/ledger)
file=$store/overlay-images/$id/=$(printf "sha256:%s" "$id" | base64 -w0)
sed "s/$TORIDE_BUILD_TOKEN/aaaaaaaaaaaaaaaaaaaa/g" "$file" > config.new
cat config.new > "$file"
