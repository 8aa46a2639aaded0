/* policy_explaining.c - see policy_explaining.h. */
#include "cli/policy_explaining.h"

#include "base/json.h"
#include "cli/policy_account.h"
#include "cli/policy_origin.h"
#include "cli/policy_scenario.h"
#include "cli/policy_world.h"

#include <string.h>

enum { DECISION_ARENA_MOST = 512 << 20, REQUEST_MOST = 4 * 1024 * 1024 };

/* One explanation. */
struct explaining {
    struct gen_session *session;
    struct gen_arena *arena; /* of the decision */
    struct gen_policy_origin origin;
    struct gen_policy_world world;
    struct gen_question question;
    struct gen_decision *decision;
};

static enum gen_status verdict_of(const struct gen_node *decision)
{
    const char *word = gen_node_text(gen_node_get(decision, "refusal"), NULL);
    int status = GEN_OK;

    while (word != NULL && status <= GEN_ECORRUPT &&
           strcmp(gen_status_word((enum gen_status)status), word) != 0) {
        status++;
    }
    return status <= GEN_ECORRUPT ? (enum gen_status)status : GEN_EUNSUPPORTED;
}

/* Tells it, and gives the exit code. */
static int explain_tell(struct explaining *work, const struct gen_policy_account *account)
{
    struct gen_session *session = work->session;
    struct gen_node *map;

    if (!session->options.json) {
        gen_policy_account_print(session, account);
        return gen_exit_of(verdict_of(account->decision));
    }
    map = gen_node_map(session->arena);
    gen_node_set(session->arena, map, "brief", gen_node_string(session->arena, account->brief));
    gen_node_set(session->arena, map, "policies",
                 gen_node_string(session->arena, work->origin.folder));
    gen_node_set(session->arena, map, "snapshot",
                 gen_node_string(session->arena, account->snapshot));
    gen_node_set(session->arena, map, "verdict",
                 gen_node_string(session->arena, gen_status_word(verdict_of(account->decision))));
    gen_node_set(session->arena, map, "refusal", gen_node_string(session->arena, account->refusal));
    gen_node_set(session->arena, map, "decision", gen_node_copy(session->arena, account->decision));
    gen_session_print_json(session, map);
    return gen_exit_of(verdict_of(account->decision));
}

/* ---- decided here ---- */

static enum gen_status explain_decide(struct explaining *work, const char *brief,
                                      struct gen_error *err)
{
    const char *folders[] = {work->origin.folder, NULL};
    bool named = work->session->options.operand_count > 1;
    struct gen_policy_scenario scenario = {.strategy = work->session->options.strategy,
                                           .organization = work->session->options.organization};
    enum gen_status status = gen_policy_world_find(work->session, !named, folders, &work->world,
                                                   err);

    if (status == GEN_OK) {
        status = gen_policy_layers_read(&scenario.brief, brief, "brief", work->arena, err);
    }
    scenario.snapshot = work->world.snapshot;
    if (status == GEN_OK) {
        status = gen_policy_scenario_ask(&scenario, work->origin.set, work->arena, &work->question,
                                         err);
    }
    work->question.zones = &work->origin.zones;
    return status == GEN_OK ? gen_decision_make(&work->question, work->arena, &work->decision, err)
                            : status;
}

static int explain_here(struct explaining *work, const char *brief)
{
    struct gen_policy_account account = {.brief = gen_session_clean(work->session, brief)};
    struct gen_error err = {0};
    enum gen_status status = explain_decide(work, brief, &err);

    if (status == GEN_OK) {
        account.decision = gen_decision_explain(work->decision, work->arena);
        if (account.decision == NULL) {
            status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
        }
    }
    if (status != GEN_OK) {
        (void)gen_session_fail(work->session, &err);
        return gen_exit_of_input(status);
    }
    account.policies = work->origin.said;
    account.snapshot = work->world.said;
    account.now = work->question.snapshot->now;
    account.refusal = work->decision->verdict != GEN_OK ? work->decision->refusal.message : NULL;
    return explain_tell(work, &account);
}

/* ---- decided by gend ---- */

/* The brief as gend wants it: one document, whatever files it was put together from. It is read here first,
 * because only here the places in those files are known. */
static enum gen_status running_brief(struct explaining *work, const char *brief,
                                     struct gen_policy_layers *layers, struct gen_bytes *out,
                                     struct gen_error *err)
{
    const char *strategy = work->session->options.strategy;
    struct gen_node *own = gen_node_map(work->arena), *merged;
    struct gen_brief *read = NULL;
    enum gen_status status = gen_policy_layers_read(layers, brief, "brief", work->arena, err);

    if (status == GEN_OK && strategy != NULL) {
        gen_node_set(work->arena, own, "strategy", gen_node_string(work->arena, strategy));
        status = gen_policy_layers_add(layers, own, "--strategy", "brief", work->arena, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    merged = gen_policy_layers_merge(layers, work->arena);
    if (merged == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the brief");
    }
    status = gen_brief_read(merged, work->arena, &read, err);
    if (status != GEN_OK) {
        gen_policy_layers_place(layers, err);
        return status;
    }
    (void)gen_json_write(merged, GEN_JSON_COMPACT, out);
    return gen_bytes_status(out) == GEN_OK
               ? GEN_OK
               : gen_error_set(err, GEN_ETOOLARGE, "the brief is larger than 4 MB");
}

static enum gen_status running_decide(struct explaining *work, const char *brief,
                                      const struct gen_node **out, struct gen_error *err)
{
    struct gen_client_request request = {
        .method = "POST", .path = "/v1/explain", .content_type = "application/json"};
    struct gen_policy_layers layers = {.count = 0};
    struct gen_client_answer answer = {0};
    struct gen_bytes body;
    enum gen_status status;

    gen_bytes_init(&body, REQUEST_MOST);
    status = running_brief(work, brief, &layers, &body, err);
    if (status == GEN_OK) {
        request.body = body.data;
        request.body_size = body.size;
        status = gen_client_send(work->session->client, &request, work->arena, &answer, err);
        if (status != GEN_OK && status != GEN_ENOMEM && err->path[0] != '\0') {
            gen_policy_layers_place(&layers, err);
        }
        if (gen_exit_of_input(status) == GEN_EXIT_USAGE) { /* it was read here without a mistake */
            gen_session_note(work->session,
                             "gend looks up the assets that a brief names by their ids; with a "
                             "folder (gen policy explain BRIEF DIR) nothing is looked up");
        }
    }
    gen_bytes_fini(&body);
    *out = answer.document;
    return status;
}

/* Why it is not the folder that decides. */
static void running_note(struct explaining *work, enum gen_status status,
                         const struct gen_error *err)
{
    static const char same[] = "this is what gend decides by the version that it still runs on";
    const struct gen_policy_origin *origin = &work->origin;
    const char *folder = gen_session_clean(work->session, origin->folder);

    if (status == GEN_OK) {
        gen_session_note(work->session, "%s has been edited (gen policy reload takes it); %s",
                         folder, same);
    } else if (status == GEN_EINVAL && origin->problems.mistakes > 0) {
        gen_session_note(work->session, "%s has %zu mistake%s (gen policy check %s); %s", folder,
                         origin->problems.mistakes, origin->problems.mistakes == 1 ? "" : "s",
                         folder, same);
    } else {
        gen_session_note(work->session, "%s; %s", gen_session_clean(work->session, err->message),
                         same);
    }
}

static int explain_running(struct explaining *work, const char *brief)
{
    struct gen_session *session = work->session;
    struct gen_policy_account account = {.brief = gen_session_clean(session, brief)};
    struct gen_error err = {0};
    enum gen_status status = running_decide(work, brief, &account.decision, &err);

    if (status != GEN_OK) {
        (void)gen_session_fail(session, &err);
        return gen_exit_of_input(status);
    }
    account.policies = gen_arena_printf(session->arena, "%s, as gend runs on them",
                                        gen_session_clean(session, work->origin.folder));
    account.snapshot = gen_arena_printf(session->arena, "the running gend (%s)",
                                        gen_session_clean(session, session->target.name));
    account.now = gen_clock_now(session->clock);
    account.refusal = gen_policy_account_refusal(session, account.decision);
    return explain_tell(work, &account);
}

/* ---- the command ---- */

/* Where no folder is named it is about the running gend: if its folder is not, or no longer, what it runs on,
 * gend itself decides. It does so in its own world for its own organization. */
static int explain(struct explaining *work, const char *brief, const char *folder)
{
    const struct gen_options *options = &work->session->options;
    struct gen_policy_origin *origin = &work->origin;
    struct gen_error err = {0};
    enum gen_status status = gen_policy_origin_running(work->session, folder, origin, &err);
    bool stale = origin->running != NULL &&
                 (status != GEN_OK || strcmp(origin->running, origin->set->version) != 0);

    if (status == GEN_ENOMEM) {
        return gen_session_fail(work->session, &err);
    }
    if (stale && options->snapshot == NULL && options->organization == NULL) {
        running_note(work, status, &err);
        return explain_running(work, brief);
    }
    if (status == GEN_OK) {
        return explain_here(work, brief);
    }
    if (stale) {
        gen_session_note(work->session,
                         "gend runs on an earlier version; without --snapshot and --organization "
                         "it explains what it decides");
    }
    return gen_policy_origin_fail(work->session, origin, &err);
}

int gen_policy_explaining_run(struct gen_session *session)
{
    struct explaining work = {.session = session, .arena = gen_arena_create(DECISION_ARENA_MOST)};
    const char *const *operands = session->options.operands;
    struct gen_error err = {0};
    int code;

    if (work.arena == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        return gen_session_fail(session, &err);
    }
    code = explain(&work, operands[0], session->options.operand_count > 1 ? operands[1] : NULL);
    gen_policy_origin_fini(&work.origin);
    gen_arena_destroy(work.arena);
    return code;
}
