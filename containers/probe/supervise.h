/* Runs a command in a child, within a time and with its output held back until it has ended. */
#ifndef TORIDE_SUPERVISE_H
#define TORIDE_SUPERVISE_H

#include <stdint.h>

/* Returns this program's exit status, after printing the command's output or an error. */
int supervise(int (*command)(int argc, char **argv), int argc, char **argv, int64_t limit_ms);

#endif
