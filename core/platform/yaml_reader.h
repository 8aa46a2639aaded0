/* yaml_reader.h - reads one YAML document into a tree whose nodes know their place.
 *
 * It is the only room that includes libyaml. Plain scalars follow YAML 1.2's core schema: null,
 * true, 12, 0x1f, 0o17, 1.5, .inf; everything else is text, also on, yes, 1:30 and 16:9. Refused:
 * anchors and aliases (they can make a small file huge), several documents, duplicate keys, keys
 * that are not text, tags outside the core schema.
 *
 * Invariant: no text, however hostile, takes more than the limits below or recurses at all.
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/yaml_reader_test.c
 */
#ifndef GEN_PLATFORM_YAML_READER_H
#define GEN_PLATFORM_YAML_READER_H

#include "base/node.h"

enum {
    GEN_YAML_MAX_SIZE = 16 * 1024 * 1024, /* bytes of text */
    GEN_YAML_MAX_DEPTH = 64,              /* lists and maps inside each other */
    GEN_YAML_MAX_NODES = 1000000,         /* values in one document */
};

/* `file` (may be NULL) names the text in errors. `*out` lives in `arena` and is unchanged on
 * failure; an empty document is a null node. A byte order mark in front is skipped.
 * GEN_EINVAL: not YAML, not UTF-8, too deep, or one of the refusals above; with line and column.
 * GEN_ETOOLARGE: more bytes or values than the limits. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_yaml_read(const char *text, size_t size, const char *file,
                                             struct gen_arena *arena, const struct gen_node **out,
                                             struct gen_error *err);

#endif
