/* The system calls that may be tried on a learner's process, each with arguments that make it do nothing. */
#ifndef TORIDE_CALLS_H
#define TORIDE_CALLS_H

#include <stddef.h>

/* Succeeds and leaves something behind (a descriptor, a timer): only in a child that is about to end. */
#define CALL_CHANGES 1u
/* The kernel asks for a privilege before it looks at the arguments: EPERM may be its own. */
#define CALL_PRIVILEGED 2u

/* As a descriptor: not open. As a pointer: outside of any process. As flags, ids or sizes: not valid. */
#define BAD (-1L)

struct call {
	const char *name;
	long number;
	unsigned int flags;
	long arguments[6];
};

#define CALL_WITH(name, flags, ...) {#name, SYS_##name, flags, {__VA_ARGS__}}
#define CALL(name) CALL_WITH(name, 0, BAD, BAD, BAD, BAD, BAD, BAD)
#define PRIVILEGED(name) CALL_WITH(name, CALL_PRIVILEGED, BAD, BAD, BAD, BAD, BAD, BAD)

/* Calls that every architecture has. */
extern const struct call common_calls[];
extern const size_t common_call_count;

/* NULL when there is none of that name that may be tried. */
const struct call *call_by_name(const char *name, size_t length);

#endif
