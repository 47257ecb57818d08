/* See supervise.h, and commands.h for what the child may count on. */
#include "supervise.h"
#include "commands.h"
#include "json.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define GRACE_MS 250
#define REAP_MS 200
#define OUTPUT_BYTES_MAX ((rlim_t)256 << 20)

static int64_t deadline_ms;

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t remaining_ms(void)
{
	int64_t left = deadline_ms - now_ms();

	return left > 0 ? left : 0;
}

static void prepare_child(pid_t supervisor)
{
	struct rlimit output = {OUTPUT_BYTES_MAX, OUTPUT_BYTES_MAX};
	struct rlimit files;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != supervisor)
		_exit(1);
	setrlimit(RLIMIT_FSIZE, &output);
	/* Pinned directories and namespaces are open files. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	fail_replaces_output = true;
}

static bool ended_within(int pidfd, int64_t milliseconds)
{
	struct pollfd wait = {.fd = pidfd, .events = POLLIN};
	int64_t end = now_ms() + milliseconds;
	int ready;

	do {
		int64_t left = end - now_ms();

		ready = poll(&wait, 1, left > 0 ? (int)left : 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/*
 * Waits for the killed worker and what it left, but not for long: one stuck in the kernel must not hold this process up.
 * True when the worker's status is known.
 */
static bool reap(pid_t worker, int *status)
{
	const struct timespec pause = {.tv_nsec = 500000};
	int64_t until = now_ms() + REAP_MS;
	bool known = false;

	do {
		int ended_status;
		pid_t ended = waitpid(-1, &ended_status, WNOHANG);

		if (ended < 0 && errno == ECHILD)
			break;
		if (ended == worker) {
			*status = ended_status;
			known = true;
		}
		if (ended == 0)
			nanosleep(&pause, NULL);
	} while (now_ms() < until);
	return known;
}

/* Prints what the command left in the file that is stdout's stand-in. */
static int forward(int output, int status)
{
	static char buffer[1 << 16];
	off_t offset = 0;
	ssize_t length;

	while ((length = pread(output, buffer, sizeof buffer, offset)) > 0) {
		for (ssize_t done = 0; done < length;) {
			ssize_t written = write(STDOUT_FILENO, buffer + done, (size_t)(length - done));

			if (written < 0 && errno == EAGAIN)
				poll(&(struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT}, 1, GRACE_MS);
			else if (written < 0 && errno != EINTR)
				return 1;
			done += written > 0 ? written : 0;
		}
		offset += length;
	}
	return offset > 0 && length == 0 ? status : fail("output", "the command printed nothing");
}

int supervise(int (*command)(int argc, char **argv), int argc, char **argv, int64_t limit_ms)
{
	pid_t supervisor = getpid(), worker;
	int output, pidfd, status;
	bool in_time;

	deadline_ms = now_ms() + limit_ms;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);

	output = memfd_create("output", MFD_CLOEXEC);
	worker = output < 0 ? -1 : fork();
	if (worker < 0)
		return fail("start", "cannot start: %s", strerror(errno));
	if (worker == 0) {
		prepare_child(supervisor);
		exit(dup2(output, STDOUT_FILENO) < 0 ? 1 : command(argc, argv));
	}
	setpgid(worker, worker);
	pidfd = pidfd_open(worker, 0);
	if (pidfd < 0) {
		kill(-worker, SIGKILL);
		return fail("start", "cannot supervise: %s", strerror(errno));
	}
	in_time = ended_within(pidfd, limit_ms);
	if (!in_time) {
		kill(worker, SIGTERM);
		ended_within(pidfd, GRACE_MS);
	}
	kill(-worker, SIGKILL); /* it may have left children; not waited for yet, its process group is still its own */
	if (!reap(worker, &status) || !in_time)
		return fail("time-limit", "not done within %lld ms", (long long)limit_ms);
	if (WIFSIGNALED(status))
		return fail("crashed", "the command ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status) == 2 ? 2 : forward(output, WEXITSTATUS(status));
}
