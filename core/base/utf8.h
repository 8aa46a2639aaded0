/* utf8.h - is this text UTF-8, and what is its next character.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/utf8_test.c
 */
#ifndef GEN_BASE_UTF8_H
#define GEN_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Strict UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). On failure `*bad`
 * (may be NULL) is the offset of the first wrong byte. */
bool gen_utf8_valid(const char *text, size_t size, size_t *bad);

/* Bytes of the character at `text` (1..4) and its code point; 0 when it is not valid UTF-8 or
 * size is 0. */
size_t gen_utf8_next(const char *text, size_t size, uint32_t *codepoint);

/* Number of characters; invalid bytes count one each. */
size_t gen_utf8_count(const char *text, size_t size);

/* The largest length <= maximum that does not cut a character in two. */
size_t gen_utf8_cut(const char *text, size_t size, size_t maximum);

#endif
