/* The socket tables of the snapshot, one for each network namespace. */
#ifndef TORIDE_NETS_H
#define TORIDE_NETS_H

#include "json.h"

/* The table of the process's network namespace (its inode is netns): an index for nets_print(), or -1. */
int nets_index(int directory, uint64_t netns, bool *truncated);
void nets_print(struct json *json);

#endif
