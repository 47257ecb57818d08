/* See json.h. */
#include "json.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void json_start(struct json *json, FILE *out)
{
	json->out = out;
	json->comma = false;
}

static void separate(struct json *json)
{
	if (json->comma)
		putc_unlocked(',', json->out);
	json->comma = true;
}

static void begin(struct json *json, char bracket)
{
	separate(json);
	putc_unlocked(bracket, json->out);
	json->comma = false;
}

static void end(struct json *json, char bracket)
{
	putc_unlocked(bracket, json->out);
	json->comma = true;
}

void json_begin_object(struct json *json)
{
	begin(json, '{');
}

void json_end_object(struct json *json)
{
	end(json, '}');
}

void json_begin_array(struct json *json)
{
	begin(json, '[');
}

void json_end_array(struct json *json)
{
	end(json, ']');
}

void json_key(struct json *json, const char *key)
{
	json_string(json, key);
	putc_unlocked(':', json->out);
	json->comma = false;
}

/* The length of the UTF-8 sequence at the start of bytes; 0 when it is not one (overlong, surrogate, cut off …). */
static size_t sequence_length(const unsigned char *bytes, size_t left)
{
	unsigned char first = bytes[0];
	unsigned char low = 0x80, high = 0xbf; /* bounds of the second byte */
	size_t length;

	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first <= 0xdf)
		length = 2;
	else if (first >= 0xe0 && first <= 0xef)
		length = 3;
	else if (first >= 0xf0 && first <= 0xf4)
		length = 4;
	else
		return 0;
	if (left < length)
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	if (bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return length;
}

void json_bytes(struct json *json, const void *data, size_t length)
{
	const unsigned char *bytes = data;
	size_t i = 0;

	separate(json);
	putc_unlocked('"', json->out);
	while (i < length) {
		size_t sequence = sequence_length(bytes + i, length - i);

		if (sequence == 0) {
			fputs("\\ufffd", json->out);
			sequence = 1;
		} else if (bytes[i] == '"' || bytes[i] == '\\') {
			putc_unlocked('\\', json->out);
			putc_unlocked(bytes[i], json->out);
		} else if (bytes[i] < 0x20 || bytes[i] == 0x7f) {
			fprintf(json->out, "\\u%04x", bytes[i]);
		} else {
			fwrite_unlocked(bytes + i, 1, sequence, json->out);
		}
		i += sequence;
	}
	putc_unlocked('"', json->out);
}

void json_string(struct json *json, const char *string)
{
	json_bytes(json, string, strlen(string));
}

void json_base64(struct json *json, const void *data, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = data;

	separate(json);
	putc_unlocked('"', json->out);
	for (size_t i = 0; i < length; i += 3) {
		size_t left = length - i;
		unsigned int group = (unsigned int)bytes[i] << 16;

		if (left > 1)
			group |= (unsigned int)bytes[i + 1] << 8;
		if (left > 2)
			group |= bytes[i + 2];
		putc_unlocked(digits[group >> 18], json->out);
		putc_unlocked(digits[group >> 12 & 63], json->out);
		putc_unlocked(left > 1 ? digits[group >> 6 & 63] : '=', json->out);
		putc_unlocked(left > 2 ? digits[group & 63] : '=', json->out);
	}
	putc_unlocked('"', json->out);
}

void json_integer(struct json *json, int64_t value)
{
	separate(json);
	fprintf(json->out, "%lld", (long long)value);
}

void json_inode(struct json *json, uint64_t inode)
{
	const uint64_t exact = ((uint64_t)1 << 53) - 1;

	json_integer(json, (int64_t)(inode <= exact ? inode : (inode ^ inode >> 53) & exact));
}

void json_device(struct json *json, unsigned int major, unsigned int minor)
{
	separate(json);
	fprintf(json->out, "\"%u:%u\"", major, minor);
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json)
{
	separate(json);
	fputs("null", json->out);
}

int json_finish(struct json *json)
{
	putc_unlocked('\n', json->out);
	if (fflush(json->out) != 0 || ferror(json->out))
		return fail("output", "the output could not be written");
	return 0;
}

bool fail_replaces_output;

int fail(const char *code, const char *format, ...)
{
	char message[512];
	struct json json;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);

	if (fail_replaces_output) {
		fflush(stdout);
		clearerr(stdout);
		if (ftruncate(STDOUT_FILENO, 0) == 0)
			rewind(stdout);
	}
	json_start(&json, stdout);
	json_begin_object(&json);
	json_key(&json, "error");
	json_begin_object(&json);
	json_key(&json, "code");
	json_string(&json, code);
	json_key(&json, "message");
	json_string(&json, message);
	json_end_object(&json);
	json_end_object(&json);
	putc_unlocked('\n', stdout);
	fflush(stdout);
	return 1;
}
