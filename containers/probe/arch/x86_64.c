#include "arch.h"

#include <elf.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#ifdef __x86_64__

#define CODE_SEGMENT_64 0x33
#define X32_SYSCALL_BIT 0x40000000ul
/* The kernel's own words between a stopped call and its restart; they never reach a program. */
#define ERESTARTNOINTR 513
#define ERESTART_RESTARTBLOCK 516

const char arch_name[] = "x86_64";
const uint8_t arch_syscall_instruction[] = {0x0f, 0x05};
const int arch_syscall_instruction_length = sizeof arch_syscall_instruction;

bool arch_get(pid_t pid, struct registers *registers)
{
	struct iovec vector = {&registers->user, sizeof registers->user};

	return ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &vector) == 0 && vector.iov_len == sizeof registers->user;
}

bool arch_set(pid_t pid, const struct registers *registers)
{
	struct iovec vector = {(void *)&registers->user, sizeof registers->user};

	return ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &vector) == 0;
}

bool arch_is_native(const struct registers *registers)
{
	bool in_call = (long)registers->user.orig_rax >= 0;

	return registers->user.cs == CODE_SEGMENT_64 && !(in_call && (registers->user.orig_rax & X32_SYSCALL_BIT));
}

uint64_t arch_program_counter(const struct registers *registers)
{
	return registers->user.rip;
}

void arch_prepare(struct registers *registers, uint64_t instruction, long number, const long arguments[6])
{
	struct user_regs_struct *user = &registers->user;

	user->rip = instruction;
	user->rax = (unsigned long)number;
	user->orig_rax = (unsigned long)-1;
	user->rdi = (unsigned long)arguments[0];
	user->rsi = (unsigned long)arguments[1];
	user->rdx = (unsigned long)arguments[2];
	user->r10 = (unsigned long)arguments[3];
	user->r8 = (unsigned long)arguments[4];
	user->r9 = (unsigned long)arguments[5];
}

void arch_restart_whole(struct registers *registers)
{
	if ((long)registers->user.orig_rax >= 0 && (long)registers->user.rax == -ERESTART_RESTARTBLOCK)
		registers->user.rax = (unsigned long)-ERESTARTNOINTR;
}

long arch_result(const struct registers *registers)
{
	return (long)registers->user.rax;
}

/* Replaced by newer calls on later architectures. */
const struct call arch_calls[] = {
	CALL(open), CALL(stat), CALL(lstat), CALL(poll), CALL(access), CALL(pipe), CALL(select), CALL(dup2),
	CALL(getdents), CALL(rename), CALL(mkdir), CALL(rmdir), CALL(creat), CALL(link), CALL(unlink), CALL(symlink),
	CALL(readlink), CALL(chmod), CALL(chown), CALL(lchown), CALL(utime), CALL(utimes), CALL(futimesat),
	CALL(getpgrp), CALL(time), CALL(epoll_create), CALL(epoll_wait), CALL(signalfd), CALL(arch_prctl),
	CALL(iopl), CALL(ioperm),
	CALL_WITH(mknod, 0, BAD, 0100644, 0, 0, 0, 0),
	CALL_WITH(eventfd, CALL_CHANGES, 0, BAD, BAD, BAD, BAD, BAD),
	CALL_WITH(alarm, CALL_CHANGES, 0, BAD, BAD, BAD, BAD, BAD),
	CALL_WITH(inotify_init, CALL_CHANGES, BAD, BAD, BAD, BAD, BAD, BAD),
};
const size_t arch_call_count = sizeof arch_calls / sizeof arch_calls[0];

#endif
