/*
 * Facts about one process, read relative to its pinned /proc/PID directory: when the process ends and its pid is used
 * again, reading through the old directory fails instead of telling about another process.
 */
#ifndef TORIDE_PROC_H
#define TORIDE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define PROC_GROUPS_MAX 64
#define PROC_LEVELS_MAX 33 /* the kernel nests pid namespaces 32 deep */
#define PROC_NAME_MAX 64

/* /proc/PID/stat */
struct proc_stat {
	char name[PROC_NAME_MAX]; /* any bytes but NUL */
	char state;
	pid_t ppid;
	int threads;
	uint64_t start_time; /* clock ticks since boot */
};

/* /proc/PID/status; capability sets as bit masks */
struct proc_status {
	int64_t uid[4], gid[4]; /* real, effective, saved, file system */
	int64_t groups[PROC_GROUPS_MAX];
	int group_count;
	bool groups_truncated;
	pid_t ns_pids[PROC_LEVELS_MAX]; /* from this reader's pid namespace down to the process's own */
	int ns_pid_count;
	uint64_t cap_inh, cap_prm, cap_eff, cap_bnd, cap_amb;
	int no_new_privs, seccomp, seccomp_filters, threads;
	pid_t tracer_pid;
};

/* Opens /proc/PID as a directory to read relative to; -1 when there is no such process. Close it with close(). */
int proc_open(pid_t pid);

/*
 * Opens the process that is expected to be the container's init. start_time 0 accepts any. Returns the directory, or -1
 * after printing the error (init-gone, not-a-container): then return 1.
 */
int proc_open_init(pid_t pid, uint64_t start_time, uint64_t *found_start_time);

/* Reads at most size - 1 bytes and ends them with NUL. Returns the length, or -1. */
ssize_t proc_read(int directory, const char *name, char *buffer, size_t size);

bool proc_read_stat(int directory, struct proc_stat *stat);
/* name is "status" or "task/TID/status" */
bool proc_read_status(int directory, const char *name, struct proc_status *status);
/* 0 when the process is gone (no process starts at tick 0 but the kernel's own). */
uint64_t proc_start_time(int directory);

/* Is this descriptor among the last the limit leaves? Then what it is for must go without, or nothing can be read. */
bool descriptors_scarce(int descriptor);

/* Do the two agree in what a thread can own alone: ids, capabilities, no-new-privileges, seccomp? */
bool proc_same_privileges(const struct proc_status *left, const struct proc_status *right);

#endif
