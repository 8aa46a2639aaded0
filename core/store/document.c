/* document.c - see document.h. */
#include "store/document.h"

#include "platform/json_reader.h"

#include <inttypes.h>
#include <string.h>

struct gen_node *gen_document_text(struct gen_arena *arena, const char *text)
{
    return gen_node_string(arena, text != NULL && text[0] != '\0' ? text : NULL);
}

struct gen_node *gen_document_share(struct gen_arena *arena, int64_t ppm)
{
    return gen_node_real(arena, (double)ppm / 1e6);
}

struct gen_node *gen_document_seconds(struct gen_arena *arena, int64_t ms)
{
    return gen_node_real(arena, (double)ms / 1000);
}

struct gen_node *gen_document_rate(struct gen_arena *arena, int64_t milli)
{
    return gen_node_real(arena, (double)milli / 1000);
}

struct gen_node *gen_document_size(struct gen_arena *arena, int64_t width, int64_t height)
{
    return gen_node_string(arena, gen_arena_printf(arena, "%" PRId64 "x%" PRId64, width, height));
}

struct gen_node *gen_document_url(struct gen_arena *arena, const char *output, const char *part)
{
    return gen_node_string(arena, gen_arena_printf(arena, "/v1/outputs/%s/%s", output, part));
}

enum gen_status gen_document_json(struct gen_arena *arena, const char *text, const char *what,
                                  const char *id, struct gen_node **out, struct gen_error *err)
{
    char reason[GEN_ERROR_MESSAGE_SIZE];
    struct gen_error cause = {0};
    const struct gen_node *read = NULL;
    enum gen_status status = GEN_OK;

    if (text == NULL || text[0] == '\0') {
        *out = gen_node_null(arena);
    } else {
        status = gen_json_read(text, strlen(text), NULL, arena, &read, &cause);
        if (status != GEN_OK && status != GEN_ENOMEM) {
            (void)gen_error_text(&cause, reason, sizeof(reason));
            return gen_error_set(err, GEN_ECORRUPT, "the stored %s of %s cannot be read: %s", what,
                                 id, reason);
        }
        /* A copy, because the reader's result is not for changing and this one gets a parent. */
        *out = status == GEN_OK ? gen_node_copy(arena, read) : NULL;
    }
    if (*out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to read the %s of %s", what, id);
    }
    return GEN_OK;
}

struct gen_node *gen_document_review(struct gen_arena *arena, const char *verdict, const char *note,
                                     const char *by, gen_moment at)
{
    struct gen_node *review = gen_node_map(arena);

    if (verdict == NULL || verdict[0] == '\0') {
        return gen_node_null(arena);
    }
    gen_node_set(arena, review, "verdict", gen_node_string(arena, verdict));
    gen_node_set(arena, review, "by", gen_document_text(arena, by));
    gen_node_set(arena, review, "at", gen_node_moment(arena, at));
    gen_node_set(arena, review, "reason", gen_document_text(arena, note));
    return review;
}
