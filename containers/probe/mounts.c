/* See mounts.h; the format is that of proc_pid_mountinfo(5). */
#include "mounts.h"
#include "namespaces.h"
#include "proc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VIEWS_MAX 512
#define TABLES_MAX 512
#define LINES_MAX 1024
#define TABLE_BYTES_MAX (1 << 20)
#define ALL_BYTES_MAX (16 << 20)

/*
 * What a process sees of mounts follows from its mount namespace and its root directory in there, so one reading per
 * view is enough. The namespace is kept open: its inode then names no other.
 */
static struct view {
	uint64_t namespace, mount, device, inode;
	int table;
} views[VIEWS_MAX];
static int view_count;

static struct {
	char *text;
	size_t length;
} tables[TABLES_MAX];
static int table_count;
static size_t all_bytes;

static bool read_view(int directory, struct view *view)
{
	struct statx root;

	/* The root may be on a file system that a program serves: what the kernel knows is enough. */
	if (statx(directory, "root", AT_STATX_DONT_SYNC, STATX_INO | STATX_MNT_ID, &root) != 0)
		return false;
	view->namespace = namespace_inode(directory, NS_MNT);
	view->mount = root.stx_mnt_id;
	view->device = (uint64_t)root.stx_dev_major << 32 | root.stx_dev_minor;
	view->inode = root.stx_ino;
	return view->namespace != 0 && (root.stx_mask & STATX_MNT_ID) != 0;
}

/* The table with this text, which is added when it is new. */
static int table_with(const char *text, size_t length, bool *truncated)
{
	for (int i = 0; i < table_count; i++)
		if (tables[i].length == length && memcmp(tables[i].text, text, length) == 0)
			return i;
	if (table_count == TABLES_MAX || all_bytes + length > ALL_BYTES_MAX ||
	    (tables[table_count].text = malloc(length + 1)) == NULL) {
		*truncated = true;
		return -1;
	}
	memcpy(tables[table_count].text, text, length + 1);
	tables[table_count].length = length;
	all_bytes += length;
	return table_count++;
}

static int read_table(int directory, bool *truncated)
{
	static char text[TABLE_BYTES_MAX];
	ssize_t length = proc_read(directory, "mountinfo", text, sizeof text);

	if (length <= 0)
		return -1;
	if (length == TABLE_BYTES_MAX - 1) {
		char *last = strrchr(text, '\n');

		*truncated = true;
		length = last == NULL ? 0 : last + 1 - text;
		text[length] = '\0';
	}
	return table_with(text, (size_t)length, truncated);
}

int mounts_index(int directory, bool *truncated)
{
	struct view view;
	bool known = read_view(directory, &view);
	int namespace;

	for (int i = 0; known && i < view_count; i++)
		if (view.namespace == views[i].namespace && view.mount == views[i].mount &&
		    view.device == views[i].device && view.inode == views[i].inode)
			return views[i].table;
	view.table = read_table(directory, truncated);
	if (!known || view.table < 0 || view_count == VIEWS_MAX)
		return view.table;
	namespace = namespace_open(directory, NS_MNT);
	if (namespace >= 0 && !descriptors_scarce(namespace))
		views[view_count++] = view;
	else if (namespace >= 0)
		close(namespace);
	return view.table;
}

/* Turns \040 and the like back into bytes, in place; returns the length. */
static size_t unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; to++) {
		if (from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' && from[2] <= '7' &&
		    from[3] >= '0' && from[3] <= '7') {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	return (size_t)(to - text);
}

static void print_text(struct json *json, const char *key, char *text)
{
	if (key != NULL)
		json_key(json, key);
	json_bytes(json, text, unescape(text));
}

/* Options are divided before they are unescaped: an escaped comma divides nothing. */
static void print_options(struct json *json, const char *key, char *text)
{
	char *option;

	json_key(json, key);
	json_begin_array(json);
	while ((option = strsep(&text, ",")) != NULL)
		if (*option != '\0')
			print_text(json, NULL, option);
	json_end_array(json);
}

static void print_mount(struct json *json, char *line)
{
	enum { ID, PARENT, DEVICE, ROOT, MOUNT_POINT, OPTIONS, FIELDS };
	char *fields[FIELDS], *optional, *type, *source;

	for (int i = 0; i < FIELDS; i++)
		if ((fields[i] = strsep(&line, " ")) == NULL)
			return;
	json_begin_object(json);
	json_key(json, "id");
	json_integer(json, strtoll(fields[ID], NULL, 10));
	json_key(json, "parent");
	json_integer(json, strtoll(fields[PARENT], NULL, 10));
	print_text(json, "device", fields[DEVICE]);
	print_text(json, "root", fields[ROOT]);
	print_text(json, "mountPoint", fields[MOUNT_POINT]);
	print_options(json, "options", fields[OPTIONS]);
	json_key(json, "optionalFields");
	json_begin_array(json);
	while ((optional = strsep(&line, " ")) != NULL && strcmp(optional, "-") != 0)
		print_text(json, NULL, optional);
	json_end_array(json);
	type = strsep(&line, " ");
	source = strsep(&line, " ");
	print_text(json, "fsType", type != NULL ? type : (char[1]){""});
	print_text(json, "source", source != NULL ? source : (char[1]){""});
	print_options(json, "superOptions", line != NULL ? line : (char[1]){""});
	json_end_object(json);
}

void mounts_print(struct json *json, bool *truncated)
{
	json_begin_array(json);
	for (int i = 0; i < table_count; i++) {
		char *text = tables[i].text, *line;
		int lines = 0;

		json_begin_array(json);
		while ((line = strsep(&text, "\n")) != NULL && *line != '\0') {
			if (lines++ == LINES_MAX) {
				*truncated = true;
				break;
			}
			print_mount(json, line);
		}
		json_end_array(json);
	}
	json_end_array(json);
}
