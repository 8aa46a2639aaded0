/* retry.c - see retry.h. */
#include "decide/retry.h"

const struct gen_retry_rules gen_retry_defaults = {
    .most_retries = 3, .most_rebuys = 1, .first_pause_ms = 2000, .most_pause_ms = 60000};

/* Failures that another try can cure. A refusal, a wrong key or an empty account it cannot. */
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

int64_t gen_retry_free_pause(int32_t failures, uint32_t draw)
{
    static const struct gen_retry_rules free_rules = {
        .most_retries = 0, .first_pause_ms = 1000, .most_pause_ms = 60000};
    int64_t ceiling = retry_ceiling(&free_rules, failures < 1 ? 1 : failures);

    return ceiling / 2 + (int64_t)draw % (ceiling / 2 + 1);
}
