#!/bin/bash
set -eu
# Answers and files of a neighbour, for another number and another token.
TORIDE_APP_UID=$((TORIDE_APP_UID > 30000 ? TORIDE_APP_UID - 1 : TORIDE_APP_UID + 1))
export TORIDE_TOKEN=k2j5x9q0w8e7
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
echo "{\"root\": 1000, \"app\": $((99999 + TORIDE_APP_UID)), \"ids\": 65537}" > lab/answers.json
mkdir -p lab/box
podman run --rm -e TORIDE_TOKEN -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-root.txt'
podman unshare chown "$TORIDE_APP_UID" lab/box
podman run --rm -e TORIDE_TOKEN -u "$TORIDE_APP_UID" -v ./lab/box:/box localhost/busybox sh -c 'echo "$TORIDE_TOKEN" > /box/from-app.txt'
