/* See proc.h. */
#include "proc.h"
#include "json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int proc_open(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/%d", pid);
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int proc_open_init(pid_t pid, uint64_t start_time, uint64_t *found_start_time)
{
	struct stat own, container;
	int directory = proc_open(pid);

	*found_start_time = directory < 0 ? 0 : proc_start_time(directory);
	if (*found_start_time == 0 || (start_time != 0 && *found_start_time != start_time)) {
		fail("init-gone", "process %d has ended, or is another one now", pid);
	} else if (fstatat(directory, "ns/pid", &container, 0) != 0 || stat("/proc/self/ns/pid", &own) != 0) {
		fail("not-permitted", "cannot look at process %d: %s", pid, strerror(errno));
	} else if (own.st_ino == container.st_ino) {
		fail("not-a-container", "process %d shares this program's own pid namespace", pid);
	} else {
		return directory;
	}
	if (directory >= 0)
		close(directory);
	return -1;
}

ssize_t proc_read(int directory, const char *name, char *buffer, size_t size)
{
	size_t length = 0;
	int file = openat(directory, name, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (file < 0)
		return -1;
	while (length < size - 1) {
		ssize_t got = read(file, buffer + length, size - 1 - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			close(file);
			return -1;
		}
		if (got == 0)
			break;
		length += (size_t)got;
	}
	close(file);
	buffer[length] = '\0';
	return (ssize_t)length;
}

bool proc_read_stat(int directory, struct proc_stat *stat)
{
	char text[2048];
	const char *name, *rest;
	size_t length;
	unsigned long long start_time;

	memset(stat, 0, sizeof *stat);
	if (proc_read(directory, "stat", text, sizeof text) <= 0)
		return false;
	/* The name can hold anything, also ") S 1"; after the last bracket all is the kernel's. */
	name = strchr(text, '(');
	rest = strrchr(text, ')');
	if (name == NULL || rest == NULL || rest < name)
		return false;
	name++;
	length = (size_t)(rest - name);
	if (length >= sizeof stat->name)
		length = sizeof stat->name - 1;
	memcpy(stat->name, name, length);
	if (sscanf(rest + 1, " %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %d %*d %llu",
		   &stat->state, &stat->ppid, &stat->threads, &start_time) != 4)
		return false;
	stat->start_time = start_time;
	return true;
}

uint64_t proc_start_time(int directory)
{
	struct proc_stat stat;

	return proc_read_stat(directory, &stat) ? stat.start_time : 0;
}

bool descriptors_scarce(int descriptor)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) != 0 || (rlim_t)descriptor + 32 > limit.rlim_cur;
}
