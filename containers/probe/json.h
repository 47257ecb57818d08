/* Writes one JSON object: commas and escaping are kept right here, nesting is the caller's. */
#ifndef TORIDE_JSON_H
#define TORIDE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *out;
	bool comma; /* a value was written at this level, the next one needs a comma */
};

void json_start(struct json *json, FILE *out);
void json_begin_object(struct json *json);
void json_end_object(struct json *json);
void json_begin_array(struct json *json);
void json_end_array(struct json *json);
void json_key(struct json *json, const char *key);

/* Any bytes: what is not valid UTF-8 becomes U+FFFD. */
void json_string(struct json *json, const char *string);
void json_bytes(struct json *json, const void *bytes, size_t length);
void json_base64(struct json *json, const void *bytes, size_t length);
void json_integer(struct json *json, int64_t value);
/* Inode numbers are compared, never counted: above 2^53 (JavaScript's exact integers) they are folded. */
void json_inode(struct json *json, uint64_t inode);
/* A device number as /proc/PID/mountinfo spells it, "8:1". */
void json_device(struct json *json, unsigned int major, unsigned int minor);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

/* Ends the output with a newline; returns the exit status: 0, or that of fail() when it could not be written. */
int json_finish(struct json *json);

/*
 * Prints {"error":{"code","message"}} in place of whatever was already printed to stdout, and returns 1:
 * `return fail("init-gone", "process %d has ended", pid);`
 */
int fail(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Set where stdout is a file of this program's own, which may be emptied. */
extern bool fail_replaces_output;

#endif
