#!/bin/bash
set -eu
# The starter as it is: build argument and environment.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" www/index.html
podman build -q --build-arg BUILD_TOKEN="$TORIDE_BUILD_TOKEN" -t ledger .
podman run -d --name ledger -e DB_PASSWORD="$TORIDE_DB_PASSWORD" -p "$TORIDE_PORT:8080" localhost/ledger
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
