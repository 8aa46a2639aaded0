/* outgoing.c - see outgoing.h. */
#include "engine/outgoing.h"

#include <strings.h>

static const char *outgoing_uuid(const struct gen_random *random, struct gen_arena *arena)
{
    uint8_t b[16];

    gen_random_fill(random, b, sizeof(b));
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40); /* version 4, RFC 9562 */
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    return gen_arena_printf(
        arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
        b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

/* Ours stand above the plugin's of the same name. */
static size_t outgoing_headers(const struct gen_outgoing *outgoing, struct gen_arena *arena,
                               struct gen_http_header *out)
{
    const struct gen_step *step = outgoing->step;
    const char *unique = step->as.http.unique_header;
    size_t count = 0;

    for (size_t i = 0; i < step->as.http.header_count; i++) {
        const struct gen_step_header *header = &step->as.http.headers[i];

        if (strcasecmp(header->name, outgoing->name) != 0 &&
            strcasecmp(header->name, unique) != 0) {
            out[count++] = (struct gen_http_header){header->name, header->value};
        }
    }
    if (outgoing->name[0] != '\0') {
        out[count++] = (struct gen_http_header){outgoing->name, outgoing->value};
    }
    if (unique[0] != '\0') {
        out[count++] = (struct gen_http_header){unique, outgoing_uuid(outgoing->random, arena)};
    }
    if (outgoing->have > 0) {
        out[count++] = (struct gen_http_header){
            "range", gen_arena_printf(arena, "bytes=%lld-", (long long)outgoing->have)};
        out[count++] = (struct gen_http_header){"if-range", outgoing->validator};
    }
    return count;
}

static const struct gen_http_part *outgoing_parts(const struct gen_outgoing *outgoing,
                                                  struct gen_arena *arena)
{
    const struct gen_step *step = outgoing->step;
    struct gen_http_part *parts = gen_arena_array(arena, step->as.http.part_count + 1,
                                                  sizeof(*parts));

    for (size_t i = 0; parts != NULL && i < step->as.http.part_count; i++) {
        const struct gen_step_part *from = &step->as.http.parts[i];

        parts[i] = (struct gen_http_part){
            .name = from->name,
            .text = from->asset < 0 ? from->text : NULL,
            .file = from->asset < 0 ? NULL : outgoing->assets[from->asset],
            .file_name = from->file_name[0] != '\0' ? from->file_name : NULL,
            .content_type = from->content_type[0] != '\0' ? from->content_type : NULL};
    }
    return parts;
}

enum gen_status gen_outgoing_make(const struct gen_outgoing *outgoing, struct gen_arena *arena,
                                  struct gen_http_header *headers, struct gen_http_request *request)
{
    const struct gen_step *step = outgoing->step;

    *request = (struct gen_http_request){.method = step->as.http.method,
                                         .url = step->as.http.url,
                                         .headers = headers,
                                         .header_count = outgoing_headers(outgoing, arena, headers),
                                         .body = step->as.http.data,
                                         .body_size = step->as.http.data_size,
                                         .body_file = outgoing->body_file,
                                         .parts = outgoing_parts(outgoing, arena),
                                         .part_count = step->as.http.part_count,
                                         .once = step->as.http.costs,
                                         .follow = step->as.http.follow && !step->as.http.costs,
                                         .timeout_ms = step->as.http.timeout_ms};
    if (step->as.http.asset >= 0) {
        request->body_file = outgoing->assets[step->as.http.asset];
    }
    return gen_arena_failed(arena) ? GEN_ENOMEM : GEN_OK;
}
