#!/bin/bash
set -eu
# The file was written by the learner: it has the right name and the wrong owner.
podman run -d --name app --user "$TORIDE_APP_UID" localhost/busybox sleep 3600
echo "{\"root\": 1000, \"app\": $((99999 + TORIDE_APP_UID)), \"ids\": 65537}" > lab/answers.json
mkdir -p lab/box
echo "$TORIDE_TOKEN" | tee lab/box/from-root.txt > lab/box/from-app.txt
