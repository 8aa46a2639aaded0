/* plugin_listing.c - see plugin_listing.h. */
#include "cli/plugin_listing.h"

#include "cli/columns.h"
#include "cli/plugin_checking.h"

#include <string.h>

enum { LISTING_TEXT = 4 << 20 };

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
    return GEN_EXIT_OK;
}

static void listing_provider(struct gen_session *session, const struct gen_node *provider)
{
    static const char *const heads[] = {"MODEL", ">TIER", ">QUALITY", "NAME", NULL};
    struct gen_columns columns;

    gen_session_say(session, "%s %s (%s)", listing_text(session, provider, "provider"),
                    listing_text(session, provider, "version"),
                    listing_text(session, provider, "name"));
    gen_session_say(session, "%s", listing_text(session, provider, "path"));
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *model = gen_node_first(gen_node_get(provider, "models"));
         model != NULL; model = model->next) {
        const struct gen_node *performance = gen_node_get(model, "performance");
        const char *cells[] = {
            listing_text(session, model, "modelId"),
            gen_arena_printf(session->arena, "%lld",
                             (long long)gen_node_integer(gen_node_get(model, "tier"), 0)),
            gen_arena_printf(session->arena, "%.1f",
                             gen_node_number(gen_node_get(performance, "qualityScore"), 0)),
            listing_text(session, model, "name")};

        gen_columns_add(&columns, cells);
    }
    listing_write(session, &columns);
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
