/* output_reading.h - delivered videos: those of a job, or one by its id.
 *
 * Results live in the caller's arena. What belongs to another organization is GEN_ENOTFOUND.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/output_reading_test.c
 */
#ifndef GEN_STORE_OUTPUT_READING_H
#define GEN_STORE_OUTPUT_READING_H

#include "store/store.h"

/* In the order of the brief's variations; a job without outputs yet has none. GEN_ENOTFOUND: there
 * is no such job. */
GEN_MUST_CHECK enum gen_status gen_read_outputs(struct gen_store *store, const char *organization,
                                                const char *job, struct gen_arena *arena,
                                                struct gen_output **out, size_t *count,
                                                struct gen_error *err);
/* GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_output(struct gen_store *store, const char *organization,
                                               const char *output, struct gen_arena *arena,
                                               struct gen_output *out, struct gen_error *err);

#endif
