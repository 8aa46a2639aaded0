/* policies_api.c - see policies_api.h. */
#include "service/policies_api.h"

#include "engine/engine.h"
#include "engine/rulebook.h"
#include "service/jobs_api.h"
#include "service/problem.h"

/* ------------------------------------------------------------------------------ what is in force -- */

static struct gen_node *problem_item(struct gen_arena *arena, const struct gen_error *err)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "file", gen_node_string(arena, err->file));
    gen_node_set(arena, map, "line",
                 err->line == 0 ? gen_node_null(arena) : gen_node_int(arena, err->line));
    gen_node_set(arena, map, "column",
                 err->column == 0 ? gen_node_null(arena) : gen_node_int(arena, err->column));
    gen_node_set(arena, map, "path", gen_node_string(arena, err->path));
    gen_node_set(arena, map, "message", gen_node_string(arena, err->message));
    return map;
}

static struct gen_node *problem_list(struct gen_arena *arena,
                                     const struct gen_policy_problems *problems, bool warnings)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < problems->count; i++) {
        if (problems->items[i].warning == warnings) {
            gen_node_push(list, problem_item(arena, &problems->items[i].error));
        }
    }
    return list;
}

static struct gen_node *last_error(struct gen_arena *arena, const struct gen_rulebook_facts *facts)
{
    struct gen_node *map;

    if (facts->refused_at == 0) {
        return gen_node_null(arena);
    }
    map = gen_node_map(arena);
    gen_node_set(arena, map, "at", gen_node_moment(arena, facts->refused_at));
    gen_node_set(
        arena, map, "version",
        gen_node_string(arena, facts->refused_version[0] == '\0' ? NULL : facts->refused_version));
    gen_node_set(arena, map, "message", gen_node_string(arena, facts->refusal->message));
    gen_node_set(arena, map, "mistakes", gen_node_int(arena, (int64_t)facts->problems->mistakes));
    gen_node_set(arena, map, "problems", problem_list(arena, facts->problems, false));
    return map;
}

static struct gen_node *file_list(struct gen_arena *arena, const struct gen_policy_set *set)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < set->file_count; i++) {
        struct gen_node *item = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, item, "name", gen_node_string(arena, set->files[i].name));
        gen_node_set(arena, item, "kind", gen_node_string(arena, set->files[i].kind->word));
        gen_node_set(arena, item, "size", gen_node_int(arena, (int64_t)set->files[i].size));
    }
    return list;
}

static struct gen_node *policies_document(struct gen_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_rulebook_facts facts;

    gen_rulebook_facts(call->service->rules, &facts);
    gen_node_set(arena, map, "version", gen_node_string(arena, facts.set->version));
    gen_node_set(arena, map, "folder", gen_node_string(arena, facts.folder));
    gen_node_set(arena, map, "loadedAt", gen_node_moment(arena, facts.loaded_at));
    gen_node_set(arena, map, "watched", gen_node_bool(arena, facts.watched));
    gen_node_set(arena, map, "files", file_list(arena, facts.set));
    gen_node_set(arena, map, "warnings", problem_list(arena, facts.warnings, true));
    gen_node_set(arena, map, "lastError", last_error(arena, &facts));
    return map;
}

void gen_policies_show(struct gen_call *call)
{
    gen_call_reply(call, 200, policies_document(call));
}

/* ---------------------------------------------------------------------------------- loading again -- */

/* Every mistake, not only the first. */
static void reload_refused(struct gen_call *call, const struct gen_error *err)
{
    struct gen_error whole = {0};
    struct gen_rulebook_facts facts;
    struct gen_node *problem;

    if (err->status != GEN_EINVAL) { /* the folder itself cannot be read */
        whole = *err;
        gen_error_within(&whole, "the running policies stay in force");
        gen_call_fail_as(
            call, err->status == GEN_ENOMEM || err->status == GEN_ECANCELED ? 503 : 422, &whole);
        return;
    }
    gen_rulebook_facts(call->service->rules, &facts);
    gen_error_set(&whole, GEN_EINVAL,
                  "the running policies stay in force: the folder has %zu mistake%s, the first: %s",
                  facts.problems->mistakes, facts.problems->mistakes == 1 ? "" : "s", err->message);
    problem = gen_problem_document(call->arena, 422, &whole);
    for (size_t i = 0; problem != NULL && i < facts.problems->count; i++) {
        if (!facts.problems->items[i].warning) {
            gen_problem_add(call->arena, problem, &facts.problems->items[i].error);
        }
    }
    gen_call_fail_with(call, 422, problem);
}

static void reload_done(void *context, enum gen_status status, const struct gen_error *err,
                        bool changed)
{
    struct gen_call *call = gen_claim_redeem(context);
    struct gen_node *document;

    if (call == NULL) {
        return;
    }
    if (status != GEN_OK) {
        reload_refused(call, err);
        return;
    }
    document = policies_document(call);
    gen_node_set(call->arena, document, "changed", gen_node_bool(call->arena, changed));
    gen_call_reply(call, 200, document);
}

void gen_policies_reload(struct gen_call *call)
{
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_claim *claim = gen_call_park(call);
    struct gen_error err = {0};

    if (claim != NULL && gen_rulebook_reload(call->service->rules, GEN_RELOAD_ASKED, &actor,
                                             reload_done, claim) != GEN_OK) {
        (void)gen_claim_redeem(claim);
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory to load the policies; try again");
        gen_call_fail(call, &err);
    }
}

/* ------------------------------------------------------------------------ what a decision sees, says -- */

void gen_policies_snapshot(struct gen_call *call)
{
    struct gen_node *document = NULL;
    struct gen_error err = {0};

    if (gen_engine_snapshot(call->service->engine, call->principal.organization, call->arena,
                            &document, &err) == GEN_OK) {
        gen_call_reply(call, 200, document);
    } else {
        gen_call_fail(call, &err);
    }
}

void gen_policies_explain(struct gen_call *call)
{
    struct gen_request request = {.organization = call->principal.organization,
                                  .user = call->principal.user,
                                  .principal = &call->principal};
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_node *document = NULL;
    struct gen_error err = {0};
    const char *body;
    size_t size;
    enum gen_status status;

    body = gen_exchange_body(call->exchange, &size);
    status = gen_jobs_read(gen_exchange_header(call->exchange, "Content-Type"), body, size,
                           call->arena, &request.brief, digest, &err);
    if (status == GEN_OK) {
        status = gen_engine_explain(call->service->engine, &request, call->arena, &document, &err);
        if (status != GEN_OK) {
            gen_jobs_place(request.brief, &err);
        }
    }
    if (status == GEN_OK) {
        gen_call_reply(call, 200, document);
    } else {
        gen_call_fail_as(call, status == GEN_ENOTFOUND ? 422 : 0, &err);
    }
}
