/* checkup.c - see checkup.h. A check is the verb's steps, one after the other, within a minute. */
#include "engine/checkup.h"

#include "base/alloc.h"
#include "base/map.h"
#include "engine/readiness.h"
#include "engine/rules.h"
#include "model/principal.h"

#include <stdio.h>
#include <string.h>

enum {
    CHECKUP_MOST = 1000,
    CHECKUP_FIRST_MS = 30 * 1000,
    CHECKUP_PATIENCE_MS = 60 * 1000,
    CHECKUP_STEPS_MOST = 20,
    CHECKUP_TIMEOUT_MS = 30 * 1000,
};

#define CHECKUP_MEMORY ((size_t)16 << 20)

struct check {              /* of one provider */
    struct check *next;     /* of those that somebody asked for */
    gen_checkup_done *done; /* NULL: one of the usual ones */
    void *context;
    struct gen_keyring_owner owner; /* its texts are ours where `done` is not NULL */
    struct gen_checkup *checkup;
    const struct gen_hosted *hosted;
    struct gen_setup *worn; /* that what is known of its health was heard with; NULL = nothing is */
    struct gen_timer *timer; /* of the next check, or of a step that waits */
    /* While one is under way. */
    bool under_way;
    int64_t began_ms;
    int steps;
    struct gen_shot shot; /* for the verb's state alone */
    char *state;
    struct gen_arena *exchange;
    struct gen_setup *setup;
    struct gen_step step;
    struct gen_errand *errand;
};

struct gen_checkup {
    struct gen_checkup_options options;
    struct gen_errand_world errands;
    struct gen_map *checks; /* provider -> struct check */
    struct check *asked;    /* those that somebody asked for */
};

static void check_ask(struct check *check, const struct gen_reply *reply);
static void check_begin(void *context);

static const char *check_provider(const struct check *check)
{
    return gen_hosted_id(check->hosted);
}

static gen_moment check_now(const struct check *check)
{
    return gen_clock_now(check->checkup->options.engine->clock);
}

/* A number of ms around `ms`, so that providers are not asked in step. */
static int64_t check_jitter(const struct check *check, int64_t ms)
{
    uint32_t draw = 0;

    gen_random_fill(check->checkup->options.engine->random, (uint8_t *)&draw, sizeof draw);
    return ms - ms / 10 + (int64_t)(draw % 1024) * (ms / 5) / 1024;
}

static void check_sleep(struct check *check, int64_t ms)
{
    gen_timer_cancel(&check->timer);
    if (check->checkup->options.every_ms > 0) {
        /* Without memory for a timer it is not asked any more, and says so by its last check. */
        check->timer = gen_timer_start(check->checkup->options.engine->loop, ms, check_begin,
                                       check);
    }
}

static void check_drop(struct check *check)
{
    gen_errand_stop(&check->errand);
    gen_arena_destroy(check->exchange);
    check->exchange = NULL;
    gen_hosted_leave(&check->setup);
    gen_free(check->state);
    check->state = NULL;
}

static void check_free(struct check *check)
{
    gen_timer_cancel(&check->timer);
    check_drop(check);
    gen_hosted_leave(&check->worn);
    if (check->done != NULL) {
        gen_free((void *)(uintptr_t)check->owner.organization);
        gen_free((void *)(uintptr_t)check->owner.team);
    }
    gen_free(check);
}

/* Was it asked for? Then whoever did is told, and the check is gone. */
static bool check_tell(struct check *check, bool well, const char *words)
{
    struct gen_checkup_verdict verdict = {.well = well};
    struct check **at = &check->checkup->asked;
    gen_checkup_done *done = check->done;
    void *context = check->context;
    char copy[GEN_ERROR_MESSAGE_SIZE];

    if (done == NULL) {
        return false;
    }
    (void)snprintf(copy, sizeof copy, "%s", words);
    verdict.words = copy;
    verdict.took_ms = gen_clock_monotonic(check->checkup->options.engine->clock) - check->began_ms;
    while (*at != check) {
        at = &(*at)->next;
    }
    *at = check->next;
    check_free(check);
    done(context, &verdict);
    return true;
}

static void check_end(struct check *check, const char *note)
{
    if (check_tell(check, false, note[0] != '\0' ? note : "it could not be asked")) {
        return;
    }
    gen_vitals_checked(check->checkup->options.vitals, check_provider(check), check_now(check),
                       note);
    check->under_way = false;
    check_drop(check);
    check_sleep(check, check_jitter(check, check->checkup->options.every_ms));
}

/* ----------------------------------------------------------------------------------- outcomes -- */

static void check_bad(struct check *check, const char *reason)
{
    if (check_tell(check, false, reason)) {
        return;
    }
    gen_vitals_bad(check->checkup->options.vitals, check_provider(check), check_now(check), reason);
    check_end(check, "");
}

static void check_failed(struct check *check)
{
    enum gen_failure kind = check->step.as.fail.kind;
    const char *message = check->step.as.fail.message;

    if (check_tell(check, false,
                   kind == GEN_FAILURE_RATE_LIMITED ? "it was asked too fast; try again later"
                                                    : message)) {
        return;
    }
    if (kind == GEN_FAILURE_AUTH || kind == GEN_FAILURE_QUOTA) {
        gen_vitals_blocked(check->checkup->options.vitals, check_provider(check), check_now(check),
                           message);
        check_end(check, "");
    } else if (kind == GEN_FAILURE_RATE_LIMITED) {
        check_end(check, "asked too fast"); /* which says that it is there */
    } else {
        check_bad(check, message);
    }
}

static void check_on_reply(void *context, const struct gen_reply *reply)
{
    struct check *check = context;

    check->errand = NULL;
    check_ask(check, reply);
}

static void check_on_failed(void *context, const struct gen_errand_failure *failure)
{
    struct check *check = context;

    check->errand = NULL;
    if (failure->auth) {
        check_end(check, check->done != NULL ? failure->reason : ""); /* readiness says it better */
    } else {
        check_bad(check, failure->reason);
    }
}

/* -------------------------------------------------------------------------------------- steps -- */

static enum gen_status check_send(struct check *check, struct gen_error *err)
{
    const struct gen_engine_options *engine = check->checkup->options.engine;
    const char *name = check->step.as.http.credential, *part;
    struct gen_errand_spec spec = {.step = &check->step,
                                   .loopback_http = gen_hosted_loopback_http(check->hosted),
                                   .order = {.provider = check_provider(check)},
                                   .label = "health",
                                   .on_reply = check_on_reply,
                                   .on_failed = check_on_failed,
                                   .context = check};

    spec.order.loopback_http = spec.loopback_http;
    spec.order.owner = check->owner;
    if (name[0] != '\0') {
        spec.order.credential = gen_hosted_credential_in(check->setup, name);
    }
    for (size_t i = 0; spec.order.credential != NULL &&
                       (part = gen_signer_part(spec.order.credential->signing, i)) != NULL;
         i++) {
        spec.order.secrets[i] = gen_rules_secret(engine, check_provider(check), name, part,
                                                 check->exchange);
    }
    if (check->step.as.http.asset >= 0 || check->step.as.http.part_count > 0 ||
        check->step.as.http.pieces != NULL || (name[0] != '\0' && spec.order.credential == NULL)) {
        return gen_error_set(err, GEN_ECORRUPT, "a check of health has no assets to send");
    }
    if (check->step.as.http.timeout_ms == 0) {
        check->step.as.http.timeout_ms = CHECKUP_TIMEOUT_MS;
    }
    return gen_arena_failed(check->exchange)
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : gen_errand_start(&check->checkup->errands, &spec, &check->errand, err);
}

static void check_on_wait(void *context)
{
    struct check *check = context;

    check->timer = NULL;
    check_ask(check, NULL);
}

static void check_wait(struct check *check)
{
    const struct gen_engine_options *engine = check->checkup->options.engine;

    if (gen_clock_monotonic(engine->clock) - check->began_ms + check->step.wait_ms >
        CHECKUP_PATIENCE_MS) {
        check_bad(check, "it did not say within a minute how it is");
        return;
    }
    check->timer = gen_timer_start(engine->loop, check->step.wait_ms, check_on_wait, check);
    if (check->timer == NULL) {
        check_end(check, "");
    }
}

static void check_step(struct check *check)
{
    struct gen_error err = {0};
    int64_t took = gen_clock_monotonic(check->checkup->options.engine->clock) - check->began_ms;

    switch (check->step.type) {
    case GEN_STEP_IS_HTTP:
        if (check_send(check, &err) != GEN_OK) {
            check_bad(check, err.message);
        }
        break;
    case GEN_STEP_IS_WAIT:
        check_wait(check);
        break;
    case GEN_STEP_IS_DONE:
        if (check_tell(check, true, check->step.note)) {
            return;
        }
        gen_vitals_good(check->checkup->options.vitals, check_provider(check), check_now(check),
                        took);
        check_end(check, check->step.note);
        break;
    case GEN_STEP_IS_FAIL:
        check_failed(check);
        break;
    case GEN_STEP_IS_RUN: /* the host lets none through */
    default:
        check_end(check, "");
        break;
    }
}

/* The next step of the verb; what was there of the one before is gone. */
static void check_ask(struct check *check, const struct gen_reply *reply)
{
    struct gen_arena *exchange = gen_arena_create(CHECKUP_MEMORY);
    struct gen_task task = {.shot = &check->shot, .now = check_now(check)};
    struct gen_setup *setup = gen_hosted_hold(check->hosted);
    struct gen_step step = {0};
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    gen_error_set(&err, GEN_ENOMEM, "out of memory");
    if (exchange != NULL && check->steps++ < CHECKUP_STEPS_MOST) {
        status = gen_hosted_step(check->hosted, GEN_VERB_HEALTH, &task, reply, exchange, &step,
                                 &err);
    } else if (exchange != NULL) {
        status = gen_error_set(&err, GEN_ECORRUPT, "a check of health takes too many steps");
    }
    if (status == GEN_OK && step.state != NULL) {
        char *state = gen_strdup(step.state);

        gen_free(check->state);
        check->state = state;
        check->shot.attempt.step_state = state != NULL ? state : "";
    }
    gen_arena_destroy(check->exchange);
    gen_hosted_leave(&check->setup);
    check->exchange = exchange;
    check->setup = setup;
    check->step = step;
    if (status != GEN_OK) { /* the plugin's mistake, or ours: nothing of the provider */
        gen_log_error(check->checkup->options.engine->log, GEN_LEVEL_WARN, "checkup", &err);
        check_end(check, err.message);
        return;
    }
    check_step(check);
}

static void check_start(struct check *check)
{
    check->under_way = true;
    check->began_ms = gen_clock_monotonic(check->checkup->options.engine->clock);
    check->steps = 0;
    check->shot.attempt.step_state = "";
    check_ask(check, NULL);
}

static void check_on_try(void *context)
{
    struct check *check = context;

    check->timer = NULL;
    check_start(check);
}

static void check_begin(void *context)
{
    struct check *check = context;
    const struct gen_engine_options *engine = check->checkup->options.engine;
    struct gen_arena *arena = gen_arena_create(0);
    bool ready = arena != NULL && gen_hosted_can(check->hosted, GEN_VERB_HEALTH) &&
                 gen_readiness_trouble(engine, check->hosted, &check->owner, arena) == NULL;

    gen_arena_destroy(arena);
    check->timer = NULL;
    if (!ready) {
        check_sleep(check, check_jitter(check, check->checkup->options.every_ms));
        return;
    }
    check_start(check);
}

/* ------------------------------------------------------------------------------------ outside -- */

enum gen_status gen_checkup_try(struct gen_checkup *checkup, const struct gen_hosted *hosted,
                                const struct gen_keyring_owner *owner, gen_checkup_done *done,
                                void *context, struct gen_error *err)
{
    const struct gen_engine_options *engine = checkup->options.engine;
    struct gen_arena *arena = gen_arena_create(0);
    struct check *check = gen_alloc(sizeof *check);
    const char *trouble = NULL;
    enum gen_status status = GEN_OK;

    if (arena == NULL || check == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    } else if (!gen_hosted_can(hosted, GEN_VERB_HEALTH)) {
        status = gen_error_set(err, GEN_EUNSUPPORTED,
                               "%s offers no free check, and nothing is generated to test a key",
                               gen_hosted_id(hosted));
    } else if ((trouble = gen_readiness_trouble(engine, hosted, owner, arena)) != NULL) {
        status = gen_error_set(err, GEN_ENOTFOUND, "%.600s", trouble);
    }
    if (status == GEN_OK) {
        *check = (struct check){.checkup = checkup,
                                .hosted = hosted,
                                .done = done,
                                .context = context,
                                .next = checkup->asked};
        check->owner.organization = gen_strdup(owner->organization);
        check->owner.team = gen_strdup(owner->team == NULL ? "" : owner->team);
        check->timer = gen_timer_start(engine->loop, 0, check_on_try, check);
        if (check->owner.organization == NULL || check->owner.team == NULL ||
            check->timer == NULL) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
            check_free(check);
        } else {
            checkup->asked = check;
        }
    } else {
        gen_free(check);
    }
    gen_arena_destroy(arena);
    return status;
}

/* Configured anew it is another one, at another address perhaps: what is known of the one before goes, and so
 * does a check of it. */
static void check_wear(struct check *check)
{
    struct gen_setup *setup = gen_hosted_hold(check->hosted);

    if (check->worn != NULL && check->worn != setup) {
        gen_vitals_renew(check->checkup->options.vitals, check_provider(check));
        check->under_way = false;
        check_drop(check);
    }
    gen_hosted_leave(&check->worn);
    check->worn = setup;
}

void gen_checkup_steer(struct gen_checkup *checkup)
{
    const struct gen_loader *loader = checkup->options.engine->loader;
    int64_t first = checkup->options.first_ms > 0 ? checkup->options.first_ms
                                                  : (int64_t)CHECKUP_FIRST_MS;

    for (size_t i = 0; i < gen_loader_count(loader); i++) {
        const struct gen_hosted *hosted = gen_loader_at(loader, i);
        struct check *check = gen_map_get(checkup->checks, gen_hosted_id(hosted));

        if (check == NULL) {
            check = gen_alloc(sizeof *check);
            if (check == NULL ||
                gen_map_put(checkup->checks, gen_hosted_id(hosted), check, NULL) != GEN_OK) {
                gen_free(check);
                continue;
            }
            check->checkup = checkup;
            check->owner.organization = GEN_PRINCIPAL_HOUSE; /* no tenant's */
        }
        check->hosted = hosted;
        check_wear(check);
        if (!check->under_way) {
            check_sleep(check, check_jitter(check, first < checkup->options.every_ms
                                                       ? first
                                                       : checkup->options.every_ms) /
                                   2);
        }
    }
}

enum gen_status gen_checkup_create(const struct gen_checkup_options *options,
                                   struct gen_checkup **out, struct gen_error *err)
{
    struct gen_checkup *checkup = gen_alloc(sizeof *checkup);

    if (checkup == NULL || (checkup->checks = gen_map_create(CHECKUP_MOST)) == NULL) {
        gen_free(checkup);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    checkup->options = *options;
    checkup->errands = *options->errands;
    checkup->errands.on_news = NULL;
    gen_checkup_steer(checkup);
    *out = checkup;
    return GEN_OK;
}

void gen_checkup_destroy(struct gen_checkup *checkup)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    if (checkup == NULL) {
        return;
    }
    while (gen_map_next(checkup->checks, &cursor, &key, &value)) {
        struct check *check = value;

        check_free(check);
    }
    while (checkup->asked != NULL) {
        (void)check_tell(checkup->asked, false, "the daemon stops");
    }
    gen_map_destroy(checkup->checks);
    gen_free(checkup);
}
