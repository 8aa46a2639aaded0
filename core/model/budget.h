/* budget.h - what may be spent, by whom, in which time: the noun, its scopes and periods, and the
 * limits that one hold must fit.
 *
 * A budget is set through the API and lives in the store; budget.yaml has limits of its own
 * (policy/budget_policy.h). Both become struct gen_limit: a key (whose money), an interval, an amount.
 * It is not the ledger (model/ledger.h), knows no clock and adds nothing up.
 *
 * Invariant: a budget that gen_budget_read gave has at least one of `hard` and `soft`, soft <= hard
 * where both are, alerts in rising order, and `of` unless its scope is the organization.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/decide/budget_test.c
 */
#ifndef GEN_MODEL_BUDGET_H
#define GEN_MODEL_BUDGET_H

#include "base/field.h"
#include "base/ident.h"
#include "model/ledger.h"

enum gen_scope {
    GEN_SCOPE_ORGANIZATION = 1,
    GEN_SCOPE_TEAM,
    GEN_SCOPE_PROJECT,
    GEN_SCOPE_USER,
    GEN_SCOPE_JOB,
    GEN_SCOPE_PROVIDER, /* what an organization buys there */
};
enum gen_period {
    GEN_PERIOD_DAY = 1,
    GEN_PERIOD_WEEK,
    GEN_PERIOD_MONTH,
    GEN_PERIOD_QUARTER,
    GEN_PERIOD_YEAR,
    GEN_PERIOD_ALWAYS,
};
extern const struct gen_choice gen_scope_choices[], gen_period_choices[];

const char *gen_scope_word(enum gen_scope scope);    /* "" outside the set */
enum gen_scope gen_scope_of(const char *word);       /* 0 when unknown */
const char *gen_period_word(enum gen_period period); /* "" outside the set */
enum gen_period gen_period_of(const char *word);     /* 0 when unknown */

#define GEN_BUDGET_MOST INT64_C(1000000000000000) /* a billion dollars */
#define GEN_MOMENT_NEVER INT64_MAX                /* where a period has no end */

struct gen_budget { /* texts: "" = none, never NULL; whoever made it says where they live */
    struct gen_ident id;
    const char *organization;
    enum gen_scope scope;
    const char *of; /* id within the organization; of scope organization the organization itself */
    enum gen_period period;
    gen_micros hard, soft;     /* 0 = none */
    bool frozen;               /* hard is 0 and meant: nothing may be spent */
    struct gen_numbers alerts; /* shares of hard (of soft where that is all), rising */
    bool rollover;             /* what the period before left of `hard` is added, once */
    double throttle_from;      /* share of hard at which ... ; 0 = never */
    int64_t throttle_parallel; /* ... only so many generations run at once */
    const char *note;          /* for people */
    int64_t version;           /* 1, 2, ...: each change counts; the ETag */
    const char *created_by;
    gen_moment created_at, updated_at;
    gen_moment ended_at; /* 0 = in force */
};

/* From the body of a request; `hard` 0 is a limit of nothing, null (or left out) none: {scope, of,
 * period, hard, soft, alerts, rollover, throttleFrom, throttleParallel, note, currency}. id,
 * organization, version, who and when are left empty. Texts in `arena`. GEN_EINVAL (negative, above
 * a billion, finer than a micro-dollar, a currency that is not USD, a misspelt key, ...; with its
 * path), GEN_EOVERFLOW, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_budget_read(const struct gen_node *node, struct gen_arena *arena,
                                               struct gen_budget *out, struct gen_error *err);
/* The document that the API shows: {budgetId, scope, of, period, hard, soft, ..., version,
 * createdAt, ...}; absent amounts are null. */
struct gen_node *gen_budget_write(const struct gen_budget *budget, struct gen_arena *arena);
/* A deep copy; NULL members become "". False: no memory. */
bool gen_budget_copy(const struct gen_budget *budget, struct gen_arena *arena,
                     struct gen_budget *out);

/* ---- limits */

/* Whose money is added up: "organization:o", "team:o|t", "project:o|p", "user:o|u",
 * "provider:o|runway", "job:gen_...": a bar is in no name of an organization, and ends it. In
 * `arena`; NULL: no memory. */
const char *gen_budget_key(enum gen_scope scope, const char *organization, const char *of,
                           struct gen_arena *arena);

/* One limit with one of its intervals. What counts is money first held in [begins, ends). Borrowed
 * texts. */
struct gen_limit {
    const char *name; /* for people: "organization a month", or the note of a budget */
    const char *id;   /* "bud_...", "" = of budget.yaml */
    enum gen_scope scope;
    enum gen_period period;
    const char *organization, *of; /* of: "" = the organization itself */
    const char *key;               /* gen_budget_key */
    gen_moment begins, ends;       /* ends: GEN_MOMENT_NEVER */
    gen_micros hard;               /* 0 = none: it is only watched, unless ... */
    bool frozen;                   /* ... that is meant: nothing may be spent */
    gen_micros soft;               /* 0 = none */
    bool rollover;
    gen_moment before; /* rollover: when the interval before began; it ended at `begins` */
    struct gen_numbers alerts;
    double throttle_from;
    int64_t throttle_parallel;
};

/* Is there anything that a hold has to fit? */
bool gen_limit_capped(const struct gen_limit *limit);
/* "team t": whose it is, for people. Returns `out`. */
const char *gen_limit_whose(const struct gen_limit *limit, char *out, size_t size);

/* GEN_EBUDGET, at "budget": `amount` does not fit what the limit allows (`room`, with what rolled over)
 * beside what is used. Names the limit, what is spent, held (`by`: " (by ...)" or ""), unverified, left
 * and missing, since when it counts and when it begins anew. */
enum gen_status gen_limit_refuse(const struct gen_limit *limit, gen_micros amount, gen_micros room,
                                 const struct gen_balance *used, const char *by,
                                 struct gen_error *err);

#endif
