#!/bin/bash
set -eu
# A map by hand, an own server user, an image of one’s own.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
printf 'FROM localhost/nginx\nCOPY site/index.html /usr/share/nginx/html/\n' > lab/Containerfile
podman build -q -t mine lab
podman run -d --name notebook \
  --uidmap 0:5:1000 --gidmap 0:5:1000 --user 101:101 --cap-drop all --cap-add NET_BIND_SERVICE --tmpfs /run:mode=1777 \
  -p "$TORIDE_PORT:80" \
  localhost/mine
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
pid=$(podman inspect -f "{{.State.Pid}}" notebook)
status() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"; }
cat > lab/answers.json <<END
{
  "pid": $pid,
  "net": "$(readlink "/proc/$pid/ns/net")",
  "user": "$(readlink "/proc/$pid/ns/user")",
  "root": $(awk '$1 == 0 { print $2 }' "/proc/$pid/uid_map"),
  "capEff": "$(status CapEff)",
  "seccomp": $(status Seccomp),
  "filters": $(status Seccomp_filters),
  "label": "$(tr -d '\0' < "/proc/$pid/attr/current" 2> /dev/null || echo none)"
}
END
