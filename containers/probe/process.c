/* See process.h: the reading. The printing is in process-print.c. */
#include "process.h"
#include "mounts.h"
#include "nets.h"
#include "sockets.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS_MAX 256
/* A process can change while it is read, by exec above all; then it is read again. */
#define ATTEMPTS 3

static void read_exe(struct process *process, int directory)
{
	struct statx file;
	ssize_t length = readlinkat(directory, "exe", process->exe, sizeof process->exe - 1);

	process->has_exe = length >= 0;
	process->exe[length >= 0 ? length : 0] = '\0';
	process->has_exe_file = statx(directory, "exe", AT_STATX_DONT_SYNC, STATX_INO, &file) == 0;
	if (process->has_exe_file) {
		process->exe_device_major = file.stx_dev_major;
		process->exe_device_minor = file.stx_dev_minor;
		process->exe_inode = file.stx_ino;
	}
}

static void read_text(int directory, const char *name, char *text, size_t size)
{
	if (proc_read(directory, name, text, size) < 0)
		text[0] = '\0';
}

/* Threads can have seccomp filters, capabilities and ids of their own. */
static bool threads_uniform(int directory, const struct process *process, bool *truncated)
{
	int file, count = 0;
	DIR *tasks;
	struct dirent *entry;
	bool uniform = true;

	if (process->status.threads <= 1)
		return true;
	/* The leader has exited and shows little of what its threads are: no fact about it tells about them. */
	if (process->stat.state == 'Z')
		return false;
	file = openat(directory, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = file < 0 ? NULL : fdopendir(file);
	if (tasks == NULL) {
		if (file >= 0)
			close(file);
		return false;
	}
	while (uniform && (entry = readdir(tasks)) != NULL) {
		struct proc_status status;
		char name[300];

		if (entry->d_name[0] == '.')
			continue;
		if (count++ == THREADS_MAX) {
			*truncated = true;
			break;
		}
		snprintf(name, sizeof name, "task/%s/status", entry->d_name);
		if (proc_read_status(directory, name, &status))
			uniform = proc_same_privileges(&process->status, &status);
	}
	closedir(tasks);
	return uniform;
}

static void take_socket(uint64_t inode, void *context)
{
	struct process *process = context;

	if (process->socket_count < PROCESS_SOCKETS_MAX)
		process->sockets[process->socket_count++] = inode;
}

static bool read_once(int directory, struct process *process, bool *truncated)
{
	ssize_t length;

	if (!proc_read_stat(directory, &process->stat) || !proc_read_status(directory, "status", &process->status))
		return false;
	*truncated |= process->status.groups_truncated;
	for (enum namespace_kind kind = NS_USER; kind < NS_KINDS; kind++)
		process->namespaces[kind] = namespace_inode(directory, kind);
	read_exe(process, directory);
	length = proc_read(directory, "cmdline", process->cmdline, sizeof process->cmdline);
	process->cmdline_length = length > 0 ? (size_t)length : 0;
	read_text(directory, "uid_map", process->uid_map, sizeof process->uid_map);
	read_text(directory, "gid_map", process->gid_map, sizeof process->gid_map);
	read_text(directory, "oom_score_adj", process->oom_score_adj, sizeof process->oom_score_adj);
	read_text(directory, "attr/current", process->label, sizeof process->label);
	read_text(directory, "limits", process->limits, sizeof process->limits);
	read_text(directory, "cgroup", process->cgroup, sizeof process->cgroup);
	process->mount_table = mounts_index(directory, truncated);
	process->net_table = nets_index(directory, process->namespaces[NS_NET], truncated);
	process->socket_count = 0;
	sockets_of_process(directory, take_socket, process, truncated);
	process->threads_uniform = threads_uniform(directory, process, truncated);
	return true;
}

/* Is the process still the one that was read, in program, privileges and namespaces? */
static bool unchanged(int directory, const struct process *process)
{
	char exe[sizeof process->exe];
	struct proc_status status;
	ssize_t length = readlinkat(directory, "exe", exe, sizeof exe - 1);

	exe[length >= 0 ? length : 0] = '\0';
	if (!proc_read_status(directory, "status", &status))
		return true; /* it ended: that is told by its start time */
	for (enum namespace_kind kind = NS_USER; kind < NS_KINDS; kind++)
		if (namespace_inode(directory, kind) != process->namespaces[kind])
			return false;
	return strcmp(exe, process->exe) == 0 && proc_same_privileges(&status, &process->status);
}

bool process_read(const struct member *member, struct process *process, bool *truncated)
{
	process->member = member;
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (!read_once(member->directory, process, truncated))
			return false;
		if (unchanged(member->directory, process))
			break;
	}
	return proc_start_time(member->directory) == member->start_time;
}
