/* What `read` (file.c, directory.c) and `tree` share: files and directories of a learner's, opened without being led astray. */
#ifndef TORIDE_FILE_H
#define TORIDE_FILE_H

#include "json.h"

#include <sys/types.h>

/* file, directory, symlink, fifo, socket, device or other */
const char *file_kind(mode_t mode);
/* The permission bits as four octal digits in a string. */
void file_print_mode(struct json *json, mode_t mode);

/* Opens what the path means below root, symlinks resolved as if root were ours; an O_PATH descriptor, or -1 with errno. */
int file_open_below(int root, const char *path);
/* Opens for reading exactly what the O_PATH descriptor holds, whatever its name means by now; -1 with errno. */
int file_reopen(int pinned, int flags);
/* fail() in the words for an error of the two above. */
int file_fail_open(const char *path, int error);

/* Prints the entries of the open directory, by name; returns the exit status. */
int directory_print(const char *path, int directory);

#endif
