/* What `request` prints: how it went and who served it. Both return the exit status. */
#ifndef TORIDE_REQUEST_H
#define TORIDE_REQUEST_H

#include "agent.h"
#include "servers.h"

int request_print_failure(const char *reason, const struct servers *servers);

/* Reads the raw answer; max is how much of the body is printed. */
int request_print_answer(const struct agent_answer *raw, bool headless, size_t max, const struct servers *servers);

#endif
