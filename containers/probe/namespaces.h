/* Which processes belong to the container: those in the pid namespace of its init, or in one below that. */
#ifndef TORIDE_NAMESPACES_H
#define TORIDE_NAMESPACES_H

#include "proc.h"

#define MEMBERS_MAX 4096

enum namespace_kind { NS_USER, NS_PID, NS_MNT, NS_NET, NS_UTS, NS_IPC, NS_CGROUP, NS_KINDS };

/* The file's name below ns/, also the key in the output. */
const char *namespace_name(enum namespace_kind kind);

/* The inode that names a namespace of the process; 0 when it cannot be told (a zombie has few left). */
uint64_t namespace_inode(int directory, enum namespace_kind kind);

/* Opens a namespace of the process. While it is open the kernel gives its inode to no other namespace. */
int namespace_open(int directory, enum namespace_kind kind);

struct member {
	pid_t pid;
	int directory; /* pinned /proc/PID */
	int depth;     /* 0 in the container's own pid namespace, 1 below it … */
	uint64_t start_time;
};

struct members {
	struct member list[MEMBERS_MAX];
	int count;
	int vanished;
	bool truncated;
};

/* Finds and pins all processes of the container whose init's directory is given; false after printing an error. */
bool members_find(struct members *members, int init_directory);
void members_close(struct members *members);

#endif
