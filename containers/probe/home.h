/* What the verbs of `home` share. All of it runs as the learner (learner.h); see home.c. */
#ifndef TORIDE_HOME_H
#define TORIDE_HOME_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define HOME_FILE_MAX 1048576
#define HOME_LIST_MAX 16

/* Opens the path below the open home directory; never out of it or onto another mount, by no link. -1 with errno. */
int home_open(int home, const char *path, int flags);
/* fail() in the words for an error of a call on the path. */
int home_fail(const char *path, int error);

/* The folder that holds what the path names, open, and the last part of the path; -1 with errno. */
int home_open_parent(int home, const char *path, const char **name);

/* A regular file, pinned and read whole. */
struct home_file {
	int pinned; /* O_PATH */
	struct stat stat;
	char *bytes;
	size_t length;
};
/* 0, or the exit status after an error was printed. The file is not kept open. */
int home_read(int home, const char *path, struct home_file *file);

int home_print_file(int home, const char *path);
int home_print_folders(int home, char *const *paths, size_t count);
/* base: the version that is replaced, or NULL where there must be no file yet. The content comes from stdin. */
int home_write(int home, const char *path, const char *base);
int home_make_folder(int home, const char *path);
int home_rename(int home, const char *path, const char *to);
/* tree: with all that is in it, up to a bound */
int home_remove(int home, const char *path, bool tree);

/* Prints {"path", "version"}, version NULL for none. */
int home_print_done(const char *path, const char *version);

#endif
