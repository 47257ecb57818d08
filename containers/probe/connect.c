/*
 * toride-probe connect: a line to one port of the container's loopback device.
 *
 * Enters the container's network namespace, connects to 127.0.0.1 and nothing else, and carries bytes between that
 * connection and its own standard input and output. One byte, '+', goes first when the connection is there. Ends when
 * either end does; exit status 3: nothing listens on the port. Not supervised: it lives as long as the connection.
 */
#include "commands.h"
#include "learner.h"
#include "namespaces.h"
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECT_MS 5000
#define NOTHING_LISTENS 3
/* "nobody" in the container: what carries bytes needs no right, and shares its user with no process of the learner's. */
#define NOBODY 65534

/* Bytes on their way in one direction. Read into only when empty. */
struct stream {
	int from, to;
	size_t start, end;
	bool deaf; /* the far end takes no more */
	char bytes[65536];
};

static int open_connection(uint16_t port)
{
	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int connection = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0, on = 1;
	struct pollfd wait = {.fd = connection, .events = POLLOUT};
	socklen_t size = sizeof error;

	if (connection < 0)
		return -1;
	if (connect(connection, (struct sockaddr *)&server, sizeof server) != 0) {
		if (errno != EINPROGRESS)
			return -1;
		if (poll(&wait, 1, CONNECT_MS) != 1) {
			errno = ETIMEDOUT;
			return -1;
		}
		if (getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
			errno = error;
			return -1;
		}
	}
	setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return connection;
}

static bool waits(const struct stream *stream)
{
	return stream->end > stream->start;
}

/* False at the end of what comes. */
static bool fill(struct stream *stream)
{
	ssize_t count = read(stream->from, stream->bytes, sizeof stream->bytes);

	stream->start = 0;
	stream->end = count > 0 ? (size_t)count : 0;
	return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

static void drain(struct stream *stream)
{
	ssize_t count = write(stream->to, stream->bytes + stream->start, stream->end - stream->start);

	if (count > 0)
		stream->start += (size_t)count;
	else if (errno != EAGAIN && errno != EINTR)
		stream->deaf = true;
	if (stream->deaf)
		stream->end = stream->start;
}

static void carry(int connection)
{
	static struct stream in = {.from = STDIN_FILENO}, out = {.to = STDOUT_FILENO};

	in.to = out.from = connection;
	for (int i = 0; i < 2; i++)
		fcntl(i, F_SETFL, fcntl(i, F_GETFL) | O_NONBLOCK);
	while (!out.deaf) {
		/* An end that hung up is told whether asked for or not: one that nothing is wanted from is not asked. */
		struct pollfd ends[3] = {
			{.fd = waits(&in) || in.deaf ? -1 : STDIN_FILENO, .events = POLLIN},
			{.fd = waits(&out) && !waits(&in) ? -1 : connection,
			 .events = (short)((waits(&in) ? POLLOUT : 0) | (waits(&out) ? 0 : POLLIN))},
			{.fd = STDOUT_FILENO, .events = waits(&out) ? POLLOUT : 0},
		};

		if (poll(ends, 3, -1) < 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (ends[2].revents & (POLLERR | POLLHUP | POLLNVAL))
			return;
		if (ends[0].revents != 0 && !fill(&in))
			return;
		if (waits(&in) && (ends[0].revents != 0 || ends[1].revents != 0))
			drain(&in);
		if (!waits(&out) && ends[1].revents & (POLLIN | POLLERR | POLLHUP) && !fill(&out))
			return;
		if (waits(&out))
			drain(&out);
	}
}

static int run(pid_t init, uint64_t expected_start, uint16_t port)
{
	uint64_t start_time;
	int directory = proc_open_init(init, expected_start, &start_time);
	int net = directory < 0 ? -1 : namespace_open(directory, NS_NET);
	int connection;

	if (directory < 0)
		return 1;
	if (net < 0 || setns(net, CLONE_NEWNET) != 0) {
		fprintf(stderr, "toride-probe: the container's network cannot be entered: %s\n", strerror(errno));
		return 1;
	}
	close(net);
	if (!learner_become(directory, NOBODY, NOBODY))
		return 1;
	close(directory);
	connection = open_connection(port);
	if (connection < 0) {
		fprintf(stderr, "toride-probe: port %u: %s\n", port, strerror(errno));
		return errno == ECONNREFUSED ? NOTHING_LISTENS : 1;
	}
	if (write(STDOUT_FILENO, "+", 1) == 1)
		carry(connection);
	return 0;
}

int command_connect(int argc, char **argv)
{
	static const char how[] = "connect --init PID [--init-start TICKS] --port N";
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'},
		{"init-start", required_argument, NULL, 's'},
		{"port", required_argument, NULL, 'p'},
		{NULL, 0, NULL, 0},
	};
	int64_t init = 0, start_time = 0, port = 0;
	int option;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool valid = (option == 'i' && parse_number(optarg, 1, INT32_MAX, &init)) ||
			     (option == 's' && parse_number(optarg, 1, INT64_MAX, &start_time)) ||
			     (option == 'p' && parse_number(optarg, 1, 65535, &port));

		if (!valid)
			return usage(how);
	}
	if (init == 0 || port == 0 || optind != argc)
		return usage(how);
	return run((pid_t)init, (uint64_t)start_time, (uint16_t)port);
}
