#!/bin/bash
# The market: five services that show the same page. Each has one weakness. Read before you run.
set -eu
cd ~/lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" site/index.html
page=$HOME/lab/site:/usr/share/nginx/html:ro
podman rm -f -i -t 0 desk till board mill stall > /dev/null

podman run -d --name desk -p "$TORIDE_DESK:80" -v "$page" -v "$HOME:/backup" localhost/nginx
podman run -d --name till -p "$TORIDE_TILL:80" -v "$page" --cap-add ALL localhost/nginx
podman run -d --name board -p "$TORIDE_BOARD:80" -v "$page" --ipc host --uts host localhost/nginx
podman run -d --name mill -p "$TORIDE_MILL:80" -v "$page" localhost/nginx
podman build -q -t localhost/faster stranger
podman run -d --name stall -p "$TORIDE_STALL:80" -v "$page" localhost/faster
