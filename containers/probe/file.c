/*
 * toride-probe read: one regular file below the container's root, or with --list the entries of one directory, or with
 * --attributes owner, mode and label of whatever is there.
 *
 * The path is the server's, what lies there is the learner's: symlinks are resolved as if the container's root were
 * ours (openat2), magic links are not followed, and nothing is opened for reading before it is known to be a regular
 * file, so no FIFO, device or socket is ever touched.
 */
#include "commands.h"
#include "file.h"
#include "json.h"
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#define DEFAULT_BYTES 1048576
#define BYTES_MAX (64 << 20)
#define RACES_MAX 16

const char *file_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symlink";
	case S_IFIFO:
		return "fifo";
	case S_IFSOCK:
		return "socket";
	case S_IFCHR:
	case S_IFBLK:
		return "device";
	default:
		return "other";
	}
}

void file_print_mode(struct json *json, mode_t mode)
{
	char text[8];

	snprintf(text, sizeof text, "%04o", mode & 07777u);
	json_string(json, text);
}

int file_open_below(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long file = -1;

	/* EAGAIN: something on the way was moved, and the kernel could not tell whether ".." stayed inside. */
	for (int i = 0; i < RACES_MAX; i++) {
		file = syscall(SYS_openat2, root, path, &how, sizeof how);
		if (file >= 0 || errno != EAGAIN)
			break;
	}
	return (int)file;
}

int file_fail_open(const char *path, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return fail("not-found", "%s does not exist", path);
	case ELOOP:
		return fail("too-many-links", "%s leads through too many links, or through a magic link of /proc", path);
	case EACCES:
	case EPERM:
		return fail("not-permitted", "%s cannot be opened: %s", path, strerror(error));
	default:
		return fail("unreadable", "%s cannot be opened: %s", path, strerror(error));
	}
}

int file_reopen(int pinned, int flags)
{
	struct stat before, after;
	char path[32];
	int file;

	snprintf(path, sizeof path, "/proc/self/fd/%d", pinned);
	file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
	if (file < 0)
		return -1;
	if (fstat(pinned, &before) != 0 || fstat(file, &after) != 0)
		return -1;
	if (before.st_dev != after.st_dev || before.st_ino != after.st_ino) {
		errno = ESTALE;
		return -1;
	}
	return file;
}

static int print_file(const char *path, const struct stat *file, const char *bytes, size_t length)
{
	struct json json;

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	json_key(&json, "size");
	json_integer(&json, (int64_t)length);
	json_key(&json, "mode");
	file_print_mode(&json, file->st_mode);
	json_key(&json, "uid");
	json_integer(&json, file->st_uid);
	json_key(&json, "gid");
	json_integer(&json, file->st_gid);
	json_key(&json, "mtime");
	json_integer(&json, file->st_mtime);
	json_key(&json, "device");
	json_device(&json, major(file->st_dev), minor(file->st_dev));
	json_key(&json, "inode");
	json_inode(&json, file->st_ino);
	json_key(&json, "base64");
	json_base64(&json, bytes, length);
	json_end_object(&json);
	return json_finish(&json);
}

static int read_regular(const char *path, int pinned, const struct stat *found, size_t max)
{
	size_t length = 0;
	char *bytes;
	int file;

	if (found->st_size > (off_t)max)
		return fail("too-large", "%s has %lld bytes, more than %zu", path, (long long)found->st_size, max);
	file = file_reopen(pinned, 0);
	if (file < 0)
		return file_fail_open(path, errno);
	bytes = malloc(max + 1);
	if (bytes == NULL)
		return fail("memory", "no memory for %zu bytes", max);
	while (length <= max) {
		ssize_t got = read(file, bytes + length, max + 1 - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail("unreadable", "%s cannot be read: %s", path, strerror(errno));
		if (got == 0)
			break;
		length += (size_t)got;
	}
	if (length > max)
		return fail("too-large", "%s has more than %zu bytes", path, max);
	return print_file(path, found, bytes, length);
}

/* Nothing is opened but the O_PATH descriptor, so it may be of any kind. */
static int print_attributes(const char *path, int pinned, const struct stat *found)
{
	char label[256], name[32];
	struct json json;
	ssize_t length;

	/* An O_PATH descriptor has no attributes of its own; through its magic link the file has. */
	snprintf(name, sizeof name, "/proc/self/fd/%d", pinned);
	length = getxattr(name, "security.selinux", label, sizeof label);
	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	json_key(&json, "type");
	json_string(&json, file_kind(found->st_mode));
	json_key(&json, "mode");
	file_print_mode(&json, found->st_mode);
	json_key(&json, "uid");
	json_integer(&json, found->st_uid);
	json_key(&json, "gid");
	json_integer(&json, found->st_gid);
	json_key(&json, "label");
	if (length > 0)
		json_bytes(&json, label, strnlen(label, (size_t)length));
	else
		json_null(&json);
	json_end_object(&json);
	return json_finish(&json);
}

enum what { CONTENT, ENTRIES, ATTRIBUTES };

static int read_below(int init_directory, const char *path, size_t max, enum what what)
{
	int root = openat(init_directory, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int pinned = root < 0 ? -1 : file_open_below(root, path);
	struct stat found;

	if (root < 0)
		return fail("not-permitted", "the container's root cannot be opened: %s", strerror(errno));
	if (pinned < 0 || fstat(pinned, &found) != 0)
		return file_fail_open(path, errno);
	if (what == ATTRIBUTES)
		return print_attributes(path, pinned, &found);
	if (what == ENTRIES ? !S_ISDIR(found.st_mode) : !S_ISREG(found.st_mode))
		return fail(what == ENTRIES ? "not-a-directory" : "not-a-file", "%s is a %s", path, file_kind(found.st_mode));
	if (what == CONTENT)
		return read_regular(path, pinned, &found, max);
	pinned = file_reopen(pinned, O_DIRECTORY);
	return pinned < 0 ? file_fail_open(path, errno) : directory_print(path, pinned);
}

int command_read(int argc, char **argv)
{
	static const char how[] = "read --init PID [--init-start TICKS] --path /ABSOLUTE [--max BYTES] [--list | --attributes]";
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'}, {"init-start", required_argument, NULL, 's'},
		{"path", required_argument, NULL, 'p'}, {"max", required_argument, NULL, 'm'},
		{"list", no_argument, NULL, 'l'},	{"attributes", no_argument, NULL, 'a'},
		{NULL, 0, NULL, 0},
	};
	int64_t init = 0, expected_start = 0, max = DEFAULT_BYTES;
	const char *path = NULL;
	enum what what = CONTENT;
	uint64_t start_time;
	int option, directory;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool valid = true;

		switch (option) {
		case 'i':
			valid = parse_number(optarg, 1, INT32_MAX, &init);
			break;
		case 's':
			valid = parse_number(optarg, 1, INT64_MAX, &expected_start);
			break;
		case 'm':
			valid = parse_number(optarg, 0, BYTES_MAX, &max);
			break;
		case 'p':
			path = optarg;
			break;
		case 'l':
			what = ENTRIES;
			break;
		case 'a':
			what = ATTRIBUTES;
			break;
		default:
			valid = false;
		}
		if (!valid)
			return usage(how);
	}
	if (init == 0 || path == NULL || path[0] != '/' || optind != argc)
		return usage(how);
	directory = proc_open_init((pid_t)init, (uint64_t)expected_start, &start_time);
	return directory < 0 ? 1 : read_below(directory, path, (size_t)max, what);
}
