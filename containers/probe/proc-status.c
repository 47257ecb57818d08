/* /proc/PID/status; see proc.h. */
#include "proc.h"

#include <stdlib.h>
#include <string.h>

/* The group list alone can take 700 kB, and what follows it must not be cut off. */
#define STATUS_BYTES_MAX (1 << 20)
#define FACTS 14

/* Reads up to max numbers divided by blanks; *more tells that there were others. */
static int numbers(const char *text, int64_t *values, int max, bool *more)
{
	int count = 0;

	*more = false;
	for (;;) {
		char *end;
		int64_t value = strtoll(text, &end, 10);

		if (end == text)
			return count;
		if (count == max) {
			*more = true;
			return count;
		}
		values[count++] = value;
		text = end;
	}
}

static int number(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

/* Takes one "Key:\tvalue" line; returns how many of the facts that must be there it held. */
static int take_line(struct proc_status *status, const char *line)
{
	static const char *const capability_keys[] = {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"};
	uint64_t *sets[] = {&status->cap_inh, &status->cap_prm, &status->cap_eff, &status->cap_bnd, &status->cap_amb};
	const char *colon = strchr(line, ':');
	const char *value;
	int64_t levels[PROC_LEVELS_MAX];
	bool more;

	if (colon == NULL)
		return 0;
	value = colon + 1;
#define KEY(key) (strncmp(line, key ":", sizeof key) == 0)
	if (KEY("Uid"))
		return numbers(value, status->uid, 4, &more) == 4;
	if (KEY("Gid"))
		return numbers(value, status->gid, 4, &more) == 4;
	if (KEY("Groups")) {
		status->group_count = numbers(value, status->groups, PROC_GROUPS_MAX, &status->groups_truncated);
		return 1;
	}
	if (KEY("NSpid")) {
		status->ns_pid_count = numbers(value, levels, PROC_LEVELS_MAX, &more);
		for (int i = 0; i < status->ns_pid_count; i++)
			status->ns_pids[i] = (pid_t)levels[i];
		return 1;
	}
	for (size_t i = 0; i < 5; i++) {
		if (strncmp(line, capability_keys[i], 7) == 0) {
			*sets[i] = strtoull(value, NULL, 16);
			return 1;
		}
	}
	if (KEY("NoNewPrivs"))
		return status->no_new_privs = number(value), 1;
	if (KEY("Seccomp"))
		return status->seccomp = number(value), 1;
	if (KEY("Seccomp_filters"))
		return status->seccomp_filters = number(value), 1;
	if (KEY("TracerPid"))
		return status->tracer_pid = number(value), 1;
	if (KEY("Threads"))
		return status->threads = number(value), 1;
#undef KEY
	return 0;
}

bool proc_read_status(int directory, const char *name, struct proc_status *status)
{
	static char text[STATUS_BYTES_MAX];
	int found = 0;

	memset(status, 0, sizeof *status);
	if (proc_read(directory, name, text, sizeof text) <= 0)
		return false;
	/* The Name line comes first; the kernel escapes newlines in it, so no line below it can be made up. */
	for (char *line = text; line != NULL && *line != '\0';) {
		char *next = strchr(line, '\n');

		if (next != NULL)
			*next++ = '\0';
		found += take_line(status, line);
		line = next;
	}
	return found == FACTS;
}

bool proc_same_privileges(const struct proc_status *left, const struct proc_status *right)
{
	return memcmp(left->uid, right->uid, sizeof left->uid) == 0 && memcmp(left->gid, right->gid, sizeof left->gid) == 0 &&
	       left->cap_inh == right->cap_inh && left->cap_prm == right->cap_prm && left->cap_eff == right->cap_eff &&
	       left->cap_bnd == right->cap_bnd && left->cap_amb == right->cap_amb &&
	       left->no_new_privs == right->no_new_privs && left->seccomp == right->seccomp &&
	       left->seccomp_filters == right->seccomp_filters;
}
