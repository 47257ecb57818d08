#!/bin/bash
set -eu
# The user comes from an image; the files from podman unshare; numbers are typed as text.
printf 'FROM localhost/busybox\nUSER %s\nCMD ["sleep", "3600"]\n' "$TORIDE_APP_UID" > lab/Containerfile
podman build -q -t app lab
podman run -d --name app localhost/app
echo "{\"root\": \"1000\", \"app\": \"$((99999 + TORIDE_APP_UID))\", \"ids\": \"65537\"}" > lab/answers.json
mkdir -p lab/box
echo "$TORIDE_TOKEN" | podman unshare tee lab/box/from-root.txt lab/box/from-app.txt
podman unshare chown "$TORIDE_APP_UID:$TORIDE_APP_UID" lab/box/from-app.txt
