/* cost_reading.h - what an organization's work cost: sums by provider, model, project, team, user, tag, job
 * or day, the single entries of a job, and what was saved.
 *
 * Sums go by the moment of the charge, as invoices do; budgets, which go by the moment at which money was
 * first held, are store/budget_reading.h's. What is held or unverified is so now. Work that was free has no
 * ledger entry; it counts when its clip was there.
 * Invariant: sums are those of ledger entries, never of a counter.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/cost_reading_test.c
 */
#ifndef GEN_STORE_COST_READING_H
#define GEN_STORE_COST_READING_H

#include "store/store.h"

/* name, word of the API, for people */
#define GEN_COSTS_TABLE(ROW) \
    ROW(GEN_COSTS_TOTAL, "total", "everything") \
    ROW(GEN_COSTS_PROVIDER, "provider", "who was paid") \
    ROW(GEN_COSTS_MODEL, "model", "which model rendered") \
    ROW(GEN_COSTS_PROJECT, "project", "for which project") \
    ROW(GEN_COSTS_TEAM, "team", "on which team it was booked") \
    ROW(GEN_COSTS_USER, "user", "who asked for it") \
    ROW(GEN_COSTS_TAG, "tag", "a job with several tags counts in each") \
    ROW(GEN_COSTS_JOB, "job", "each job") \
    ROW(GEN_COSTS_DAY, "day", "days of 24 hours from the beginning of the period")

enum gen_costs_by {
    GEN_COSTS_NONE = 0,
#define GEN_COSTS_ENUM(name, word, text) name,
    GEN_COSTS_TABLE(GEN_COSTS_ENUM)
#undef GEN_COSTS_ENUM
};

const char *gen_costs_word(enum gen_costs_by by); /* "" outside the set */
enum gen_costs_by gen_costs_of(const char *word); /* NONE when unknown */

enum { GEN_COSTS_ROWS_MOST = 1000 };

/* Is the entry `e` of the attempt `a` a charge by our own price book: neither the provider nor an invoice has
 * said what it cost? An expression of SQL. */
#define GEN_COST_ESTIMATED \
    "(e.kind = 'charge' AND e.reference = '' AND a.reported < 0 AND NOT EXISTS (SELECT 1 FROM " \
    "invoice_line i WHERE i.attempt = a.id AND i.attempt <> '' AND i.verdict = 'matched' AND " \
    "i.likely = 0))"

struct gen_cost_query { /* texts: NULL or "" = any */
    const char *organization;
    gen_moment from, to; /* [from, to) */
    enum gen_costs_by by;
    const char *provider, *model; /* model: its id alone */
    const char *project, *team, *user, *tag, *job;
    int64_t limit, offset; /* rows; 1 to GEN_COSTS_ROWS_MOST */
};

struct gen_cost_row {
    const char *key; /* "runway", "runway/gen4.5", "proj_1", "0" (a day); "" = none, or the total */
    int64_t jobs, clips, duration_ms;
    gen_micros charged, refunded; /* in the time asked for */
    gen_micros estimated;         /* of what was charged: by GEN_COST_ESTIMATED */
    gen_micros unverified;        /* of what became so in that time, what is so still */
    gen_micros held;              /* now */
    /* Estimate beside actual, of jobs with an estimate: their number, how many of them cost within a tenth
     * of it, and both sums. */
    int64_t judged, within;
    gen_micros estimate, actual;
};

/* Days in their order, everything else the dearest first. One of GEN_COSTS_TOTAL is always a row.
 * GEN_EINVAL: no such grouping. */
GEN_MUST_CHECK enum gen_status gen_read_costs(struct gen_store *store,
                                              const struct gen_cost_query *query,
                                              struct gen_arena *arena, struct gen_cost_row **out,
                                              size_t *count, bool *more, struct gen_error *err);

/* Of pipelines that ended in [from, to): what their outputs would have cost, and what became of that.
 * baseline - actual = arbitrage + batch + off_peak + cache + execution; each may be negative. */
struct gen_savings {
    int64_t outputs;             /* that came to be */
    gen_micros baseline, actual; /* actual: of failed pipelines, too */
    gen_micros arbitrage;        /* another model than that of the baseline */
    gen_micros batch, off_peak, cache;
    gen_micros execution;      /* estimate - actual: retries, failures, bills that differ */
    int64_t named, tier, none; /* outputs by what their baseline is */
};
/* The filters of `query` but for provider, model and job; `by` is not looked at. GEN_EOVERFLOW. */
GEN_MUST_CHECK enum gen_status gen_read_savings(struct gen_store *store,
                                                const struct gen_cost_query *query,
                                                struct gen_savings *out, struct gen_error *err);

struct gen_cost_entry { /* one of the ledger; texts in the arena */
    struct gen_ident id, pipeline, shot, attempt;
    int64_t variation, pipeline_ordinal, shot_ordinal, attempt_ordinal, first_scene, scene_count;
    const char *kind;            /* a word of model/ledger.h */
    gen_micros amount, estimate; /* estimate: of the attempt */
    const char *provider, *model, *basis, *reference;
    gen_moment at;
    bool estimated; /* GEN_COST_ESTIMATED */
};
/* All of a job, in their order. GEN_ENOTFOUND: no such job in the organization. */
GEN_MUST_CHECK enum gen_status gen_read_cost_entries(struct gen_store *store,
                                                     const char *organization, const char *job,
                                                     struct gen_arena *arena,
                                                     struct gen_cost_entry **out, size_t *count,
                                                     struct gen_error *err);

struct gen_cost_baseline { /* of a pipeline */
    struct gen_ident pipeline;
    const char *kind, *model;
    gen_micros amount, price, batch, off_peak, cache;
};
GEN_MUST_CHECK enum gen_status gen_read_cost_baselines(struct gen_store *store, const char *job,
                                                       struct gen_arena *arena,
                                                       struct gen_cost_baseline **out,
                                                       size_t *count, struct gen_error *err);

#endif
