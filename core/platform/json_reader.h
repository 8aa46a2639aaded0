/* json_reader.h - reads JSON text (RFC 8259) into a document tree whose nodes know their place.
 *
 * It is the only room that includes jansson, and not a writer (base/json.h). A number keeps its
 * lexeme, so that money is read exactly; a whole number that does not fit int64 becomes a REAL with
 * its lexeme. Refused: duplicate keys, NUL characters, anything after the value.
 *
 * Invariant: no text, however hostile, takes more than the limits below or recurses deeper.
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/json_reader_test.c
 */
#ifndef GEN_PLATFORM_JSON_READER_H
#define GEN_PLATFORM_JSON_READER_H

#include "base/node.h"

enum {
    GEN_JSON_MAX_SIZE = 16 * 1024 * 1024, /* bytes of text */
    GEN_JSON_MAX_DEPTH = 64,              /* lists and maps inside each other */
    GEN_JSON_MAX_NODES = 1000000,         /* values in one document */
};

/* Reads one value of any type; `file` (may be NULL) names the text in errors. `*out` lives in
 * `arena` and is unchanged on failure. A byte order mark in front is skipped.
 * GEN_EINVAL: not JSON, not UTF-8, too deep, a duplicate key; with line and column.
 * GEN_ETOOLARGE: more bytes or values than the limits. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_json_read(const char *text, size_t size, const char *file,
                                             struct gen_arena *arena, const struct gen_node **out,
                                             struct gen_error *err);

enum gen_json_flag {
    GEN_JSON_NULS = 1u << 0, /* texts (not keys) may hold U+0000 */
};

/* The same with flags. */
GEN_MUST_CHECK enum gen_status gen_json_read_as(const char *text, size_t size, const char *file,
                                                uint32_t flags, struct gen_arena *arena,
                                                const struct gen_node **out, struct gen_error *err);

#endif
