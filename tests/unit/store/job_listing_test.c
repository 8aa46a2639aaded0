/* job_listing_test.c - pages, filters alone and together, borders of time. */
#include "unit/store/sample.h"

#include "store/job_listing.h"

/* Job n of 1..12: every second of project p2, every third completed, every fourth by usr_2, every
 * fifth with the tag "rare"; created at SAMPLE_NOW + n; 12 belongs to another organization. */
static void fill(struct sample *sample)
{
    for (int n = 1; n <= 12; n++) {
        struct gen_job *job = sample_job(n, 1);
        struct gen_changes *changes;

        job->project = n % 2 == 0 ? "p2" : "p1";
        job->status = n % 3 == 0 ? GEN_JOB_COMPLETED : GEN_JOB_QUEUED;
        job->user = n % 4 == 0 ? "usr_2" : "usr_1";
        job->organization = n == 12 ? "org_2" : "org_1";
        changes = sample_admission(job);
        changes->first->as.job.tags = n % 5 == 0 ? "[\"all\",\"rare\"]" : "[\"all\"]";
        OK(sample_apply(sample, changes));
        gen_arena_destroy(job->arena);
    }
}

/* The numbers of a page, as text: "11 9 7". */
static void page(struct sample *sample, const struct gen_job_query *query, char *out, bool *more)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *list = NULL;
    enum gen_status status =
        gen_read_jobs(sample->store, query, arena, &list, more, &sample->err);

    cr_assert(status == GEN_OK, "%s", sample->err.message);
    out[0] = '\0';
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const char *id = gen_node_text(gen_node_get(item, "jobId"), "");

        for (int n = 1; n <= 12; n++) {
            if (strcmp(sample_ident(GEN_IDENT_JOB, n * 100).text, id) == 0) {
                sprintf(out + strlen(out), "%s%d", out[0] != '\0' ? " " : "", n);
            }
        }
    }
    gen_arena_destroy(arena);
}

static const struct {
    struct gen_job_query query;
    const char *numbers;
} cases[] = {
    /* all of the organization, and only those */
    {{.organization = "org_1"}, "11 10 9 8 7 6 5 4 3 2 1"},
    {{.organization = "org_2"}, "12"},
    {{.organization = "org_3"}, ""},
    /* one filter each, then in pairs, then all */
    {{.organization = "org_1", .status = "completed"}, "9 6 3"},
    {{.organization = "org_1", .project = "p2"}, "10 8 6 4 2"},
    {{.organization = "org_1", .user = "usr_2"}, "8 4"},
    {{.organization = "org_1", .tag = "rare"}, "10 5"},
    {{.organization = "org_1", .tag = "no such tag"}, ""},
    {{.organization = "org_1", .status = "completed", .project = "p2"}, "6"},
    {{.organization = "org_1", .tag = "rare", .project = "p2"}, "10"},
    {{.organization = "org_1", .tag = "all", .status = "completed"}, "9 6 3"},
    {{.organization = "org_1", .user = "usr_1", .project = "p2"}, "10 6 2"},
    {{.organization = "org_1", .tag = "all", .status = "queued", .project = "p2",
      .user = "usr_2"}, "8 4"},
    /* empty texts are no filters */
    {{.organization = "org_1", .status = "", .project = "", .user = "", .tag = "", .after = ""},
     "11 10 9 8 7 6 5 4 3 2 1"},
    /* since is part of it, until is not */
    {{.organization = "org_1", .since = SAMPLE_NOW + 3, .until = SAMPLE_NOW + 6}, "5 4 3"},
    {{.organization = "org_1", .until = SAMPLE_NOW + 3, .tag = "all"}, "2 1"},
    {{.organization = "org_1", .since = SAMPLE_NOW + 9, .project = "p2"}, "10"},
};

Test(job_listing, filters)
{
    struct sample sample;
    char numbers[100];
    bool more;

    sample_open(&sample);
    fill(&sample);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_job_query query = cases[i].query;

        query.limit = 50;
        page(&sample, &query, numbers, &more);
        cr_assert(strcmp(numbers, cases[i].numbers) == 0, "case %zu: %s, not %s", i, numbers,
                  cases[i].numbers);
        cr_assert(more == false);
    }
    sample_close(&sample);
}

/* Pages of any size put together are the whole, with every filter and border. */
Test(job_listing, pages_add_up)
{
    struct sample sample;

    sample_open(&sample);
    fill(&sample);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        for (int64_t limit = 1; limit <= 4; limit++) {
            struct gen_job_query query = cases[i].query;
            char all[200] = "", numbers[100], after[GEN_IDENT_SIZE];
            bool more = true;

            query.limit = limit;
            while (more) {
                const char *last;

                page(&sample, &query, numbers, &more);
                if (numbers[0] != '\0') {
                    sprintf(all + strlen(all), "%s%s", all[0] != '\0' ? " " : "", numbers);
                }
                last = strrchr(numbers, ' ');
                strcpy(after, sample_ident(GEN_IDENT_JOB,
                                           100 * atoi(last != NULL ? last : numbers)).text);
                query.after = after;
            }
            cr_assert(strcmp(all, cases[i].numbers) == 0, "case %zu by %" PRId64 ": %s", i, limit,
                      all);
        }
    }
    sample_close(&sample);
}

Test(job_listing, a_summary)
{
    struct sample sample;
    struct gen_job_query query = {.organization = "org_1", .limit = 0 /* moved to 1 */};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *list;
    struct gen_job *job;
    char expected[800];
    bool more;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    OK(gen_read_jobs(sample.store, &query, arena, &list, &more, NULL));
    snprintf(expected, sizeof(expected),
             "[{\"jobId\":\"%s\",\"projectId\":\"proj_1\",\"userId\":\"usr_1\","
             "\"title\":\"Summer\",\"status\":\"queued\",\"progress\":0,\"pipelines\":2,"
             "\"cost\":0,\"held\":0,\"unverified\":0,\"budget\":10,\"priority\":\"high\","
             "\"tags\":[\"summer\",\"launch\",\"summer\"],"
             "\"createdAt\":\"2027-01-15T08:00:00.001Z\",\"completedAt\":null}]", job->id.text);
    cr_assert(strcmp(gen_json_text(arena, list, NULL), expected) == 0, "%s",
              gen_json_text(arena, list, NULL));
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(job_listing, wrong_questions)
{
    static const struct gen_job_query wrong[] = {
        {.organization = "org_1", .limit = 5, .status = "finished"},   /* no such status */
        {.organization = "org_1", .limit = 5, .after = "gen_unknown"}, /* no such job */
    };
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *list;
    bool more;

    sample_open(&sample);
    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        cr_assert(gen_read_jobs(sample.store, &wrong[i], arena, &list, &more, &sample.err) ==
                  GEN_EINVAL);
    }
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(job_listing, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_job_query query = {.organization = "org_1", .limit = 5, .tag = "all"};
    struct gen_node *list;
    bool more;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    fill(&sample);
    do {
        struct gen_arena *arena = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_read_jobs(sample.store, &query, arena, &list, &more, &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        gen_arena_destroy(arena);
    } while (status != GEN_OK);
    cr_assert(nth > 2);
    sample_close(&sample);
}
