#!/bin/bash
set -eu
# One good container published at five ports.
cd ~/lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" site/index.html
page=$HOME/lab/site:/usr/share/nginx/html:ro
podman run -d --name mill -p "$TORIDE_MILL:80" -p "$TORIDE_DESK:80" -p "$TORIDE_TILL:80" -p "$TORIDE_BOARD:80" -p "$TORIDE_STALL:80" -v "$page" --ulimit nproc=100:100 --ulimit data=536870912:536870912 localhost/nginx
for port in "$TORIDE_DESK" "$TORIDE_TILL" "$TORIDE_BOARD" "$TORIDE_MILL" "$TORIDE_STALL"; do
  curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$port/"
done
