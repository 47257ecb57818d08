/*
 * See namespaces.h. Parentage by ppid would not do: a process entered from outside (`crun exec`) has an outside parent,
 * and an orphan is handed to whoever reaps. The kernel's own chain of pid namespaces cannot be left.
 */
#include "namespaces.h"
#include "json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beyond this many pid namespaces nothing is remembered, only slower. */
#define KNOWN_MAX 512
#define OUTSIDE (-1)

/* Pid namespaces met so far. They are kept open so that no inode comes to name another one meanwhile. */
struct known {
	struct {
		uint64_t inode;
		int depth;
	} list[KNOWN_MAX];
	int count;
};

const char *namespace_name(enum namespace_kind kind)
{
	static const char *const names[] = {"user", "pid", "mnt", "net", "uts", "ipc", "cgroup"};

	return names[kind];
}

static void namespace_path(enum namespace_kind kind, char *path, size_t size)
{
	snprintf(path, size, "ns/%s", namespace_name(kind));
}

uint64_t namespace_inode(int directory, enum namespace_kind kind)
{
	char path[16], target[64];
	unsigned long long inode;
	ssize_t length;

	namespace_path(kind, path, sizeof path);
	length = readlinkat(directory, path, target, sizeof target - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	return sscanf(target, "%*[a-z]:[%llu]", &inode) == 1 ? inode : 0;
}

int namespace_open(int directory, enum namespace_kind kind)
{
	char path[16];

	namespace_path(kind, path, sizeof path);
	return openat(directory, path, O_RDONLY | O_CLOEXEC);
}

/* Walks up from the open pid namespace to the container's own; OUTSIDE when the walk ends elsewhere. */
static int measure_depth(int namespace, const struct stat *container)
{
	int depth = 0, current = dup(namespace);
	struct stat found;

	while (current >= 0 && depth <= PROC_LEVELS_MAX) {
		int parent;

		if (fstat(current, &found) != 0)
			break;
		if (found.st_dev == container->st_dev && found.st_ino == container->st_ino) {
			close(current);
			return depth;
		}
		/* Refused (EPERM) at this program's own pid namespace, which no container is above. */
		parent = ioctl(current, NS_GET_PARENT);
		close(current);
		current = parent;
		depth++;
	}
	if (current >= 0)
		close(current);
	return OUTSIDE;
}

static int depth_of(struct known *known, int directory, const struct stat *container)
{
	uint64_t inode = namespace_inode(directory, NS_PID);
	struct stat found;
	int namespace, depth;

	if (inode == 0)
		return OUTSIDE;
	for (int i = 0; i < known->count; i++)
		if (known->list[i].inode == inode)
			return known->list[i].depth;
	namespace = namespace_open(directory, NS_PID);
	if (namespace < 0)
		return OUTSIDE;
	depth = measure_depth(namespace, container);
	if (known->count == KNOWN_MAX || descriptors_scarce(namespace) || fstat(namespace, &found) != 0) {
		close(namespace);
		return depth;
	}
	known->list[known->count].inode = found.st_ino;
	known->list[known->count].depth = depth;
	known->count++;
	return depth; /* the namespace stays open as long as this program runs */
}

static void add(struct members *members, struct known *known, const struct stat *container, pid_t pid)
{
	int directory = proc_open(pid);
	int depth;
	uint64_t start_time;

	if (directory < 0)
		return;
	depth = depth_of(known, directory, container);
	if (depth == OUTSIDE) {
		close(directory);
		return;
	}
	start_time = proc_start_time(directory);
	if (start_time == 0) {
		members->vanished++;
		close(directory);
	} else if (members->count == MEMBERS_MAX || descriptors_scarce(directory)) {
		members->truncated = true;
		close(directory);
	} else {
		members->list[members->count++] = (struct member){pid, directory, depth, start_time};
	}
}

bool members_find(struct members *members, int init_directory)
{
	static struct known known;
	struct stat container;
	struct dirent *entry;
	DIR *proc;

	members->count = members->vanished = 0;
	members->truncated = false;
	if (fstatat(init_directory, "ns/pid", &container, 0) != 0) {
		fail("init-gone", "the container's pid namespace cannot be read: %s", strerror(errno));
		return false;
	}
	proc = opendir("/proc");
	if (proc == NULL) {
		fail("proc", "/proc cannot be read: %s", strerror(errno));
		return false;
	}
	while ((entry = readdir(proc)) != NULL) {
		int64_t pid = strtoll(entry->d_name, NULL, 10);

		if (pid > 0 && pid <= INT32_MAX)
			add(members, &known, &container, (pid_t)pid);
	}
	closedir(proc);
	return true;
}

void members_close(struct members *members)
{
	for (int i = 0; i < members->count; i++)
		close(members->list[i].directory);
	members->count = 0;
}
