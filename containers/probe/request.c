/*
 * toride-probe request: an HTTP request to a port of the container's loopback, with who served it, as requestSchema in
 * src/inspector/snapshot.ts describes it.
 *
 * The request is sent without the blank line that ends it. So the server has accepted the connection and waits: the
 * time to find out, from the kernel's tables, which process that is. Then the blank line follows, and the answer.
 */
#include "agent.h"
#include "commands.h"
#include "http.h"
#include "proc.h"
#include "request.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>
#include <time.h>

/* A server on a busy machine takes a while to accept; one that is asked without a forwarder costs this long. */
#define FIND_MS 300
#define PAUSE_NS 2000000
#define BODY_BYTES_MAX (4 << 20)

struct request {
	int64_t init, start_time, port, max, wait_ms, find_ms;
	const char *path, *host, *method, *accept;
};

/* Looks until a server behind a forwarder is found, or time is over: then there is no forwarder, or it does not forward. */
static bool find_servers(struct servers *servers, int init_directory, const struct request *request, uint16_t client_port)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	int64_t until = now_ms() + request->find_ms;

	while (servers_find(servers, init_directory, (uint16_t)request->port, client_port)) {
		if (servers->forwarded || now_ms() >= until)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

static int run(const struct request *request)
{
	char head[8192];
	struct servers servers = {.count = 0};
	struct agent agent;
	struct agent_request order = {
		.port = (uint16_t)request->port,
		.head = head,
		.headless = strcmp(request->method, "HEAD") == 0,
		.wait_ms = (int)request->wait_ms,
		.max = HTTP_HEAD_BYTES_MAX + 2 * (size_t)request->max,
	};
	const char *reason;
	uint64_t start_time;
	int directory = proc_open_init((pid_t)request->init, (uint64_t)request->start_time, &start_time);

	snprintf(head, sizeof head, "%s %s HTTP/1.1\r\nHost: %s\r\nAccept: %s\r\n%sConnection: close\r\n",
		 request->method, request->path, request->host, request->accept,
		 strcmp(request->method, "GET") == 0 || order.headless ? "" : "Content-Length: 0\r\n");
	if (directory < 0 || !agent_start(&agent, &order, directory) || !servers_before(directory))
		return 1;
	reason = agent_step(&agent);
	if (reason != NULL)
		return request_print_failure(reason, &servers);
	if (!find_servers(&servers, directory, request, agent.answer->local_port))
		return 1;
	reason = agent_step(&agent);
	if (reason != NULL && agent.answer->length == 0)
		return request_print_failure(reason, &servers);
	return request_print_answer(agent.answer, order.headless, (size_t)request->max, &servers);
}

/* No byte that could end a line or a word of the request. */
static bool is_word(const char *text, size_t max)
{
	for (size_t i = 0; text[i] != '\0'; i++)
		if (!isgraph((unsigned char)text[i]) || i >= max)
			return false;
	return text[0] != '\0';
}

int command_request(int argc, char **argv)
{
	static const char how[] = "request --init PID [--init-start TICKS] --port N [--path /x] [--host NAME] "
				  "[--method GET] [--accept TYPES] [--max BYTES] [--wait-ms N] [--find-ms N]";
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'}, {"init-start", required_argument, NULL, 's'},
		{"port", required_argument, NULL, 'p'}, {"path", required_argument, NULL, 'u'},
		{"host", required_argument, NULL, 'h'}, {"method", required_argument, NULL, 'm'},
		{"max", required_argument, NULL, 'x'},	{"wait-ms", required_argument, NULL, 'w'},
		{"accept", required_argument, NULL, 'a'}, {"find-ms", required_argument, NULL, 'f'},
		{NULL, 0, NULL, 0},
	};
	struct request request = {
		.path = "/",
		.host = "localhost",
		.method = "GET",
		.accept = "*/*",
		.max = 65536,
		.wait_ms = 400,
		.find_ms = FIND_MS,
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool valid = false;

		switch (option) {
		case 'i':
			valid = parse_number(optarg, 1, INT32_MAX, &request.init);
			break;
		case 's':
			valid = parse_number(optarg, 1, INT64_MAX, &request.start_time);
			break;
		case 'p':
			valid = parse_number(optarg, 1, 65535, &request.port);
			break;
		case 'u':
			request.path = optarg;
			valid = optarg[0] == '/' && is_word(optarg, 4096);
			break;
		case 'h':
			request.host = optarg;
			valid = is_word(optarg, 255);
			break;
		case 'm':
			request.method = optarg;
			valid = is_word(optarg, 16);
			break;
		case 'a':
			request.accept = optarg;
			valid = is_word(optarg, 1024);
			break;
		case 'f':
			valid = parse_number(optarg, 0, 60000, &request.find_ms);
			break;
		case 'x':
			valid = parse_number(optarg, 0, BODY_BYTES_MAX, &request.max);
			break;
		case 'w':
			valid = parse_number(optarg, 1, 60000, &request.wait_ms);
			break;
		default:
			break;
		}
		if (!valid)
			return usage(how);
	}
	if (request.init == 0 || request.port == 0 || optind != argc)
		return usage(how);
	return run(&request);
}
