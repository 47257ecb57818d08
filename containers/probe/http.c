/* See http.h. */
#include "http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The line at `from`, without its end; NULL when no end is there yet. *next is where the following one starts. */
static const char *take_line(const char *from, const char *end, size_t *length, const char **next)
{
	const char *newline = memchr(from, '\n', (size_t)(end - from));

	if (newline == NULL)
		return NULL;
	*next = newline + 1;
	*length = (size_t)(newline - from);
	if (*length > 0 && from[*length - 1] == '\r')
		(*length)--;
	return from;
}

/* "HTTP/1.1 200 OK" */
static int parse_status(const char *line, size_t length)
{
	int status = 0;

	if (length < 12 || memcmp(line, "HTTP/1.", 7) != 0 || line[8] != ' ')
		return -1;
	for (int i = 9; i < 12; i++) {
		if (line[i] < '0' || line[i] > '9')
			return -1;
		status = status * 10 + line[i] - '0';
	}
	return length == 12 || line[12] == ' ' ? status : -1;
}

static bool is_token(char character)
{
	return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z') || (character != '\0' && strchr("!#$%&'*+-.^_`|~", character));
}

/* Takes a header line; one that is none is left out. */
static void parse_header(struct http_answer *answer, const char *line, size_t length)
{
	struct http_header *header = &answer->headers[answer->header_count];
	size_t name = 0;

	if (answer->header_count == HTTP_HEADERS_MAX)
		return;
	for (; name < length && is_token(line[name]) && name < HTTP_NAME_MAX - 1; name++)
		header->name[name] =
			line[name] >= 'A' && line[name] <= 'Z' ? (char)(line[name] - 'A' + 'a') : line[name];
	if (name == 0 || name == length || line[name] != ':')
		return;
	header->name[name] = '\0';
	header->value = line + name + 1;
	header->length = length - name - 1;
	while (header->length > 0 && (header->value[0] == ' ' || header->value[0] == '\t')) {
		header->value++;
		header->length--;
	}
	while (header->length > 0 &&
	       (header->value[header->length - 1] == ' ' || header->value[header->length - 1] == '\t'))
		header->length--;
	answer->header_count++;
}

static const struct http_header *find_header(const struct http_answer *answer, const char *name)
{
	for (int i = 0; i < answer->header_count; i++)
		if (strcmp(answer->headers[i].name, name) == 0)
			return &answer->headers[i];
	return NULL;
}

/* A number of plain digits; false for anything else. */
static bool parse_length(const struct http_header *header, size_t *length)
{
	*length = 0;
	if (header == NULL || header->length == 0 || header->length > 15)
		return false;
	for (size_t i = 0; i < header->length; i++) {
		if (header->value[i] < '0' || header->value[i] > '9')
			return false;
		*length = *length * 10 + (size_t)(header->value[i] - '0');
	}
	return true;
}

static bool parse_chunk_size(const char *line, size_t length, size_t *size)
{
	size_t digits = 0;

	*size = 0;
	for (; digits < length && digits < 12; digits++) {
		const char *hex = "0123456789abcdef", *digit;

		digit = line[digits] == '\0' ? NULL : strchr(hex, line[digits] | ((line[digits] >= 'A') ? 0x20 : 0));
		if (digit == NULL)
			break;
		*size = *size << 4 | (size_t)(digit - hex);
	}
	return digits > 0 && (digits == length || line[digits] == ';' || line[digits] == ' ');
}

/* Walks the chunks and copies them as far as there is room. True when the last chunk was reached. */
static bool walk_chunks(const char *from, size_t length, char *body, size_t max, size_t *copied)
{
	const char *end = from + length, *line;
	size_t line_length, size;

	*copied = 0;
	while ((line = take_line(from, end, &line_length, &from)) != NULL) {
		size_t here, room = max - *copied;

		if (!parse_chunk_size(line, line_length, &size))
			return false;
		if (size == 0)
			return true;
		here = size < (size_t)(end - from) ? size : (size_t)(end - from);
		if (body != NULL) {
			memcpy(body + *copied, from, here < room ? here : room);
			*copied += here < room ? here : room;
			if (here > room)
				return false;
		}
		from += here;
		if (here < size || take_line(from, end, &line_length, &from) == NULL || line_length != 0)
			return false;
	}
	return false;
}

static void frame_body(struct http_answer *answer, bool headless)
{
	const struct http_header *encoding = find_header(answer, "transfer-encoding");
	size_t length, copied;

	if (headless || answer->status == 204 || answer->status == 304) {
		answer->body_length = 0;
		answer->complete = true;
	} else if (encoding != NULL && encoding->length >= 7 &&
		   strncasecmp(encoding->value + encoding->length - 7, "chunked", 7) == 0) {
		answer->chunked = true;
		answer->complete = walk_chunks(answer->body, answer->body_length, NULL, 0, &copied);
	} else if (parse_length(find_header(answer, "content-length"), &length) && length <= answer->body_length) {
		answer->body_length = length;
		answer->complete = true;
	}
}

enum http_state http_parse(const char *bytes, size_t length, bool headless, struct http_answer *answer)
{
	const char *end = bytes + (length < HTTP_HEAD_BYTES_MAX ? length : HTTP_HEAD_BYTES_MAX);
	const char *next = bytes, *line;
	size_t line_length;

	if (memcmp(bytes, "HTTP/1.", length < 7 ? length : 7) != 0)
		return HTTP_INVALID;
	for (;;) {
		line = take_line(next, end, &line_length, &next);
		if (line == NULL)
			return length < HTTP_HEAD_BYTES_MAX ? HTTP_PARTIAL : HTTP_INVALID;
		memset(answer, 0, sizeof *answer);
		answer->status = parse_status(line, line_length);
		if (answer->status < 100)
			return HTTP_INVALID;
		while ((line = take_line(next, end, &line_length, &next)) != NULL && line_length > 0)
			parse_header(answer, line, line_length);
		if (line == NULL)
			return length < HTTP_HEAD_BYTES_MAX ? HTTP_PARTIAL : HTTP_INVALID;
		/* 100 Continue and its like announce an answer, they are none. */
		if (answer->status >= 200 || answer->status == 101)
			break;
	}
	answer->body = next;
	answer->body_length = (size_t)(bytes + length - next);
	frame_body(answer, headless);
	return HTTP_ANSWER;
}

size_t http_body(const struct http_answer *answer, char *body, size_t max, bool *cut)
{
	size_t copied;

	if (answer->chunked) {
		*cut = !walk_chunks(answer->body, answer->body_length, body, max, &copied);
		return copied;
	}
	copied = answer->body_length < max ? answer->body_length : max;
	*cut = answer->body_length > max;
	memcpy(body, answer->body, copied);
	return copied;
}
