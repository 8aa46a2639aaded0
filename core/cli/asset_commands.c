/* asset_commands.c - see asset_commands.h. */
#include "cli/asset_commands.h"

#include "cli/columns.h"
#include "cli/job_view.h"
#include "cli/submission.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

enum { ASSETS_TEXT_MOST = 64 * 1024 * 1024 };

static void assets_table(struct gen_session *session, const struct gen_node *assets)
{
    static const char *const heads[] = {"ASSET", "KIND", "TYPE", ">SIZE", "PICTURE", "NAME", NULL};
    struct gen_arena *arena = session->arena;
    struct gen_columns columns;
    struct gen_bytes out;

    gen_columns_init(&columns, heads, arena);
    for (const struct gen_node *item = gen_node_first(assets); item != NULL; item = item->next) {
        int64_t width = gen_node_integer(gen_node_get(item, "width"), 0);
        int64_t height = gen_node_integer(gen_node_get(item, "height"), 0);
        const char *cells[] = {
            gen_node_text(gen_node_get(item, "assetId"), ""),
            gen_node_text(gen_node_get(item, "kind"), ""),
            gen_node_text(gen_node_get(item, "mediaType"), ""),
            gen_job_view_size(arena, gen_node_get(item, "size")),
            width > 0 ? gen_arena_printf(arena, "%" PRId64 "x%" PRId64, width, height) : "",
            gen_node_text(gen_node_get(item, "name"), ""),
        };

        gen_columns_add(&columns, cells);
    }
    gen_bytes_init(&out, ASSETS_TEXT_MOST);
    gen_columns_write(&columns, 0, &out);
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

static int assets_list(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const char *after = options->after != NULL ? gen_session_escape(session, options->after) : NULL;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *next;

    if (gen_session_get(session, &answer, &err, "/v1/assets?limit=%d%s%s", (int)options->limit,
                        after != NULL ? "&after=" : "", after != NULL ? after : "") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (options->json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    if (gen_node_count(gen_node_get(answer.document, "assets")) == 0) {
        gen_session_note(session, "no assets");
        return GEN_EXIT_OK;
    }
    assets_table(session, gen_node_get(answer.document, "assets"));
    next = gen_node_text(gen_node_get(answer.document, "next"), NULL);
    if (next != NULL) {
        gen_session_note(session, "more: %s --after %s", gen_session_again(session, "gen assets"),
                         gen_session_clean(session, next));
    }
    return GEN_EXIT_OK;
}

static enum gen_status assets_check(const char *path, struct gen_error *err)
{
    struct stat facts;

    if (stat(path, &facts) != 0) {
        return gen_error_set(err, GEN_EINVAL, "the file %s cannot be read: %s", path,
                             strerror(errno));
    }
    if (!S_ISREG(facts.st_mode)) {
        return gen_error_set(err, GEN_EINVAL, "%s is not a file", path);
    }
    if (facts.st_size > GEN_BRIEFING_ASSET_MOST) {
        return gen_error_set(
            err, GEN_ETOOLARGE, "the file %s has %" PRId64 " MB; at most %d MB are allowed", path,
            (int64_t)facts.st_size / 1000000, (int)(GEN_BRIEFING_ASSET_MOST / 1000000));
    }
    return GEN_OK;
}

int gen_asset_commands_assets(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    if (options->operand_count == 0) {
        return assets_list(session);
    }
    for (size_t i = 0; status == GEN_OK && i < options->operand_count; i++) {
        status = assets_check(options->operands[i], &err);
    }
    if (status == GEN_OK) {
        status = gen_session_connect(session, &err);
    }
    for (size_t i = 0; status == GEN_OK && i < options->operand_count; i++) {
        const struct gen_node *asset = NULL;

        status = gen_submission_upload(session, options->operands[i], &asset, &err);
        if (status == GEN_OK && options->json) {
            gen_session_print_json(session, asset);
        } else if (status == GEN_OK) {
            gen_session_say(
                session, "%s  %s",
                gen_session_clean(session, gen_node_text(gen_node_get(asset, "assetId"), "")),
                gen_session_clean(session, options->operands[i]));
        }
    }
    return status == GEN_OK ? GEN_EXIT_OK : gen_session_fail(session, &err);
}
