#!/bin/bash
set -eu
# JSON that is deep, long, or no object at all.
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
head -c 200000 /dev/zero | tr '\0' '[' > lab/answers.json
mkdir -p lab/box
podman run --rm -e TORIDE_TOKEN -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-root.txt'
podman unshare chown "$TORIDE_APP_UID" lab/box
podman run --rm -e TORIDE_TOKEN -u "$TORIDE_APP_UID" -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-app.txt'
