/*
 * The commands. Each gets its own arguments (argv[0] is the command's name), prints one JSON object to stdout with
 * json.h and returns the exit status: 0, that of fail(), or that of usage().
 *
 * They run in a child of main.c's supervisor. stdout is a file in memory that the supervisor prints when the command has
 * ended, so nothing half-written is ever seen. When the time limit is over the child gets SIGTERM (whose default is to
 * end it) and 250 ms later, with its whole process group, SIGKILL. A command that must restore something (a traced
 * process) handles SIGTERM, or plans by remaining_ms().
 */
#ifndef TORIDE_COMMANDS_H
#define TORIDE_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

int command_snapshot(int argc, char **argv);
int command_read(int argc, char **argv);
int command_tree(int argc, char **argv);
int command_request(int argc, char **argv);
int command_syscalls(int argc, char **argv);
int command_home(int argc, char **argv);
/* Not supervised: it prints bytes, for as long as they come. */
int command_connect(int argc, char **argv);

/* Prints a usage error to stderr and returns 2. */
int usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Milliseconds until the time limit; 0 when it is over. */
int64_t remaining_ms(void);
/* CLOCK_MONOTONIC in milliseconds. */
int64_t now_ms(void);

/* A whole decimal number within the bounds, nothing before or after it. */
bool parse_number(const char *text, int64_t minimum, int64_t maximum, int64_t *value);

#endif
