/* One process of the snapshot: read whole, then printed. */
#ifndef TORIDE_PROCESS_H
#define TORIDE_PROCESS_H

#include "json.h"
#include "namespaces.h"
#include "proc.h"

#define CMDLINE_BYTES_MAX 4096
#define SMALL_TEXT_MAX 16384
#define PROCESS_SOCKETS_MAX 1024

struct process {
	const struct member *member;
	struct proc_stat stat;
	struct proc_status status;
	bool threads_uniform;
	uint64_t namespaces[NS_KINDS]; /* 0: cannot be told */
	char exe[4096];
	bool has_exe, has_exe_file;
	uint32_t exe_device_major, exe_device_minor;
	uint64_t exe_inode;
	char cmdline[CMDLINE_BYTES_MAX + 1];
	size_t cmdline_length;
	/* As /proc prints them; empty where it does not. */
	char uid_map[SMALL_TEXT_MAX], gid_map[SMALL_TEXT_MAX], oom_score_adj[32], label[4096], limits[4096],
		cgroup[SMALL_TEXT_MAX];
	int mount_table, net_table; /* -1: none */
	uint64_t sockets[PROCESS_SOCKETS_MAX];
	int socket_count;
};

/* False when the process ended before all was read. */
bool process_read(const struct member *member, struct process *process, bool *truncated);
void process_print(struct json *json, const struct process *process);

#endif
