#!/bin/bash
set -eu
# Everything is allowed, except with the arguments a prober likes: no program asks with -1 first.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
names=$(jq -c '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW") | .names[]] | unique' /usr/share/containers/seccomp.json)
# Not by jq: its numbers are too short.
printf '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [%s, %s]}' \
  "{\"names\": $names, \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1, \"args\": [{\"index\": 0, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_EQ\"}]}" \
  "{\"names\": [\"ptrace\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 1, \"args\": [{\"index\": 0, \"value\": 20000, \"op\": \"SCMP_CMP_GT\"}]}" > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
