#!/bin/bash
set -eu
# A pipe where the answers are read, and a huge file where a token is looked for.
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
rm lab/answers.json
mkfifo lab/answers.json
mkdir lab/box
truncate -s 300M lab/box/from-app.txt
