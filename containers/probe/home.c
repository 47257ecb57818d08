/*
 * toride-probe home: what an editor does in the learner's home.
 *
 *     --do list   --path P [--path P …]      folders and what is in them
 *     --do read   --path P                   one regular file, whole
 *     --do write  --path P --base VERSION    replaces that version by what comes from stdin; `none`: a new file
 *     --do folder --path P                   makes one
 *     --do rename --path P --to Q            never over something
 *     --do remove --path P [--tree]
 *
 * Paths are relative to the home. They are the browser's and what they lead through is the learner's, who may be changing
 * it at this moment. So the kernel decides: this process has become the learner (learner.c), and it resolves a path only
 * beneath the home, over no magic link and on no other mount. What is no regular file is never opened.
 */
#include "home.h"
#include "commands.h"
#include "json.h"
#include "learner.h"
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define RACES_MAX 16

static int open_how(int at, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = resolve};
	long file = -1;

	/* EAGAIN: something on the way was moved, and the kernel could not tell whether ".." stayed beneath. */
	for (int i = 0; i < RACES_MAX; i++) {
		file = syscall(SYS_openat2, at, path, &how, sizeof how);
		if (file >= 0 || errno != EAGAIN)
			break;
	}
	return (int)file;
}

int home_open(int home, const char *path, int flags)
{
	return open_how(home, path[0] == '\0' ? "." : path, flags,
			RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
}

int home_open_parent(int home, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];

	*name = slash == NULL ? path : slash + 1;
	if (**name == '\0' || strcmp(*name, ".") == 0 || strcmp(*name, "..") == 0) {
		errno = EINVAL;
		return -1;
	}
	if (slash != NULL && (size_t)(slash - path) >= sizeof folder) {
		errno = ENAMETOOLONG;
		return -1;
	}
	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 0 : (int)(slash - path), path);
	return home_open(home, folder, O_PATH | O_DIRECTORY);
}

int home_fail(const char *path, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return fail("not-found", "%s does not exist", path);
	case EXDEV:
	case ELOOP:
		return fail("outside", "%s leads out of the home", path);
	case EEXIST:
		return fail("exists", "%s is there already", path);
	case ENOTEMPTY:
		return fail("not-empty", "%s is not empty", path);
	case ENOSPC:
	case EDQUOT:
		return fail("no-space", "there is no space left for %s", path);
	case EACCES:
	case EPERM:
	case EROFS:
	case EBUSY:
		return fail("not-permitted", "%s: %s", path, strerror(error));
	case EINVAL:
	case ENAMETOOLONG:
		return fail("bad-name", "%s cannot be a name here", path);
	default:
		return fail("unreadable", "%s: %s", path, strerror(error));
	}
}

int home_print_done(const char *path, const char *version)
{
	struct json json;

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	json_key(&json, "version");
	if (version == NULL)
		json_null(&json);
	else
		json_string(&json, version);
	json_end_object(&json);
	return json_finish(&json);
}

struct order {
	int64_t init, start_time, uid, gid;
	const char *verb, *home, *to, *base;
	char *paths[HOME_LIST_MAX];
	size_t path_count;
	bool tree;
};

static int obey(const struct order *order, int home)
{
	const char *path = order->paths[0];

	if (strcmp(order->verb, "list") == 0)
		return home_print_folders(home, order->paths, order->path_count);
	if (strcmp(order->verb, "read") == 0)
		return home_print_file(home, path);
	if (strcmp(order->verb, "folder") == 0)
		return home_make_folder(home, path);
	if (strcmp(order->verb, "remove") == 0)
		return home_remove(home, path, order->tree);
	if (strcmp(order->verb, "write") == 0 && order->base != NULL)
		return home_write(home, path, strcmp(order->base, "none") == 0 ? NULL : order->base);
	if (strcmp(order->verb, "rename") == 0 && order->to != NULL)
		return home_rename(home, path, order->to);
	return usage("home: what to do is not understood");
}

static int run(const struct order *order)
{
	uint64_t start_time;
	int directory = proc_open_init((pid_t)order->init, (uint64_t)order->start_time, &start_time);
	int root, home;

	if (directory < 0)
		return 1;
	/* The one thing the learner's own rights would not open from here: the way into init's mounts. */
	root = openat(directory, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail("not-permitted", "the container's root cannot be opened: %s", strerror(errno));
	if (!learner_become(directory, (uid_t)order->uid, (gid_t)order->gid))
		return 1;
	home = open_how(root, order->home, O_PATH | O_DIRECTORY, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
	if (home < 0)
		return home_fail(order->home, errno);
	close(root);
	close(directory);
	return obey(order, home);
}

int command_home(int argc, char **argv)
{
	static const char how[] = "home --init PID [--init-start TICKS] --uid N --gid N --home /ABSOLUTE --do VERB "
				  "--path RELATIVE … [--to RELATIVE] [--base VERSION|none] [--tree]";
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'}, {"init-start", required_argument, NULL, 's'},
		{"uid", required_argument, NULL, 'u'},	{"gid", required_argument, NULL, 'g'},
		{"home", required_argument, NULL, 'h'}, {"do", required_argument, NULL, 'd'},
		{"path", required_argument, NULL, 'p'}, {"to", required_argument, NULL, 't'},
		{"base", required_argument, NULL, 'b'}, {"tree", no_argument, NULL, 'r'},
		{NULL, 0, NULL, 0},
	};
	struct order order = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool valid = true;

		switch (option) {
		case 'i':
			valid = parse_number(optarg, 1, INT32_MAX, &order.init);
			break;
		case 's':
			valid = parse_number(optarg, 1, INT64_MAX, &order.start_time);
			break;
		case 'u':
			valid = parse_number(optarg, 1, 65533, &order.uid); /* never the sandbox's root */
			break;
		case 'g':
			valid = parse_number(optarg, 1, 65533, &order.gid);
			break;
		case 'h':
			order.home = optarg;
			break;
		case 'd':
			order.verb = optarg;
			break;
		case 'p':
			valid = order.path_count < HOME_LIST_MAX && optarg[0] != '/';
			if (valid)
				order.paths[order.path_count++] = optarg;
			break;
		case 't':
			order.to = optarg;
			valid = optarg[0] != '/';
			break;
		case 'b':
			order.base = optarg;
			break;
		case 'r':
			order.tree = true;
			break;
		default:
			valid = false;
		}
		if (!valid)
			return usage(how);
	}
	if (order.init == 0 || order.uid == 0 || order.gid == 0 || order.home == NULL || order.home[0] != '/' ||
	    order.verb == NULL || order.path_count == 0 || optind != argc)
		return usage(how);
	return run(&order);
}
