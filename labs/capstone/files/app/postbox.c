/*
 * The application: a page, notes that are PUT to it and kept in /data, and a fingerprint of its database password.
 *
 *     GET /                 /page.html
 *     GET /status           database FINGERPRINT
 *     PUT /notes/NAME       keeps what is sent
 *     GET /notes/NAME       gives it back
 *
 * It listens on 8080, needs no privilege, and writes nowhere but /data.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char head[4096], body[65536];

static void leave(int signal)
{
	(void)signal;
	_exit(0);
}

static void date(char *text, size_t size, time_t moment)
{
	strftime(text, size, "%a, %d %b %Y %H:%M:%S GMT", gmtime(&moment));
}

static void answer(int client, const char *status, const char *content, int length, time_t modified)
{
	static char text[512];
	char now[64], then[64];

	date(now, sizeof now, time(NULL));
	date(then, sizeof then, modified);
	sprintf(text, "HTTP/1.0 %s\r\nDate: %s\r\nLast-Modified: %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n",
		status, now, then, length);
	write(client, text, strlen(text));
	if (length > 0)
		write(client, content, length);
}

static void refuse(int client, const char *status)
{
	answer(client, status, status, strlen(status), time(NULL));
}

static void give(int client, const char *path)
{
	struct stat entry;
	int file = open(path, O_RDONLY), length = file < 0 ? -1 : read(file, body, sizeof body);

	if (length < 0) {
		refuse(client, "404 Not Found");
	} else {
		fstat(file, &entry);
		answer(client, "200 OK", body, length, entry.st_mtime);
	}
	if (file >= 0)
		close(file);
}

static void keep(int client, const char *path, int length)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (file < 0 || write(file, body, length) != length)
		refuse(client, "500 Not Kept");
	else
		refuse(client, "201 Created");
	if (file >= 0)
		close(file);
}

/* FNV-1a: proves that the password is there, and does not tell it. */
static void status(int client)
{
	static char password[256], text[64];
	const char *given = getenv("DB_PASSWORD");
	unsigned long long hash = 14695981039346656037ULL;
	int file, length = 0;

	if (given != NULL) {
		strncpy(password, given, sizeof password - 1);
		length = strlen(password);
	} else if ((file = open("/run/secrets/db_password", O_RDONLY)) >= 0) {
		length = read(file, password, sizeof password - 1);
		close(file);
	}
	if (length > 0 && password[length - 1] == '\n')
		length--;
	for (int i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)password[i]) * 1099511628211ULL;
	sprintf(text, "database %08x%08x\n", (unsigned int)(hash >> 32), (unsigned int)hash);
	answer(client, "200 OK", text, strlen(text), time(NULL));
}

/* Reads a request; the length of its body, or -1. */
static int receive(int client)
{
	int length = 0, got, rest, wanted = 0;
	char *end = NULL, *field;

	while (end == NULL && length < (int)sizeof head - 1) {
		got = read(client, head + length, sizeof head - 1 - length);
		if (got <= 0)
			return -1;
		length += got;
		head[length] = '\0';
		end = strstr(head, "\r\n\r\n");
	}
	if (end == NULL)
		return -1;
	if ((field = strstr(head, "Content-Length: ")) != NULL && field < end)
		wanted = atoi(field + 16);
	if (wanted < 0 || wanted > (int)sizeof body)
		return -1;
	rest = length - (end + 4 - head);
	rest = rest < wanted ? rest : wanted;
	memcpy(body, end + 4, rest);
	if (wanted > rest && strstr(head, "Expect: 100-continue") != NULL)
		write(client, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	while (rest < wanted) {
		got = read(client, body + rest, wanted - rest);
		if (got <= 0)
			return -1;
		rest += got;
	}
	return wanted;
}

static void serve(int client)
{
	static char path[256];
	int length = receive(client);
	char method[8], target[200];

	if (length < 0 || sscanf(head, "%7s %199s", method, target) != 2) {
		refuse(client, "400 Bad Request");
		return;
	}
	if (strcmp(target, "/") == 0)
		give(client, "/page.html");
	else if (strcmp(target, "/status") == 0)
		status(client);
	else if (strncmp(target, "/notes/", 7) == 0 && target[7] != '.' && strchr(target + 7, '/') == NULL) {
		sprintf(path, "/data/%s", target + 7);
		if (strcmp(method, "PUT") == 0)
			keep(client, path, length);
		else
			give(client, path);
	} else
		refuse(client, "404 Not Found");
}

int main(void)
{
	struct sockaddr_in address;
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);

	signal(SIGTERM, leave);
	signal(SIGPIPE, SIG_IGN);
	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_port = htons(8080);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
		perror("port 8080");
		return 1;
	}
	for (;;) {
		int client = accept(listener, NULL, NULL);

		if (client < 0)
			continue;
		serve(client);
		close(client);
	}
}
