/* Reads an HTTP/1 answer from bytes that may end anywhere and say anything. */
#ifndef TORIDE_HTTP_H
#define TORIDE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEADERS_MAX 64
#define HTTP_HEAD_BYTES_MAX 65536
#define HTTP_NAME_MAX 64

struct http_header {
	char name[HTTP_NAME_MAX]; /* lower case */
	const char *value;	  /* in the answer's bytes */
	size_t length;
};

struct http_answer {
	int status;
	struct http_header headers[HTTP_HEADERS_MAX];
	int header_count;
	bool chunked;
	bool complete; /* the answer's own framing says that all of the body is there */
	const char *body;
	size_t body_length; /* as sent: with the chunks' framing */
};

enum http_state {
	HTTP_PARTIAL, /* the head is not whole yet */
	HTTP_ANSWER,
	HTTP_INVALID, /* this is no HTTP answer */
};

/* The answer points into bytes. headless: the request was HEAD, whose answer has no body. */
enum http_state http_parse(const char *bytes, size_t length, bool headless, struct http_answer *answer);

/* Copies at most max bytes of the body, freed of chunks; returns how many. *cut tells that there was more, or less. */
size_t http_body(const struct http_answer *answer, char *body, size_t max, bool *cut);

#endif
