/* What differs from one processor architecture to the next: registers, the system call instruction, older calls. */
#ifndef TORIDE_ARCH_H
#define TORIDE_ARCH_H

#include "../calls.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

struct registers {
	struct user_regs_struct user;
};

extern const char arch_name[];
/* The bytes of the instruction that enters the kernel. */
extern const uint8_t arch_syscall_instruction[];
extern const int arch_syscall_instruction_length;
/* Calls that only this architecture has. */
extern const struct call arch_calls[];
extern const size_t arch_call_count;

bool arch_get(pid_t pid, struct registers *registers);
bool arch_set(pid_t pid, const struct registers *registers);
/* Does the process use this program's own calling convention (not 32 bit, not x32)? */
bool arch_is_native(const struct registers *registers);
uint64_t arch_program_counter(const struct registers *registers);
/* Ready to run one system call at `instruction`, with no call that could be restarted in its place. */
void arch_prepare(struct registers *registers, uint64_t instruction, long number, const long arguments[6]);
/*
 * A sleep that was interrupted goes on by another call, restart_syscall, which a tight filter denies. Has it begin anew
 * instead: it may last longer, it does not fail.
 */
void arch_restart_whole(struct registers *registers);
/* What the call gave: -errno or a result. */
long arch_result(const struct registers *registers);

#endif
