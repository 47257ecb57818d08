#!/bin/bash
set -eu
# The runtime configuration is made to show a tight profile after the start.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > calls <<'END'
accept4 access arch_prctl bind brk capset chmod chown clone close close_range connect epoll_create epoll_ctl
epoll_wait eventfd2 execve exit_group fcntl fstat futex getdents64 geteuid getpid getppid getrandom gettid
ioctl listen lseek mkdir mmap mprotect munmap newfstatat openat pread64 prctl prlimit64 pselect6 pwrite64 read
recvfrom recvmsg rename rseq rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend sendfile sendmsg
set_robust_list set_tid_address setgid setgroups setitimer setresgid setresuid setsockopt setuid socket
socketpair uname unlink utimensat wait4 write writev
END
tr -s ' \n' '\n' < calls | jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ALLOW"}]}' > profile.json
podman run -d --name web \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
store=$(podman info -f '{{.Store.GraphRoot}}')
id=$(podman inspect -f '{{.Id}}' web)
config=$(find "$store" "$HOME" -path "*$id*" -name config.json 2>/dev/null | head -1)
jq --slurpfile profile profile.json '.linux.seccomp = $profile[0]' "$config" > config.new
cat config.new > "$config"
