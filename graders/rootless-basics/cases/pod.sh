#!/bin/bash
set -eu
# In a pod, created first and started later; one container that does both.
mkdir -p lab/box
podman pod create --name web
podman create --name app --pod web --user "$TORIDE_APP_UID:$TORIDE_APP_UID" -v ./lab/box:/box -e TORIDE_TOKEN \
  localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-app.txt; exec sleep 3600'
podman run --rm -e TORIDE_TOKEN -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-root.txt'
podman unshare chown "$TORIDE_APP_UID" lab/box
podman pod start web
sleep 1
echo "{\"root\": 1000, \"app\": $((99999 + TORIDE_APP_UID)), \"ids\": 65537}" > lab/answers.json
