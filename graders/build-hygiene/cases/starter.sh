#!/bin/bash
set -eu
# The starter, as it is, with the own token.
cd lab/app
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" page.html
podman build -q -t orders .
podman run -d --name orders -p "$TORIDE_PORT:8080" localhost/orders
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
