/* estimates_api.c - see estimates_api.h. */
#include "service/estimates_api.h"

#include "base/money.h"
#include "engine/engine.h"
#include "service/jobs_api.h"

#include <stdio.h>
#include <string.h>

static enum gen_status estimates_one(struct gen_call *call, const struct gen_node *brief,
                                     struct gen_node **out, struct gen_error *err)
{
    struct gen_request request = {.organization = call->principal.organization,
                                  .user = call->principal.user,
                                  .principal = &call->principal,
                                  .brief = brief};
    enum gen_status status = gen_engine_estimate(call->service->engine, &request, call->arena, out,
                                                 err);

    if (status != GEN_OK) {
        gen_jobs_place(brief, err);
    }
    return status;
}

/* --------------------------------------------------------------------------------- together -- */

static gen_micros estimates_amount(const struct gen_node *map, const char *key)
{
    gen_micros amount = 0;

    return gen_node_type_of(gen_node_get(map, key)) > GEN_NODE_NULL &&
                   gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK
               ? amount
               : 0;
}

struct estimates_limit { /* what the briefs together would take of a limit */
    struct estimates_limit *next;
    const struct gen_node *limit; /* as the first of them has it */
    gen_micros needs;
};

static struct estimates_limit *estimates_find(struct estimates_limit *first,
                                              const struct gen_node *limit)
{
    static const char *const keys[] = {"name", "scope", "of", "budgetId", "period", NULL};

    for (struct estimates_limit *item = first; item != NULL; item = item->next) {
        bool same = true;

        for (size_t i = 0; keys[i] != NULL && same; i++) {
            same = strcmp(gen_node_text(gen_node_get(item->limit, keys[i]), ""),
                          gen_node_text(gen_node_get(limit, keys[i]), "")) == 0;
        }
        if (same) {
            return item;
        }
    }
    return NULL;
}

/* A limit on each job is another for each brief, and told there. */
static bool estimates_take(struct gen_arena *arena, const struct gen_node *estimate,
                           struct estimates_limit **first)
{
    for (const struct gen_node *limit = gen_node_first(gen_node_get(estimate, "limits"));
         limit != NULL; limit = limit->next) {
        struct estimates_limit *sum = estimates_find(*first, limit);

        if (strcmp(gen_node_text(gen_node_get(limit, "scope"), ""), "job") == 0) {
            continue;
        }
        if (sum == NULL && (sum = gen_arena_alloc(arena, sizeof *sum)) != NULL) {
            *sum = (struct estimates_limit){.next = *first, .limit = limit};
            *first = sum;
        }
        if (sum == NULL ||
            !gen_money_add(&sum->needs, sum->needs, estimates_amount(limit, "needs"))) {
            return sum == NULL; /* the arena remembers */
        }
    }
    return true;
}

/* Does everything fit? */
static bool estimates_limits(struct gen_arena *arena, const struct estimates_limit *first,
                             struct gen_node *list)
{
    static const char *const keys[] = {"name", "budgetId", "scope", "of", "period",
                                       "hard", "soft",     "left",  NULL};
    bool all = true;

    for (const struct estimates_limit *item = first; item != NULL; item = item->next) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));
        bool hard = gen_node_type_of(gen_node_get(item->limit, "hard")) > GEN_NODE_NULL;
        bool fits = !hard || item->needs <= estimates_amount(item->limit, "left");

        for (size_t i = 0; keys[i] != NULL; i++) {
            gen_node_set(arena, map, keys[i],
                         gen_node_copy(arena, gen_node_get(item->limit, keys[i])));
        }
        gen_node_set(arena, map, "needs", gen_node_money(arena, item->needs));
        gen_node_set(arena, map, "fits", gen_node_bool(arena, fits));
        all = all && fits;
    }
    return all;
}

static enum gen_status estimates_sum(struct gen_arena *arena, const struct gen_node *estimates,
                                     struct gen_node *page, struct gen_error *err)
{
    static const char *const keys[] = {"costEstimate", "costMost", "costHeld", NULL};
    struct gen_node *list = gen_node_list(arena);
    struct estimates_limit *limits = NULL;
    gen_micros sums[GEN_COUNT(keys)] = {0};
    bool affordable = true, fits = true;

    for (const struct gen_node *item = gen_node_first(estimates); item != NULL; item = item->next) {
        affordable = affordable && gen_node_truth(gen_node_get(item, "affordable"), false);
        for (size_t i = 0; keys[i] != NULL; i++) {
            fits = fits && gen_money_add(&sums[i], sums[i], estimates_amount(item, keys[i]));
        }
        fits = fits && estimates_take(arena, item, &limits);
    }
    if (!fits) {
        return gen_error_set(err, GEN_EOVERFLOW, "the sum of the estimates does not fit");
    }
    affordable = estimates_limits(arena, limits, list) && affordable;
    gen_node_set(arena, page, "affordable", gen_node_bool(arena, affordable));
    for (size_t i = 0; keys[i] != NULL; i++) {
        gen_node_set(arena, page, keys[i], gen_node_money(arena, sums[i]));
    }
    gen_node_set(arena, page, "limits", list);
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

static enum gen_status estimates_refuse(const struct gen_node *at, const char *key,
                                        const char *message, struct gen_error *err)
{
    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, at->line, at->column, key);
    return GEN_EINVAL;
}

static enum gen_status estimates_check(const struct gen_node *body, const struct gen_node *briefs,
                                       struct gen_error *err)
{
    for (const struct gen_node *item = gen_node_first(body); item != NULL; item = item->next) {
        if (item != briefs) {
            return estimates_refuse(item, item->key, "is not known beside `briefs`", err);
        }
    }
    if (gen_node_type_of(briefs) != GEN_NODE_LIST || gen_node_count(briefs) == 0) {
        return estimates_refuse(briefs, "briefs", "must be a list of at least one brief", err);
    }
    if (gen_node_count(briefs) > GEN_ESTIMATES_MOST) {
        return estimates_refuse(briefs, "briefs", "are more than 50; ask in several requests", err);
    }
    return GEN_OK;
}

/* Each as if it came alone, and what they would take together. */
static enum gen_status estimates_several(struct gen_call *call, const struct gen_node *body,
                                         const struct gen_node *briefs, struct gen_node **out,
                                         struct gen_error *err)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *page = gen_node_map(arena), *list = gen_node_list(arena);
    enum gen_status status = estimates_check(body, briefs, err);
    size_t i = 0;

    for (const struct gen_node *brief = gen_node_first(briefs); brief != NULL && status == GEN_OK;
         brief = brief->next, i++) {
        struct gen_node *estimate = NULL;
        char path[sizeof err->path];

        status = estimates_one(call, brief, &estimate, err);
        if (status == GEN_OK) {
            gen_node_push(list, estimate);
        } else {
            (void)snprintf(path, sizeof path, "briefs[%zu]%s%.160s", i,
                           err->path[0] == '\0' ? "" : ".", err->path);
            memcpy(err->path, path, sizeof path);
        }
    }
    if (status == GEN_OK) {
        status = estimates_sum(arena, list, page, err);
    }
    gen_node_set(arena, page, "estimates", list);
    *out = page;
    return status;
}

void gen_estimates_make(struct gen_call *call)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    const struct gen_node *body = NULL, *briefs;
    struct gen_node *document = NULL;
    struct gen_error err = {0};
    size_t size;
    const char *text = gen_exchange_body(call->exchange, &size);
    enum gen_status status = gen_jobs_read(gen_exchange_header(call->exchange, "Content-Type"),
                                           text, size, call->arena, &body, digest, &err);

    if (status == GEN_OK) {
        briefs = gen_node_get(body, "briefs");
        status = briefs == NULL ? estimates_one(call, body, &document, &err)
                                : estimates_several(call, body, briefs, &document, &err);
    }
    if (status == GEN_OK) {
        gen_call_reply(call, 200, document);
    } else {
        gen_call_fail_as(call, status == GEN_ENOTFOUND ? 422 : 0, &err);
    }
}
