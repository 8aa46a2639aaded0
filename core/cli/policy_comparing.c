/* policy_comparing.c - see policy_comparing.h. */
#include "cli/policy_comparing.h"

#include "cli/policy_files.h"
#include "cli/policy_origin.h"
#include "cli/policy_scenario.h"
#include "cli/policy_world.h"

#include <string.h>

enum { SIDES = 2, DECISION_ARENA_MOST = 256 << 20 };

/* What one set decides about one brief, as far as it is compared. */
struct outcome {
    const char *models, *strategy; /* or the refusal, in place of models */
    struct gen_node *chosen;       /* the same for programs, in the session's arena */
    int32_t tier;
    double complexity;
    gen_micros price;
    bool made;
};

struct comparison {
    struct gen_session *session;
    struct gen_policy_origin sides[SIDES];
    struct gen_policy_world world;
    struct gen_node *list; /* a map for each brief */
    size_t briefs, changed, unreadable;
    gen_micros totals[SIDES]; /* of briefs that both decide */
};

/* {"chosen": [...]} or {"refused": "..."} */
static struct gen_node *compare_chosen(struct comparison *work, const struct gen_decision *decision,
                                       const struct gen_texts *models)
{
    struct gen_arena *arena = work->session->arena;
    struct gen_node *map = gen_node_map(arena), *list = gen_node_list(arena);

    if (decision->verdict != GEN_OK) {
        gen_node_set(arena, map, "refused", gen_node_string(arena, decision->refusal.message));
        return map;
    }
    for (size_t i = 0; i < models->count; i++) {
        gen_node_push(list, gen_node_string(arena, models->items[i]));
    }
    gen_node_set(arena, map, "chosen", list);
    return map;
}

static enum gen_status compare_decide(struct comparison *work, const char *brief, size_t side,
                                      struct gen_arena *arena, struct outcome *out,
                                      struct gen_error *err)
{
    struct gen_policy_scenario scenario = {.snapshot = work->world.snapshot};
    struct gen_decision *decision = NULL;
    struct gen_question question;
    struct gen_texts models;
    enum gen_status status = gen_policy_layers_read(&scenario.brief, brief, "brief", arena, err);

    if (status == GEN_OK) {
        status = gen_policy_scenario_ask(&scenario, work->sides[side].set, arena, &question, err);
    }
    question.zones = &work->sides[side].zones;
    if (status == GEN_OK) {
        status = gen_decision_make(&question, arena, &decision, err);
    }
    if (status == GEN_OK) {
        status = gen_policy_scenario_chosen(decision, arena, &models, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    out->made = decision->verdict == GEN_OK;
    out->models = out->made ? gen_policy_scenario_joined(&models, arena)
                            : gen_arena_printf(arena, "refused: %s", decision->refusal.message);
    out->chosen = compare_chosen(work, decision, &models);
    out->strategy = decision->strategy != NULL ? decision->strategy->named.name : "none";
    out->tier = decision->demand.tier;
    out->complexity = decision->demand.score;
    out->price = out->made ? decision->price : 0;
    return out->models != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

static void compare_note(struct comparison *work, struct gen_node *map, const char *key,
                         struct gen_node *before, struct gen_node *after, bool same)
{
    struct gen_arena *arena = work->session->arena;
    struct gen_node *change = gen_node_map(arena);

    if (!same) {
        gen_node_set(arena, change, "before", before);
        gen_node_set(arena, change, "after", after);
        gen_node_set(arena, map, key, change);
    }
}

/* The keys that differ. */
static struct gen_node *compare_changes(struct comparison *work, const struct outcome *a,
                                        const struct outcome *b)
{
    struct gen_arena *arena = work->session->arena;
    struct gen_node *map = gen_node_map(arena);

    compare_note(work, map, "models", a->chosen, b->chosen, strcmp(a->models, b->models) == 0);
    compare_note(work, map, "costEstimate", gen_node_money(arena, a->price),
                 gen_node_money(arena, b->price), a->price == b->price);
    compare_note(work, map, "tier", gen_node_int(arena, a->tier), gen_node_int(arena, b->tier),
                 a->tier == b->tier);
    compare_note(work, map, "complexity", gen_node_real(arena, a->complexity),
                 gen_node_real(arena, b->complexity),
                 !(a->complexity < b->complexity || a->complexity > b->complexity));
    compare_note(work, map, "strategy", gen_node_string(arena, a->strategy),
                 gen_node_string(arena, b->strategy), strcmp(a->strategy, b->strategy) == 0);
    return map;
}

/* "runway/gen4.5, veo/x", "refused: ..." */
static const char *compare_models(struct comparison *work, const struct gen_node *node)
{
    struct gen_session *session = work->session;
    const char *refused = gen_node_text(gen_node_get(node, "refused"), NULL), *text = NULL;

    if (refused != NULL) {
        return gen_arena_printf(session->arena, "refused: %s", gen_session_clean(session, refused));
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(node, "chosen")); item != NULL;
         item = item->next) {
        const char *name = gen_session_clean(session, gen_node_text(item, ""));

        text = text == NULL ? name : gen_arena_printf(session->arena, "%s, %s", text, name);
    }
    return text != NULL ? text : "none";
}

static const char *compare_text(struct comparison *work, const struct gen_node *node)
{
    char money[GEN_MONEY_TEXT_SIZE];

    switch (gen_node_type_of(node)) {
    case GEN_NODE_MONEY:
        return gen_arena_printf(work->session->arena, "$%s",
                                gen_money_text(node->as.micros, 2, money));
    case GEN_NODE_STRING:
        return gen_session_clean(work->session, node->text);
    case GEN_NODE_MAP:
        return compare_models(work, node);
    default:
        return gen_arena_printf(work->session->arena, "%g", gen_node_number(node, 0));
    }
}

static void compare_say(struct comparison *work, const char *brief, const struct gen_node *changes)
{
    gen_session_say(work->session, "%s", gen_session_clean(work->session, brief));
    for (const struct gen_node *row = gen_node_first(changes); row != NULL; row = row->next) {
        gen_session_say(work->session, "    %-13s %s -> %s", row->key,
                        compare_text(work, gen_node_get(row, "before")),
                        compare_text(work, gen_node_get(row, "after")));
    }
}

/* A brief that cannot be read is told, and the others are compared all the same. */
static enum gen_status compare_brief(struct comparison *work, const char *brief,
                                     struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(DECISION_ARENA_MOST);
    struct outcome outcomes[SIDES] = {{0}};
    struct gen_node *map, *changes;
    enum gen_status status = arena == NULL ? GEN_ENOMEM : GEN_OK;

    for (size_t i = 0; status == GEN_OK && i < SIDES; i++) {
        status = compare_decide(work, brief, i, arena, &outcomes[i], err);
    }
    if (status == GEN_OK) {
        changes = compare_changes(work, &outcomes[0], &outcomes[1]);
        map = gen_node_push(work->list, gen_node_map(work->session->arena));
        gen_node_set(work->session->arena, map, "brief",
                     gen_node_string(work->session->arena, brief));
        gen_node_set(work->session->arena, map, "changes", changes);
        work->briefs++;
        if (gen_node_count(changes) > 0) {
            work->changed++;
            compare_say(work, brief, changes);
        }
        for (size_t i = 0; outcomes[0].made && outcomes[1].made && i < SIDES; i++) {
            work->totals[i] += outcomes[i].price;
        }
    } else if (status != GEN_ENOMEM) {
        (void)gen_session_fail(work->session, err);
        work->unreadable++;
        status = GEN_OK;
    }
    gen_arena_destroy(arena);
    return status == GEN_OK ? GEN_OK : gen_error_set(err, status, "no memory for a comparison");
}

static void compare_report(struct comparison *work)
{
    struct gen_session *session = work->session;
    struct gen_arena *arena = session->arena;
    struct gen_node *map = gen_node_map(arena);
    char before[GEN_MONEY_TEXT_SIZE], after[GEN_MONEY_TEXT_SIZE];

    gen_session_say(session,
                    "%zu of %zu briefs change; those that both sets take: $%s before, $%s after "
                    "(snapshot: %s)",
                    work->changed, work->briefs, gen_money_text(work->totals[0], 2, before),
                    gen_money_text(work->totals[1], 2, after), work->world.said);
    gen_node_set(arena, map, "before", gen_node_string(arena, work->sides[0].set->version));
    gen_node_set(arena, map, "after", gen_node_string(arena, work->sides[1].set->version));
    gen_node_set(arena, map, "snapshot", gen_node_string(arena, work->world.said));
    gen_node_set(arena, map, "compared", gen_node_int(arena, (int64_t)work->briefs));
    gen_node_set(arena, map, "changed", gen_node_int(arena, (int64_t)work->changed));
    gen_node_set(arena, map, "unreadable", gen_node_int(arena, (int64_t)work->unreadable));
    gen_node_set(arena, map, "costBefore", gen_node_money(arena, work->totals[0]));
    gen_node_set(arena, map, "costAfter", gen_node_money(arena, work->totals[1]));
    gen_node_set(arena, map, "briefs", work->list);
    if (session->options.json) {
        gen_session_print_json(session, map);
    }
}

static int compare_all(struct comparison *work)
{
    struct gen_session *session = work->session;
    const char *folders[] = {session->options.operands[1], session->options.operands[0], NULL};
    struct gen_policy_paths paths = {NULL, 0};
    struct gen_error err = {0};
    enum gen_status status = gen_policy_world_find(session, false, folders, &work->world, &err);

    if (status == GEN_OK) {
        status = gen_policy_files_list(session->options.briefs, true, true, session->arena, &paths,
                                       &err);
    }
    if (status == GEN_OK && paths.count == 0) {
        status = gen_error_set(&err, GEN_EINVAL, "there are no briefs in %s",
                               session->options.briefs);
    }
    for (size_t i = 0; status == GEN_OK && i < paths.count; i++) {
        status = compare_brief(work, paths.items[i], &err);
    }
    if (status != GEN_OK) {
        (void)gen_session_fail(session, &err);
        return GEN_EXIT_USAGE;
    }
    compare_report(work);
    if (work->unreadable > 0) {
        return GEN_EXIT_USAGE;
    }
    return work->changed > 0 ? GEN_EXIT_FAILED : GEN_EXIT_OK;
}

int gen_policy_comparing_run(struct gen_session *session)
{
    struct comparison work = {.session = session, .list = gen_node_list(session->arena)};
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;
    size_t side = 0;
    int code;

    if (session->options.briefs == NULL) {
        (void)gen_error_set(&err, GEN_EINVAL, "gen policy diff needs --briefs DIR: what to decide");
        return gen_session_fail(session, &err);
    }
    for (; status == GEN_OK && side < SIDES; side++) {
        status = gen_policy_origin_load(session, session->options.operands[side], &work.sides[side],
                                        &err);
    }
    if (status == GEN_OK) {
        code = compare_all(&work);
    } else {
        (void)gen_policy_origin_fail(session, &work.sides[side - 1], &err);
        code = GEN_EXIT_USAGE; /* 1 means that decisions change */
    }
    for (size_t i = 0; i < side; i++) {
        gen_policy_origin_fini(&work.sides[i]);
    }
    return code;
}
