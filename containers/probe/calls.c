#include "calls.h"
#include "arch/arch.h"

#include <sys/syscall.h>

#define UNCHANGED(name) CALL_WITH(name, 0, SAME, SAME, SAME, SAME, SAME, SAME)

/*
 * Left out on purpose, since no arguments make them harmless or their answer tells nothing: exit, exit_group,
 * rt_sigreturn, fork, vfork, pause, sync, umask, setsid, munlockall, vhangup, modify_ldt, memfd_secret, sysfs,
 * restart_syscall (it would use up the call that was interrupted).
 */
const struct call common_calls[] = {
	/* Files */
	CALL(read), CALL(write), CALL(close), CALL(fstat), CALL(lseek), CALL(ioctl), CALL(pread64), CALL(pwrite64),
	CALL(readv), CALL(writev), CALL(preadv), CALL(pwritev), CALL(preadv2), CALL(pwritev2), CALL(sendfile),
	CALL(dup), CALL(dup3), CALL(fcntl), CALL(flock), CALL(fsync), CALL(fdatasync), CALL(truncate), CALL(ftruncate),
	CALL(getcwd), CALL(chdir), CALL(fchdir), CALL(fchmod), CALL(fchown), CALL(statfs), CALL(fstatfs), CALL(openat),
	CALL(openat2), CALL(mkdirat), CALL(fchownat), CALL(newfstatat), CALL(unlinkat), CALL(renameat), CALL(renameat2),
	CALL(linkat), CALL(symlinkat), CALL(readlinkat), CALL(fchmodat), CALL(fchmodat2), CALL(faccessat),
	CALL(faccessat2), CALL(utimensat), CALL(getdents64), CALL(statx), CALL(readahead), CALL(fadvise64),
	CALL(fallocate), CALL(sync_file_range), CALL(syncfs), CALL(copy_file_range), CALL(splice), CALL(tee),
	CALL(vmsplice), CALL(pipe2), CALL(cachestat),
	CALL_WITH(mknodat, 0, BAD, BAD, 0100644, 0, 0, 0),
	CALL_WITH(close_range, 0, 0xffffffffL, 0, 0, 0, 0, 0),
	CALL(setxattr), CALL(lsetxattr), CALL(fsetxattr), CALL(getxattr), CALL(lgetxattr), CALL(fgetxattr),
	CALL(listxattr), CALL(llistxattr), CALL(flistxattr), CALL(removexattr), CALL(lremovexattr), CALL(fremovexattr),
	CALL(name_to_handle_at), PRIVILEGED(open_by_handle_at),
	CALL(inotify_init1), CALL(inotify_add_watch), CALL(inotify_rm_watch), PRIVILEGED(fanotify_init),
	CALL(fanotify_mark), CALL(memfd_create), CALL(userfaultfd),
	/* Waiting */
	CALL(pselect6), CALL(ppoll), CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_pwait), CALL(epoll_pwait2),
	CALL(eventfd2), CALL(signalfd4), CALL(timerfd_create), CALL(timerfd_settime), CALL(timerfd_gettime),
	CALL(io_setup), CALL(io_destroy), CALL(io_getevents), CALL(io_submit), CALL(io_cancel), CALL(io_pgetevents),
	CALL_WITH(io_uring_setup, CALL_PRIVILEGED, 0, BAD, BAD, BAD, BAD, BAD),
	CALL(io_uring_enter), CALL(io_uring_register),
	/* An unknown futex operation is ENOSYS, so a known one on no address. */
	CALL_WITH(futex, 0, BAD, 1, 1, 0, 0, 0), CALL(futex_waitv),
	/* Memory */
	CALL(mmap), CALL(mprotect), CALL(munmap), CALL(brk), CALL(mremap), CALL(msync), CALL(mincore), CALL(madvise),
	CALL(mlock), CALL(mlock2), CALL(munlock), CALL(mlockall), CALL(remap_file_pages), CALL(mbind),
	CALL(set_mempolicy), CALL(get_mempolicy), CALL(pkey_mprotect), CALL(pkey_alloc), CALL(pkey_free),
	CALL(membarrier), CALL(process_madvise), CALL(process_mrelease), CALL(process_vm_readv), CALL(process_vm_writev),
	PRIVILEGED(migrate_pages), PRIVILEGED(move_pages),
	/* Sockets: known families, since a profile may allow just some, with an unknown type */
	CALL_WITH(socket, 0, 1, 0xf, 0, 0, 0, 0), CALL_WITH(socketpair, 0, 1, 0xf, 0, BAD, 0, 0),
	CALL(connect), CALL(accept), CALL(accept4), CALL(sendto), CALL(recvfrom), CALL(sendmsg), CALL(recvmsg),
	CALL(sendmmsg), CALL(recvmmsg), CALL(shutdown), CALL(bind), CALL(listen), CALL(getsockname), CALL(getpeername),
	CALL(setsockopt), CALL(getsockopt),
	/* Processes: no pid of anybody's, no signal that exists */
	CALL_WITH(kill, 0, 0x7fffffffL, 65, 0, 0, 0, 0), CALL(tkill), CALL(tgkill), CALL(rt_sigqueueinfo),
	CALL(rt_tgsigqueueinfo), CALL(pidfd_open), CALL(pidfd_getfd), CALL(pidfd_send_signal),
	CALL_WITH(ptrace, 0, 0x7fffL, 0x7fffffffL, 0, 0, 0, 0), CALL_WITH(ptrace, 0, 16, 0x7fffff01L, 0, 0, 0, 0), CALL(kcmp),
	/* CLONE_SIGHAND without CLONE_VM */
	CALL_WITH(clone, 0, 0x800, 0, 0, 0, 0, 0), CALL_WITH(clone3, 0, BAD, 64, 0, 0, 0, 0),
	CALL(execve), CALL(execveat), CALL(wait4), CALL(waitid), CALL(getpid), CALL(getppid), CALL(gettid), CALL(getpgid),
	CALL(getsid), CALL(setpgid), CALL(getpriority), CALL(setpriority), CALL(getrusage), CALL(times),
	CALL_WITH(set_tid_address, CALL_CHANGES, 0, 0, 0, 0, 0, 0), CALL(set_robust_list), CALL(get_robust_list),
	CALL(rseq), CALL(prctl), CALL_WITH(personality, 0, 0xffffffffL, 0, 0, 0, 0, 0), CALL(seccomp),
	CALL(sched_yield), CALL(sched_setparam), CALL(sched_getparam), CALL(sched_setscheduler), CALL(sched_getscheduler),
	CALL(sched_get_priority_max), CALL(sched_get_priority_min), CALL(sched_rr_get_interval), CALL(sched_setaffinity),
	CALL(sched_getaffinity), CALL(sched_setattr), CALL(sched_getattr), CALL(ioprio_set), CALL(ioprio_get),
	CALL(getcpu),
	/* Identity and limits */
	CALL(getuid), CALL(getgid), CALL(geteuid), CALL(getegid), UNCHANGED(setuid), UNCHANGED(setgid), UNCHANGED(setreuid),
	UNCHANGED(setregid), UNCHANGED(setresuid), UNCHANGED(setresgid), CALL(getresuid), CALL(getresgid), UNCHANGED(setfsuid), UNCHANGED(setfsgid),
	CALL(getgroups), PRIVILEGED(setgroups), CALL(capget), CALL(capset), CALL(getrlimit), CALL(setrlimit),
	CALL(prlimit64),
	/* Signals */
	CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigpending), CALL(rt_sigtimedwait), CALL(rt_sigsuspend),
	CALL(sigaltstack), CALL(restart_syscall),
	/* Time */
	CALL(nanosleep), CALL(clock_nanosleep), CALL(clock_gettime), CALL(clock_getres), CALL(clock_settime),
	CALL(clock_adjtime), CALL(adjtimex), CALL(gettimeofday), CALL(settimeofday), CALL(getitimer), CALL(setitimer),
	CALL(timer_create), CALL(timer_settime), CALL(timer_gettime), CALL(timer_getoverrun), CALL(timer_delete),
	/* System V and POSIX message passing: keys that nobody has, and no permission to create */
	CALL_WITH(shmget, 0, 0x7ffffff1L, 0, 0, 0, 0, 0), CALL(shmat), CALL(shmctl), CALL(shmdt),
	CALL_WITH(semget, 0, 0x7ffffff1L, 0, 0, 0, 0, 0), CALL(semop), CALL(semctl), CALL(semtimedop),
	CALL_WITH(msgget, 0, 0x7ffffff1L, 0, 0, 0, 0, 0), CALL(msgsnd), CALL(msgrcv), CALL(msgctl),
	CALL_WITH(mq_open, 0, BAD, 0, 0, 0, 0, 0), CALL(mq_unlink), CALL(mq_timedsend), CALL(mq_timedreceive),
	CALL(mq_notify), CALL(mq_getsetattr),
	/* Namespaces and mounts */
	CALL_WITH(mount, 0, BAD, BAD, BAD, 0, BAD, 0), CALL_WITH(umount2, 0, BAD, 0, 0, 0, 0, 0), CALL(unshare),
	/* As attackers do it, harmless in a child: a user namespace of its own. */
	CALL_WITH(unshare, CALL_CHANGES, 0x10000000, 0, 0, 0, 0, 0),
	CALL(setns), CALL(chroot), CALL(open_tree), CALL(fsconfig), CALL(mount_setattr), PRIVILEGED(pivot_root),
	PRIVILEGED(move_mount), PRIVILEGED(fsopen), PRIVILEGED(fsmount), PRIVILEGED(fspick), PRIVILEGED(sethostname),
	PRIVILEGED(setdomainname),
	/* Kernel */
	CALL(uname), CALL(sysinfo), CALL(getrandom), CALL(add_key), CALL(request_key), CALL(keyctl), CALL(perf_event_open),
	PRIVILEGED(bpf), PRIVILEGED(syslog), PRIVILEGED(acct), PRIVILEGED(swapon), PRIVILEGED(swapoff), PRIVILEGED(reboot),
	PRIVILEGED(init_module), PRIVILEGED(finit_module), PRIVILEGED(delete_module), PRIVILEGED(kexec_load),
	PRIVILEGED(kexec_file_load), PRIVILEGED(quotactl), PRIVILEGED(quotactl_fd), CALL(landlock_create_ruleset),
	CALL(landlock_add_rule), PRIVILEGED(landlock_restrict_self),
};
const size_t common_call_count = sizeof common_calls / sizeof common_calls[0];

long bad_value(int kind, unsigned long random)
{
	/* Odd, so no address or offset of a page; with a bit that no call knows as a flag. */
	const unsigned long marks = 0x8001;

	if (kind == 0)
		return -1;
	if (kind == 1)
		/* Below the lowest address that may be mapped, above the descriptors in use. */
		return (long)((random & 0x7ffe) | marks);
	/* Looks like an address in a program or its stack; as an int it is negative. */
	return (long)((0x550000000000ul + (random & 0x29ffffff0000ul)) | 0x80000000ul | marks);
}

const struct call *call_at(size_t index)
{
	return index < common_call_count ? &common_calls[index] : &arch_calls[index - common_call_count];
}
