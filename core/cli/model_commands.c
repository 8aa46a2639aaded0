/* model_commands.c - see model_commands.h. */
#include "cli/model_commands.h"

#include "cli/columns.h"
#include "cli/job_view.h"

#include <inttypes.h>
#include <string.h>

enum { MODELS_TEXT_MOST = 16 * 1024 * 1024 };

/* "98 %", "-" when it is not known. */
static const char *models_percent(struct gen_arena *arena, const struct gen_node *share)
{
    enum gen_node_type type = gen_node_type_of(share);

    return type == GEN_NODE_REAL || type == GEN_NODE_INT
               ? gen_arena_printf(arena, "%.4g %%", gen_node_number(share, 0) * 100)
               : "-";
}

static const char *models_number(struct gen_arena *arena, const struct gen_node *number)
{
    enum gen_node_type type = gen_node_type_of(number);

    return type == GEN_NODE_REAL || type == GEN_NODE_INT
               ? gen_arena_printf(arena, "%.3g", gen_node_number(number, 0))
               : "-";
}

/* "$0.05/s", "$0.4/clip", "~$0.05/s" where the bill may differ. */
static const char *models_price(struct gen_arena *arena, const struct gen_node *pricing)
{
    const char *unit = gen_node_text(gen_node_get(pricing, "unit"), "");

    if (gen_node_type_of(pricing) != GEN_NODE_MAP) {
        return "-";
    }
    return gen_arena_printf(arena, "%s%s/%s",
                            gen_node_truth(gen_node_get(pricing, "estimate"), false) ? "~" : "",
                            gen_job_view_money(arena, gen_node_get(pricing, "baseRate")),
                            strcmp(unit, "second") == 0 ? "s" : unit);
}

static void models_row(struct gen_columns *columns, struct gen_session *session,
                       const struct gen_node *model)
{
    struct gen_arena *arena = session->arena;
    const struct gen_node *performance = gen_node_get(model, "performance");
    const char *cells[] = {
        gen_node_text(gen_node_get(model, "modelId"), ""),
        gen_arena_printf(arena, "%" PRId64, gen_node_integer(gen_node_get(model, "tier"), 0)),
        models_price(arena, gen_node_get(model, "pricing")),
        models_number(arena, gen_node_get(performance, "averageSpeed")),
        models_number(arena, gen_node_get(performance, "qualityScore")),
        models_percent(arena, gen_node_get(performance, "successRate")),
        models_percent(arena, gen_node_get(performance, "uptime")),
        gen_arena_printf(
            arena, "%.4g s",
            gen_node_number(gen_node_get(gen_node_get(model, "capabilities"), "maxDuration"), 0)),
        gen_node_text(gen_node_get(model, "status"), ""),
    };

    gen_columns_add(columns, cells);
}

static void models_table(struct gen_session *session, const struct gen_node *models)
{
    static const char *const heads[] = {"MODEL",    ">TIER",   ">PRICE",   ">SPEED", ">QUALITY",
                                        ">SUCCESS", ">UPTIME", ">LONGEST", "STATUS", NULL};
    struct gen_columns columns;
    struct gen_bytes out;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(models); item != NULL; item = item->next) {
        models_row(&columns, session, item);
    }
    gen_bytes_init(&out, MODELS_TEXT_MOST);
    gen_columns_write(&columns, 0, &out);
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

/* "$0.04 from 500 s", dearer ones first; "-" where there is one price. */
static const char *models_bulk(struct gen_arena *arena, const struct gen_node *pricing)
{
    const char *text = "";

    for (const struct gen_node *item = gen_node_first(gen_node_get(pricing, "bulkRates"));
         item != NULL && text != NULL; item = item->next) {
        text = gen_arena_printf(arena, "%s%s%s from %" PRId64 " s", text,
                                text[0] != '\0' ? ", " : "",
                                gen_job_view_money(arena, gen_node_get(item, "rate")),
                                gen_node_integer(gen_node_get(item, "volume"), 0));
    }
    return text == NULL || text[0] == '\0' ? "-" : text;
}

/* Its abilities in words. */
static const char *models_abilities(struct gen_arena *arena, const struct gen_node *model)
{
    static const struct {
        const char *key, *word;
    } words[] = {{"avatars", "avatars"},
                 {"lipSync", "lip sync"},
                 {"effects", "effects"},
                 {"audio", "sound"},
                 {"firstFrame", "first frame"},
                 {"wholeStoryboard", "whole storyboards"},
                 {"composes", "composes"},
                 {"anyRatio", "any ratio"},
                 {"submitIdempotent", "safe to repeat"},
                 {"reportsCost", "tells its cost"},
                 {"reportsProgress", "tells its progress"},
                 {"canCancel", "cancels"},
                 {"canRecover", "finds lost orders"},
                 {NULL, NULL}};
    const struct gen_node *map = gen_node_get(model, "capabilities");
    const char *text = "";

    for (size_t i = 0; words[i].key != NULL && text != NULL; i++) {
        if (gen_node_truth(gen_node_get(map, words[i].key), false)) {
            text = gen_arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? ", " : "",
                                    words[i].word);
        }
    }
    return text == NULL || text[0] == '\0' ? "-" : text;
}

/* The rest of what is known of a provider's models. */
static void models_details(struct gen_session *session, const struct gen_node *models)
{
    static const char *const heads[] = {"MODEL", "BULK PRICE", "ABILITIES", NULL};
    struct gen_columns columns;
    struct gen_bytes out;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(models); item != NULL; item = item->next) {
        const char *cells[] = {
            gen_node_text(gen_node_get(item, "modelId"), ""),
            models_bulk(session->arena, gen_node_get(item, "pricing")),
            models_abilities(session->arena, item),
        };

        gen_columns_add(&columns, cells);
    }
    gen_bytes_init(&out, MODELS_TEXT_MOST);
    (void)gen_bytes_text(&out, "\n");
    gen_columns_write(&columns, 0, &out);
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

/* Why some cannot be used: each reason once. */
static void models_reasons(struct gen_session *session, const struct gen_node *models)
{
    const char *last = "";

    for (const struct gen_node *item = gen_node_first(models); item != NULL; item = item->next) {
        const char *reason = gen_node_text(gen_node_get(item, "statusReason"), "");
        const char *status = gen_node_text(gen_node_get(item, "status"), "");
        bool told = strcmp(status, "retired") == 0 || strcmp(status, "disabled") == 0;

        if (reason[0] != '\0' && !told && strcmp(reason, last) != 0) {
            gen_session_note(
                session, "%s is %s: %s",
                gen_session_clean(session, gen_node_text(gen_node_get(item, "provider"), "")),
                gen_session_clean(session, status), gen_session_clean(session, reason));
            last = reason;
        }
    }
}

int gen_model_commands_models(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const char *provider = options->operand_count > 0
                               ? gen_session_escape(session, options->operands[0])
                               : NULL;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *models;

    if (gen_session_get(session, &answer, &err, "/v1/models%s%s",
                        provider != NULL ? "?provider=" : "",
                        provider != NULL ? provider : "") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    models = gen_node_get(answer.document, "models");
    if (options->json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    if (gen_node_count(models) == 0) {
        gen_session_note(session, "no models; gen doctor says which providers are loaded");
        return GEN_EXIT_OK;
    }
    models_table(session, models);
    if (provider != NULL) {
        models_details(session, models);
    } else {
        gen_session_note(session, "with a provider's id: bulk prices and abilities, too");
    }
    models_reasons(session, models);
    return GEN_EXIT_OK;
}
