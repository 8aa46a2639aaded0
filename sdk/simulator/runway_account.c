/* runway_account.c - what Runway tells of an organization: credits, limits, what was spent when. */
#include "simulator/runway.h"

#include <string.h>

enum { RUNWAY_USAGE_DAYS = 90 };

static struct gen_node *runway_limit(struct gen_arena *arena, int32_t limit)
{
    return limit > 0 ? gen_node_int(arena, limit) : gen_node_null(arena);
}

void runway_organization(struct sim_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *tier, *tiers, *usage, *used;

    gen_node_set(arena, map, "creditBalance",
                 gen_node_money(arena, sim_account_balance(call->world, call->account) * 100));
    tier = gen_node_set(arena, map, "tier", gen_node_map(arena));
    gen_node_set(arena, tier, "maxMonthlyCreditSpend", gen_node_int(arena, 200000));
    tiers = gen_node_set(arena, tier, "models", gen_node_map(arena));
    usage = gen_node_set(arena, map, "usage", gen_node_map(arena));
    used = gen_node_set(arena, usage, "models", gen_node_map(arena));
    for (size_t i = 0; runway_model_at(i) != NULL; i++) {
        const char *name = runway_model_at(i)->name;
        struct gen_node *limits = gen_node_set(arena, tiers, name, gen_node_map(arena));
        struct gen_node *today = gen_node_set(arena, used, name, gen_node_map(arena));

        gen_node_set(arena, limits, "maxConcurrentGenerations",
                     runway_limit(arena, call->account->concurrency));
        gen_node_set(arena, limits, "maxDailyGenerations",
                     runway_limit(arena, call->account->daily));
        gen_node_set(arena, today, "dailyGenerations",
                     gen_node_int(arena, sim_account_since(call->world, call->account, name,
                                                           call->now - RUNWAY_DAY_MS)));
    }
    sim_answer_json(call, 200, map);
}

static const char *runway_date_wrong(struct sim_call *call, const struct gen_node *value)
{
    gen_moment moment;
    struct gen_error ignored;

    (void)call;
    return gen_moment_parse(value->text, value->size, &moment, &ignored) == GEN_OK
               ? NULL
               : "Invalid date: expected ISO 8601";
}

static gen_moment runway_date(const struct gen_node *body, const char *key, gen_moment fallback)
{
    const char *text = gen_node_text(gen_node_get(body, key), NULL);
    gen_moment moment = fallback;
    struct gen_error ignored;

    if (text != NULL && gen_moment_parse(text, strlen(text), &moment, &ignored) != GEN_OK) {
        return fallback;
    }
    return moment;
}

static void runway_usage_day(struct sim_call *call, struct gen_node *results, gen_moment day)
{
    struct gen_arena *arena = call->arena;
    char text[GEN_MOMENT_TEXT_SIZE];
    struct gen_node *result = gen_node_push(results, gen_node_map(arena));
    struct gen_node *credits;

    gen_node_set(arena, result, "date",
                 gen_node_string_sized(arena, gen_moment_text(day, text), 10));
    credits = gen_node_set(arena, result, "usedCredits", gen_node_list(arena));
    for (size_t i = 0; runway_model_at(i) != NULL; i++) {
        gen_micros spent = sim_account_billed(call->world, call->account, runway_model_at(i)->name,
                                              day, day + RUNWAY_DAY_MS);
        struct gen_node *one = spent == 0 ? NULL : gen_node_push(credits, gen_node_map(arena));

        if (one != NULL) {
            gen_node_set(arena, one, "amount", gen_node_money(arena, spent * 100));
            gen_node_set(arena, one, "model", gen_node_string(arena, runway_model_at(i)->name));
        }
    }
}

void runway_usage(struct sim_call *call)
{
    static const struct sim_field fields[] = {
        {.key = "startDate", .type = SIM_TEXT, .check = runway_date_wrong},
        {.key = "beforeDate", .type = SIM_TEXT, .check = runway_date_wrong},
        {.key = NULL},
    };
    const struct gen_node *body = runway_body(call);
    struct gen_arena *arena = call->arena;
    struct sim_complaints complaints;
    struct gen_node *map, *models, *results;
    gen_moment from, to;

    if (body == NULL) {
        return;
    }
    if (!sim_form_check(call, fields, body, &complaints)) {
        runway_refuse_body(call, &complaints);
        return;
    }
    to = runway_date(body, "beforeDate", call->now / RUNWAY_DAY_MS * RUNWAY_DAY_MS + RUNWAY_DAY_MS);
    from = runway_date(body, "startDate", to - INT64_C(30) * RUNWAY_DAY_MS);
    if (to <= from || to - from > (int64_t)RUNWAY_USAGE_DAYS * RUNWAY_DAY_MS) {
        sim_form_complain(call, &complaints, SIM_WRONG_FORM, "beforeDate",
                          "beforeDate must be after startDate, by at most 90 days");
        runway_refuse_body(call, &complaints);
        return;
    }
    map = gen_node_map(arena);
    models = gen_node_set(arena, map, "models", gen_node_list(arena));
    for (size_t i = 0; runway_model_at(i) != NULL; i++) {
        gen_node_push(models, gen_node_string(arena, runway_model_at(i)->name));
    }
    results = gen_node_set(arena, map, "results", gen_node_list(arena));
    for (gen_moment day = from / RUNWAY_DAY_MS * RUNWAY_DAY_MS; day < to; day += RUNWAY_DAY_MS) {
        runway_usage_day(call, results, day);
    }
    sim_answer_json(call, 200, map);
}
