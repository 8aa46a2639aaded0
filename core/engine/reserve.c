/* reserve.c - see reserve.h. */
#include "engine/reserve.h"

#include "engine/quotation.h"

#include <string.h>

/* ------------------------------------------------------------------------------- other providers -- */

/* What the part of a contender's plan costs that would stand in for this shot; false: none does. */
static bool reserve_part(const struct gen_contender *contender, const struct gen_shot *shot,
                         struct gen_hold_branch *out)
{
    const struct gen_quoted *plan = contender->quote.plan;
    bool found = false;

    *out = (struct gen_hold_branch){.way = GEN_HOLD_ELSEWHERE};
    if (plan->shot_count == 1 && plan->shots[0].role == shot->role) {
        out->price = contender->quote.price; /* with the ceiling of an unknown price */
        out->most = contender->quote.most;
        return true;
    }
    for (size_t i = 0; i < plan->shot_count; i++) {
        const struct gen_shot *it = &plan->shots[i];

        if (it->role == shot->role && it->first_scene == shot->first_scene) {
            found = gen_money_add(&out->price, out->price, it->price) &&
                    gen_money_add(&out->most, out->most, it->most);
        }
    }
    return found;
}

/* The dearest other provider that could make the shot; false: there is none. */
static bool reserve_elsewhere(const struct gen_decision *decision,
                              const struct gen_pipeline *pipeline, const struct gen_shot *shot,
                              struct gen_hold_branch *out)
{
    bool found = false;

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];

        if (contest->variation != pipeline->variation || shot->role == GEN_SHOT_FINISH ||
            (contest->scene != GEN_ALL_SCENES && contest->scene != shot->first_scene)) {
            continue;
        }
        for (size_t k = 0; k < contest->contender_count; k++) {
            const struct gen_contender *it = &contest->contenders[k];
            struct gen_hold_branch branch;

            if (it->filter == GEN_FILTER_NONE && it->quote.plan != NULL &&
                strcmp(it->model->provider, shot->provider) != 0 &&
                reserve_part(it, shot, &branch) && (!found || branch.most > out->most)) {
                *out = branch;
                found = true;
            }
        }
    }
    return found;
}

/* ------------------------------------------------------------------------------------- the money -- */

static size_t reserve_count(const struct gen_job *job)
{
    size_t count = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        count += job->pipelines[i].shot_count;
    }
    return count;
}

/* Does so much fit the job's budget and every limit that applies to it? */
static enum gen_status reserve_fits(const struct gen_reserve *reserve, gen_micros sum, bool *fits,
                                    struct gen_error *err)
{
    const struct gen_job *job = reserve->job;
    const char *before = NULL;

    *fits = sum <= job->budget;
    for (size_t i = 0; i < job->pipeline_count && *fits; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count && *fits; k++) {
            const char *provider = job->pipelines[i].shots[k].provider;
            struct gen_hold_of of = gen_treasury_of(job, provider, reserve->now);
            struct gen_purse purse;
            enum gen_status status;

            if (before != NULL && strcmp(before, provider) == 0) {
                continue;
            }
            before = provider;
            status = gen_treasury_left(reserve->treasury, &of, reserve->decision->question,
                                       job->arena, &purse, err);
            if (status != GEN_OK) {
                return status;
            }
            *fits = !purse.limited || sum <= purse.left;
        }
    }
    return GEN_OK;
}

/* Their prices, and where else they could be made. */
static void reserve_shots(const struct gen_reserve *reserve, struct gen_hold_shot *shots,
                          struct gen_hold_branch *branches)
{
    const struct gen_job *job = reserve->job;
    size_t n = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++, n++) {
            const struct gen_shot *shot = &job->pipelines[i].shots[k];

            shots[n] = (struct gen_hold_shot){.price = shot->price, .most = shot->most};
            if (reserve_elsewhere(reserve->decision, &job->pipelines[i], shot, &branches[n])) {
                shots[n].branches = &branches[n];
                shots[n].branch_count = 1;
            }
        }
    }
}

static void reserve_add(struct gen_job *job, const struct gen_hold_shot *shots)
{
    size_t n = 0;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            job->pipelines[i].shots[k].attempt.hold += shots[n++].reserve;
        }
    }
}

enum gen_status gen_reserve_make(struct gen_reserve *reserve, struct gen_error *err)
{
    struct gen_job *job = reserve->job;
    size_t count = reserve_count(job);
    struct gen_hold_shot *shots = gen_arena_array(job->arena, count + 1, sizeof *shots);
    struct gen_hold_branch *branches = gen_arena_array(job->arena, count + 1, sizeof *branches);
    gen_micros sum = 0, more = 0;
    bool fits = true;
    enum gen_status status = GEN_OK;

    reserve->made = false;
    reserve->warning = NULL;
    if (shots == NULL || branches == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    reserve_shots(reserve, shots, branches);
    gen_hold_reserve(reserve->decision->question->policy->retry, shots, count);
    for (size_t i = 0; i < count; i++) {
        fits = fits && gen_money_add(&sum, sum, shots[i].most) &&
               gen_money_add(&sum, sum, shots[i].reserve) &&
               gen_money_add(&more, more, shots[i].reserve);
    }
    fits = fits && !reserve->bare;
    if (more > 0 && fits) {
        status = reserve_fits(reserve, sum, &fits, err);
    }
    if (status != GEN_OK || more == 0) {
        return status;
    }
    reserve->made = fits;
    if (fits) {
        reserve_add(job, shots);
    } else {
        reserve->warning =
            "the budget covers the first attempts only: what is billed and turns out not "
            "usable is made again only if money is left then";
    }
    return GEN_OK;
}
