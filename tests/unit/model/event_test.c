/* event_test.c - the words of the log. */
#include "model/event.h"

#include "model/job.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

Test(event, words)
{
    for (int i = GEN_EVENT_JOB_ADMITTED; gen_event_word((enum gen_event_kind)i)[0] != '\0'; i++) {
        enum gen_event_kind kind = (enum gen_event_kind)i;

        cr_assert(eq(int, gen_event_of(gen_event_word(kind)), i));
        cr_assert(strlen(gen_event_meaning(kind)) > 0);
    }
    cr_assert(eq(int, gen_event_of("job.bored"), GEN_EVENT_NONE));
    cr_assert(eq(int, gen_event_of(""), GEN_EVENT_NONE));
    cr_assert(eq(str, (char *)gen_event_word((enum gen_event_kind)999), ""));
}

/* Who is told: by the first word of the kind, or by the whole kind; one that no row speaks for fails. */
Test(event, each_kind_needs_what_its_noun_needs)
{
    static const struct {
        const char *begins;
        enum gen_permission permission;
    } rows[] = {
        {"provider.price_drift", GEN_MAY_COSTS_READ}, /* it tells what was billed */
        {"job.", GEN_MAY_JOBS_READ},
        {"pipeline.", GEN_MAY_JOBS_READ},
        {"attempt.", GEN_MAY_JOBS_READ},
        {"shot.", GEN_MAY_JOBS_READ},
        {"output.", GEN_MAY_JOBS_READ},
        {"daemon.", GEN_MAY_JOBS_READ},
        {"ledger.", GEN_MAY_COSTS_READ},
        {"invoice.", GEN_MAY_COSTS_READ},
        {"budget.", GEN_MAY_BUDGETS_READ},
        {"provider.", GEN_MAY_PROVIDERS_READ},
        {"asset.", GEN_MAY_ASSETS_READ},
        {"policy.", GEN_MAY_POLICIES_READ},
        {"key.", GEN_MAY_KEYS_READ},
        {"secret.", GEN_MAY_SECRETS_READ},
        {"vault.", GEN_MAY_SECRETS_READ},
        {"webhook.", GEN_MAY_WEBHOOKS_READ},
        {"subscriber.", GEN_MAY_WEBHOOKS_READ},
    };
    struct gen_principal who = {.organization = "org_1"};
    int kinds = 0;

    for (int i = GEN_EVENT_NONE + 1; gen_event_word((enum gen_event_kind)i)[0] != '\0'; i++) {
        enum gen_event_kind kind = (enum gen_event_kind)i;
        size_t row = 0;

        while (row < GEN_COUNT(rows) &&
               strncmp(gen_event_word(kind), rows[row].begins, strlen(rows[row].begins)) != 0) {
            row++;
        }
        cr_assert(row < GEN_COUNT(rows), "who may be told of %s?", gen_event_word(kind));
        who.permissions = (uint32_t)rows[row].permission;
        cr_expect(gen_event_may(&who, kind), "%s", gen_event_word(kind));
        who.permissions = GEN_PERMISSIONS_ALL & ~(uint32_t)rows[row].permission;
        cr_expect(not(gen_event_may(&who, kind)), "%s", gen_event_word(kind));
        kinds++;
    }
    cr_assert(gt(int, kinds, 40));
    who.permissions = GEN_PERMISSIONS_ALL;
    cr_assert(not(gen_event_may(&who, GEN_EVENT_NONE)));
    cr_assert(not(gen_event_may(&who, (enum gen_event_kind)999)));
}

/* A closing event is named by the status: the audit of the log counts on it. */
Test(event, every_closing_status_has_its_event)
{
    for (int i = GEN_JOB_COMPLETED; i <= GEN_JOB_CANCELED; i++) {
        char word[64];

        snprintf(word, sizeof(word), "job.%s", gen_job_status_word((enum gen_job_status)i));
        cr_assert(ne(int, gen_event_of(word), GEN_EVENT_NONE), "%s", word);
    }
}
