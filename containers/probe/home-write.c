/*
 * Saving a file: see home.h.
 *
 * What is saved is whole or not there. A new content gets an inode of its own without a name, and takes the old one's
 * name when all of it is written; when there is no space left, the old file has not been touched. A file that must
 * stay the same inode is written in place, its space taken before its first byte changes: one that has several names or
 * another owner, or that the path reaches by a link. (A container that has one single file mounted keeps
 * the old inode, as after `sed -i`.)
 */
#include "file.h"
#include "home.h"
#include "json.h"
#include "sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static char content[HOME_FILE_MAX + 1];
static size_t content_length;

static bool read_content(void)
{
	while (content_length < sizeof content) {
		ssize_t got = read(STDIN_FILENO, content + content_length, sizeof content - content_length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			return true;
		content_length += (size_t)got;
	}
	errno = EFBIG;
	return false;
}

static bool write_content(int file)
{
	for (size_t done = 0; done < content_length;) {
		ssize_t written = pwrite(file, content + done, content_length - done, (off_t)done);

		if (written < 0 && errno != EINTR)
			return false;
		done += written > 0 ? (size_t)written : 0;
	}
	return true;
}

static int print_saved(const char *path)
{
	char version[SHA256_HEX];

	sha256_hex(content, content_length, version);
	return home_print_done(path, version);
}

/* An inode with the content and no name yet; -1 with errno. */
static int make_nameless(int folder, mode_t mode)
{
	int file = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	return file >= 0 && fchmod(file, mode) == 0 && write_content(file) ? file : -1;
}

static bool give_name(int file, int folder, const char *name)
{
	char path[32];

	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return linkat(AT_FDCWD, path, folder, name, AT_SYMLINK_FOLLOW) == 0;
}

static int create(int folder, const char *name, const char *path)
{
	int file = make_nameless(folder, 0644);

	if (file >= 0 && give_name(file, folder, name))
		return print_saved(path);
	return errno == EEXIST ? fail("changed", "%s is there by now", path) : home_fail(path, errno);
}

/* The version of what has this name now; false where it is no file that can be told. */
static bool version_of(int folder, const char *name, char version[SHA256_HEX])
{
	struct home_file file;

	if (home_read(folder, name, &file) != 0)
		return false;
	sha256_hex(file.bytes, file.length, version);
	free(file.bytes);
	return true;
}

/*
 * Exchanges the names of new and old, and looks at the old one once more: whoever wrote it in the meantime gets it back.
 */
static int replace(int folder, const char *name, const char *path, const struct stat *old, const char *base)
{
	int file = make_nameless(folder, old->st_mode & 07777u);
	char version[SHA256_HEX], hidden[40];
	uint64_t number = 0;
	bool same;

	if (file < 0)
		return home_fail(path, errno);
	if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
		return fail("unreadable", "no random number: %s", strerror(errno));
	snprintf(hidden, sizeof hidden, ".toride-%016llx", (unsigned long long)number);
	if (!give_name(file, folder, hidden))
		return home_fail(path, errno);
	if (renameat2(folder, hidden, folder, name, RENAME_EXCHANGE) != 0) {
		int error = errno;

		unlinkat(folder, hidden, 0);
		return error == ENOENT ? fail("changed", "%s is gone", path) : home_fail(path, error);
	}
	same = version_of(folder, hidden, version) && strcmp(version, base) == 0;
	if (!same)
		renameat2(folder, hidden, folder, name, RENAME_EXCHANGE);
	unlinkat(folder, hidden, 0);
	return same ? print_saved(path) : fail("changed", "%s was changed", path);
}

static int write_in_place(const char *path, int pinned)
{
	char name[32];
	int file;

	snprintf(name, sizeof name, "/proc/self/fd/%d", pinned);
	file = open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0 || (content_length > 0 && fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)content_length) != 0) ||
	    !write_content(file) || ftruncate(file, (off_t)content_length) != 0)
		return home_fail(path, errno);
	return print_saved(path);
}

int home_write(int home, const char *path, const char *base)
{
	char version[SHA256_HEX];
	struct home_file file;
	struct stat named;
	const char *name;
	int folder, status;

	if (!read_content())
		return errno == EFBIG ? fail("too-large", "more than %d bytes", HOME_FILE_MAX) : home_fail(path, errno);
	folder = home_open_parent(home, path, &name);
	if (folder < 0)
		return home_fail(path, errno);
	if (base == NULL)
		return create(folder, name, path);
	if (fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? fail("changed", "%s is gone", path) : home_fail(path, errno);
	status = home_read(home, path, &file);
	if (status != 0)
		return status;
	sha256_hex(file.bytes, file.length, version);
	if (strcmp(version, base) != 0)
		return fail("changed", "%s was changed", path);
	if (named.st_ino != file.stat.st_ino || file.stat.st_nlink != 1 || file.stat.st_uid != geteuid())
		return write_in_place(path, file.pinned);
	/* A file that its owner has made read-only is not to be replaced by the way of its folder. */
	if (faccessat(file.pinned, "", W_OK, AT_EMPTY_PATH | AT_EACCESS) != 0)
		return home_fail(path, errno);
	return replace(folder, name, path, &file.stat, base);
}
