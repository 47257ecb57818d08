/*
 * toride-probe tree: what lies below one directory of a container's: counts, the programs, and where given byte strings
 * are found. For a container's root, and for the layers below it.
 *
 * All of it is the learner's to shape, so nothing is followed: every step is one name, opened relative to its directory
 * without symlinks, on the mount of the start alone. Only regular files are read, and only to search them.
 */
#include "commands.h"
#include "file.h"
#include "json.h"
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define DEPTH_MAX 64
#define ENTRIES_MAX 200000
#define PROGRAMS_MAX 5000
#define FOUND_MAX 64
#define NEEDLES_MAX 32
#define NEEDLE_BYTES_MAX 1024
#define BLOCK (256 * 1024)

struct needle {
	unsigned char bytes[NEEDLE_BYTES_MAX];
	size_t length;
};

struct program {
	char *path;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	off_t size;
	bool capabilities;
};

struct hit {
	char *path;
	size_t needle;
	const char *where;
};

struct walk {
	uint64_t mount;
	struct needle needles[NEEDLES_MAX];
	size_t needle_count;
	int64_t files, directories, symlinks, others, bytes, unreadable;
	struct program programs[PROGRAMS_MAX];
	size_t program_count;
	struct hit hits[FOUND_MAX];
	size_t hit_count;
	bool truncated;
};

static struct walk walk;
static unsigned char block[NEEDLE_BYTES_MAX + BLOCK];

/* The mount that a file is on, 0 when it cannot be told: a file can be mounted over by itself. */
static uint64_t mount_of(int directory, const char *name, int flags)
{
	struct statx entry;

	return statx(directory, name, flags | AT_SYMLINK_NOFOLLOW, STATX_MNT_ID, &entry) == 0 ? entry.stx_mnt_id : 0;
}

static void hit(size_t needle, const char *where, const char *path)
{
	for (size_t i = 0; i < walk.hit_count; i++)
		if (walk.hits[i].needle == needle && strcmp(walk.hits[i].path, path) == 0)
			return;
	if (walk.hit_count == FOUND_MAX) {
		walk.truncated = true;
		return;
	}
	walk.hits[walk.hit_count++] = (struct hit){.path = strdup(path), .needle = needle, .where = where};
}

static void search(const void *bytes, size_t length, const char *where, const char *path)
{
	for (size_t i = 0; i < walk.needle_count; i++)
		if (memmem(bytes, length, walk.needles[i].bytes, walk.needles[i].length) != NULL)
			hit(i, where, path);
}

/*
 * Blocks overlap by the longest needle, so that none is missed between two. Holes are passed over: a file may claim any
 * size, what is stored of it is bounded.
 */
static void search_file(int file, const char *path)
{
	size_t kept = 0;
	off_t at = 0;

	for (;;) {
		off_t data = lseek(file, at, SEEK_DATA);
		ssize_t got;

		if (data < 0) {
			walk.unreadable += errno != ENXIO; /* which means nothing but a hole from here on */
			return;
		}
		if (data > at)
			kept = 0;
		got = pread(file, block + kept, BLOCK, data);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			walk.unreadable++;
		if (got <= 0)
			return;
		at = data + got;
		search(block, kept + (size_t)got, "content", path);
		kept += (size_t)got;
		if (kept > NEEDLE_BYTES_MAX) {
			memmove(block, block + kept - NEEDLE_BYTES_MAX, NEEDLE_BYTES_MAX);
			kept = NEEDLE_BYTES_MAX;
		}
	}
}

static void visit_file(int directory, const char *name, const char *path, const struct stat *entry)
{
	bool executable = (entry->st_mode & 06111) != 0;
	int file = -1;

	walk.files++;
	walk.bytes += entry->st_size;
	if (executable || walk.needle_count > 0) {
		/* O_NONBLOCK: should it have become a FIFO since, opening it must not wait. */
		struct stat opened;

		file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (file < 0 || fstat(file, &opened) != 0 || !S_ISREG(opened.st_mode) || opened.st_ino != entry->st_ino) {
			walk.unreadable++;
			if (file >= 0)
				close(file);
			return;
		}
	}
	if (executable && walk.program_count < PROGRAMS_MAX) {
		walk.programs[walk.program_count++] = (struct program){
			.path = strdup(path),
			.mode = entry->st_mode,
			.uid = entry->st_uid,
			.gid = entry->st_gid,
			.size = entry->st_size,
			.capabilities = fgetxattr(file, "security.capability", NULL, 0) > 0,
		};
	} else if (executable) {
		walk.truncated = true;
	}
	if (walk.needle_count > 0)
		search_file(file, path);
	if (file >= 0)
		close(file);
}

static void visit(int directory, const char *path, int depth);

static void visit_entry(int directory, const char *parent, const char *name, int depth)
{
	struct stat entry;
	char *path;

	if (fstatat(directory, name, &entry, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone by now */
	if (mount_of(directory, name, 0) != walk.mount)
		return; /* volumes, secrets, /proc: no part of it */
	if (asprintf(&path, "%s/%s", parent, name) < 0)
		abort();
	search(name, strlen(name), "name", path);
	if (S_ISREG(entry.st_mode)) {
		visit_file(directory, name, path, &entry);
	} else if (S_ISLNK(entry.st_mode)) {
		char target[4096];
		ssize_t length = readlinkat(directory, name, target, sizeof target);

		walk.symlinks++;
		if (length > 0)
			search(target, (size_t)length, "link", path);
	} else if (S_ISDIR(entry.st_mode)) {
		int below = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

		walk.directories++;
		if (below >= 0 && depth < DEPTH_MAX)
			visit(below, path, depth + 1);
		else
			walk.truncated = true;
		if (below >= 0 && depth >= DEPTH_MAX)
			close(below);
	} else {
		walk.others++;
	}
	free(path);
}

/* Takes the descriptor over. */
static void visit(int directory, const char *path, int depth)
{
	struct dirent *entry;
	DIR *entries = fdopendir(directory);

	if (entries == NULL) {
		walk.truncated = true;
		close(directory);
		return;
	}
	while ((entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (walk.files + walk.directories + walk.symlinks + walk.others >= ENTRIES_MAX) {
			walk.truncated = true;
			break;
		}
		visit_entry(directory, path, entry->d_name, depth);
	}
	closedir(entries);
}

static int by_path(const void *left, const void *right)
{
	return strcmp(((const struct program *)left)->path, ((const struct program *)right)->path);
}

static void print_count(struct json *json, const char *name, int64_t value)
{
	json_key(json, name);
	json_integer(json, value);
}

static int print(const char *path)
{
	struct json json;

	qsort(walk.programs, walk.program_count, sizeof walk.programs[0], by_path);
	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	print_count(&json, "files", walk.files);
	print_count(&json, "directories", walk.directories);
	print_count(&json, "symlinks", walk.symlinks);
	print_count(&json, "others", walk.others);
	print_count(&json, "bytes", walk.bytes);
	print_count(&json, "unreadable", walk.unreadable);
	json_key(&json, "programs");
	json_begin_array(&json);
	for (size_t i = 0; i < walk.program_count; i++) {
		const struct program *program = &walk.programs[i];

		json_begin_object(&json);
		json_key(&json, "path");
		json_string(&json, program->path);
		json_key(&json, "mode");
		file_print_mode(&json, program->mode);
		print_count(&json, "uid", program->uid);
		print_count(&json, "gid", program->gid);
		print_count(&json, "size", program->size);
		json_key(&json, "capabilities");
		json_bool(&json, program->capabilities);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_key(&json, "found");
	json_begin_array(&json);
	for (size_t i = 0; i < walk.hit_count; i++) {
		json_begin_object(&json);
		print_count(&json, "needle", (int64_t)walk.hits[i].needle);
		json_key(&json, "in");
		json_string(&json, walk.hits[i].where);
		json_key(&json, "path");
		json_string(&json, walk.hits[i].path);
		json_end_object(&json);
	}
	json_end_array(&json);
	json_key(&json, "truncated");
	json_bool(&json, walk.truncated);
	json_end_object(&json);
	return json_finish(&json);
}

/* "6869,746865": hexadecimal, so that any bytes can be asked for. */
static bool parse_needles(const char *text)
{
	while (*text != '\0') {
		struct needle *needle = &walk.needles[walk.needle_count];
		unsigned int byte;

		if (walk.needle_count == NEEDLES_MAX)
			return false;
		while (sscanf(text, "%2x", &byte) == 1 && text[0] != ',' && text[1] != ',' && text[1] != '\0') {
			if (needle->length == NEEDLE_BYTES_MAX)
				return false;
			needle->bytes[needle->length++] = (unsigned char)byte;
			text += 2;
		}
		if (needle->length == 0)
			return false;
		walk.needle_count++;
		if (*text == ',')
			text++;
		else if (*text != '\0')
			return false;
	}
	return walk.needle_count > 0;
}

static int walk_below(int init_directory, const char *path)
{
	struct stat start;
	int root = openat(init_directory, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int pinned = root < 0 ? -1 : file_open_below(root, path);
	int directory;

	if (root < 0)
		return fail("not-permitted", "the container's root cannot be opened: %s", strerror(errno));
	if (pinned < 0 || fstat(pinned, &start) != 0)
		return file_fail_open(path, errno);
	if (!S_ISDIR(start.st_mode))
		return fail("not-a-directory", "%s is a %s", path, file_kind(start.st_mode));
	directory = file_reopen(pinned, O_DIRECTORY);
	if (directory < 0)
		return file_fail_open(path, errno);
	walk.mount = mount_of(directory, "", AT_EMPTY_PATH);
	if (walk.mount == 0)
		return fail("unreadable", "which mount %s is on cannot be told", path);
	visit(directory, "", 0);
	return print(path);
}

int command_tree(int argc, char **argv)
{
	static const char how[] = "tree --init PID [--init-start TICKS] --path /ABSOLUTE [--find HEX,HEX]";
	static const struct option options[] = {
		{"init", required_argument, NULL, 'i'}, {"init-start", required_argument, NULL, 's'},
		{"path", required_argument, NULL, 'p'}, {"find", required_argument, NULL, 'f'},
		{NULL, 0, NULL, 0},
	};
	int64_t init = 0, expected_start = 0;
	const char *path = NULL;
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
		case 'p':
			path = optarg;
			break;
		case 'f':
			valid = parse_needles(optarg);
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
	return directory < 0 ? 1 : walk_below(directory, path);
}
