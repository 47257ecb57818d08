#!/bin/bash
# Seven containers to try an audit on. The comments say what is wrong with each; the grader's fleets are others.
set -u
podman rm --all --force --time 0 > /dev/null
mkdir -p ~/site /run/user/1000/podman
[ -e /run/user/1000/podman/podman.sock ] ||
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/run/user/1000/podman/podman.sock")'

# What every good container here is made with.
good=(--user 1000 --read-only --cap-drop all --security-opt no-new-privileges --memory 64m --pids-limit 50)
create() { podman create --name "$@" sleep 600 > /dev/null && echo "$1"; }

# Nothing is wrong with these two.
create good "${good[@]}" localhost/busybox
create good-too "${good[@]}" --cap-add net_bind_service -v notes:/data -v ~/site:/srv:ro localhost/busybox

# Everything by default: root-user, capabilities, writable-root, new-privileges, no-limits
create default localhost/busybox
# privileged (what that brings along need not be told)
create boss "${good[@]}" --privileged localhost/busybox
# capabilities
create chowner "${good[@]}" --cap-add chown localhost/busybox
# runtime-socket
create helper "${good[@]}" -v /run/user/1000/podman/podman.sock:/srv/api:ro localhost/busybox
# host-namespace, seccomp, sensitive-mount
create watcher "${good[@]}" --network host --security-opt seccomp=unconfined -v /etc:/host:ro localhost/busybox
