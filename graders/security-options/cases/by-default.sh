#!/bin/bash
set -eu
# The user namespace comes from containers.conf, the image from a build of the learner's.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
mkdir -p .config/containers
cp /etc/containers/containers.conf .config/containers/
sed -i 's/^\[containers\]/&\nuserns = "auto"/' .config/containers/containers.conf
printf 'FROM localhost/nginx\nCOPY site/index.html /usr/share/nginx/html/\n' > lab/Containerfile
podman build -q -t mine lab
podman run -d --name notebook --security-opt no-new-privileges -p "127.0.0.1:$TORIDE_PORT:80" localhost/mine
podman run -d --name idle localhost/busybox sleep 3600
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
