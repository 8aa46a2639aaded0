/* document.h - values of rows as values of documents: what every reader of rows says the same way.
 *
 * It reads no table. Builders give NULL when the arena has failed, as those of base/node.h do.
 *
 * Thread: [any]. Floor: store. Tests: tests/unit/store/document_test.c
 */
#ifndef GEN_STORE_DOCUMENT_H
#define GEN_STORE_DOCUMENT_H

#include "base/node.h"

struct gen_node *gen_document_text(struct gen_arena *arena, const char *text); /* "" -> null */
struct gen_node *gen_document_share(struct gen_arena *arena, int64_t ppm);     /* 0..1 */
struct gen_node *gen_document_seconds(struct gen_arena *arena, int64_t ms);    /* 1.5 */
struct gen_node *gen_document_rate(struct gen_arena *arena, int64_t milli);    /* 29.97 */
struct gen_node *gen_document_size(struct gen_arena *arena, int64_t width, int64_t height);
/* "/v1/outputs/<output>/<part>" */
struct gen_node *gen_document_url(struct gen_arena *arena, const char *output, const char *part);

/* Stored JSON text as a node without a parent; "" gives null. `what` and `id` name it in the error.
 * GEN_ECORRUPT: it is not JSON. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_document_json(struct gen_arena *arena, const char *text,
                                                 const char *what, const char *id,
                                                 struct gen_node **out, struct gen_error *err);

/* What somebody thinks of a video: {verdict, by, at, reason}; null where verdict is NULL or "". */
struct gen_node *gen_document_review(struct gen_arena *arena, const char *verdict, const char *note,
                                     const char *by, gen_moment at);

#endif
