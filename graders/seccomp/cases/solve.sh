#!/bin/bash
set -eu
# The reference solution, as the lesson teaches it: watch, list, add what crun needs, use everything under the profile.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman create --name traced -p "$TORIDE_PORT:80" -v ./lab/site:/usr/share/nginx/html:ro localhost/nginx
podman init traced
pid=$(podman inspect -f '{{.State.Pid}}' traced)
podman unshare strace -f -qq -o trace -p "$pid" &
sleep 1
podman start traced
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
lab/use.sh
podman stop -t 5 traced
wait
podman rm traced

grep -oE '^[0-9]+ +[a-z0-9_]+\(' trace | grep -oE '[a-z][a-z0-9_]+' | sort -u > calls
# What crun calls between loading the filter and the point where strace joined; its error messages name them.
printf '%s\n' capset prctl setresgid setresuid >> calls
sort -u calls | jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ALLOW"}]}' > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
lab/use.sh
