/* policy_origin.c - see policy_origin.h. */
#include "cli/policy_origin.h"

#include "cli/policy_files.h"
#include "cli/printable.h"
#include "cli/whereabouts.h"

#include <stdlib.h>
#include <string.h>

enum { PROBLEMS_TEXT_MOST = 1024 * 1024 };

enum gen_status gen_policy_origin_folder(struct gen_session *session, const char **out,
                                         struct gen_error *err)
{
    const char *asked = getenv("GEN_POLICIES");
    const char *own = gen_whereabouts_own_folder(session->arena);
    struct gen_whereabouts user;
    const char *places[5] = {"policies", "/etc/genengine/policies"};
    size_t count = 2;

    if (asked != NULL && asked[0] != '\0') {
        *out = asked;
        return GEN_OK;
    }
    if (gen_whereabouts_find(GEN_WHEREABOUTS_USER, NULL, session->arena, &user, NULL) == GEN_OK) {
        places[count++] = gen_arena_printf(session->arena, "%s/policies", user.config);
    }
    if (own != NULL) {
        places[count++] = gen_arena_printf(session->arena, "%s/../share/genengine/policies", own);
    }
    for (size_t i = 0; i < count; i++) {
        if (places[i] != NULL && gen_policy_files_is_folder(places[i])) {
            *out = places[i];
            return GEN_OK;
        }
    }
    return gen_error_set(err, GEN_ENOTFOUND,
                         "there are no policies: not in ./policies, not in %s, not among the "
                         "installed files; name their folder, or set GEN_POLICIES",
                         places[1]);
}

static enum gen_status origin_begin(struct gen_policy_origin *origin, const char *folder,
                                    struct gen_error *err)
{
    *origin = (struct gen_policy_origin){.folder = folder};
    gen_policy_problems_init(&origin->problems);
    return gen_zones_init(&origin->zones, gen_zone_files_read, &origin->files, err);
}

static struct gen_policy_terms origin_terms(struct gen_session *session,
                                            const struct gen_policy_origin *origin)
{
    return (struct gen_policy_terms){.now = gen_clock_now(session->clock),
                                     .zones = &origin->zones,
                                     .shelf = origin->shelf.count > 0 ? &origin->shelf : NULL};
}

/* A sandbox plans with what its simulated providers bill; as gend finds it. */
static enum gen_status origin_prices(struct gen_session *session, struct gen_policy_origin *origin,
                                     struct gen_error *err)
{
    const char *own = gen_whereabouts_own_folder(session->arena);
    const char *folders[] = {gen_arena_printf(session->arena, "%s/prices/real", origin->folder),
                             gen_arena_printf(session->arena,
                                              "%s/../share/genengine/policies/prices/real",
                                              own != NULL ? own : "")};
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < GEN_COUNT(folders) && status == GEN_OK && origin->shelf.count == 0;
         i++) {
        status = folders[i] == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                    : gen_price_shelf_read(folders[i], session->arena,
                                                           &origin->problems, &origin->shelf, err);
        if (status == GEN_OK && origin->shelf.count > 0) {
            origin->said = gen_arena_printf(session->arena, "%s, with the prices of %s",
                                            origin->said, gen_session_clean(session, folders[i]));
        }
    }
    return status;
}

enum gen_status gen_policy_origin_load(struct gen_session *session, const char *folder,
                                       struct gen_policy_origin *origin, struct gen_error *err)
{
    enum gen_status status = origin_begin(origin, folder, err);
    struct gen_policy_terms terms;

    if (status == GEN_OK && folder == NULL) {
        status = gen_policy_origin_folder(session, &origin->folder, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    origin->said = gen_arena_printf(session->arena, "%s",
                                    gen_session_clean(session, origin->folder));
    if (session->options.sandbox) {
        status = origin_prices(session, origin, err);
    }
    terms = origin_terms(session, origin);
    return status == GEN_OK
               ? gen_policy_load(origin->folder, &terms, &origin->problems, &origin->set, err)
               : status;
}

enum gen_status gen_policy_origin_running(struct gen_session *session, const char *folder,
                                          struct gen_policy_origin *origin, struct gen_error *err)
{
    struct gen_client_answer answer = {0};
    struct gen_error ignored = {0};
    const char *version, *running;
    enum gen_status status;

    if (folder != NULL || gen_session_get(session, &answer, &ignored, "/v1/policies") != GEN_OK) {
        return gen_policy_origin_load(session, folder, origin, err);
    }
    folder = gen_node_text(gen_node_get(answer.document, "folder"), NULL);
    version = gen_node_text(gen_node_get(answer.document, "version"), "");
    running = gen_arena_strdup(session->arena, version);
    status = gen_policy_origin_load(session, folder, origin, err);
    origin->running = running;
    if (status == GEN_OK) {
        origin->said =
            gen_arena_printf(session->arena, "%s%s", origin->said,
                             strcmp(version, origin->set->version) == 0
                                 ? ", which gend runs on"
                                 : ", as they are now; gend still runs on another version of them");
    } else if (status != GEN_EINVAL) {
        (void)gen_error_within(err, "the folder that gend runs on cannot be read from here");
    }
    return status;
}

void gen_policy_origin_fini(struct gen_policy_origin *origin)
{
    gen_policy_destroy(origin->set);
    gen_policy_problems_fini(&origin->problems);
    gen_zones_fini(&origin->zones);
    gen_zone_files_fini(&origin->files);
    origin->set = NULL;
}

struct gen_node *gen_policy_origin_list(struct gen_session *session,
                                        const struct gen_policy_problems *problems)
{
    struct gen_arena *arena = session->arena;
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < problems->count; i++) {
        const struct gen_error *error = &problems->items[i].error;
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, map, "file", gen_node_string(arena, error->file));
        gen_node_set(arena, map, "line", gen_node_int(arena, error->line));
        gen_node_set(arena, map, "column", gen_node_int(arena, error->column));
        gen_node_set(arena, map, "path", gen_node_string(arena, error->path));
        gen_node_set(arena, map, "message", gen_node_string(arena, error->message));
        gen_node_set(arena, map, "severity",
                     gen_node_string(arena, problems->items[i].warning ? "warning" : "error"));
    }
    return list;
}

void gen_policy_origin_say(const struct gen_policy_problems *problems, FILE *out)
{
    enum { LINE = GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 96 };
    char line[LINE];
    struct gen_bytes text;

    gen_bytes_init(&text, PROBLEMS_TEXT_MOST);
    for (size_t i = 0; i < problems->count; i++) {
        struct gen_error error = problems->items[i].error;

        if (problems->items[i].warning) {
            (void)gen_error_within(&error, "warning");
        }
        gen_printable_add(&text, gen_error_text(&error, line, sizeof(line)));
        (void)gen_bytes_text(&text, "\n");
    }
    if (problems->left_off > 0) {
        (void)gen_bytes_printf(&text, "... and %zu more\n", problems->left_off);
    }
    (void)fwrite(text.data != NULL ? text.data : "", 1, text.size, out);
    gen_bytes_fini(&text);
}

int gen_policy_origin_fail(struct gen_session *session, const struct gen_policy_origin *origin,
                           const struct gen_error *err)
{
    struct gen_error said = *err;
    struct gen_node *more;

    if (err->status == GEN_EINVAL && origin->problems.mistakes > 0) {
        (void)gen_error_set(&said, GEN_EINVAL, "the policies in %.200s have %zu mistake%s",
                            origin->folder, origin->problems.mistakes,
                            origin->problems.mistakes == 1 ? "" : "s");
        if (session->options.json) {
            more = gen_node_map(session->arena);
            gen_node_set(session->arena, more, "problems",
                         gen_policy_origin_list(session, &origin->problems));
            return gen_session_fail_with(session, &said, more);
        }
        (void)fflush(session->out);
        gen_policy_origin_say(&origin->problems, session->errors);
    }
    (void)gen_session_fail(session, &said);
    return gen_exit_of_input(err->status);
}
