#!/bin/bash
set -eu
# The page is built into an image; mounts are spelled with --mount.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
printf 'FROM localhost/nginx\nCOPY site/index.html /usr/share/nginx/html/\n' > lab/Containerfile
podman build -t notebook lab
podman run -d --name notebook --read-only --read-only-tmpfs=false \
  --mount type=tmpfs,destination=/run,tmpfs-size=1m,noexec,nosuid,nodev \
  --mount type=tmpfs,destination=/var/cache/nginx,noexec,nosuid,nodev \
  --mount type=volume,source=notes,destination=/data \
  --publish "127.0.0.1:$TORIDE_PORT:80" \
  localhost/notebook
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
