/* Becoming the learner: what is done to their files is done with their rights, which the kernel then holds it to. */
#ifndef TORIDE_LEARNER_H
#define TORIDE_LEARNER_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Enters the user namespace of the container's init and takes that uid and gid of it for good: no group besides, no
 * capability, no way to another. The pid and mount namespaces stay the caller's, so nobody in the container can see this
 * process, send it a signal or reach what it has open. False after printing an error.
 */
bool learner_become(int init_directory, uid_t uid, gid_t gid);

#endif
