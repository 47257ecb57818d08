#!/bin/bash
set -eu
# An image of one's own, run by an ordinary user with the one capability that port 80 needs.
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
printf 'FROM localhost/nginx\nCOPY site/index.html /usr/share/nginx/html/\nRUN chown 101:101 /run\n' > lab/Containerfile
podman build -t web lab
podman run -d --name web --user 101:101 --cap-drop all --cap-add NET_BIND_SERVICE \
  --security-opt=seccomp=profile.json -p "$TORIDE_PORT:80" localhost/web
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
