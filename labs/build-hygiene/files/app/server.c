/* The application: answers every request with one page. Port 8080, so that it needs no privilege. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void leave(int signal)
{
	(void)signal;
	_exit(0);
}

/* Reads until the empty line that ends the head of a request. */
static int request(int client)
{
	static char text[4096];
	size_t length = 0;

	while (length < sizeof text - 1) {
		ssize_t got = read(client, text + length, sizeof text - 1 - length);

		if (got <= 0)
			return 0;
		length += got;
		text[length] = '\0';
		if (strstr(text, "\r\n\r\n") != NULL)
			return 1;
	}
	return 0;
}

int main(void)
{
	static char page[8192], head[128];
	struct sockaddr_in address;
	int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
	int file = open("/page.html", O_RDONLY);
	ssize_t length = file < 0 ? -1 : read(file, page, sizeof page);

	if (length < 0) {
		perror("/page.html");
		return 1;
	}
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
		if (request(client)) {
			sprintf(head, "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n", (int)length);
			write(client, head, strlen(head));
			write(client, page, length);
		}
		close(client);
	}
}
