#!/bin/bash
set -eu
# An own image with the page in it, by its digest; another user without any capability.
cd ~/lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" site/index.html
page=$HOME/lab/site:/usr/share/nginx/html:ro
printf 'FROM localhost/nginx\nCOPY site /usr/share/nginx/html\n' | podman build -q -t localhost/stall -f - .
podman run -d --name desk -p "$TORIDE_DESK:80" -v "$page" localhost/nginx
podman run -d --name till -p "$TORIDE_TILL:80" -v "$page" --user 101:101 --tmpfs /run:mode=1777 --cap-drop ALL \
  --security-opt no-new-privileges --sysctl net.ipv4.ip_unprivileged_port_start=80 localhost/nginx
podman run -d --name board -p "$TORIDE_BOARD:80" -v "$page" localhost/nginx
podman run -d --name mill -p "$TORIDE_MILL:80" -v "$page" --ulimit nproc=100:100 --ulimit data=536870912:536870912 localhost/nginx
podman run -d --name stall -p "$TORIDE_STALL:80" "$(podman images -q --no-trunc localhost/stall)"
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
