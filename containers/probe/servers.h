/*
 * Who serves a connection: the process that accepted it and, when that one is a forwarder (pasta, rootlessport), the
 * process in the nested container that accepted the forwarder's own connection, and so on.
 *
 * Followed are the two ends of each connection by their addresses, not merely sockets that are new: somebody who
 * connects to a well-kept decoy all the time must not make it look like the server.
 */
#ifndef TORIDE_SERVERS_H
#define TORIDE_SERVERS_H

#include "json.h"

#include <stdint.h>
#include <sys/types.h>

#define SERVERS_MAX 64

struct server {
	pid_t pid;
	uint64_t start_time;
	int depth; /* of its pid namespace */
	uint64_t pidns, mntns; /* its own: its container, also when it lives for one request alone */
	uint64_t netns;	/* of the accepted socket */
	uint16_t local_port;
};

struct servers {
	struct server list[SERVERS_MAX];
	int count;
	bool forwarded; /* one was reached through a forwarder */
};

/* Notes the connections there are before ours; false after printing an error. */
bool servers_before(int init_directory);

/* Finds who serves the connection from client_port to port of the loopback; false after printing an error. */
bool servers_find(struct servers *servers, int init_directory, uint16_t port, uint16_t client_port);

#endif
