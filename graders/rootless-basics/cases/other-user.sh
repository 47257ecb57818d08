#!/bin/bash
set -eu
# The file was written as another user of the container.
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
echo "{\"root\": 1000, \"app\": $((99999 + TORIDE_APP_UID)), \"ids\": 65537}" > lab/answers.json
mkdir -p lab/box
podman run --rm -e TORIDE_TOKEN -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-root.txt'
podman unshare chown 4321 lab/box
podman run --rm -e TORIDE_TOKEN -u 4321 -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-app.txt'
