#!/bin/bash
set -eu
# Everything dangerous is forbidden, everything else allowed.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > calls <<'END'
ptrace process_vm_readv process_vm_writev pidfd_getfd memfd_create execveat unshare setns mount umount2
pivot_root chroot fsopen fsconfig fsmount move_mount open_tree mount_setattr name_to_handle_at
open_by_handle_at mknod mknodat bpf keyctl add_key request_key perf_event_open userfaultfd io_uring_setup
init_module finit_module delete_module kexec_load reboot
END
tr -s ' \n' '\n' < calls | jq -Rn '{defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ERRNO"}]}' > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
