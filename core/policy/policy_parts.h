/* policy_parts.h - what a policy set consists of: the kinds of files, a file, the set.
 *
 * It is NOT the loading of them (policy_set.h).
 * Thread: [any]; the formulas of a set belong to one thread at a time. Floor: policy.
 * Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_PARTS_H
#define GEN_POLICY_POLICY_PARTS_H

#include "expr/zone.h"
#include "platform/crypto.h"
#include "policy/access_policy.h"
#include "policy/brand_policy.h"
#include "policy/budget_policy.h"
#include "policy/delivery_policy.h"
#include "policy/policy_facts.h"
#include "policy/policy_problem.h"
#include "policy/price_shelf.h"
#include "policy/provider_policy.h"
#include "policy/quality_policy.h"
#include "policy/retry_policy.h"
#include "policy/routing_policy.h"
#include "policy/schedule_policy.h"

enum {
    GEN_POLICY_MAX_FILE = 1024 * 1024, /* bytes */
    GEN_POLICY_MAX_FILES = 500,
};

/* What there is: one row a kind of file. */
struct gen_policy_kind { /* a table of these ends with name NULL */
    const char *name;    /* "routing.yaml", or a folder: "providers/" */
    const char *word;    /* "routing": of `gen policy schema routing` */
    const struct gen_record *record;
    bool folder; /* any number of files; else one, and it must be there */
    const char *help;
};
extern const struct gen_policy_kind gen_policy_kinds[];
size_t gen_policy_kind_count(void);
/* The kind of "providers/veo.yaml"; NULL when there is none. */
const struct gen_policy_kind *gen_policy_kind_of(const char *file);

struct gen_policy_source { /* one file; borrowed for the call */
    const char *name;      /* in the folder: "providers/veo.yaml" */
    const char *text;
    size_t size;
};

struct gen_policy_file { /* a file of a loaded set */
    const char *name;
    const char *text; /* a copy, for those who show lines of it */
    size_t size;
    const struct gen_policy_kind *kind;
    const struct gen_node *root;
    void *object; /* bound by kind->record; NULL (while it is loaded): it cannot be read as YAML */
};

struct gen_policy_formula_of { /* which file an expression stands in */
    const struct gen_formula *formula;
    const struct gen_policy_file *file;
};

struct gen_policy_set {
    struct gen_arena *arena;             /* owns everything */
    char version[GEN_DIGEST_TEXT_SIZE];  /* over names and bytes of all files */
    const struct gen_policy_file *files; /* sorted by name */
    size_t file_count;
    const struct gen_routing *routing;
    const struct gen_retry_policy *retry;
    const struct gen_budget_policy *budget;
    const struct gen_quality_policy *quality;
    const struct gen_schedule_policy *schedule;
    const struct gen_access_policy *access;
    const struct gen_provider_policy *const *providers; /* sorted by id */
    size_t provider_count;
    const struct gen_delivery_policy *const *deliveries;
    size_t delivery_count;
    const struct gen_brand_profile *const *brands;
    size_t brand_count;
    const struct gen_variable *score_variables; /* of gen_domain_score, with the scores */
    size_t score_count;
    const struct gen_policy_formula_of *formulas; /* sorted by address */
    size_t formula_count;
};

struct gen_policy_terms { /* what loading may need to know; all zero will do */
    gen_moment now;       /* end-of-life dates that have passed get a warning; 0 = none do */
    const struct gen_zones *zones;       /* NULL = names of time zones are not looked up */
    const struct gen_price_shelf *shelf; /* prices in place of those in the files; NULL = none */
};

/* Borrowed; NULL when there is none. */
const struct gen_provider_policy *gen_policy_provider(const struct gen_policy_set *set,
                                                      const char *id);
const struct gen_delivery_policy *gen_policy_delivery(const struct gen_policy_set *set,
                                                      const char *id);
/* GEN_EINVAL at "deliver": one of the names is no delivery spec of the set; and which was meant. */
GEN_MUST_CHECK enum gen_status gen_policy_deliveries_check(const struct gen_policy_set *set,
                                                           const struct gen_texts *names,
                                                           struct gen_error *err);
const struct gen_brand_profile *gen_policy_brand(const struct gen_policy_set *set, const char *id);

#endif
