#!/bin/bash
set -eu
# Answers and files are links out of the sandbox, and to an endless device.
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
rm lab/answers.json
ln -s /../../../../../etc/passwd lab/answers.json
mkdir lab/box
ln -s /dev/zero lab/box/from-root.txt
ln -s /proc/1/root/etc/passwd lab/box/from-app.txt
