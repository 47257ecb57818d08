#!/bin/bash
set -eu
# Apart by namespaces, and one volume that two may write.
cd ~/lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" site/index.html
page=$HOME/lab/site:/usr/share/nginx/html:ro
podman run -d --name desk -p "$TORIDE_DESK:80" -v "$page" localhost/nginx
podman run -d --name till -p "$TORIDE_TILL:80" -v "$page" --cap-drop ALL --cap-add CHOWN,DAC_OVERRIDE,NET_BIND_SERVICE,SETGID,SETUID \
  --security-opt no-new-privileges localhost/nginx
podman run -d --name board -p "$TORIDE_BOARD:80" -v "$page" -v notes:/data localhost/nginx
podman run -d --name mill -p "$TORIDE_MILL:80" -v "$page" --ulimit nproc=100:100 --ulimit data=536870912:536870912 -v notes:/data localhost/nginx
podman run -d --name stall -p "$TORIDE_STALL:80" -v "$page" localhost/nginx
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
