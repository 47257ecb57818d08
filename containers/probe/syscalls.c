/*
 * toride-probe syscalls --pid PID --start-time TICKS --calls NAME,NAME,…|all [--child-only]
 *
 * Which system calls do a process's filters let through? They are tried, with arguments that make them do nothing, in a
 * child of the process (which has the same filters, and may be killed by them), or where it may have none in the process
 * itself. No byte of the process is believed or run: only the kernel's answer counts.
 */
#include "calls.h"
#include "commands.h"
#include "json.h"
#include "proc.h"
#include "tracee.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define CHILDREN_MAX 400 /* one for each call that kills */
#define RESERVE_MS 100   /* kept for letting go */

enum verdict { ALLOWED, DENIED, KILLED, UNCLEAR };
static const char *const verdict_names[] = {"allowed", "denied", "killed", "unclear"};

struct answer {
	const struct call *call;
	enum verdict verdict;
	int error; /* 0 when the call succeeded or gave none */
};

struct probe {
	struct tracee target, child;
	long child_pid_inside;
	bool in_child;
	int children;
};

static volatile sig_atomic_t told_to_end;

static void on_term(int signal)
{
	(void)signal;
	told_to_end = 1;
}

static bool make_child(struct probe *probe)
{
	probe->in_child = probe->children++ < CHILDREN_MAX && tracee_fork(&probe->target, &probe->child, &probe->child_pid_inside);
	return probe->in_child;
}

static void drop_child(struct probe *probe)
{
	if (probe->in_child)
		tracee_end_child(&probe->target, &probe->child, probe->child_pid_inside);
	probe->in_child = false;
}

/* What the kernel answers before or instead of running a call. Any other error comes from the call itself. */
static bool is_refusal(int error)
{
	return error == EPERM || error == EACCES || error == ENOSYS;
}

/* Draws a value until it is no open descriptor of the process. */
static long draw_bad(const struct probe *probe, int kind)
{
	char path[64];
	unsigned long random;
	long value;

	do {
		if (getrandom(&random, sizeof random, 0) != sizeof random)
			random = (unsigned long)now_ms();
		value = bad_value(kind, random);
		snprintf(path, sizeof path, "/proc/%d/fd/%d", probe->target.pid, (int)value);
	} while (kind == 1 && access(path, F_OK) == 0);
	return value;
}

/* Tries once, with bad values of one kind. Returns false when the process was lost. */
static bool try_kind(struct probe *probe, const struct call *call, int kind, struct answer *answer)
{
	struct tracee *tracee = probe->in_child ? &probe->child : &probe->target;
	long arguments[6], result = 0, bad = draw_bad(probe, kind);

	for (int i = 0; i < 6; i++)
		arguments[i] = call->arguments[i] == BAD ? bad : call->arguments[i];
	*answer = (struct answer){.call = call, .verdict = UNCLEAR};
	switch (tracee_call(tracee, call->number, arguments, &result)) {
	case OUTCOME_RESULT:
		answer->error = result < 0 && result > -4096 ? (int)-result : 0;
		answer->verdict = is_refusal(answer->error) ? DENIED : ALLOWED;
		return true;
	case OUTCOME_TRAPPED:
		answer->verdict = DENIED;
		break;
	case OUTCOME_KILLED:
		answer->verdict = KILLED;
		break;
	case OUTCOME_STUCK:
		break;
	case OUTCOME_LOST:
		if (!probe->in_child)
			return false;
	}
	if (!probe->in_child)
		return probe->target.held;
	drop_child(probe);
	return make_child(probe);
}

static bool takes_bad_values(const struct call *call)
{
	for (int i = 0; i < 6; i++)
		if (call->arguments[i] == BAD)
			return true;
	return false;
}

/* A call is allowed when it is with any arguments. What kills is not asked again: a child for each would take long. */
static bool try_call(struct probe *probe, const struct call *call, struct answer *answer)
{
	struct answer other;

	if (!try_kind(probe, call, 1, answer))
		return false;
	for (int kind = 0; kind < BAD_KINDS && answer->verdict == DENIED && takes_bad_values(call); kind++) {
		if (kind == 1)
			continue;
		if (!try_kind(probe, call, kind, &other))
			return false;
		if (other.verdict != DENIED)
			*answer = other;
	}
	return true;
}

/* Of a call that stands in the table twice the better answer remains. Returns the new count. */
static int merge(struct answer *answers, int count)
{
	struct answer *last = &answers[count - 1];

	for (int i = 0; i < count - 1; i++) {
		if (answers[i].call->number != last->call->number)
			continue;
		if (last->verdict == ALLOWED)
			answers[i] = *last;
		return count - 1;
	}
	return count;
}

static void write_answers(pid_t pid, uint64_t start_time, bool was_child, const struct answer *answers, int count)
{
	struct json json;
	int allowed = 0;

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "pid");
	json_integer(&json, pid);
	json_key(&json, "startTime");
	json_integer(&json, (int64_t)start_time);
	json_key(&json, "arch");
	json_string(&json, arch_name);
	json_key(&json, "method");
	json_string(&json, was_child ? "child" : "in-place");
	json_key(&json, "results");
	json_begin_object(&json);
	for (int i = 0; i < count; i++) {
		const struct answer *answer = &answers[i];

		allowed += answer->verdict == ALLOWED;
		json_key(&json, answer->call->name);
		json_begin_object(&json);
		json_key(&json, "verdict");
		json_string(&json, verdict_names[answer->verdict]);
		json_key(&json, "errno");
		if (answer->error)
			json_string(&json, strerrorname_np(answer->error));
		else
			json_null(&json);
		if (answer->verdict == DENIED && answer->error == EPERM && answer->call->flags & CALL_PRIVILEGED) {
			json_key(&json, "by");
			json_string(&json, "filter-or-privilege");
		}
		json_end_object(&json);
	}
	json_end_object(&json);
	json_key(&json, "probed");
	json_integer(&json, count);
	json_key(&json, "allowed");
	json_integer(&json, allowed);
	json_end_object(&json);
	json_finish(&json);
}

/* Fills `calls` from a list of names or "all". Returns the count, or -1 after telling which name is unknown. */
static int choose_calls(const char *names, const struct call **calls, int most)
{
	int count = 0;

	if (strcmp(names, "all") == 0) {
		for (size_t i = 0; i < common_call_count + arch_call_count && count < most; i++)
			calls[count++] = call_at(i);
		return count;
	}
	for (const char *name = names; *name && count < most;) {
		size_t length = strcspn(name, ",");

		int found = 0;

		for (size_t i = 0; i < common_call_count + arch_call_count && count < most; i++) {
			const struct call *call = call_at(i);

			if (strlen(call->name) == length && memcmp(call->name, name, length) == 0) {
				calls[count++] = call;
				found++;
			}
		}
		if (!found) {
			usage("'%.*s' is not a call that can be tried", (int)length, name);
			return -1;
		}
		name += length + (name[length] == ',');
	}
	return count;
}

static int probe_process(pid_t pid, int directory, uint64_t start_time, const struct call **calls, int count, bool child_only)
{
	static struct answer answers[512];
	struct probe probe = {0};
	const char *message = "", *code = tracee_hold(&probe.target, pid, &message);
	int done = 0;
	bool was_child;

	if (code)
		return fail(code, "process %d: %s", pid, message);
	/* The number may have passed to another process between the look and the grip. */
	if (proc_start_time(directory) != start_time) {
		tracee_release(&probe.target);
		return fail("vanished", "process %d has ended", pid);
	}
	was_child = tracee_can_collect(&probe.target) && make_child(&probe);
	if (child_only && !was_child) {
		tracee_release(&probe.target);
		return fail("needs-child", "process %d may not have children, and its filter may kill", pid);
	}
	for (int i = 0; i < count && !told_to_end && remaining_ms() > RESERVE_MS; i++) {
		if (!was_child && calls[i]->flags & CALL_CHANGES)
			continue;
		if (!try_call(&probe, calls[i], &answers[done])) {
			drop_child(&probe);
			tracee_release(&probe.target);
			return fail("lost", "process %d was lost at %s", pid, calls[i]->name);
		}
		done = merge(answers, done + 1);
	}
	drop_child(&probe);
	tracee_release(&probe.target);
	if (told_to_end || remaining_ms() <= RESERVE_MS)
		return fail("time-limit", "not all calls could be tried in time");
	write_answers(pid, start_time, was_child, answers, done);
	return 0;
}

int command_syscalls(int argc, char **argv)
{
	static const struct call *calls[512];
	int64_t pid = 0, start_time = 0;
	const char *names = NULL;
	bool child_only = false;
	struct proc_status status;
	int count, directory, exit_status;

	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--child-only") == 0)
			child_only = true;
		else if (strcmp(argv[i], "--pid") == 0 && parse_number(value, 1, INT32_MAX, &pid))
			i++;
		else if (strcmp(argv[i], "--start-time") == 0 && parse_number(value, 1, INT64_MAX, &start_time))
			i++;
		else if (strcmp(argv[i], "--calls") == 0 && *value)
			names = argv[++i];
		else
			return usage("syscalls: '%s' is not understood", argv[i]);
	}
	if (!pid || !start_time || !names)
		return usage("syscalls needs --pid, --start-time and --calls");
	count = choose_calls(names, calls, sizeof calls / sizeof calls[0]);
	if (count < 0)
		return 2;
	/* A term signal must not leave a process with another's registers. */
	sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_term}, NULL);

	directory = proc_open((pid_t)pid);
	if (directory < 0 || proc_start_time(directory) != (uint64_t)start_time)
		return fail("vanished", "process %lld has ended", (long long)pid);
	if (!proc_read_status(directory, "status", &status))
		return fail("vanished", "process %lld has ended", (long long)pid);
	if (status.tracer_pid != 0)
		exit_status = fail("already-traced", "process %lld is traced by another", (long long)pid);
	else
		exit_status = probe_process((pid_t)pid, directory, (uint64_t)start_time, calls, count, child_only);
	close(directory);
	return exit_status;
}
