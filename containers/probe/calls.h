/* The system calls that may be tried on a learner's process, each with arguments that make it do nothing. */
#ifndef TORIDE_CALLS_H
#define TORIDE_CALLS_H

#include <limits.h>
#include <stddef.h>

/* Succeeds and leaves something behind (a descriptor, a timer): only in a child that is about to end. */
#define CALL_CHANGES 1u
/* The kernel asks for a privilege before it looks at the arguments: EPERM may be its own. */
#define CALL_PRIVILEGED 2u

/*
 * Stands for a value that is bad in every role: as a descriptor not open, as a pointer outside of the process, as flags,
 * ids or sizes not valid. Which one is drawn at each try (see bad_value): a filter that denies only what a prober
 * likes to ask for must not look tight.
 */
#define BAD LONG_MIN
/* As an id: leave it as it is. */
#define SAME (-1L)

struct call {
	const char *name;
	long number;
	unsigned int flags;
	long arguments[6];
};

#define CALL_WITH(name, flags, ...) {#name, SYS_##name, flags, {__VA_ARGS__}}
#define CALL(name) CALL_WITH(name, 0, BAD, BAD, BAD, BAD, BAD, BAD)
#define PRIVILEGED(name) CALL_WITH(name, CALL_PRIVILEGED, BAD, BAD, BAD, BAD, BAD, BAD)

/* The kinds of bad values, from the plainest on. */
#define BAD_KINDS 3
/* A bad value of that kind. `random` is any number; as a descriptor it must not be open (small kinds are below 65536). */
long bad_value(int kind, unsigned long random);

/* Calls that every architecture has. One that stands here twice is allowed when either is. */
extern const struct call common_calls[];
extern const size_t common_call_count;

/* Of both tables together, common_call_count + arch_call_count of them. */
const struct call *call_at(size_t index);

#endif
