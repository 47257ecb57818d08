/* See nets.h. */
#include "nets.h"
#include "namespaces.h"
#include "proc.h"
#include "sockets.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NETS_MAX 256
#define SOCKETS_MAX 8192 /* in all tables together */
#define PATH_BYTES_MAX (1 << 20)

static struct net {
	uint64_t netns;
	struct socket *sockets;
	int count, room;
} nets[NETS_MAX];
static int net_count, socket_count;
static size_t path_bytes;

struct reading {
	struct net *net;
	bool *truncated;
};

static bool wanted(const struct socket *socket)
{
	switch (socket->protocol) {
	case TCP:
	case TCP6:
		/* No process has it: what is left of a closed connection, or not accepted yet. */
		return socket->inode != 0;
	case UDP:
	case UDP6:
		return socket->local.port != 0;
	default:
		return true;
	}
}

static bool keep(const struct socket *socket, void *context)
{
	struct reading *reading = context;
	struct net *net = reading->net;
	struct socket *kept;

	if (!wanted(socket))
		return true;
	if (socket_count == SOCKETS_MAX || path_bytes + socket->path_length > PATH_BYTES_MAX) {
		*reading->truncated = true;
		return false;
	}
	if (net->count == net->room) {
		int room = net->room == 0 ? 64 : net->room * 2;
		struct socket *grown = reallocarray(net->sockets, (size_t)room, sizeof *grown);

		if (grown == NULL) {
			*reading->truncated = true;
			return false;
		}
		net->sockets = grown;
		net->room = room;
	}
	kept = &net->sockets[net->count];
	*kept = *socket;
	if (socket->path != NULL) {
		kept->path = malloc(socket->path_length + 1);
		if (kept->path == NULL)
			return false;
		memcpy(kept->path, socket->path, socket->path_length);
		path_bytes += socket->path_length;
	}
	net->count++;
	socket_count++;
	return true;
}

int nets_index(int directory, uint64_t netns, bool *truncated)
{
	struct reading reading = {.net = &nets[net_count], .truncated = truncated};
	int namespace;

	if (netns == 0)
		return -1;
	for (int i = 0; i < net_count; i++)
		if (nets[i].netns == netns)
			return i;
	if (net_count == NETS_MAX) {
		*truncated = true;
		return -1;
	}
	/* Kept open so that the inode names no other namespace as long as this program runs. */
	namespace = namespace_open(directory, NS_NET);
	if (namespace < 0)
		return -1;
	if (descriptors_scarce(namespace)) {
		close(namespace);
		*truncated = true;
		return -1;
	}
	for (enum protocol protocol = TCP; protocol < PROTOCOLS; protocol++)
		sockets_read(directory, protocol, keep, &reading);
	/* The process may have moved to another namespace while its table was read. */
	if (namespace_inode(directory, NS_NET) != netns) {
		close(namespace);
		socket_count -= reading.net->count;
		reading.net->count = 0;
		return -1;
	}
	reading.net->netns = netns;
	return net_count++;
}

static const char *state_name(const struct socket *socket)
{
	static const char *const names[] = {
		"UNKNOWN",   "ESTABLISHED", "SYN_SENT",   "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",	   "TIME_WAIT",
		"CLOSE",     "CLOSE_WAIT",  "LAST_ACK",   "LISTEN",   "CLOSING",   "NEW_SYN_RECV",
	};

	if (socket->protocol == UDP || socket->protocol == UDP6)
		return socket->state == TCP_STATE_ESTABLISHED ? "ESTABLISHED" : "UNCONNECTED";
	return socket->state > 0 && socket->state < (int)(sizeof names / sizeof names[0]) ? names[socket->state] : names[0];
}

static void print_endpoint(struct json *json, const struct socket *socket, const struct endpoint *endpoint,
			   const char *address_key, const char *port_key)
{
	bool six = socket->protocol == TCP6 || socket->protocol == UDP6;
	char text[INET6_ADDRSTRLEN] = "";

	if (six)
		inet_ntop(AF_INET6, &endpoint->address, text, sizeof text);
	else
		inet_ntop(AF_INET, &endpoint->address.s6_addr[12], text, sizeof text);
	json_key(json, address_key);
	json_string(json, text);
	json_key(json, port_key);
	json_integer(json, endpoint->port);
}

static void print_socket(struct json *json, const struct socket *socket)
{
	static const char *const protocols[PROTOCOLS] = {"tcp", "tcp6", "udp", "udp6", "unix"};

	json_begin_object(json);
	json_key(json, "protocol");
	json_string(json, protocols[socket->protocol]);
	json_key(json, "state");
	json_string(json, state_name(socket));
	if (socket->protocol == UNIX) {
		json_key(json, "path");
		json_bytes(json, socket->path, socket->path_length);
	} else {
		print_endpoint(json, socket, &socket->local, "localAddress", "localPort");
		print_endpoint(json, socket, &socket->remote, "remoteAddress", "remotePort");
	}
	json_key(json, "inode");
	json_inode(json, socket->inode);
	json_end_object(json);
}

void nets_print(struct json *json)
{
	json_begin_array(json);
	for (int i = 0; i < net_count; i++) {
		json_begin_object(json);
		json_key(json, "netns");
		json_inode(json, nets[i].netns);
		json_key(json, "sockets");
		json_begin_array(json);
		for (int k = 0; k < nets[i].count; k++)
			print_socket(json, &nets[i].sockets[k]);
		json_end_array(json);
		json_end_object(json);
	}
	json_end_array(json);
}
