/* The mount tables of the container's processes, each different one kept once. */
#ifndef TORIDE_MOUNTS_H
#define TORIDE_MOUNTS_H

#include "json.h"

/* The table the process sees: an index for mounts_print(), or -1 when it has none or no room was left. */
int mounts_index(int directory, bool *truncated);

/* Prints all tables as an array of arrays of mounts. */
void mounts_print(struct json *json, bool *truncated);

#endif
