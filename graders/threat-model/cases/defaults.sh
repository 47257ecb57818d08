#!/bin/bash
set -eu
# Defaults in containers.conf instead of options.
cd ~/lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" site/index.html
page=$HOME/lab/site:/usr/share/nginx/html:ro
mkdir -p ~/.config/containers
cat > ~/.config/containers/containers.conf <<END
[containers]
cgroups = "disabled"
default_capabilities = ["CHOWN", "DAC_OVERRIDE", "NET_BIND_SERVICE", "SETGID", "SETUID"]
default_ulimits = ["nproc=120:120", "data=800000000:800000000"]
END
podman run -d --name desk -p "$TORIDE_DESK:80" -v "$page" localhost/nginx
podman run -d --name till --security-opt no-new-privileges -p "$TORIDE_TILL:80" -v "$page" localhost/nginx
podman run -d --name board -p "$TORIDE_BOARD:80" -v "$page" localhost/nginx
podman run -d --name mill -p "$TORIDE_MILL:80" -v "$page" localhost/nginx
podman run -d --name stall -p "$TORIDE_STALL:80" -v "$page" localhost/nginx
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
