#include "tracee.h"
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STOP_LIMIT_MS 300
#define CALL_LIMIT_MS 50
#define WALL_OPTION 0x40000000 /* __WALL: children without SIGCHLD too */
#define SYSCALL_STOP (SIGTRAP | 0x80)
#define CODE_SEARCH_BYTES (256 * 1024)

/* Waits for the next stop or end. Polls: a learner's process may never stop, and this one must not hang with it. */
static bool wait_stop(pid_t pid, int *status, int limit_ms)
{
	const struct timespec pause = {0, 20 * 1000};
	int64_t end = now_ms() + limit_ms;

	for (;;) {
		pid_t got = waitpid(pid, status, __WALL | WNOHANG);

		if (got == pid)
			return true;
		if (got < 0 && errno != EINTR)
			return false;
		if (now_ms() > end)
			return false;
		if (got == 0)
			nanosleep(&pause, NULL);
	}
}

static bool is_event_stop(int status)
{
	return WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_STOP;
}

/* Brings a tracee that runs, or stands after a call, to a stop from which an interrupted call is restarted. */
static bool interrupt(pid_t pid, int *status)
{
	int64_t end = now_ms() + STOP_LIMIT_MS;

	if (ptrace(PTRACE_INTERRUPT, pid, 0, 0) < 0)
		return false;
	while (now_ms() < end && wait_stop(pid, status, STOP_LIMIT_MS)) {
		if (!WIFSTOPPED(*status))
			return false;
		if (is_event_stop(*status))
			return true;
		/* A signal on its way: let it be delivered. A call's stop: let it go on. */
		int deliver = WSTOPSIG(*status) == SYSCALL_STOP || *status >> 16 ? 0 : WSTOPSIG(*status);

		if (ptrace(PTRACE_CONT, pid, 0, deliver) < 0)
			return false;
	}
	return false;
}

static bool read_memory(pid_t pid, uint64_t address, void *buffer, size_t length)
{
	struct iovec local = {buffer, length}, remote = {(void *)(uintptr_t)address, length};

	return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)length;
}

static bool is_instruction(pid_t pid, uint64_t address)
{
	uint8_t bytes[8];

	return read_memory(pid, address, bytes, (size_t)arch_syscall_instruction_length) &&
	       memcmp(bytes, arch_syscall_instruction, (size_t)arch_syscall_instruction_length) == 0;
}

static uint64_t search(pid_t pid, uint64_t start, uint64_t end)
{
	static uint8_t code[CODE_SEARCH_BYTES];
	size_t length = end - start < sizeof code ? (size_t)(end - start) : sizeof code;
	uint8_t *found;

	if (!read_memory(pid, start, code, length))
		return 0;
	found = memmem(code, length, arch_syscall_instruction, (size_t)arch_syscall_instruction_length);
	return found ? start + (uint64_t)(found - code) : 0;
}

/* Where it was stopped, when that was in a call; else anywhere in its executable memory. Nothing is written there. */
static uint64_t find_instruction(pid_t pid, const struct registers *registers)
{
	uint64_t before = arch_program_counter(registers) - (uint64_t)arch_syscall_instruction_length;
	uint64_t found = is_instruction(pid, before) ? before : 0;
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = found ? NULL : fopen(path, "re");
	for (int lines = 0; maps && !found && lines < 512 && fgets(line, sizeof line, maps); lines++) {
		unsigned long long start, end;
		char mode[5];

		if (sscanf(line, "%llx-%llx %4s", &start, &end, mode) == 3 && mode[0] == 'r' && mode[2] == 'x' && end > start)
			found = search(pid, start, end);
	}
	if (maps)
		fclose(maps);
	return found;
}

/* All signals wait, but for those the kernel forces: blocking them would reset their handlers. */
static bool hold_signals(struct tracee *tracee)
{
	uint64_t mask = ~(1ull << (SIGSYS - 1) | 1ull << (SIGTRAP - 1));

	return ptrace(PTRACE_GETSIGMASK, tracee->pid, sizeof tracee->signal_mask, &tracee->signal_mask) == 0 &&
	       ptrace(PTRACE_SETSIGMASK, tracee->pid, sizeof mask, &mask) == 0;
}

const char *tracee_hold(struct tracee *tracee, pid_t pid, const char **message)
{
	int status;

	*tracee = (struct tracee){.pid = pid};
	if (ptrace(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE) < 0) {
		*message = strerror(errno);
		return errno == ESRCH ? "vanished" : "not-traceable";
	}
	tracee->held = true;
	if (!interrupt(pid, &status)) {
		*message = "the process did not stop in time";
		/* Detaching needs a stop; this program's end lets go of it all the same. */
		return "not-stoppable";
	}
	if (WSTOPSIG(status) != SIGTRAP) {
		ptrace(PTRACE_DETACH, pid, 0, 0);
		tracee->held = false;
		*message = "the process is stopped by a signal";
		return "stopped";
	}
	*message = "its registers cannot be read";
	if (!arch_get(pid, &tracee->saved))
		goto refuse;
	if (!arch_is_native(&tracee->saved)) {
		*message = "the process uses another calling convention";
		ptrace(PTRACE_DETACH, pid, 0, 0);
		tracee->held = false;
		return "unsupported-abi";
	}
	*message = "no system call instruction was found in it";
	tracee->instruction = find_instruction(pid, &tracee->saved);
	if (tracee->instruction && hold_signals(tracee))
		return NULL;
refuse:
	ptrace(PTRACE_DETACH, pid, 0, 0);
	tracee->held = false;
	return "not-traceable";
}

void tracee_release(struct tracee *tracee)
{
	int status;

	if (!tracee->held)
		return;
	/* An interrupted call is restarted only on the way out of an event stop. */
	if (ptrace(PTRACE_INTERRUPT, tracee->pid, 0, 0) == 0 && ptrace(PTRACE_CONT, tracee->pid, 0, 0) == 0)
		wait_stop(tracee->pid, &status, STOP_LIMIT_MS);
	arch_restart_whole(&tracee->saved);
	arch_set(tracee->pid, &tracee->saved);
	ptrace(PTRACE_SETSIGMASK, tracee->pid, sizeof tracee->signal_mask, &tracee->signal_mask);
	ptrace(PTRACE_DETACH, tracee->pid, 0, 0);
	tracee->held = false;
}

/* Runs on to the next stop of its call. *child gets the pid of one that the call made. */
static enum outcome next_stop(struct tracee *tracee, pid_t *child)
{
	int status, waits = 0;

	for (;;) {
		if (ptrace(PTRACE_SYSCALL, tracee->pid, 0, 0) < 0)
			return OUTCOME_LOST;
	again:
		if (!wait_stop(tracee->pid, &status, CALL_LIMIT_MS)) {
			if (waits++ > 0 || ptrace(PTRACE_INTERRUPT, tracee->pid, 0, 0) < 0)
				return OUTCOME_LOST;
			goto again;
		}
		if (WIFSIGNALED(status)) {
			tracee->held = false;
			return WTERMSIG(status) == SIGSYS ? OUTCOME_KILLED : OUTCOME_LOST;
		}
		if (WIFEXITED(status)) {
			tracee->held = false;
			return OUTCOME_LOST;
		}
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return waits > 0 ? OUTCOME_STUCK : OUTCOME_RESULT;
		if (status >> 16 == PTRACE_EVENT_CLONE) {
			unsigned long made = 0;

			ptrace(PTRACE_GETEVENTMSG, tracee->pid, 0, &made);
			if (child)
				*child = (pid_t)made;
		} else if (!is_event_stop(status) && WSTOPSIG(status) == SIGSYS) {
			return OUTCOME_TRAPPED; /* not delivered: the process never asked for this call */
		}
	}
}

/* A filter's SIGSYS is on its way: the call was not run, whatever its result says. */
static bool has_pending_sigsys(pid_t pid)
{
	struct __ptrace_peeksiginfo_args first = {.nr = 8};
	siginfo_t signals[8];
	long count = ptrace(PTRACE_PEEKSIGINFO, pid, &first, signals);

	for (long i = 0; i < count; i++)
		if (signals[i].si_signo == SIGSYS)
			return true;
	return false;
}

static enum outcome run_call(struct tracee *tracee, long number, const long arguments[6], long *result, pid_t *child)
{
	struct registers registers = tracee->saved;
	enum outcome outcome;

	arch_prepare(&registers, tracee->instruction, number, arguments);
	if (!arch_set(tracee->pid, &registers))
		return OUTCOME_LOST;
	outcome = next_stop(tracee, child); /* on the way in, before any filter */
	if (outcome == OUTCOME_RESULT)
		outcome = next_stop(tracee, child); /* on the way out */
	if (outcome == OUTCOME_RESULT && has_pending_sigsys(tracee->pid))
		outcome = next_stop(tracee, child); /* trapped, or killed */
	if (outcome == OUTCOME_RESULT && !arch_get(tracee->pid, &registers))
		return OUTCOME_LOST;
	*result = arch_result(&registers);
	return outcome;
}

enum outcome tracee_call(struct tracee *tracee, long number, const long arguments[6], long *result)
{
	return run_call(tracee, number, arguments, result, NULL);
}

bool tracee_can_collect(struct tracee *tracee)
{
	const long impossible[6] = {-1, 0, 0x7fffffff, 0, 0, 0};
	long result;

	return tracee_call(tracee, SYS_wait4, impossible, &result) == OUTCOME_RESULT && result == -EINVAL;
}

bool tracee_fork(struct tracee *tracee, struct tracee *child, long *child_pid_inside)
{
	/* No flags: an own copy of everything. No exit signal: the process is not told when the child ends. */
	const long arguments[6] = {0};
	pid_t pid = 0;
	int status;

	if (run_call(tracee, SYS_clone, arguments, child_pid_inside, &pid) != OUTCOME_RESULT || *child_pid_inside <= 0 || pid <= 0)
		return false;
	*child = (struct tracee){.pid = pid, .instruction = tracee->instruction, .saved = tracee->saved, .held = true};
	if (wait_stop(pid, &status, STOP_LIMIT_MS) && WIFSTOPPED(status) &&
	    ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) == 0)
		return true;
	tracee_end_child(tracee, child, *child_pid_inside);
	return false;
}

void tracee_end_child(struct tracee *tracee, struct tracee *child, long child_pid_inside)
{
	const long arguments[6] = {child_pid_inside, 0, WALL_OPTION | WNOHANG, 0, 0, 0};
	long result = 0;
	int status;

	if (child->held) {
		kill(child->pid, SIGKILL);
		while (wait_stop(child->pid, &status, STOP_LIMIT_MS) && WIFSTOPPED(status))
			;
		child->held = false;
	}
	/* The tracer has seen the end; now it is its parent's to collect. */
	for (int tries = 0; tries < 20 && tracee->held && result != child_pid_inside; tries++)
		if (tracee_call(tracee, SYS_wait4, arguments, &result) != OUTCOME_RESULT || result < 0)
			break;
}
