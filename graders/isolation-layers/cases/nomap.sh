#!/bin/bash
set -eu
# All sub-ids but not the learner; another notation, fewer capabilities, another filter.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name notebook \
  --userns nomap --security-opt seccomp=unconfined --cap-drop all --cap-add CHOWN,DAC_OVERRIDE,SETGID,SETUID,NET_BIND_SERVICE \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
pid=$(podman inspect -f "{{.State.Pid}}" notebook)
status() { awk -v key="$1:" '$1 == key { print $2 }' "/proc/$pid/status"; }
cat > lab/answers.json <<END
{
  "pid": "$pid",
  "net": $(stat -Lc %i "/proc/$pid/ns/net"),
  "user": "$(stat -Lc %i "/proc/$pid/ns/user")",
  "root": "$(ps -o uid= -p "$pid")",
  "capEff": "0x$(status CapEff | sed "s/^0*//" | tr a-f A-F)",
  "seccomp": "2",
  "filters": "$(status Seccomp_filters)",
  "label": "$(tr -d '\0' < "/proc/$pid/attr/current" 2> /dev/null || echo none)"
}
END
