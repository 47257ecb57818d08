#!/bin/bash
set -eu
# The list as the chapter prints it: a program of today does not even start.
echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
cat > calls <<'END'
accept accept4 access alarm bind brk capget capset chdir chmod chown clock_gettime clone close connect dup
epoll_create epoll_ctl epoll_wait execve exit exit_group fcntl fstat futex getcwd getdents getpid getppid
getsockname getsockopt gettimeofday getuid ioctl listen lseek madvise mmap mprotect munmap nanosleep open
openat pipe poll pread64 pwrite64 read recvfrom recvmsg rt_sigaction rt_sigprocmask rt_sigreturn select
sendmsg sendto set_tid_address setsockopt shutdown sigaltstack socket stat uname wait4 write
END
tr -s ' \n' '\n' < calls | jq -Rn '{defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64"],
  syscalls: [{names: [inputs], action: "SCMP_ACT_ALLOW"}]}' > profile.json
podman run -d --name web \
  --security-opt seccomp=profile.json \
  -v ./lab/site:/usr/share/nginx/html:ro \
  -p "$TORIDE_PORT:80" \
  localhost/nginx || true
sleep 2
