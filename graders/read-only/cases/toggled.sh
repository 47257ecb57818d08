#!/bin/bash
set -eu
# Read-only from the grader's own request until a few seconds later, writable the rest of the time.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --read-only --read-only-tmpfs=false \
  --tmpfs /run:rw,noexec,nosuid,nodev,size=1m --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m \
  -v notes:/data \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
log=$(podman inspect -f '{{.HostConfig.LogConfig.Path}}' notebook)
pid=$(podman inspect -f '{{.State.Pid}}' notebook)
cat > toggle.sh <<END
mode() { nsenter -m -p -t $pid mount -o "remount,bind,\$1" /; }
mode rw
tail -n 0 -f "$log" | while read -r line; do
  [[ \$line == *toride-check* ]] || continue
  mode ro
  sleep 3
  mode rw
done
END
setsid podman unshare bash toggle.sh > toggle.log 2>&1 < /dev/null &
sleep 2
