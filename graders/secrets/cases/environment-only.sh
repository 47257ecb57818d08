#!/bin/bash
set -eu
# No file at all: the password is an environment variable.
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
podman run -d --name ledger -e DB_PASSWORD="$TORIDE_DB_PASSWORD" -p "$TORIDE_PORT:8080" localhost/ledger
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
