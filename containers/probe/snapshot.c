/*
 * toride-probe snapshot: every process of the container with what the kernel says about it, as processTableSchema in
 * src/inspector/snapshot.ts describes it.
 */
#include "commands.h"
#include "json.h"
#include "mounts.h"
#include "namespaces.h"
#include "nets.h"
#include "process.h"

#include <getopt.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static void print_head(struct json *json, pid_t init, uint64_t start_time, long ticks)
{
	struct utsname machine;
	struct timespec up;

	uname(&machine);
	clock_gettime(CLOCK_BOOTTIME, &up);
	json_key(json, "version");
	json_integer(json, 1);
	json_key(json, "arch");
	json_string(json, machine.machine);
	json_key(json, "clockTicks");
	json_integer(json, ticks);
	json_key(json, "takenAt");
	json_integer(json, (int64_t)up.tv_sec * ticks + (int64_t)up.tv_nsec * ticks / 1000000000);
	json_key(json, "init");
	json_begin_object(json);
	json_key(json, "pid");
	json_integer(json, init);
	json_key(json, "startTime");
	json_integer(json, (int64_t)start_time);
	json_end_object(json);
}

static int take_snapshot(pid_t init, uint64_t expected_start)
{
	static struct members members;
	static struct process process;
	bool truncated = false;
	int vanished = 0;
	uint64_t start_time;
	struct json json;
	int directory = proc_open_init(init, expected_start, &start_time);

	if (directory < 0 || !members_find(&members, directory))
		return 1;
	json_start(&json, stdout);
	json_begin_object(&json);
	print_head(&json, init, start_time, sysconf(_SC_CLK_TCK));
	json_key(&json, "processes");
	json_begin_array(&json);
	for (int i = 0; i < members.count; i++) {
		if (process_read(&members.list[i], &process, &truncated))
			process_print(&json, &process);
		else
			vanished++;
	}
	json_end_array(&json);
	json_key(&json, "mountTables");
	mounts_print(&json, &truncated);
	json_key(&json, "netTables");
	nets_print(&json);
	json_key(&json, "truncated");
	json_bool(&json, truncated || members.truncated);
	json_key(&json, "vanished");
	json_integer(&json, vanished + members.vanished);
	json_end_object(&json);
	if (proc_start_time(directory) != start_time)
		return fail("init-gone", "process %d ended meanwhile", init);
	return json_finish(&json);
}

int command_snapshot(int argc, char **argv)
{
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'},
		{"init-start", required_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	int64_t init = 0, start_time = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'i' && parse_number(optarg, 1, INT32_MAX, &init))
			continue;
		if (option == 's' && parse_number(optarg, 1, INT64_MAX, &start_time))
			continue;
		return usage("snapshot --init PID [--init-start TICKS]");
	}
	if (init == 0 || optind != argc)
		return usage("snapshot --init PID [--init-start TICKS]");
	return take_snapshot((pid_t)init, (uint64_t)start_time);
}
