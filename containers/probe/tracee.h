/*
 * A process held by ptrace, in which single system calls can be run. Whatever happens it is let go as it was: same
 * registers, same signal mask, an interrupted call goes on.
 */
#ifndef TORIDE_TRACEE_H
#define TORIDE_TRACEE_H

#include "arch/arch.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tracee {
	pid_t pid;
	uint64_t instruction; /* where in its memory a system call instruction stands */
	uint64_t signal_mask;
	struct registers saved;
	bool held;
};

enum outcome {
	OUTCOME_RESULT,  /* the call gave a result, or a filter did */
	OUTCOME_TRAPPED, /* a filter sent SIGSYS */
	OUTCOME_KILLED,  /* a filter ended the process */
	OUTCOME_STUCK,   /* no answer in time: a filter that asks a supervisor */
	OUTCOME_LOST,    /* the process ended for another reason */
};

/* Stops the process. Returns NULL, or an error code and its words: already held, not stoppable, stopped, vanished, … */
const char *tracee_hold(struct tracee *tracee, pid_t pid, const char **message);
/* Restores and lets go. */
void tracee_release(struct tracee *tracee);
enum outcome tracee_call(struct tracee *tracee, long number, const long arguments[6], long *result);

/*
 * A child of the tracee, held in its place: what is tried there leaves no trace in the tracee. It ends with this program.
 * Returns false when the tracee's filters or limits forbid it.
 */
bool tracee_fork(struct tracee *tracee, struct tracee *child, long *child_pid_inside);
/* Ends the child and lets the tracee collect it, so that no zombie stays. */
void tracee_end_child(struct tracee *tracee, struct tracee *child, long child_pid_inside);
/* May the tracee wait for children at all? Asked before one is made. */
bool tracee_can_collect(struct tracee *tracee);

#endif
