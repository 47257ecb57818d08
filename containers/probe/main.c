/*
 * toride-probe: facts about a learner's container, read from outside, as JSON.
 *
 *     toride-probe snapshot --init PID [--init-start TICKS]
 *     toride-probe read     --init PID [--init-start TICKS] --path /ABSOLUTE [--max BYTES] [--list]
 *     toride-probe tree     --init PID [--init-start TICKS] --path /ABSOLUTE [--find HEX,HEX]
 *     toride-probe request  --init PID [--init-start TICKS] --port N [--path /x] [--host NAME] [--method GET]
 *                           [--accept TYPES] [--max BYTES] [--wait-ms N] [--find-ms N]
 *     toride-probe syscalls …
 *     toride-probe home     … (home.c)
 *     toride-probe connect  --init PID [--init-start TICKS] --port N
 *
 * Each takes --time-limit-ms N (default 2000). Exit status: 0 with one JSON object, 1 with {"error":{"code","message"}},
 * 2 after a usage error told on stderr.
 *
 * Trust: the arguments are the server's and are trusted. Everything read is the learner's to shape (names, command
 * lines, mounts, sockets, files, answers) except what the kernel itself vouches for. No program of theirs is run. The
 * command works in a child (supervise.c), which is stopped when it takes too long: the last line of defence.
 */
#include "commands.h"
#include "supervise.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_TIME_LIMIT_MS 2000
#define MAXIMUM_TIME_LIMIT_MS 600000

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"snapshot", command_snapshot},
	{"read", command_read},
	{"tree", command_tree},
	{"request", command_request},
	{"syscalls", command_syscalls},
	{"home", command_home},
};

int usage(const char *format, ...)
{
	va_list arguments;

	fputs("toride-probe: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputs("\n", stderr);
	return 2;
}

bool parse_number(const char *text, int64_t minimum, int64_t maximum, int64_t *value)
{
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *value >= minimum && *value <= maximum;
}

/* Takes --time-limit-ms N out of the arguments, wherever it stands. */
static bool take_time_limit(int *argc, char **argv, int64_t *limit)
{
	int kept = 0;

	for (int i = 0; i < *argc; i++) {
		if (strcmp(argv[i], "--time-limit-ms") != 0) {
			argv[kept++] = argv[i];
			continue;
		}
		if (i + 1 == *argc || !parse_number(argv[++i], 1, MAXIMUM_TIME_LIMIT_MS, limit))
			return false;
	}
	argv[kept] = NULL;
	*argc = kept;
	return true;
}

static int dispatch(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(argv[0], commands[i].name) == 0)
			return commands[i].run(argc, argv);
	return usage("unknown command '%s' (snapshot, read, tree, request, syscalls, home, connect)", argv[0]);
}

int main(int argc, char **argv)
{
	int64_t limit = DEFAULT_TIME_LIMIT_MS;

	if (!take_time_limit(&argc, argv, &limit))
		return usage("--time-limit-ms needs a number from 1 to %d", MAXIMUM_TIME_LIMIT_MS);
	if (argc < 2)
		return usage("usage: toride-probe snapshot|read|tree|request|syscalls|home|connect --init PID …");
	if (strcmp(argv[1], "connect") == 0)
		return command_connect(argc - 1, argv + 1);
	return supervise(dispatch, argc - 1, argv + 1, limit);
}
