/*
 * filtered MODE WAIT: a process with a seccomp filter of its own, for the tests of the probe.
 *
 * MODE: none; errno=N (mkdir gives errno N); trap, kill-thread, kill-process, log (on mkdir); notify (mkdir asks a
 * supervisor that never answers); allow-list (what this program needs, the rest EPERM); no-fork (clone and wait4 EPERM);
 * picky=N (EPERM only for a first argument of -1, or in one of the ranges that a prober may draw from).
 * WAIT: sleep (600 ms by nanosleep), epoll (600 ms), read (of a pipe written after 600 ms by a thread), spin.
 * After the wait it prints what the wait returned, its errno, whether its registers are as they were and how many
 * children it has, and ends.
 */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NUMBER BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define FIRST BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0]))
#define ON(call, action) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, action)
#define ELSE(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ERRNO(n) (SECCOMP_RET_ERRNO | (n))

static void install(struct sock_filter *filter, size_t length, unsigned int flags)
{
	struct sock_fprog program = {(unsigned short)length, filter};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0) {
		perror("seccomp");
		exit(3);
	}
}

static void on_mkdir(unsigned int action, unsigned int flags)
{
	struct sock_filter filter[] = {NUMBER, ON(mkdir, action), ELSE(SECCOMP_RET_ALLOW)};

	install(filter, sizeof filter / sizeof *filter, flags);
}

static void filter(const char *mode)
{
	struct sock_filter no_fork[] = {NUMBER, ON(clone, ERRNO(EPERM)), ON(wait4, ERRNO(EPERM)), ON(mkdir, ERRNO(EPERM)), ELSE(SECCOMP_RET_ALLOW)};
	struct sock_filter allow_list[] = {
		NUMBER,                               ON(read, SECCOMP_RET_ALLOW),
		ON(write, SECCOMP_RET_ALLOW),         ON(clock_nanosleep, SECCOMP_RET_ALLOW),
		ON(clone, SECCOMP_RET_ALLOW),         ON(wait4, SECCOMP_RET_ALLOW),
		ON(exit_group, SECCOMP_RET_ALLOW),    ON(fstat, SECCOMP_RET_ALLOW),
		ON(rt_sigprocmask, SECCOMP_RET_ALLOW), ELSE(ERRNO(EPERM)),
	};

	struct sock_filter minus_one[] = {FIRST, BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xffffffff, 0, 1), ELSE(ERRNO(EPERM)), ELSE(SECCOMP_RET_ALLOW)};
	struct sock_filter small[] = {FIRST, BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x8000, 0, 2), BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x10000, 1, 0), ELSE(ERRNO(EPERM)), ELSE(SECCOMP_RET_ALLOW)};

	if (strcmp(mode, "picky=1") == 0)
		install(minus_one, sizeof minus_one / sizeof *minus_one, 0);
	else if (strcmp(mode, "picky=2") == 0)
		install(small, sizeof small / sizeof *small, 0);
	else if (strncmp(mode, "errno=", 6) == 0)
		on_mkdir(ERRNO((unsigned int)atoi(mode + 6)), 0);
	else if (strcmp(mode, "trap") == 0)
		on_mkdir(SECCOMP_RET_TRAP, 0);
	else if (strcmp(mode, "kill-thread") == 0)
		on_mkdir(SECCOMP_RET_KILL_THREAD, 0);
	else if (strcmp(mode, "kill-process") == 0)
		on_mkdir(SECCOMP_RET_KILL_PROCESS, 0);
	else if (strcmp(mode, "log") == 0)
		on_mkdir(SECCOMP_RET_LOG, 0);
	else if (strcmp(mode, "notify") == 0)
		on_mkdir(SECCOMP_RET_USER_NOTIF, SECCOMP_FILTER_FLAG_NEW_LISTENER);
	else if (strcmp(mode, "no-fork") == 0)
		install(no_fork, sizeof no_fork / sizeof *no_fork, 0);
	else if (strcmp(mode, "allow-list") == 0)
		install(allow_list, sizeof allow_list / sizeof *allow_list, 0);
}

static int pipe_ends[2];

static void *write_later(void *nothing)
{
	usleep(600000);
	if (write(pipe_ends[1], "x", 1) != 1)
		exit(4);
	return nothing;
}

int main(int argc, char **argv)
{
	const char *wait = argc > 2 ? argv[2] : "sleep";
	struct timespec time = {0, 600 * 1000 * 1000};
	struct epoll_event event;
	pthread_t thread;
	char byte = 0;
	long result = 0;
	int epoll = epoll_create1(0);

	setvbuf(stdout, NULL, _IONBF, 0);
	if (strcmp(wait, "read") == 0 && (pipe(pipe_ends) < 0 || pthread_create(&thread, NULL, write_later, NULL) != 0))
		return 4;
	filter(argc > 1 ? argv[1] : "none");
	printf("ready\n");
	errno = 0;
	if (strcmp(wait, "sleep") == 0)
		result = nanosleep(&time, NULL);
	else if (strcmp(wait, "epoll") == 0)
		result = epoll_wait(epoll, &event, 1, 600);
	else if (strcmp(wait, "read") == 0)
		result = read(pipe_ends[0], &byte, 1);
	else
		for (volatile uint64_t i = 0; i < 400 * 1000 * 1000ull; i++)
			;
	int error = errno;

	printf("wait %ld errno %d children %s\n", result, error, waitpid(-1, NULL, __WALL | WNOHANG) < 0 ? "none" : "some");
	return 0;
}
