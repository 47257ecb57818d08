#!/bin/bash
set -eu
# The page comes from a program with namespaces of its own that is in no container, beside a right one.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --userns=auto \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$((TORIDE_PORT + 1000)):80" \
  localhost/nginx
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
podman cp notebook:/usr/bin/busybox "$HOME/pasta"
cd lab/site
setsid unshare -r -m -u -i bash -c 'exec -a pasta "$HOME/pasta" httpd -f -p "$TORIDE_PORT"' > /dev/null 2>&1 < /dev/null &
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
