/* json_sieve.h - JSON that goes by in pieces, with one long base64 text taken out of it and decoded.
 *
 * Some services put a whole video as text into the answer that says it is finished. The sieve reads that
 * answer byte by byte: the text at one of the paths is decoded and handed on, "" stands in its place in
 * the rest, which is small enough to be parsed. It checks the base64 and nothing else: whether the rest
 * is JSON is for its parser to say.
 *
 * Paths: names with a dot between them, [*] behind one for every element of a list:
 * "steps[*].content[*].data". The first text at one of them with 1 KiB or more is taken, further ones are
 * dropped ("" in their places); shorter ones stay.
 * Invariant: memory is bounded whatever comes: the rest by its maximum, all else by constants.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/json_sieve_test.c, tests/fuzz/json_sieve_fuzz.c
 */
#ifndef GEN_BASE_JSON_SIEVE_H
#define GEN_BASE_JSON_SIEVE_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    GEN_SIEVE_PATHS = 8,
    GEN_SIEVE_SEGMENTS = 16, /* names and [*] of one path */
    GEN_SIEVE_DEPTH = 64,    /* what lies deeper matches nothing */
    GEN_SIEVE_NAME = 128,    /* longer names match nothing */
    GEN_SIEVE_LONG = 1024,   /* characters that make a text a long one */
    GEN_SIEVE_OUT = 3072,    /* decoded bytes handed on at once */
};

/* Decoded bytes; false stops the sieve. */
typedef bool gen_json_sieve_sink(void *context, const void *data, size_t size);

struct gen_sieve_segment {
    const char *name; /* NULL = [*] */
    size_t size;
};

struct gen_json_sieve {    /* caller owns; opaque but for `rest`, `found` and `error` */
    struct gen_bytes rest; /* what is left of the JSON */
    bool found;            /* a text was taken out */
    struct gen_error error;
    gen_json_sieve_sink *sink;
    void *context;
    struct gen_sieve_segment paths[GEN_SIEVE_PATHS][GEN_SIEVE_SEGMENTS];
    size_t lengths[GEN_SIEVE_PATHS]; /* segments of each */
    size_t path_count;
    /* Where we are: segments matched by each level's container, -1 = none can match any more. */
    int8_t matched[GEN_SIEVE_DEPTH + 1][GEN_SIEVE_PATHS];
    bool is_map[GEN_SIEVE_DEPTH + 1];
    size_t depth;    /* may grow past GEN_SIEVE_DEPTH */
    bool wants_name; /* the next text of this map is a name */
    bool has_name;   /* the name behind which a value comes fits into `name` */
    char name[GEN_SIEVE_NAME];
    size_t name_size;
    /* The text that is going by. */
    uint8_t state, escape; /* see json_sieve.c */
    uint32_t code;         /* of \uXXXX, as far as it has come */
    uint8_t code_digits;
    char kept[GEN_SIEVE_LONG + 8]; /* of a text that may become a long one, as it was written */
    size_t kept_size;
    /* base64 */
    uint32_t bits;
    uint8_t digits, padding;
    uint8_t out[GEN_SIEVE_OUT];
    size_t out_size;
};

/* `paths` is NULL-terminated and lives as long as the sieve; at most GEN_SIEVE_PATHS count, and of each
 * GEN_SIEVE_SEGMENTS. `most` bytes of rest. The struct is large: not for small stacks. */
void gen_json_sieve_init(struct gen_json_sieve *sieve, const char *const *paths, size_t most,
                         gen_json_sieve_sink *sink, void *context);
void gen_json_sieve_fini(struct gen_json_sieve *sieve);

/* The next bytes. False: it has failed (`error`: GEN_EINVAL no base64, GEN_ELIMIT the rest is too large,
 * GEN_ENOMEM, GEN_ECANCELED the sink did not want it), and takes nothing more. */
bool gen_json_sieve_feed(struct gen_json_sieve *sieve, const char *data, size_t size);
/* No more bytes come. False as above; GEN_EINVAL too when the long text was cut off. */
bool gen_json_sieve_end(struct gen_json_sieve *sieve);

#endif
