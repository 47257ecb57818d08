/* The verbs of `home` on names: make a folder, rename, remove. See home.h. */
#include "home.h"
#include "json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TREE_ENTRIES_MAX 1000
#define TREE_DEPTH_MAX 32

int home_make_folder(int home, const char *path)
{
	const char *name;
	int folder = home_open_parent(home, path, &name);

	return folder < 0 || mkdirat(folder, name, 0755) != 0 ? home_fail(path, errno) : home_print_done(path, NULL);
}

int home_rename(int home, const char *path, const char *to)
{
	const char *name, *new_name;
	int folder = home_open_parent(home, path, &name);
	int new_folder;

	if (folder < 0)
		return home_fail(path, errno);
	new_folder = home_open_parent(home, to, &new_name);
	if (new_folder < 0)
		return home_fail(to, errno);
	if (renameat2(folder, name, new_folder, new_name, RENAME_NOREPLACE) != 0)
		return home_fail(errno == EEXIST ? to : path, errno);
	return home_print_done(to, NULL);
}

/*
 * Counts what is in the folder, or removes it; every step is one name, no link is followed and no mount entered.
 * False with errno, E2BIG where the bound is passed.
 */
static bool walk(int parent, const char *name, bool removing, int depth, int *count)
{
	int folder = home_open(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK);
	DIR *entries = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *entry;
	bool done = true;

	if (entries == NULL)
		return false;
	while (done && (entry = readdir(entries)) != NULL) {
		struct stat found;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++*count > TREE_ENTRIES_MAX || depth > TREE_DEPTH_MAX) {
			errno = E2BIG;
			done = false;
		} else if (fstatat(folder, entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0) {
			done = errno == ENOENT;
		} else if (S_ISDIR(found.st_mode)) {
			done = walk(folder, entry->d_name, removing, depth + 1, count) &&
			       (!removing || unlinkat(folder, entry->d_name, AT_REMOVEDIR) == 0);
		} else if (removing) {
			done = unlinkat(folder, entry->d_name, 0) == 0;
		}
	}
	int error = errno;

	closedir(entries);
	errno = error;
	return done;
}

int home_remove(int home, const char *path, bool tree)
{
	const char *name;
	int folder = home_open_parent(home, path, &name), count = 0;
	struct stat found;

	if (folder < 0 || fstatat(folder, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
		return home_fail(path, errno);
	if (S_ISDIR(found.st_mode) && tree) {
		bool removed = walk(folder, name, false, 0, &count);

		count = 0;
		removed = removed && walk(folder, name, true, 0, &count);
		if (!removed)
			return errno == E2BIG ? fail("too-many", "%s holds more than %d entries", path, TREE_ENTRIES_MAX) :
						home_fail(path, errno);
	}
	if (unlinkat(folder, name, S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0) != 0)
		return home_fail(path, errno);
	return home_print_done(path, NULL);
}
