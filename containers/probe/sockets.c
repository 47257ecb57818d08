/* See sockets.h; the formats are those of proc_pid_net(5). */
#include "sockets.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024
#define LINE_MAX_BYTES 512
#define TABLE_CHUNK 65536
/*
 * The kernel gives a table out in pages of whole lines. A page with room for another line was the last; asking again
 * would make it walk its hash of all connections, the dearest part of a snapshot, once more.
 */
#define FULL_CHUNK (4096 - LINE_MAX_BYTES)
#define UNIX_LISTENING 0x10000 /* the flag __SO_ACCEPTCON */

static const char *const files[PROTOCOLS] = {"net/tcp", "net/tcp6", "net/udp", "net/udp6", "net/unix"};

/* 0100007F:1F90, the address as 32-bit words in the machine's byte order. */
static bool parse_endpoint(const char *text, bool six, struct endpoint *endpoint)
{
	uint32_t words[4] = {0};
	unsigned int port;
	int used = 0;

	if (six) {
		if (sscanf(text, "%8" SCNx32 "%8" SCNx32 "%8" SCNx32 "%8" SCNx32 ":%4x", &words[0], &words[1], &words[2],
			   &words[3], &port) != 5)
			return false;
	} else {
		if (sscanf(text, "%8" SCNx32 ":%4x%n", &words[3], &port, &used) != 2)
			return false;
		words[2] = htonl(0xffff);
	}
	memcpy(&endpoint->address, words, sizeof words);
	endpoint->port = (uint16_t)port;
	return true;
}

/* "  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1234 …" */
static bool parse_internet(char *line, struct socket *socket)
{
	bool six = socket->protocol == TCP6 || socket->protocol == UDP6;
	char local[48], remote[48];
	unsigned int state;

	if (sscanf(line, " %*u: %47s %47s %2x %*s %*s %*s %*s %*s %" SCNu64, local, remote, &state, &socket->inode) != 4)
		return false;
	socket->state = (int)state;
	return parse_endpoint(local, six, &socket->local) && parse_endpoint(remote, six, &socket->remote);
}

/*
 * "0000000000000000: 00000002 00000000 00010000 0001 01 4242 /run/x.sock". The path can hold a newline and so feign
 * more lines: a unix socket in the output may be made up, but none can be hidden.
 */
static bool parse_unix(char *line, struct socket *socket)
{
	unsigned int flags;
	int end = 0;

	if (sscanf(line, "%*x: %*x %*x %x %*x %*x %" SCNu64 "%n", &flags, &socket->inode, &end) != 2 || end == 0)
		return false;
	if ((flags & UNIX_LISTENING) == 0)
		return false;
	socket->state = TCP_STATE_LISTEN;
	socket->path = line + end + (line[end] == ' ');
	socket->path_length = strlen(socket->path);
	return true;
}

/* Takes the whole lines off the text; false when `take` wants no more. *left bytes, moved to the start, remain. */
static bool take_lines(char *text, size_t *left, enum protocol protocol, bool (*take)(const struct socket *, void *),
		       void *context)
{
	char *line = text, *end;
	bool more = true;

	text[*left] = '\0';
	while (more && (end = strchr(line, '\n')) != NULL) {
		struct socket socket = {.protocol = protocol};

		*end = '\0';
		/* The heading parses as nothing. */
		if ((protocol == UNIX ? parse_unix : parse_internet)(line, &socket))
			more = take(&socket, context);
		line = end + 1;
	}
	*left -= (size_t)(line - text);
	memmove(text, line, *left);
	return more;
}

void sockets_read(int directory, enum protocol protocol, bool (*take)(const struct socket *, void *), void *context)
{
	static char text[TABLE_CHUNK + LINE_MAX_BYTES + 1];
	int file = openat(directory, files[protocol], O_RDONLY | O_CLOEXEC);
	size_t left = 0;
	ssize_t got;

	if (file < 0)
		return;
	do {
		got = read(file, text + left, TABLE_CHUNK);
		if (got <= 0)
			break;
		left += (size_t)got;
		if (!take_lines(text, &left, protocol, take, context) || left > LINE_MAX_BYTES)
			break;
	} while (got >= FULL_CHUNK);
	close(file);
}

bool endpoint_equal(const struct endpoint *left, const struct endpoint *right)
{
	return left->port == right->port && memcmp(&left->address, &right->address, sizeof left->address) == 0;
}

void sockets_of_process(int directory, void (*take)(uint64_t inode, void *), void *context, bool *truncated)
{
	int file = openat(directory, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *descriptors = file < 0 ? NULL : fdopendir(file);
	struct dirent *entry;
	int count = 0;

	if (descriptors == NULL) {
		if (file >= 0)
			close(file);
		return;
	}
	while ((entry = readdir(descriptors)) != NULL) {
		char target[64];
		uint64_t inode;
		ssize_t length;

		if (entry->d_name[0] == '.')
			continue;
		if (count++ == DESCRIPTORS_MAX) {
			*truncated = true;
			break;
		}
		length = readlinkat(dirfd(descriptors), entry->d_name, target, sizeof target - 1);
		if (length <= 0)
			continue;
		target[length] = '\0';
		/* A path starts with "/": no file can be named like this. */
		if (sscanf(target, "socket:[%" SCNu64 "]", &inode) == 1)
			take(inode, context);
	}
	closedir(descriptors);
}
