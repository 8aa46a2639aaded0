/* concession.c - see concession.h. */
#include "decide/concession.h"

#include "decide/demand.h"

static void concession_facts(struct gen_portrait *portrait, const struct gen_concession_case *it,
                             struct gen_value *facts)
{
    const char *model = gen_arena_printf(portrait->arena, "%s/%s", it->provider, it->model);

    facts[GEN_FACT_FAILURE_KIND] = gen_value_text(gen_failure_word(it->failure));
    facts[GEN_FACT_FAILURE_PROVIDER] = gen_value_text(it->provider);
    facts[GEN_FACT_FAILURE_MODEL] = gen_value_text(model == NULL ? "" : model);
    facts[GEN_FACT_FAILURE_ATTEMPTS] = gen_value_int(it->attempts);
    facts[GEN_FACT_FAILURE_ON_PROVIDER] = gen_value_int(it->on_provider);
    facts[GEN_FACT_FAILURE_JOB_RETRIES] = gen_value_int(it->job_retries);
    facts[GEN_FACT_FAILURE_BILLED] = gen_value_bool(it->billed);
    facts[GEN_FACT_FAILURE_PRICE] =
        gen_value_double((double)it->price / (double)GEN_MICROS_PER_DOLLAR);
    facts[GEN_FACT_FAILURE_JOB_AGE] = gen_value_double((double)it->job_age_ms / 1000.0);
}

static void concession_rows(struct gen_portrait *portrait, struct gen_concessions *out)
{
    const struct gen_records *rows = &portrait->question->policy->retry->concessions;
    const struct gen_retry_concession *all = rows->items;

    for (size_t i = 0; i < rows->count; i++) {
        bool holds = false;

        if (!gen_portrait_truth(portrait, &all[i].when, &holds, &out->fault) || !holds) {
            continue;
        }
        for (size_t k = 0; k < all[i].allow.count; k++) {
            out->allowed |= 1u << gen_choice_value(gen_concession_choices, all[i].allow.items[k]);
        }
        out->rule = all[i].named.name;
    }
}

enum gen_status gen_concession_decide(const struct gen_question *question,
                                      const struct gen_concession_case *it, struct gen_arena *arena,
                                      struct gen_concessions *out, struct gen_error *err)
{
    struct gen_value facts[GEN_FACT_FAILURE_SIZE];
    const struct gen_record_value failure = {.shape = &gen_facts_failure, .fields = facts};
    struct gen_concessions found = {0};
    struct gen_portrait portrait;
    struct gen_demand demand;
    enum gen_status status = gen_portrait_init(&portrait, question, arena, err);

    if (status == GEN_OK) {
        concession_facts(&portrait, it, facts);
        gen_demand_measure(&portrait, &demand);
        portrait.facts->values[GEN_FACT_FAILURE] = gen_value_record(&failure);
        concession_rows(&portrait, &found);
        if (gen_arena_failed(arena) || portrait.starved) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    if (status == GEN_OK) {
        *out = found;
    }
    gen_portrait_fini(&portrait);
    return status;
}
