/* The entries of a directory, for `read --list`; see file.h. Nothing in it is opened or followed. */
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ENTRIES_MAX 4096

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static void print_entry(struct json *json, int directory, const char *name)
{
	struct stat entry;

	if (fstatat(directory, name, &entry, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone by now */
	json_begin_object(json);
	json_key(json, "name");
	json_string(json, name);
	json_key(json, "type");
	json_string(json, file_kind(entry.st_mode));
	json_key(json, "size");
	json_integer(json, entry.st_size);
	json_key(json, "mode");
	file_print_mode(json, entry.st_mode);
	json_key(json, "uid");
	json_integer(json, entry.st_uid);
	json_key(json, "gid");
	json_integer(json, entry.st_gid);
	json_end_object(json);
}

int directory_print(const char *path, int directory)
{
	static char *names[ENTRIES_MAX];
	size_t count = 0;
	bool truncated = false;
	struct dirent *entry;
	struct json json;
	DIR *entries = fdopendir(directory);

	if (entries == NULL)
		return fail("unreadable", "%s cannot be listed: %s", path, strerror(errno));
	while (!truncated && (entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		truncated = count == ENTRIES_MAX;
		if (!truncated && (names[count++] = strdup(entry->d_name)) == NULL)
			return fail("memory", "no memory for %zu names", count);
	}
	qsort(names, count, sizeof names[0], by_name);

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	json_key(&json, "entries");
	json_begin_array(&json);
	for (size_t i = 0; i < count; i++)
		print_entry(&json, directory, names[i]);
	json_end_array(&json);
	json_key(&json, "truncated");
	json_bool(&json, truncated);
	json_end_object(&json);
	return json_finish(&json);
}
