/* See process.h: the printing, as processSchema in src/inspector/snapshot.ts describes it. */
#include "process.h"

#include <stdlib.h>
#include <string.h>

static void print_integers(struct json *json, const char *key, const int64_t *values, int count)
{
	json_key(json, key);
	json_begin_array(json);
	for (int i = 0; i < count; i++)
		json_integer(json, values[i]);
	json_end_array(json);
}

static void print_capabilities(struct json *json, const char *key, uint64_t set)
{
	char text[17];

	snprintf(text, sizeof text, "%016llx", (unsigned long long)set);
	json_key(json, key);
	json_string(json, text);
}

static void print_number(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_integer(json, value);
}

static void print_exe(struct json *json, const struct process *process)
{
	json_key(json, "exe");
	if (process->has_exe)
		json_string(json, process->exe);
	else
		json_null(json);
	json_key(json, "exeFile");
	if (!process->has_exe_file) {
		json_null(json);
		return;
	}
	json_begin_object(json);
	json_key(json, "device");
	json_device(json, process->exe_device_major, process->exe_device_minor);
	json_key(json, "inode");
	json_inode(json, process->exe_inode);
	json_end_object(json);
}

/* Arguments are ended by NUL; the last one may have lost its end. */
static void print_cmdline(struct json *json, const struct process *process)
{
	const char *text = process->cmdline, *end = text + process->cmdline_length;

	json_key(json, "cmdline");
	json_begin_array(json);
	while (text < end) {
		size_t length = strnlen(text, (size_t)(end - text));

		json_bytes(json, text, length);
		text += length + 1;
	}
	json_end_array(json);
}

static void print_namespaces(struct json *json, const struct process *process)
{
	json_key(json, "namespaces");
	json_begin_object(json);
	for (enum namespace_kind kind = NS_USER; kind < NS_KINDS; kind++) {
		json_key(json, namespace_name(kind));
		if (process->namespaces[kind] != 0)
			json_inode(json, process->namespaces[kind]);
		else
			json_null(json);
	}
	json_end_object(json);
}

static void print_id_map(struct json *json, const char *key, const char *text)
{
	long long inside, outside, length;
	int used;

	json_key(json, key);
	json_begin_array(json);
	while (sscanf(text, "%lld %lld %lld%n", &inside, &outside, &length, &used) == 3) {
		const int64_t range[] = {inside, outside, length};

		json_begin_array(json);
		for (int i = 0; i < 3; i++)
			json_integer(json, range[i]);
		json_end_array(json);
		text += used;
	}
	json_end_array(json);
}

/* "unlimited", or more than JavaScript counts exactly: null. */
static void print_limit_value(struct json *json, const char *text)
{
	unsigned long long value = strtoull(text, NULL, 10);

	if (text[0] < '0' || text[0] > '9' || value >= 1ULL << 53)
		json_null(json);
	else
		json_integer(json, (int64_t)value);
}

static void print_limit(struct json *json, const char *key, const char *limits, const char *title)
{
	const char *line = strstr(limits, title);
	char soft[32], hard[32];

	json_key(json, key);
	if (line == NULL || sscanf(line + strlen(title), "%31s %31s", soft, hard) != 2) {
		json_null(json);
		return;
	}
	json_begin_array(json);
	print_limit_value(json, soft);
	print_limit_value(json, hard);
	json_end_array(json);
}

static void print_limits(struct json *json, const struct process *process)
{
	json_key(json, "limits");
	json_begin_object(json);
	print_limit(json, "nproc", process->limits, "Max processes");
	print_limit(json, "nofile", process->limits, "Max open files");
	print_limit(json, "fsize", process->limits, "Max file size");
	print_limit(json, "core", process->limits, "Max core file size");
	print_limit(json, "as", process->limits, "Max address space");
	print_limit(json, "data", process->limits, "Max data size");
	json_end_object(json);
}

/* The path in the unified hierarchy: the line "0::/path". */
static void print_cgroup(struct json *json, const struct process *process)
{
	const char *line = strncmp(process->cgroup, "0::", 3) == 0 ? process->cgroup : strstr(process->cgroup, "\n0::");

	json_key(json, "cgroup");
	if (line == NULL) {
		json_null(json);
		return;
	}
	line += (*line == '\n') + 3;
	json_bytes(json, line, strcspn(line, "\n"));
}

static void print_index(struct json *json, const char *key, int index)
{
	json_key(json, key);
	if (index >= 0)
		json_integer(json, index);
	else
		json_null(json);
}

static void print_surroundings(struct json *json, const struct process *process)
{
	print_id_map(json, "uidMap", process->uid_map);
	print_id_map(json, "gidMap", process->gid_map);
	json_key(json, "oomScoreAdj");
	if (process->oom_score_adj[0] != '\0')
		json_integer(json, strtol(process->oom_score_adj, NULL, 10));
	else
		json_null(json);
	json_key(json, "label");
	if (process->label[0] != '\0')
		json_bytes(json, process->label, strcspn(process->label, "\n"));
	else
		json_null(json);
	print_limits(json, process);
	print_cgroup(json, process);
	print_index(json, "mountTable", process->mount_table);
	print_index(json, "netTable", process->net_table);
	json_key(json, "sockets");
	json_begin_array(json);
	for (int i = 0; i < process->socket_count; i++)
		json_inode(json, process->sockets[i]);
	json_end_array(json);
}

static void print_privileges(struct json *json, const struct proc_status *status)
{
	print_integers(json, "uid", status->uid, 4);
	print_integers(json, "gid", status->gid, 4);
	print_integers(json, "groups", status->groups, status->group_count);
	print_capabilities(json, "capInh", status->cap_inh);
	print_capabilities(json, "capPrm", status->cap_prm);
	print_capabilities(json, "capEff", status->cap_eff);
	print_capabilities(json, "capBnd", status->cap_bnd);
	print_capabilities(json, "capAmb", status->cap_amb);
	print_number(json, "noNewPrivs", status->no_new_privs);
	print_number(json, "seccomp", status->seccomp);
	print_number(json, "seccompFilters", status->seccomp_filters);
	print_number(json, "tracerPid", status->tracer_pid);
	print_number(json, "threads", status->threads);
}

void process_print(struct json *json, const struct process *process)
{
	int64_t ns_pids[PROC_LEVELS_MAX];

	for (int i = 0; i < process->status.ns_pid_count; i++)
		ns_pids[i] = process->status.ns_pids[i];
	json_begin_object(json);
	print_number(json, "pid", process->member->pid);
	print_number(json, "startTime", (int64_t)process->stat.start_time);
	print_number(json, "ppid", process->stat.ppid);
	print_integers(json, "nsPids", ns_pids, process->status.ns_pid_count);
	json_key(json, "state");
	json_bytes(json, &process->stat.state, 1);
	json_key(json, "name");
	json_string(json, process->stat.name);
	print_exe(json, process);
	print_cmdline(json, process);
	print_privileges(json, &process->status);
	json_key(json, "threadsUniform");
	json_bool(json, process->threads_uniform);
	print_namespaces(json, process);
	print_number(json, "pidNsDepth", process->member->depth);
	print_surroundings(json, process);
	json_end_object(json);
}
