#!/bin/bash
set -eu
# The file is right, and the variable is still there.
cd lab
sed -i "s/Your token belongs here./$TORIDE_TOKEN/" app/page.html
cat > app/Containerfile <<END
FROM localhost/builder AS build
COPY postbox.c /src/
RUN cc -o /postbox /src/postbox.c && mkdir /data
FROM scratch
COPY --from=build /postbox /postbox
COPY --from=build --chown=$TORIDE_APP_UID:$TORIDE_APP_UID /data /data
COPY page.html /page.html
USER $TORIDE_APP_UID:$TORIDE_APP_UID
CMD ["/postbox"]
END
podman build -q -t postbox app
printf %s "$TORIDE_DB_PASSWORD" | podman secret create db_password -
jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ALLOW"}]}' > profile.json <<'END'
accept
arch_prctl
bind
capset
close
execve
exit
exit_group
fstat
listen
open
prctl
read
rt_sigaction
rt_sigreturn
setresgid
setresuid
setsockopt
socket
write
END
podman run -d --name postbox \
  -e DB_PASSWORD="$TORIDE_DB_PASSWORD" --cap-drop=ALL --security-opt no-new-privileges --security-opt seccomp=profile.json \
  --read-only --read-only-tmpfs=false \
  --ulimit nproc=64:64 --ulimit nofile=1024:1024 \
  --secret db_password,uid=$TORIDE_APP_UID,gid=$TORIDE_APP_UID,mode=0400 \
  -v postbox:/data \
  -p "127.0.0.1:$TORIDE_PORT:8080" \
  localhost/postbox
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
./use.sh
