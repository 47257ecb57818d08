/*
 * toride-relay --process SPEC ID
 *
 * Enters a sandbox by `crun exec` with a terminal, and carries every byte between that terminal and its own standard input
 * and output, a pty of the server's. crun 1.21 can do so itself, but loses bytes of floods and long pastes (its ring buffer
 * wraps wrongly); so it is asked for the terminal's master by its console socket instead.
 *
 * Ends with the exit status of the program in the sandbox. When it is told to hang up, or its own terminal goes, the
 * master is closed and the sandbox's terminal hangs up too.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define ENTER_LIMIT_MS 20000
#define BUFFER_BYTES (64 * 1024)

/* Bytes on their way in one direction. Only read into when empty, so that nothing ever wraps. */
struct stream {
	int from, to;
	size_t start, end;
	bool ended;
	char bytes[BUFFER_BYTES];
};

static void die(const char *what)
{
	dprintf(STDERR_FILENO, "toride-relay: %s: %s\r\n", what, strerror(errno));
	exit(126);
}

static int listen_at(char *folder, struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (!mkdtemp(folder))
		die("temporary folder");
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof address->sun_path, "%s/console", folder);
	if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof *address) < 0 || listen(fd, 1) < 0)
		die("console socket");
	return fd;
}

static pid_t start_crun(char **arguments, const char *socket_path)
{
	pid_t relay = getpid(), pid = fork();
	char *words[] = {"crun", "exec", "--tty", "--console-socket", (char *)socket_path, arguments[0], arguments[1], arguments[2], NULL};

	if (pid != 0)
		return pid;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != relay)
		_exit(126);
	execv("/usr/bin/crun", words);
	die("crun");
	return -1;
}

/* The descriptor that comes with the first message, or -1. */
static int receive_descriptor(int socket)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	char name[256];
	struct iovec data = {name, sizeof name};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	struct cmsghdr *header;
	int descriptor = -1;

	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
	return descriptor;
}

/* Waits for crun to hand over the terminal. -1 when crun ended instead, with its own words on our terminal. */
static int await_master(int listener, int signals, pid_t crun)
{
	struct pollfd wait[2] = {{.fd = listener, .events = POLLIN}, {.fd = signals, .events = POLLIN}};
	struct signalfd_siginfo info;
	siginfo_t ended;

	for (;;) {
		if (poll(wait, 2, ENTER_LIMIT_MS) <= 0)
			return -1;
		if (wait[0].revents) {
			int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
			int master = connection < 0 ? -1 : receive_descriptor(connection);

			close(connection);
			return master;
		}
		if (read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGCHLD) {
			ended.si_pid = 0;
			if (waitid(P_PID, (id_t)crun, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == crun)
				return -1;
		}
	}
}

static void copy_size(int from, int to)
{
	struct winsize size;

	if (ioctl(from, TIOCGWINSZ, &size) == 0)
		ioctl(to, TIOCSWINSZ, &size);
}

static bool temporary(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static void move(struct stream *stream, short from_events, short to_events)
{
	if (stream->start == stream->end && from_events & (POLLIN | POLLHUP | POLLERR)) {
		ssize_t got = read(stream->from, stream->bytes, sizeof stream->bytes);

		stream->start = 0;
		stream->end = got > 0 ? (size_t)got : 0;
		if (got == 0 || (got < 0 && !temporary()))
			stream->ended = true;
	}
	if (stream->start < stream->end && (to_events & POLLOUT || from_events)) {
		ssize_t put = write(stream->to, stream->bytes + stream->start, stream->end - stream->start);

		if (put > 0)
			stream->start += (size_t)put;
		else if (put < 0 && !temporary())
			stream->ended = true;
	}
}

/* Until the sandbox's side has ended and all of its output is delivered, or ours has gone. */
static void relay(int master, int signals)
{
	static struct stream in, out;
	struct signalfd_siginfo info;

	in.from = STDIN_FILENO, in.to = master;
	out.from = master, out.to = STDOUT_FILENO;
	while (!in.ended && !(out.ended && out.start == out.end)) {
		bool in_full = in.start < in.end, out_full = out.start < out.end;
		struct pollfd wait[4] = {
			{.fd = in_full ? -1 : in.from, .events = POLLIN},
			{.fd = out_full || out.ended ? -1 : out.from, .events = POLLIN},
			{.fd = in_full ? in.to : -1, .events = POLLOUT},
			{.fd = out_full ? out.to : -1, .events = POLLOUT},
		};
		struct pollfd all[5] = {wait[0], wait[1], wait[2], wait[3], {.fd = signals, .events = POLLIN}};

		if (poll(all, 5, -1) < 0 && errno != EINTR)
			return;
		if (all[4].revents && read(signals, &info, sizeof info) == sizeof info) {
			if (info.ssi_signo == SIGHUP || info.ssi_signo == SIGTERM)
				return;
			if (info.ssi_signo == SIGWINCH)
				copy_size(STDIN_FILENO, master);
		}
		move(&in, all[0].revents, all[2].revents);
		move(&out, all[1].revents, all[3].revents);
	}
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/toride-relay-XXXXXX";
	struct sockaddr_un address = {0};
	struct termios raw;
	sigset_t handled;
	int listener, signals, master, status;
	pid_t crun;

	if (argc != 4)
		return dprintf(STDERR_FILENO, "usage: toride-relay --process SPEC ID\n"), 2;
	sigemptyset(&handled);
	sigaddset(&handled, SIGCHLD);
	sigaddset(&handled, SIGWINCH);
	sigaddset(&handled, SIGHUP);
	sigaddset(&handled, SIGTERM);
	sigprocmask(SIG_BLOCK, &handled, NULL);
	signals = signalfd(-1, &handled, SFD_CLOEXEC);
	listener = listen_at(folder, &address);
	crun = start_crun(argv + 1, address.sun_path);
	master = await_master(listener, signals, crun);
	unlink(address.sun_path);
	rmdir(folder);
	close(listener);
	if (master >= 0) {
		if (tcgetattr(STDIN_FILENO, &raw) == 0) {
			cfmakeraw(&raw);
			tcsetattr(STDIN_FILENO, TCSANOW, &raw);
		}
		copy_size(STDIN_FILENO, master);
		fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK | O_RDWR);
		fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK | O_RDWR);
		fcntl(master, F_SETFL, O_NONBLOCK | O_RDWR);
		relay(master, signals);
		close(master);
	} else {
		kill(crun, SIGTERM);
	}
	while (waitpid(crun, &status, 0) < 0)
		if (errno != EINTR)
			return 126;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
