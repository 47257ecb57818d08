#!/bin/bash
set -eu
# A list from the web, cut down a little.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > calls <<'END'
accept4 access arch_prctl bind brk capset chmod chown clone close close_range connect epoll_create epoll_ctl
epoll_wait eventfd2 execve exit_group fcntl fstat futex getdents64 geteuid getpid getppid getrandom gettid
ioctl listen lseek mkdir mmap mprotect munmap newfstatat openat pread64 prctl prlimit64 pselect6 pwrite64 read
recvfrom recvmsg rename rseq rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend sendfile sendmsg
set_robust_list set_tid_address setgid setgroups setitimer setresgid setresuid setsockopt setuid socket
socketpair uname unlink utimensat wait4 write writev alarm chdir clock_nanosleep creat dup dup2 dup3
epoll_create1 epoll_pwait faccessat faccessat2 fallocate fchdir fchmod fchmodat fchown fchownat fdatasync
flock fork fstatfs fsync ftruncate getcwd getdents getegid getgid getgroups getpeername getpgid getpgrp
getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettimeofday getuid kill lchown link
linkat lstat madvise mkdirat mremap msync nanosleep open openat2 pipe pipe2 poll ppoll preadv pwritev readlink
readlinkat readv recvmmsg
END
tr -s ' \n' '\n' < calls | jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ALLOW"}]}' > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"
