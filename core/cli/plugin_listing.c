/* plugin_listing.c - see plugin_listing.h. */
#include "cli/plugin_listing.h"

#include "cli/columns.h"
#include "cli/plugin_checking.h"

#include <string.h>

enum { LISTING_TEXT = 4 << 20, LISTING_SIZES = 6 };

static const char *listing_text(struct gen_session *session, const struct gen_node *map,
                                const char *key)
{
    return gen_session_clean(session, gen_node_text(gen_node_get(map, key), ""));
}

static void listing_write(struct gen_session *session, const struct gen_columns *columns)
{
    struct gen_bytes text;

    gen_bytes_init(&text, LISTING_TEXT);
    gen_columns_write(columns, 0, &text);
    if (!gen_session_write(session, &text)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&text);
}

int gen_plugin_listing_list(struct gen_session *session)
{
    static const char *const heads[] = {"PROVIDER", "VERSION", ">MODELS", "NAME", "FILE", NULL};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    struct gen_columns columns;

    if (gen_session_get(session, &answer, &err, "/v1/providers") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "providers"));
         item != NULL; item = item->next) {
        const char *cells[] = {
            listing_text(session, item, "provider"), listing_text(session, item, "version"),
            gen_arena_printf(session->arena, "%zu", gen_node_count(gen_node_get(item, "models"))),
            listing_text(session, item, "name"), listing_text(session, item, "path")};

        gen_columns_add(&columns, cells);
    }
    listing_write(session, &columns);
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "refused"));
         item != NULL; item = item->next) {
        gen_session_say(session, "refused: %s: %s", listing_text(session, item, "path"),
                        listing_text(session, item, "reason"));
    }
    return GEN_EXIT_OK;
}

/* ---------------------------------------------------------------------------------- models -- */

/* A limit; "-" where the provider names none. */
static const char *listing_limit(struct gen_session *session, const struct gen_node *map,
                                 const char *key)
{
    int64_t value = gen_node_integer(gen_node_get(map, key), 0);

    return value <= 0 ? "-" : gen_arena_printf(session->arena, "%lld", (long long)value);
}

static const char *listing_durations(struct gen_session *session, const struct gen_node *can)
{
    const struct gen_node *list = gen_node_get(can, "durations");
    size_t count = gen_node_count(list), i = 0;
    const char *text = "";

    if (count == 0) {
        return gen_arena_printf(session->arena, "%g to %g s",
                                gen_node_number(gen_node_get(can, "minDuration"), 0),
                                gen_node_number(gen_node_get(can, "maxDuration"), 0));
    }
    for (const struct gen_node *item = gen_node_first(list); item != NULL && text != NULL;
         item = item->next, i++) {
        text = gen_arena_printf(session->arena, "%s%s%g", text,
                                i == 0           ? ""
                                : i + 1 == count ? " or "
                                                 : ", ",
                                gen_node_number(item, 0));
    }
    return text == NULL ? NULL : gen_arena_printf(session->arena, "%s s", text);
}

static const char *listing_sizes(struct gen_session *session, const struct gen_node *can)
{
    const struct gen_node *list = gen_node_get(can, "sizes");
    size_t count = gen_node_count(list), shown = 0;
    const char *text = "";

    if (gen_node_truth(gen_node_get(can, "anyRatio"), false)) {
        return gen_arena_printf(session->arena, "any to %s", listing_text(session, can, "maxSize"));
    }
    for (const struct gen_node *item = gen_node_first(list);
         item != NULL && text != NULL && shown < LISTING_SIZES; item = item->next, shown++) {
        text = gen_arena_printf(session->arena, "%s%s%s", text, shown == 0 ? "" : " ",
                                gen_session_clean(session, gen_node_text(item, "")));
    }
    return count > shown && text != NULL
               ? gen_arena_printf(session->arena, "%s and %zu more", text, count - shown)
               : text;
}

/* With their limits; of gend, or of gen-trial about a file, which has the same names. */
static void listing_models(struct gen_session *session, const struct gen_node *models)
{
    static const char *const heads[] = {"MODEL",    ">TIER",   "DURATION", "SIZES",    ">FPS",
                                        ">SCENES",  ">PROMPT", ">ASSETS",  ">AT ONCE", ">A MINUTE",
                                        ">QUALITY", "NAME",    NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *model = gen_node_first(models); model != NULL;
         model = model->next) {
        const struct gen_node *can = gen_node_get(model, "capabilities");
        const struct gen_node *limits = gen_node_get(model, "limits");
        double quality =
            gen_node_number(gen_node_get(gen_node_get(model, "performance"), "qualityScore"), 0);
        const char *cells[] = {
            listing_text(session, model, "modelId"),
            listing_limit(session, model, "tier"),
            listing_durations(session, can),
            listing_sizes(session, can),
            listing_limit(session, can, "maxFrameRate"),
            listing_limit(session, limits, "maxScenes"),
            listing_limit(session, limits, "maxPrompt"),
            listing_limit(session, limits, "maxAssets"),
            listing_limit(session, limits, "maxConcurrent"),
            listing_limit(session, limits, "rateLimitPerMinute"),
            quality > 0 ? gen_arena_printf(session->arena, "%.1f", quality) : "-",
            listing_text(session, model, "name"),
        };

        gen_columns_add(&columns, cells);
    }
    listing_write(session, &columns);
}

static int listing_file(struct gen_session *session, const char *file)
{
    const struct gen_node *document = NULL;
    struct gen_error err = {0};

    if (gen_plugin_checking_try(session, file, NULL, NULL, &document, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, document);
        return GEN_EXIT_OK;
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(document, "plugin"));
         item != NULL; item = item->next) {
        gen_session_say(session, "%-10s %s", item->key,
                        gen_session_clean(session, gen_node_text(item, "")));
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(document, "findings"));
         item != NULL; item = item->next) {
        gen_session_say(session, "%-10s %s: %s", "finding", listing_text(session, item, "where"),
                        listing_text(session, item, "message"));
    }
    if (gen_node_count(gen_node_get(document, "models")) > 0) {
        listing_models(session, gen_node_get(document, "models"));
    }
    return GEN_EXIT_OK;
}

static void listing_provider(struct gen_session *session, const struct gen_node *provider)
{
    gen_session_say(session, "%s %s (%s)", listing_text(session, provider, "provider"),
                    listing_text(session, provider, "version"),
                    listing_text(session, provider, "name"));
    gen_session_say(session, "%s", listing_text(session, provider, "path"));
    listing_models(session, gen_node_get(provider, "models"));
}

int gen_plugin_listing_info(struct gen_session *session)
{
    const char *what = session->options.operands[0];
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};

    if (strchr(what, '/') != NULL || strstr(what, ".so") != NULL) {
        return listing_file(session, what);
    }
    if (gen_session_get(session, &answer, &err, "/v1/providers") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "providers"));
         item != NULL; item = item->next) {
        if (strcmp(gen_node_text(gen_node_get(item, "provider"), ""), what) == 0) {
            if (session->options.json) {
                gen_session_print_json(session, item);
            } else {
                listing_provider(session, item);
            }
            return GEN_EXIT_OK;
        }
    }
    (void)gen_error_set(
        &err, GEN_ENOTFOUND,
        "no provider \"%.60s\" is loaded; gen plugin list shows those that are, and "
        "why others were refused",
        gen_session_clean(session, what));
    return gen_session_fail(session, &err);
}
