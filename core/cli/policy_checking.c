/* policy_checking.c - see policy_checking.h. */
#include "cli/policy_checking.h"

#include "cli/policy_case.h"
#include "cli/policy_files.h"
#include "cli/policy_names.h"
#include "cli/policy_origin.h"
#include "cli/policy_plugins.h"

static void put_text(struct gen_session *session, struct gen_node *map, const char *key,
                     const char *text)
{
    gen_node_set(session->arena, map, key, gen_node_string(session->arena, text));
}

static void put_count(struct gen_session *session, struct gen_node *map, const char *key,
                      size_t count)
{
    gen_node_set(session->arena, map, key, gen_node_int(session->arena, (int64_t)count));
}

/* ---- check ---- */

static void check_document(struct gen_session *session, const struct gen_policy_origin *origin,
                           struct gen_node *notes)
{
    struct gen_node *map = gen_node_map(session->arena);
    const struct gen_policy_problems *problems = &origin->problems;

    put_text(session, map, "folder", origin->folder);
    gen_node_set(session->arena, map, "valid",
                 gen_node_bool(session->arena, problems->mistakes == 0));
    put_text(session, map, "version", origin->set != NULL ? origin->set->version : NULL);
    put_count(session, map, "mistakes", problems->mistakes);
    put_count(session, map, "warnings", problems->count + problems->left_off - problems->mistakes);
    gen_node_set(session->arena, map, "problems", gen_policy_origin_list(session, problems));
    gen_node_set(session->arena, map, "notes", notes);
    gen_session_print_json(session, map);
}

static void check_lines(struct gen_session *session, const struct gen_policy_origin *origin,
                        const struct gen_node *notes)
{
    const struct gen_policy_problems *problems = &origin->problems;
    size_t warnings = problems->count + problems->left_off - problems->mistakes;

    gen_policy_origin_say(problems, session->out);
    for (const struct gen_node *note = gen_node_first(notes); note != NULL; note = note->next) {
        gen_session_say(session, "note: %s", gen_session_clean(session, gen_node_text(note, "")));
    }
    if (problems->mistakes == 0) {
        gen_session_say(session, "%s: in order, %zu files, %zu warning%s, version %.12s",
                        origin->said, origin->set->file_count, warnings, warnings == 1 ? "" : "s",
                        origin->set->version);
    } else {
        gen_session_say(session, "%s: %zu mistake%s, %zu warning%s", origin->said,
                        problems->mistakes, problems->mistakes == 1 ? "" : "s", warnings,
                        warnings == 1 ? "" : "s");
    }
}

/* Adds what is wrong with the test files beside the policies. gend does not look at them, but whoever edits
 * does. */
static enum gen_status check_tests(struct gen_session *session, struct gen_policy_origin *origin,
                                   struct gen_error *err)
{
    const char *folder = gen_arena_printf(session->arena, "%s/tests", origin->folder);
    struct gen_policy_paths paths = {NULL, 0};
    struct gen_error wrong = {0};
    enum gen_status status;

    if (folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (!gen_policy_files_is_folder(folder)) {
        return GEN_OK;
    }
    status = gen_policy_files_list(folder, false, false, session->arena, &paths, &wrong);
    if (status != GEN_OK) {
        gen_policy_problems_add(&origin->problems, &wrong, false);
    }
    for (size_t i = 0; status == GEN_OK && i < paths.count; i++) {
        struct gen_policy_suite *suite = NULL;

        if (!gen_policy_suite_is(paths.items[i])) {
            continue;
        }
        if (gen_policy_suite_read(paths.items[i], session->arena, &origin->problems, &suite, err) ==
            GEN_ENOMEM) {
            return GEN_ENOMEM;
        }
        if (suite != NULL && origin->set != NULL &&
            gen_policy_names_check(suite, origin->set, session->arena, &origin->problems, err) !=
                GEN_OK) {
            return GEN_ENOMEM;
        }
    }
    gen_policy_problems_sort(&origin->problems);
    return GEN_OK;
}

/* Everything is told; with --strict a warning counts like a mistake. */
static int check_tell(struct gen_session *session, const struct gen_policy_origin *origin,
                      struct gen_node *notes)
{
    const struct gen_policy_problems *problems = &origin->problems;
    bool warned = problems->count + problems->left_off > problems->mistakes;

    if (session->options.json) {
        check_document(session, origin, notes);
    } else {
        check_lines(session, origin, notes);
    }
    return problems->mistakes > 0 || (warned && session->options.strict) ? GEN_EXIT_USAGE
                                                                         : GEN_EXIT_OK;
}

int gen_policy_checking_check(struct gen_session *session)
{
    struct gen_policy_origin origin;
    struct gen_node *notes = gen_node_list(session->arena);
    struct gen_error err = {0};
    enum gen_status status = gen_policy_origin_load(session, session->options.operands[0], &origin,
                                                    &err);
    int code;

    if (status == GEN_OK || (status == GEN_EINVAL && origin.problems.mistakes > 0)) {
        status = check_tests(session, &origin, &err);
        if (status == GEN_OK) {
            status = gen_policy_plugins_check(session, &origin, notes, &err);
        }
        code = status == GEN_OK ? check_tell(session, &origin, notes)
                                : gen_session_fail(session, &err);
    } else {
        code = gen_policy_origin_fail(session, &origin, &err);
    }
    gen_policy_origin_fini(&origin);
    return code;
}

/* ---- reload ---- */

/* The mistakes for which gend has refused the folder, as gen policy check tells them: lines for people,
 * a list for programs. */
static struct gen_node *reload_problems(struct gen_session *session, const struct gen_node *items)
{
    struct gen_policy_problems problems;
    struct gen_node *list;

    gen_policy_problems_init(&problems);
    for (const struct gen_node *item = gen_node_first(items); item != NULL; item = item->next) {
        struct gen_error error = {0};

        (void)gen_error_set(&error, GEN_EINVAL, "%s",
                            gen_node_text(gen_node_get(item, "detail"), "?"));
        gen_error_place(&error, gen_node_text(gen_node_get(item, "file"), ""),
                        (uint32_t)gen_node_integer(gen_node_get(item, "line"), 0),
                        (uint32_t)gen_node_integer(gen_node_get(item, "column"), 0),
                        gen_node_text(gen_node_get(item, "path"), ""));
        gen_policy_problems_add(&problems, &error, false);
    }
    list = gen_policy_origin_list(session, &problems);
    if (!session->options.json) {
        gen_policy_origin_say(&problems, session->errors);
    }
    gen_policy_problems_fini(&problems);
    return list;
}

int gen_policy_checking_reload(struct gen_session *session)
{
    struct gen_client_request request = {.method = "POST", .path = "/v1/policies/reload"};
    struct gen_client_answer answer = {0};
    const struct gen_node *problems;
    struct gen_node *more = NULL;
    struct gen_error err = {0};
    enum gen_status status = gen_session_connect(session, &err);

    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    problems = gen_node_get(answer.document, "errors");
    if (status != GEN_OK && problems != NULL) { /* the whole, not only the first of them */
        (void)gen_error_set(&err, status, "%s",
                            gen_node_text(gen_node_get(answer.document, "detail"), "refused"));
        more = gen_node_map(session->arena);
        gen_node_set(session->arena, more, "problems", reload_problems(session, problems));
    }
    if (status != GEN_OK) {
        int code = gen_session_fail_with(session, &err, more);

        /* 422: the folder, or what is in it, is not in order. */
        return gen_node_integer(gen_node_get(answer.document, "status"), 0) == 422 ? GEN_EXIT_USAGE
                                                                                   : code;
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    gen_session_say(
        session, "%s: version %.12s of %s",
        gen_node_truth(gen_node_get(answer.document, "changed"), true)
            ? "gend has taken the policies"
            : "nothing has changed",
        gen_session_clean(session, gen_node_text(gen_node_get(answer.document, "version"), "?")),
        gen_session_clean(session, gen_node_text(gen_node_get(answer.document, "folder"), "gend")));
    return GEN_EXIT_OK;
}
