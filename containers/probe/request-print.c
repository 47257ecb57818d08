/* See request.h; the shape is requestSchema's in src/inspector/snapshot.ts. */
#include "request.h"
#include "http.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

static void print_servers(struct json *json, const struct servers *servers)
{
	json_key(json, "servedBy");
	json_begin_array(json);
	for (int i = 0; i < servers->count; i++) {
		const struct server *server = &servers->list[i];

		json_begin_object(json);
		json_key(json, "pid");
		json_integer(json, server->pid);
		json_key(json, "startTime");
		json_integer(json, (int64_t)server->start_time);
		json_key(json, "pidNsDepth");
		json_integer(json, server->depth);
		json_key(json, "pidns");
		json_inode(json, server->pidns);
		json_key(json, "mntns");
		json_inode(json, server->mntns);
		json_key(json, "netns");
		json_inode(json, server->netns);
		json_key(json, "localPort");
		json_integer(json, server->local_port);
		json_end_object(json);
	}
	json_end_array(json);
}

/* Prints each name once, its values joined as HTTP allows. */
static void print_headers(struct json *json, const struct http_answer *answer)
{
	static char joined[HTTP_HEAD_BYTES_MAX + 2 * HTTP_HEADERS_MAX];

	json_key(json, "headers");
	json_begin_object(json);
	for (int i = 0; i < answer->header_count; i++) {
		size_t length = 0;
		bool first = true;

		for (int k = 0; k < answer->header_count; k++) {
			const struct http_header *header = &answer->headers[k];

			if (strcmp(header->name, answer->headers[i].name) != 0)
				continue;
			first = first && k >= i;
			if (length > 0) {
				memcpy(joined + length, ", ", 2);
				length += 2;
			}
			memcpy(joined + length, header->value, header->length);
			length += header->length;
		}
		if (first) {
			json_key(json, answer->headers[i].name);
			json_bytes(json, joined, length);
		}
	}
	json_end_object(json);
}

int request_print_failure(const char *reason, const struct servers *servers)
{
	struct json json;

	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "connected");
	json_bool(&json, false);
	json_key(&json, "reason");
	json_string(&json, reason);
	print_servers(&json, servers);
	json_end_object(&json);
	return json_finish(&json);
}

static int print_answer(const struct agent_answer *raw, const struct http_answer *answer, size_t max,
			const struct servers *servers)
{
	char *body = malloc(max + 1);
	struct json json;
	size_t length;
	bool cut;

	if (body == NULL)
		return fail("memory", "no memory for %zu bytes", max);
	length = http_body(answer, body, max, &cut);
	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "connected");
	json_bool(&json, true);
	json_key(&json, "status");
	json_integer(&json, answer->status);
	print_headers(&json, answer);
	json_key(&json, "body");
	json_base64(&json, body, length);
	json_key(&json, "truncated");
	json_bool(&json, cut || (raw->cut && !answer->complete));
	json_key(&json, "chunked");
	json_bool(&json, answer->chunked);
	json_key(&json, "elapsedMs");
	json_integer(&json, (int64_t)(raw->elapsed_ms + 0.5));
	print_servers(&json, servers);
	json_end_object(&json);
	return json_finish(&json);
}

int request_print_answer(const struct agent_answer *raw, bool headless, size_t max, const struct servers *servers)
{
	static struct http_answer answer;

	switch (http_parse(raw->bytes, raw->length, headless, &answer)) {
	case HTTP_ANSWER:
		return print_answer(raw, &answer, max, servers);
	case HTTP_PARTIAL:
		return request_print_failure(raw->cut ? "timeout" : "closed", servers);
	default:
		return request_print_failure("not-http", servers);
	}
}
