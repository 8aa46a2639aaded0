/* outputs_api.c - see outputs_api.h. */
#include "service/outputs_api.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "store/blob.h"
#include "store/document.h"
#include "store/reading.h"

#include <string.h>

enum { NAME_MOST = 120 }; /* bytes of a title in a file name */

struct media { /* by the ending of a file */
    const char *ending, *type;
};

static const struct media media_types[] = {
    {"mp4", "video/mp4"},  {"webm", "video/webm"}, {"mov", "video/quicktime"},
    {"jpg", "image/jpeg"}, {"png", "image/png"},   {NULL, NULL},
};

static const char *media_type(const char *ending)
{
    for (const struct media *row = media_types; row->ending != NULL; row++) {
        if (strcmp(row->ending, ending) == 0) {
            return row->type;
        }
    }
    return "application/octet-stream";
}

/* ---------------------------------------------------------------------------------- the list -- */

struct gen_node *gen_outputs_node(struct gen_arena *arena, const struct gen_output *output)
{
    struct gen_node *item = gen_node_map(arena);
    const char *id = output->id.text;

    gen_node_set(arena, item, "outputId", gen_node_string(arena, id));
    gen_node_set(arena, item, "jobId", gen_node_string(arena, output->job.text));
    gen_node_set(arena, item, "pipelineId", gen_node_string(arena, output->pipeline.text));
    gen_node_set(arena, item, "variation", gen_node_string(arena, output->variation));
    gen_node_set(arena, item, "url", gen_document_url(arena, id, "content"));
    gen_node_set(arena, item, "thumbnailUrl",
                 output->thumbnail[0] != '\0' ? gen_document_url(arena, id, "thumbnail")
                                              : gen_node_null(arena));
    gen_node_set(arena, item, "sheetUrl",
                 output->sheet[0] != '\0' ? gen_document_url(arena, id, "sheet")
                                          : gen_node_null(arena));
    gen_node_set(arena, item, "quality", gen_node_null(arena));
    gen_node_set(arena, item, "format", gen_node_string(arena, output->format));
    gen_node_set(arena, item, "size", gen_node_int(arena, output->size));
    gen_node_set(arena, item, "duration", gen_document_seconds(arena, output->duration_ms));
    gen_node_set(arena, item, "resolution",
                 gen_document_size(arena, output->width, output->height));
    gen_node_set(arena, item, "frameRate", gen_document_rate(arena, output->frame_rate_milli));
    gen_node_set(arena, item, "digest", gen_node_string(arena, output->digest));
    gen_node_set(arena, item, "createdAt", gen_node_moment(arena, output->created_at));
    gen_node_set(arena, item, "review",
                 gen_document_review(arena, output->review, output->review_note,
                                     output->reviewed_by, output->reviewed_at));
    return item;
}

void gen_outputs_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_output *outputs = NULL;
    struct gen_error err = {0};
    size_t count = 0;

    if (gen_read_outputs(call->service->store, call->principal.organization, call->value,
                         call->arena, &outputs, &count, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, gen_outputs_node(call->arena, &outputs[i]));
    }
    gen_node_set(call->arena, page, "outputs", list);
    gen_call_reply(call, 200, page);
}

/* --------------------------------------------------------------------------------- the files -- */

/* What a file system or a header could take amiss becomes '-'. */
static bool name_plain(uint32_t c)
{
    return c > ' ' && c < 0x7f && strchr("\"\\/:*?<>|%;'`$&", (int)c) == NULL;
}

static void name_old(struct gen_bytes *out, const char *text)
{
    size_t size = gen_utf8_cut(text, strlen(text), NAME_MOST);

    for (size_t at = 0; at < size;) {
        uint32_t c = 0;
        size_t step = gen_utf8_next(text + at, size - at, &c);
        char letter = c == ' ' ? ' ' : name_plain(c) ? (char)c : '-';

        gen_bytes_append(out, &letter, 1);
        at += step > 0 ? step : 1;
    }
}

static void name_true(struct gen_bytes *out, const char *text)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    size_t size = gen_utf8_cut(text, strlen(text), NAME_MOST);

    for (size_t at = 0; at < size; at++) {
        unsigned char c = (unsigned char)text[at];

        if (c < ' ' || c == '/' || c == '\\' || c == 0x7f) {
            gen_bytes_text(out, "-");
        } else if (strchr(kept, c) != NULL) {
            gen_bytes_append(out, &c, 1);
        } else {
            gen_bytes_printf(out, "%%%02X", c);
        }
    }
}

const char *gen_outputs_disposition(struct gen_arena *arena, const char *title,
                                    const char *variation, const char *ending)
{
    struct gen_bytes text;
    const char *result = NULL;

    title = title == NULL || title[0] == '\0' ? "video" : title;
    title += title[0] == '.' ? 1 : 0; /* not a hidden file */
    gen_bytes_init(&text, 8192);
    gen_bytes_text(&text, "inline; filename=\"");
    name_old(&text, title);
    gen_bytes_text(&text, " (");
    name_old(&text, variation);
    gen_bytes_printf(&text, ").%s\"; filename*=UTF-8''", ending);
    name_true(&text, title);
    gen_bytes_text(&text, "%20%28");
    name_true(&text, variation);
    gen_bytes_printf(&text, "%%29.%s", ending);
    if (gen_bytes_status(&text) == GEN_OK) {
        result = gen_arena_strndup(arena, text.data, text.size);
    }
    gen_bytes_fini(&text);
    return result;
}

/* The title comes from the document of the job; without one the file is called "video". */
static const char *output_title(struct gen_call *call, const struct gen_output *output)
{
    struct gen_node *job = NULL;
    struct gen_error err;

    if (gen_read_job(call->service->store, call->principal.organization, output->job.text,
                     call->arena, &job, &err) != GEN_OK) {
        return NULL;
    }
    return gen_node_text(gen_node_get(gen_node_get(job, "metadata"), "title"), NULL);
}

static void output_file(struct gen_call *call, const struct gen_output *output, const char *digest,
                        const char *ending)
{
    const char *disposition = gen_outputs_disposition(call->arena, output_title(call, output),
                                                      output->variation, ending);
    struct gen_error err = {0};
    int fd = -1;

    if (digest[0] == '\0') {
        (void)gen_error_set(&err, GEN_ENOTFOUND, "this output has no such picture");
    } else if (gen_blob_open(call->service->blobs, digest, &fd, &err) == GEN_ENOTFOUND) {
        (void)gen_error_set(&err, GEN_ECORRUPT, "the file of output %s (%s) is gone from the store",
                            output->id.text, digest);
    }
    if (fd < 0) {
        gen_call_fail(call, &err);
        return;
    }
    if (disposition != NULL) {
        gen_exchange_reply_header(call->exchange, "Content-Disposition", disposition);
    }
    /* It is private, and what a digest names never changes. */
    gen_exchange_reply_header(call->exchange, "Cache-Control", "private, max-age=86400");
    gen_call_reply_file(call, fd, media_type(ending), digest);
}

static bool output_find(struct gen_call *call, struct gen_output *output)
{
    struct gen_error err = {0};

    if (gen_read_output(call->service->store, call->principal.organization, call->value,
                        call->arena, output, &err) == GEN_OK) {
        return true;
    }
    gen_call_fail(call, &err);
    return false;
}

void gen_outputs_content(struct gen_call *call)
{
    struct gen_output output = {0};

    if (output_find(call, &output)) {
        output_file(call, &output, output.digest, output.format);
    }
}

void gen_outputs_thumbnail(struct gen_call *call)
{
    struct gen_output output = {0};

    if (output_find(call, &output)) {
        output_file(call, &output, output.thumbnail, "jpg");
    }
}

void gen_outputs_sheet(struct gen_call *call)
{
    struct gen_output output = {0};

    if (output_find(call, &output)) {
        output_file(call, &output, output.sheet, "jpg");
    }
}
