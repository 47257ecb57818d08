/* See servers.h. */
#include "servers.h"
#include "namespaces.h"
#include "sockets.h"

#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_MAX 8192
#define HOLDINGS_MAX 16384
#define NETS_MAX 256
#define HOPS_MAX 4

struct connection {
	uint64_t netns;
	struct socket socket;
};

/* That this process has that socket open. */
struct holding {
	int member;
	uint64_t inode;
};

static struct {
	struct members members;
	struct connection connections[CONNECTIONS_MAX];
	int connection_count;
	struct holding holdings[HOLDINGS_MAX];
	int holding_count;
} scan;

static uint64_t before[CONNECTIONS_MAX];
static int before_count;

struct reading {
	uint64_t netns;
	int member;
};

static bool take_connection(const struct socket *socket, void *context)
{
	const struct reading *reading = context;

	if (socket->state != TCP_STATE_ESTABLISHED && socket->state != TCP_STATE_LISTEN)
		return true;
	if (scan.connection_count == CONNECTIONS_MAX)
		return false;
	scan.connections[scan.connection_count++] = (struct connection){reading->netns, *socket};
	return true;
}

static void take_holding(uint64_t inode, void *context)
{
	const struct reading *reading = context;

	if (scan.holding_count < HOLDINGS_MAX)
		scan.holdings[scan.holding_count++] = (struct holding){reading->member, inode};
}

/* Reads the connections of every network namespace that has a process. */
static bool scan_connections(int init_directory)
{
	uint64_t done[NETS_MAX];
	int done_count = 0;

	scan.connection_count = scan.holding_count = 0;
	if (!members_find(&scan.members, init_directory))
		return false;
	for (int i = 0; i < scan.members.count; i++) {
		int directory = scan.members.list[i].directory, known = 0;
		struct reading reading = {.netns = namespace_inode(directory, NS_NET)};

		while (known < done_count && done[known] != reading.netns)
			known++;
		if (reading.netns == 0 || known < done_count || done_count == NETS_MAX)
			continue;
		done[done_count++] = reading.netns;
		sockets_read(directory, TCP, take_connection, &reading);
		sockets_read(directory, TCP6, take_connection, &reading);
	}
	return true;
}

static void scan_holdings(void)
{
	bool truncated;

	for (int i = 0; i < scan.members.count; i++) {
		struct reading reading = {.member = i};

		sockets_of_process(scan.members.list[i].directory, take_holding, &reading, &truncated);
	}
}

static int compare_inodes(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

bool servers_before(int init_directory)
{
	if (!scan_connections(init_directory))
		return false;
	before_count = scan.connection_count;
	for (int i = 0; i < before_count; i++)
		before[i] = scan.connections[i].socket.inode;
	qsort(before, (size_t)before_count, sizeof before[0], compare_inodes);
	members_close(&scan.members);
	return true;
}

static bool is_new(uint64_t inode)
{
	return inode != 0 && bsearch(&inode, before, (size_t)before_count, sizeof before[0], compare_inodes) == NULL;
}

/* Does anybody listen on the port of this end? Then the end is the server's. */
static bool is_listened_on(const struct connection *end)
{
	for (int i = 0; i < scan.connection_count; i++) {
		const struct connection *other = &scan.connections[i];

		if (other->socket.state == TCP_STATE_LISTEN && other->netns == end->netns &&
		    other->socket.local.port == end->socket.local.port)
			return true;
	}
	return false;
}

/* Is this the accepted end of the connection whose two ends these are, the server's and the client's? */
static bool is_accepted_end(const struct connection *end, const struct endpoint *server, const struct endpoint *client)
{
	return end->socket.state == TCP_STATE_ESTABLISHED && is_new(end->socket.inode) &&
	       endpoint_equal(&end->socket.local, server) && endpoint_equal(&end->socket.remote, client) &&
	       is_listened_on(end);
}

static void add(struct servers *servers, const struct member *member, const struct connection *end)
{
	struct server server = {
		.pid = member->pid,
		.start_time = member->start_time,
		.depth = member->depth,
		.pidns = namespace_inode(member->directory, NS_PID),
		.mntns = namespace_inode(member->directory, NS_MNT),
		.netns = end->netns,
		.local_port = end->socket.local.port,
	};

	for (int i = 0; i < servers->count; i++)
		if (servers->list[i].pid == server.pid && servers->list[i].netns == server.netns &&
		    servers->list[i].local_port == server.local_port)
			return;
	if (servers->count < SERVERS_MAX)
		servers->list[servers->count++] = server;
}

static bool is_loopback(const struct in6_addr *address)
{
	return IN6_IS_ADDR_LOOPBACK(address) || (IN6_IS_ADDR_V4MAPPED(address) && address->s6_addr[12] == 127);
}

static void follow(struct servers *servers, const struct connection *end, int hop);

/* Follows a connection of a forwarder's to its accepted end: in the same namespace, or beyond a bridge in another. */
static void follow_connection(struct servers *servers, const struct connection *own, int hop)
{
	bool inside = is_loopback(&own->socket.remote.address);

	for (int i = 0; i < scan.connection_count; i++) {
		const struct connection *end = &scan.connections[i];

		if ((!inside || end->netns == own->netns) &&
		    is_accepted_end(end, &own->socket.remote, &own->socket.local))
			follow(servers, end, hop);
	}
}

/* Follows the connections that this process, which has accepted one, has opened itself. */
static void follow_from(struct servers *servers, int member, int hop)
{
	for (int i = 0; i < scan.holding_count; i++) {
		if (scan.holdings[i].member != member || !is_new(scan.holdings[i].inode))
			continue;
		for (int k = 0; k < scan.connection_count; k++) {
			const struct connection *own = &scan.connections[k];

			if (own->socket.inode == scan.holdings[i].inode && own->socket.state == TCP_STATE_ESTABLISHED)
				follow_connection(servers, own, hop);
		}
	}
}

static void follow(struct servers *servers, const struct connection *end, int hop)
{
	for (int i = 0; i < scan.holding_count; i++) {
		if (scan.holdings[i].inode != end->socket.inode)
			continue;
		add(servers, &scan.members.list[scan.holdings[i].member], end);
		servers->forwarded |= hop > 0;
		if (hop + 1 < HOPS_MAX)
			follow_from(servers, scan.holdings[i].member, hop + 1);
	}
}

bool servers_find(struct servers *servers, int init_directory, uint16_t port, uint16_t client_port)
{
	struct endpoint server = {.port = port}, client = {.port = client_port};
	const uint8_t loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1};
	uint64_t netns = namespace_inode(init_directory, NS_NET);

	memcpy(&server.address, loopback, sizeof loopback);
	memcpy(&client.address, loopback, sizeof loopback);
	memset(servers, 0, sizeof *servers);
	if (!scan_connections(init_directory))
		return false;
	for (int i = 0; i < scan.connection_count; i++) {
		const struct connection *end = &scan.connections[i];

		if (end->netns != netns || !is_accepted_end(end, &server, &client))
			continue;
		scan_holdings();
		follow(servers, end, 0);
		break;
	}
	members_close(&scan.members);
	return true;
}
