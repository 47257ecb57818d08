/* Sockets, as the tables of a network namespace and the descriptors of a process tell of them. */
#ifndef TORIDE_SOCKETS_H
#define TORIDE_SOCKETS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum protocol { TCP, TCP6, UDP, UDP6, UNIX, PROTOCOLS };

#define TCP_STATE_ESTABLISHED 1
#define TCP_STATE_LISTEN 10

/* IPv4 addresses have the IPv6 form ::ffff:a.b.c.d, so that ends of one connection compare equal. */
struct endpoint {
	struct in6_addr address;
	uint16_t port;
};

struct socket {
	enum protocol protocol;
	int state;
	struct endpoint local, remote;
	uint64_t inode; /* 0 while nobody has accepted it, and after it was closed */
	char *path;     /* unix only; not always ended by NUL */
	size_t path_length;
};

/*
 * Reads one table of the process's network namespace and gives each socket to `take` until that returns false.
 * A socket lasts only for the call.
 */
void sockets_read(int directory, enum protocol protocol, bool (*take)(const struct socket *, void *), void *context);

bool endpoint_equal(const struct endpoint *left, const struct endpoint *right);

/* Calls `take` with the inode of each socket among the process's file descriptors (at most 1024 of these are read). */
void sockets_of_process(int directory, void (*take)(uint64_t inode, void *), void *context, bool *truncated);

#endif
