/* See agent.h. */
#include "agent.h"
#include "commands.h"
#include "http.h"
#include "json.h"
#include "namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What the agent tells at the end of each step. */
enum reason { DONE, REFUSED, TIMEOUT, UNREACHABLE, RESET, NOT_PERMITTED, FAILED, REASONS };
static const char *const reasons[REASONS] = {
	NULL, "refused", "timeout", "unreachable", "reset", "not-permitted", "failed",
};

static enum reason reason_of(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return REFUSED;
	case ETIMEDOUT:
	case EAGAIN:
		return TIMEOUT;
	case ENETUNREACH:
	case EHOSTUNREACH:
		return UNREACHABLE;
	case ECONNRESET:
	case EPIPE:
		return RESET;
	case EPERM:
	case EACCES:
		return NOT_PERMITTED;
	default:
		return FAILED;
	}
}

static void tell(int control, unsigned char result)
{
	while (write(control, &result, 1) < 0 && errno == EINTR)
		;
}

/* Waits to be told to go on; the parent's end ends the agent. */
static void await(int control)
{
	unsigned char order;
	ssize_t got;

	while ((got = read(control, &order, 1)) < 0 && errno == EINTR)
		;
	if (got != 1)
		_exit(0);
}

/* Waits for the event until the time; false when it is over. */
static bool ready(int file, short event, int64_t until)
{
	struct pollfd wait = {.fd = file, .events = event};
	int count;

	do {
		int64_t left = until - now_ms();

		count = poll(&wait, 1, left > 0 ? (int)left : 0);
	} while (count < 0 && errno == EINTR);
	return count > 0;
}

static enum reason enter(int net, int user)
{
	if (setns(net, CLONE_NEWNET) == 0)
		return DONE;
	/* An ordinary user may do that only as the owner of the user namespace the network belongs to. */
	if (errno == EPERM && user >= 0 && setns(user, CLONE_NEWUSER) == 0 && setns(net, CLONE_NEWNET) == 0)
		return DONE;
	return reason_of(errno);
}

static enum reason send_all(int connection, const char *text, int64_t until)
{
	size_t length = strlen(text);

	while (length > 0) {
		ssize_t sent = send(connection, text, length, MSG_NOSIGNAL);

		if (sent > 0) {
			text += sent;
			length -= (size_t)sent;
		} else if (errno == EAGAIN && !ready(connection, POLLOUT, until)) {
			return TIMEOUT;
		} else if (errno != EAGAIN && errno != EINTR) {
			return reason_of(errno);
		}
	}
	return DONE;
}

static enum reason open_connection(int connection, const struct agent_request *request, uint16_t *local_port)
{
	struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(request->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sockaddr_in own;
	socklen_t size = sizeof own, error_size = sizeof(int);
	int64_t until = now_ms() + request->wait_ms;
	int error = 0;

	if (connect(connection, (struct sockaddr *)&server, sizeof server) != 0) {
		if (errno != EINPROGRESS)
			return reason_of(errno);
		if (!ready(connection, POLLOUT, until))
			return TIMEOUT;
		if (getsockopt(connection, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0 || error != 0)
			return reason_of(error);
	}
	if (getsockname(connection, (struct sockaddr *)&own, &size) != 0)
		return FAILED;
	*local_port = ntohs(own.sin_port);
	return send_all(connection, request->head, until);
}

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static enum reason read_answer(int connection, const struct agent_request *request, struct agent_answer *answer)
{
	double start = milliseconds();
	int64_t until = now_ms() + request->wait_ms;
	enum reason reason = send_all(connection, "\r\n", until);
	struct http_answer parsed;

	while (reason == DONE) {
		ssize_t got;

		if (answer->length == request->max || now_ms() >= until || !ready(connection, POLLIN, until)) {
			answer->cut = true;
			break;
		}
		got = recv(connection, answer->bytes + answer->length, request->max - answer->length, 0);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0) {
			answer->ended = got == 0;
			reason = got == 0 ? DONE : reason_of(errno);
			break;
		}
		answer->length += (size_t)got;
		/* A server need not close the connection when its answer is whole. */
		if (http_parse(answer->bytes, answer->length, request->headless, &parsed) == HTTP_ANSWER && parsed.complete)
			break;
	}
	answer->elapsed_ms = milliseconds() - start;
	return reason;
}

static void work(int control, int net, int user, const struct agent_request *request, struct agent_answer *answer)
{
	enum reason reason = enter(net, user);
	int connection;

	/* Changing privileges cleared it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	tell(control, reason);
	await(control);
	connection = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	reason = connection < 0 ? reason_of(errno) : open_connection(connection, request, &answer->local_port);
	tell(control, reason);
	await(control);
	tell(control, read_answer(connection, request, answer));
	/* The connection stays open until the parent has seen enough. */
	await(control);
}

bool agent_start(struct agent *agent, const struct agent_request *request, int init_directory)
{
	int net = namespace_open(init_directory, NS_NET), user = namespace_open(init_directory, NS_USER);
	int ends[2];
	unsigned char result;

	if (net < 0) {
		fail("not-permitted", "the container's network cannot be entered: %s", strerror(errno));
		return false;
	}
	agent->answer = mmap(NULL, sizeof *agent->answer + request->max, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (agent->answer == MAP_FAILED || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0 ||
	    (agent->pid = fork()) < 0) {
		fail("start", "cannot start: %s", strerror(errno));
		return false;
	}
	if (agent->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		work(ends[1], net, user, request, agent->answer);
		_exit(0);
	}
	close(ends[1]);
	agent->control = ends[0];
	if (read(agent->control, &result, 1) != 1 || result != DONE) {
		fail("not-permitted", "the container's network cannot be entered");
		return false;
	}
	return true;
}

const char *agent_step(struct agent *agent)
{
	unsigned char result = 0;

	if (write(agent->control, &result, 1) != 1 || read(agent->control, &result, 1) != 1 ||
	    result >= REASONS)
		return reasons[FAILED];
	return reasons[result];
}
