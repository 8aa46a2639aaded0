/* webhook_kinds_test.c - nobody has events sent that he may not see, by whatever pattern. */
#include "service/webhook_kinds.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *kinds;
    uint32_t permissions;
    enum gen_status status;
    const char *result; /* a part of it, or of the message */
    const char *never;  /* not in it; NULL */
} cases[] = {
    /* who may see everything has what he wrote */
    {"", GEN_PERMISSIONS_ALL, GEN_OK, "", NULL},
    {"job.* ledger.entry", GEN_PERMISSIONS_ALL, GEN_OK, "job.* ledger.entry", NULL},
    {"*", GEN_PERMISSIONS_ALL, GEN_OK, "*", NULL},
    /* who may not has the kinds that he may see, one by one */
    {"", GEN_MAY_JOBS_READ, GEN_OK, "job.completed", "ledger."},
    {"*", GEN_MAY_JOBS_READ, GEN_OK, "job.failed", "secret."},
    {"job.*", GEN_MAY_JOBS_READ, GEN_OK, "job.*", NULL},
    {"job.* secret.*", GEN_MAY_JOBS_READ, GEN_EDENIED, "secrets:read", NULL},
    {"ledger.entry", GEN_MAY_JOBS_READ, GEN_EDENIED, "ledger.entry", NULL},
    {"ledger.entry", GEN_MAY_JOBS_READ | GEN_MAY_COSTS_READ, GEN_OK, "ledger.entry", NULL},
    {"job.failed", 0, GEN_EDENIED, "job.failed", NULL},
};

Test(webhook_kinds, no_more_than_one_may_see)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_principal principal = {.permissions = cases[i].permissions};
        const char *kinds = cases[i].kinds;
        struct gen_error err = {0};
        enum gen_status status = gen_webhook_kinds_narrow(&principal, arena, &kinds, &err);

        cr_expect(status == cases[i].status, "case %zu: %d %s", i, status, err.message);
        cr_expect(strstr(status == GEN_OK ? kinds : err.message, cases[i].result) != NULL,
                  "case %zu: %s %s", i, kinds, err.message);
        cr_expect(cases[i].never == NULL || strstr(kinds, cases[i].never) == NULL, "case %zu: %s", i,
                  kinds);
        gen_arena_destroy(arena);
    }
}

Test(webhook_kinds, patterns_mean_something)
{
    static const char *const good[] = {"job.completed", "job.*", "*", NULL};
    static const char *const bad[] = {"job.complete", "jobs.*", "", NULL};
    struct gen_arena *arena = gen_arena_create(0);
    const char *out = NULL;

    cr_expect(gen_webhook_kinds_read(&(struct gen_texts){(const char **)good, 3}, arena, &out, NULL) ==
              GEN_OK);
    cr_expect_str_eq(out, "job.completed job.* *");
    for (size_t i = 0; bad[i] != NULL; i++) {
        struct gen_error err = {0};

        cr_expect(gen_webhook_kinds_read(&(struct gen_texts){(const char **)&bad[i], 1}, arena, &out,
                                         &err) == GEN_EINVAL,
                  "%s", bad[i]);
        cr_expect_str_eq(err.path, "events");
    }
    gen_arena_destroy(arena);
}
