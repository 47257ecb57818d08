/* SHA-256 (FIPS 180-4), to name a version of a file. */
#ifndef TORIDE_SHA256_H
#define TORIDE_SHA256_H

#include <stddef.h>

#define SHA256_HEX 65

/* Writes the digest as lower-case hexadecimal digits. */
void sha256_hex(const void *bytes, size_t length, char hex[SHA256_HEX]);

#endif
