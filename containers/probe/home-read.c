/* The verbs of `home` that only look: see home.h. */
#include "file.h"
#include "home.h"
#include "json.h"
#include "sha256.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENTRIES_MAX 2000

int home_read(int home, const char *path, struct home_file *file)
{
	int open_file;

	file->length = 0;
	file->pinned = home_open(home, path, O_PATH);
	if (file->pinned < 0 || fstat(file->pinned, &file->stat) != 0)
		return home_fail(path, errno);
	if (!S_ISREG(file->stat.st_mode))
		return fail("not-a-file", "%s is a %s", path, file_kind(file->stat.st_mode));
	if (file->stat.st_size > HOME_FILE_MAX)
		return fail("too-large", "%s has %lld bytes", path, (long long)file->stat.st_size);
	open_file = file_reopen(file->pinned, 0);
	file->bytes = malloc(HOME_FILE_MAX + 1);
	if (open_file < 0 || file->bytes == NULL)
		return home_fail(path, errno);
	while (file->length <= HOME_FILE_MAX) {
		ssize_t got = read(open_file, file->bytes + file->length, HOME_FILE_MAX + 1 - file->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return home_fail(path, errno);
		if (got == 0)
			break;
		file->length += (size_t)got;
	}
	close(open_file);
	return file->length > HOME_FILE_MAX ? fail("too-large", "%s grows", path) : 0;
}

int home_print_file(int home, const char *path)
{
	char version[SHA256_HEX];
	struct home_file file;
	struct json json;
	int status = home_read(home, path, &file);

	if (status != 0)
		return status;
	sha256_hex(file.bytes, file.length, version);
	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "path");
	json_string(&json, path);
	json_key(&json, "mode");
	file_print_mode(&json, file.stat.st_mode);
	json_key(&json, "version");
	json_string(&json, version);
	json_key(&json, "base64");
	json_base64(&json, file.bytes, file.length);
	json_end_object(&json);
	return json_finish(&json);
}

static void print_entry(struct json *json, int folder, const char *name)
{
	struct stat entry;

	if (fstatat(folder, name, &entry, AT_SYMLINK_NOFOLLOW) != 0)
		return; /* gone by now */
	json_begin_object(json);
	json_key(json, "name");
	json_string(json, name);
	json_key(json, "kind");
	json_string(json, file_kind(entry.st_mode));
	json_key(json, "size");
	json_integer(json, entry.st_size);
	json_key(json, "mode");
	file_print_mode(json, entry.st_mode);
	/* To the microsecond: two changes within one second are two. */
	json_key(json, "mtime");
	json_integer(json, (int64_t)entry.st_mtim.tv_sec * 1000000 + entry.st_mtim.tv_nsec / 1000);
	json_end_object(json);
}

/* One that cannot be listed, or is gone, has no entries and says so. */
static void print_folder(struct json *json, int home, const char *path)
{
	int folder = home_open(home, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	bool truncated = false;
	struct dirent *entry;

	json_begin_object(json);
	json_key(json, "path");
	json_string(json, path);
	json_key(json, "entries");
	if (entries == NULL) {
		json_null(json);
	} else {
		json_begin_array(json);
		for (int count = 0; (entry = readdir(entries)) != NULL;) {
			if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
				continue;
			truncated = count++ == ENTRIES_MAX;
			if (truncated)
				break;
			print_entry(json, folder, entry->d_name);
		}
		json_end_array(json);
		closedir(entries);
	}
	json_key(json, "truncated");
	json_bool(json, truncated);
	json_end_object(json);
}

int home_print_folders(int home, char *const *paths, size_t count)
{
	struct json json;

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "folders");
	json_begin_array(&json);
	for (size_t i = 0; i < count; i++)
		print_folder(&json, home, paths[i]);
	json_end_array(&json);
	json_end_object(&json);
	return json_finish(&json);
}
