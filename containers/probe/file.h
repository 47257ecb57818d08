/* What the two halves of `read` share: a file (file.c) and the entries of a directory (directory.c). */
#ifndef TORIDE_FILE_H
#define TORIDE_FILE_H

#include "json.h"

#include <sys/types.h>

/* file, directory, symlink, fifo, socket, device or other */
const char *file_kind(mode_t mode);
/* The permission bits as four octal digits in a string. */
void file_print_mode(struct json *json, mode_t mode);

/* Prints the entries of the open directory, by name; returns the exit status. */
int directory_print(const char *path, int directory);

#endif
