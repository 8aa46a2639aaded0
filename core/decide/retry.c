/* retry.c - see retry.h. */
#include "decide/retry.h"

#include <string.h>

const struct gen_retry_rules gen_retry_defaults = {
    .most_retries = 3, .most_rebuys = 1, .first_pause_ms = 2000, .most_pause_ms = 60000};

/* Failures that another try at the same provider can cure. A refusal, a wrong key or an empty
 * account it cannot. */
static bool retry_helps(enum gen_failure failure)
{
    switch (failure) {
    case GEN_FAILURE_TRANSIENT:
    case GEN_FAILURE_RATE_LIMITED:
    case GEN_FAILURE_EXPIRED:
    case GEN_FAILURE_PROVIDER:
    case GEN_FAILURE_OUTPUT:
        return true;
    default:
        return false;
    }
}

static int64_t retry_ceiling(const struct gen_retry_rules *rules, int32_t times)
{
    int64_t ceiling = rules->first_pause_ms;

    for (int32_t i = 1; i < times && ceiling < rules->most_pause_ms; i++) {
        ceiling *= 2;
    }
    return ceiling < rules->most_pause_ms ? ceiling : rules->most_pause_ms;
}

struct gen_retry gen_retry_decide(const struct gen_retry_rules *rules, enum gen_failure failure,
                                  int32_t attempts, int64_t retry_after_ms, uint32_t draw)
{
    struct gen_retry retry = {.again = retry_helps(failure) && attempts <= rules->most_retries};

    if (retry.again) {
        retry.pause_ms = (int64_t)draw % (retry_ceiling(rules, attempts) + 1);
        if (retry.pause_ms < retry_after_ms) {
            retry.pause_ms = retry_after_ms;
        }
    }
    return retry;
}

/* -------------------------------------------------------------------------------- retry.yaml -- */

/* Whatever retry.yaml says: a blind repeat could buy twice (see gen_retry_doubt), has no money,
 * or is not wanted any more. */
static bool retry_never(enum gen_failure failure)
{
    return failure == GEN_FAILURE_AMBIGUOUS || failure == GEN_FAILURE_BUDGET ||
           failure == GEN_FAILURE_CANCELED;
}

/* Upper end of the nth pause. */
static int64_t retry_upper(const struct gen_retry_kind *kind, int32_t times)
{
    double upper = (double)kind->first_pause_ms;

    for (int32_t i = 1; i < times && upper < (double)kind->most_pause_ms; i++) {
        upper *= kind->factor > 1.0 ? kind->factor : 1.0;
        if (!(kind->factor > 1.0)) {
            break; /* it never grows */
        }
    }
    return upper < (double)kind->most_pause_ms ? (int64_t)upper : kind->most_pause_ms;
}

static int64_t retry_pause(const struct gen_retry_kind *kind, const struct gen_retry_case *it,
                           uint32_t draw)
{
    int64_t upper = retry_upper(kind, it->attempts), pause = upper;

    if (kind->jitter == GEN_JITTER_FULL) {
        pause = (int64_t)draw % (upper + 1);
    } else if (kind->jitter == GEN_JITTER_HALF) {
        pause = upper / 2 + (int64_t)draw % (upper - upper / 2 + 1);
    }
    return kind->honour_wait && it->wait_ms > pause ? it->wait_ms : pause;
}

/* Money for retries over the estimate of the job. What fits no number is too much. */
static bool retry_affords(const struct gen_retry_job *job, const struct gen_retry_case *it)
{
    gen_micros most, sum;

    if (!(job->cost_share > 0)) {
        return true;
    }
    return gen_money_scale(&most, it->job_estimate, (int64_t)(job->cost_share * 10000.0 + 0.5),
                           10000) &&
           gen_money_add(&sum, it->job_extra, it->price) && sum <= most;
}

static const struct gen_retry_kind *retry_kind(const struct gen_retry_policy *policy,
                                               enum gen_failure failure)
{
    bool known = failure > GEN_FAILURE_NONE && failure <= GEN_FAILURE_OUTPUT;

    return known ? policy->by_failure[failure] : NULL;
}

bool gen_retry_switches(const struct gen_retry_policy *policy, const struct gen_retry_case *it)
{
    const struct gen_retry_kind *kind = retry_kind(policy, it->failure);

    return kind != NULL && kind->retries > 0 && !retry_never(it->failure) &&
           kind->switch_after > 0 && it->on_provider >= kind->switch_after;
}

struct gen_retry_verdict gen_retry_judge(const struct gen_retry_policy *policy,
                                         const struct gen_retry_case *it, uint32_t draw)
{
    const struct gen_retry_kind *kind = retry_kind(policy, it->failure);
    bool elsewhere = it->others && gen_retry_switches(policy, it);
    struct gen_retry_verdict verdict = {0};

    if (kind == NULL || kind->retries == 0 || retry_never(it->failure)) {
        verdict.reason = "another try does not help against this kind of failure";
        verdict.hopeless = true;
    } else if (!elsewhere && !retry_helps(it->failure)) {
        verdict.reason = "only another provider could help, and there is none to take";
        verdict.hopeless = true;
    } else if (it->attempts > kind->retries) {
        verdict.reason = "the retries of the shot are used up";
    } else if (it->billed && it->billed_attempts > kind->rebuys) {
        verdict.reason = "what was billed and is not usable is not bought yet again";
    } else if (it->job_retries >= policy->job.retries) {
        verdict.reason = "the retries of the whole job are used up";
    } else if (policy->job.time_ms > 0 && it->job_age_ms > policy->job.time_ms) {
        verdict.reason = "the time for retries of the job is over";
    } else if (!retry_affords(&policy->job, it)) {
        verdict.reason = "the money for retries of the job is used up";
    }
    if (verdict.reason == NULL) {
        verdict.again = true;
        verdict.elsewhere = elsewhere;
        verdict.pause_ms = elsewhere ? 0 : retry_pause(kind, it, draw);
    }
    return verdict;
}

enum gen_doubt gen_retry_doubt(const struct gen_retry_policy *policy, const char *provider,
                               gen_micros price, gen_micros today)
{
    const struct gen_retry_doubt_of *rows = policy->ambiguous.providers.items;
    gen_micros sum;

    for (size_t i = 0; i < policy->ambiguous.providers.count; i++) {
        if (strcmp(rows[i].named.name, provider) != 0) {
            continue;
        }
        if (rows[i].action != GEN_DOUBT_ACCEPT || price > rows[i].most ||
            !gen_money_add(&sum, today, price) ||
            (rows[i].most_a_day > 0 && sum > rows[i].most_a_day)) {
            return GEN_DOUBT_WAIT;
        }
        return GEN_DOUBT_ACCEPT;
    }
    return policy->ambiguous.action == GEN_DOUBT_ACCEPT ? GEN_DOUBT_ACCEPT : GEN_DOUBT_WAIT;
}

int64_t gen_retry_free_pause(int32_t failures, uint32_t draw)
{
    static const struct gen_retry_rules free_rules = {
        .most_retries = 0, .first_pause_ms = 1000, .most_pause_ms = 60000};
    int64_t ceiling = retry_ceiling(&free_rules, failures < 1 ? 1 : failures);

    return ceiling / 2 + (int64_t)draw % (ceiling / 2 + 1);
}
