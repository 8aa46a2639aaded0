/* checks.h - small questions about values that came out of a plugin, asked before they are used.
 *
 * Two manners. What decides something (an id, a URL, a file name, a remote handle) must be right,
 * or the contract is broken. Words for people (notes, a vendor's own message) are cleaned instead:
 * a crooked message must not turn a clear verdict into a defect.
 *
 * Thread: [any]. Floor: host. Tests: tests/unit/host/checks_test.c
 */
#ifndef GEN_HOST_CHECKS_H
#define GEN_HOST_CHECKS_H

#include "base/arena.h"

#include <stdint.h>

/* Present, at most `maximum` bytes, UTF-8. The reading stops after maximum + 1 bytes. */
bool gen_checks_text(const char *text, size_t maximum);

/* At most `maximum` bytes of `text` for people: bytes that are not UTF-8 become U+FFFD, control
 * characters a space. NULL gives "". NULL when the arena has failed. */
const char *gen_checks_words(struct gen_arena *arena, const char *text, size_t maximum);

/* One to `maximum` characters of which each is in `allowed`, and the first is none of "-._". */
bool gen_checks_name(const char *text, size_t maximum, const char *allowed);
#define GEN_CHECKS_LOWER "abcdefghijklmnopqrstuvwxyz"
#define GEN_CHECKS_UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define GEN_CHECKS_DIGITS "0123456789"

/* A file name that stays in its folder: 1 to 128 bytes of UTF-8, no "/", no control character, not
 * beginning with "." */
bool gen_checks_file(const char *name);

/* Is `name` a header that a plugin may set (a token of RFC 9110, and none that frames or routes
 * the message, which is the engine's)? Is `value` free of line breaks and control characters? */
bool gen_checks_header_name(const char *name);
bool gen_checks_header_value(const char *value, size_t maximum);

/* "image/png image/jpeg": media types separated by single spaces; "" is none. */
bool gen_checks_media_types(const char *types);

/* A media type by itself. */
bool gen_checks_media_type(const char *type);

/* `value` within [least, most]; NaN is not. */
bool gen_checks_range(double value, double least, double most);

/* `value` moved into [least, most]. */
int64_t gen_checks_clamp(int64_t value, int64_t least, int64_t most);

/* Copies an element that may be older or newer than we are: `size` is the member all such structs
 * begin with. The bytes that the writer did not know are zero in `out`. False when the writer's
 * size does not cover `least`, the bytes of version 1.0, or is more than `stride` (the element size
 * of its array; 0 = not in an array). */
bool gen_checks_copy(void *out, size_t out_size, const void *from, size_t stride, size_t least);

/* Bytes of `type` up to the end of `member`: what version 1.0 had. */
#define GEN_CHECKS_UPTO(type, member) (offsetof(type, member) + sizeof(((type *)NULL)->member))

#endif
