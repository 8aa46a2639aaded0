/* event_reading_test.c - the log from any number, for all and for one job. */
#include "unit/store/sample.h"

#include "store/event_reading.h"

static void fill(struct sample *sample, struct gen_job *job)
{
    struct gen_changes *changes = gen_changes_create();

    for (int i = 1; i <= 10; i++) { /* every second belongs to the job */
        sample_event(changes, i % 2 == 0 ? job : NULL, i);
    }
    changes->last->as.event.organization = "org_2"; /* number 10 */
    OK(sample_apply(sample, changes));
}

static const struct {
    const char *organization;
    bool job;
    int64_t after, limit;
    const char *numbers;
    int64_t last;
} cases[] = {
    {"org_1", false, 0, 100, "1 2 3 4 5 6 7 8 9", 10}, /* 10 was looked at */
    {"org_1", false, 4, 3, "5 6 7", 7},                /* there may be more after 7 */
    {"org_1", true, 0, 100, "2 4 6 8", 10},
    {"org_1", true, 0, 2, "2 4", 4},
    {"org_1", true, 8, 100, "", 10},
    {"org_2", false, 0, 100, "10", 10},
    {"org_2", true, 0, 100, "10", 10},
    {"org_3", false, 3, 100, "", 10},
    {"org_1", false, 10, 100, "", 10},
    {"org_1", false, 99, 100, "", 99}, /* never back */
    {NULL, false, 0, 100, "1 2 3 4 5 6 7 8 9 10", 10}, /* all there are */
    {NULL, false, 8, 1, "9", 9},
    {"org_1", false, 0, -1, "1", 1},   /* limits are moved into their range */
};

Test(event_reading, from_any_number)
{
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    fill(&sample, job);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *list;
        char numbers[100] = "";
        int64_t last = -1;

        OK(gen_read_events(sample.store, cases[i].organization,
                           cases[i].job ? job->id.text : NULL, cases[i].after, cases[i].limit,
                           arena, &list, &last, NULL));
        for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
            sprintf(numbers + strlen(numbers), "%s%" PRId64, numbers[0] != '\0' ? " " : "",
                    gen_node_integer(gen_node_get(item, "seq"), -1));
        }
        cr_assert(strcmp(numbers, cases[i].numbers) == 0, "case %zu: %s", i, numbers);
        cr_assert(last == cases[i].last, "case %zu: %" PRId64, i, last);
        gen_arena_destroy(arena);
    }
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(event_reading, one_event_as_a_document)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *list;
    struct gen_job *job;
    char expected[400];
    int64_t last, number;

    sample_open(&sample);
    OK(gen_read_last_event(sample.store, &number, NULL));
    cr_assert(eq(i64, number, 0));
    job = sample_admit(&sample, 1, 1);
    fill(&sample, job);
    OK(gen_read_events(sample.store, "org_1", job->id.text, 0, 1, arena, &list, &last, NULL));
    snprintf(expected, sizeof(expected),
             "[{\"seq\":2,\"id\":\"%s\",\"organization\":\"org_1\",\"type\":\"job.started\","
             "\"at\":\"2027-01-15T08:00:00.002Z\",\"jobId\":\"%s\",\"data\":{\"number\":2}}]",
             sample_ident(GEN_IDENT_EVENT, 2).text, job->id.text);
    cr_assert(strcmp(gen_json_text(arena, list, NULL), expected) == 0, "%s",
              gen_json_text(arena, list, NULL));
    OK(gen_read_event_number(sample.store, "org_1", sample_ident(GEN_IDENT_EVENT, 7).text, &number,
                             NULL));
    cr_assert(eq(i64, number, 7));
    /* that of another organization is like none */
    cr_assert(gen_read_event_number(sample.store, "org_2", sample_ident(GEN_IDENT_EVENT, 7).text,
                                    &number, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_event_number(sample.store, "org_1", "evt_none", &number, NULL) ==
              GEN_ENOTFOUND);
    OK(gen_read_last_event(sample.store, &number, NULL));
    cr_assert(eq(i64, number, 10));
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(event_reading, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_node *list;
    int64_t last;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    fill(&sample, job);
    gen_arena_destroy(job->arena);
    do {
        struct gen_arena *arena = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_read_events(sample.store, "org_1", NULL, 0, 9, arena, &list, &last, &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        gen_arena_destroy(arena);
    } while (status != GEN_OK);
    cr_assert(nth > 2);
    sample_close(&sample);
}
