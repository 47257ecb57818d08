#!/bin/bash
set -eu
# The name of the machine is not apart.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --userns=auto --uts=host \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
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
