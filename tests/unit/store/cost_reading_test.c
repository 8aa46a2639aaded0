/* cost_reading_test.c - sums of costs against sums made here by hand, by every grouping, filter and cut of
 * time; which indexes answer them; savings; the entries of a job; alerts of a limit. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/reading.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

enum { JOBS = 6, MOST = 400 };

struct fact { /* one entry, or a clip, as the test knows it */
    const struct gen_job *job;
    const char *provider, *model, *day;
    int64_t charged, refunded, ms, estimate, held, unverified;
    gen_moment at; /* 0 = now: holds */
};

struct books {
    struct sample sample;
    struct gen_job *jobs[JOBS];
    struct fact facts[MOST];
    size_t count;
    int next;
    unsigned seed;
};

static unsigned any(struct books *books, unsigned below)
{
    books->seed = books->seed * 1103515245u + 12345u;
    return (books->seed >> 16) % below;
}

static void run_sql(struct books *books, const char *sql)
{
    struct gen_database *database = NULL;

    OK(gen_database_open(books->sample.path, GEN_DATABASE_VOLATILE, &database, NULL));
    OK(gen_database_run(database, sql, NULL));
    gen_database_close(database);
}

static void enter(struct books *books, const struct gen_job *job, const struct gen_pipeline *pipeline,
                  const struct gen_shot *shot, enum gen_ledger_kind kind, gen_micros amount,
                  gen_moment at)
{
    struct gen_changes *changes = gen_changes_create();

    sample_entry(changes, job, pipeline, shot, kind, amount, 5000 + books->next++);
    changes->last->as.entry.at = at;
    cr_assert(sample_apply(&books->sample, changes) == GEN_OK, "%s", books->sample.err.message);
}

/* One shot's story: held, and then charged, charged and refunded, doubted, or held still. */
static void live(struct books *books, const struct gen_job *job, const struct gen_pipeline *pipeline,
                 const struct gen_shot *shot)
{
    static const char *const days[] = {"0", "1", "2", "3", "4"};
    struct fact fact = {.job = job, .provider = shot->provider, .model = shot->model};
    unsigned fate = any(books, 5), day = any(books, 5);
    gen_moment at = SAMPLE_NOW + day * DAY + any(books, 23) * HOUR;
    gen_micros hold = 1000000 + any(books, 1000), cost = 500000 + any(books, 700000);

    fact.day = days[day];
    enter(books, job, pipeline, shot, GEN_LEDGER_HOLD, hold, SAMPLE_NOW);
    fact.at = at;
    switch (fate) {
    case 0: /* still held: now, whatever the cut of time */
        fact.held = hold;
        fact.at = 0;
        break;
    case 1:
        enter(books, job, pipeline, shot, GEN_LEDGER_UNVERIFIED, hold, at);
        fact.unverified = hold;
        break;
    default:
        enter(books, job, pipeline, shot, GEN_LEDGER_CHARGE, cost, at);
        fact.charged = cost;
        if (hold > cost) {
            enter(books, job, pipeline, shot, GEN_LEDGER_RELEASE, hold - cost, at);
        }
        if (fate == 2) {
            enter(books, job, pipeline, shot, GEN_LEDGER_REFUND, cost / 2, at);
            fact.refunded = cost / 2;
        }
        if (fate != 3) { /* 3: billed although it failed */
            char sql[300];

            fact.ms = shot->duration_ms;
            fact.estimate = shot->attempt.estimate;
            snprintf(sql, sizeof sql,
                     "UPDATE attempt SET state = 'settled', ended_at = %lld WHERE id = '%s'",
                     (long long)at, shot->attempt.id.text);
            run_sql(books, sql);
        }
    }
    cr_assert(books->count < MOST);
    books->facts[books->count++] = fact;
}

static void open_books(struct books *books)
{
    static const char *const providers[] = {"runway", "kling", "veo"};
    static const char *const models[] = {"one", "two"};
    static const char *const teams[] = {"", "social", "brand"};

    memset(books, 0, sizeof *books);
    books->seed = 7;
    sample_open(&books->sample);
    for (int i = 0; i < JOBS; i++) {
        struct gen_job *job = books->jobs[i] = sample_job(i + 1, 3);

        job->team = teams[i % 3];
        job->project = i % 2 == 0 ? "tea" : "coffee";
        job->user = i < 3 ? "usr_1" : "usr_2";
        for (size_t p = 0; p < job->pipeline_count; p++) {
            for (size_t k = 0; k < job->pipelines[p].shot_count; k++) {
                job->pipelines[p].shots[k].provider = providers[any(books, 3)];
                job->pipelines[p].shots[k].model = models[any(books, 2)];
            }
        }
        cr_assert(sample_apply(&books->sample, sample_admission(job)) == GEN_OK);
        for (size_t p = 0; p < job->pipeline_count; p++) {
            for (size_t k = 0; k < job->pipelines[p].shot_count; k++) {
                live(books, job, &job->pipelines[p], &job->pipelines[p].shots[k]);
            }
        }
    }
}

static void close_books(struct books *books)
{
    for (int i = 0; i < JOBS; i++) {
        gen_arena_destroy(books->jobs[i]->arena);
    }
    sample_close(&books->sample);
}

static bool is(const char *wanted, const char *value)
{
    return wanted == NULL || wanted[0] == '\0' || strcmp(wanted, value) == 0;
}

static const char *key_of(const struct fact *fact, enum gen_costs_by by, char *out)
{
    switch (by) {
    case GEN_COSTS_PROVIDER:
        return fact->provider;
    case GEN_COSTS_MODEL:
        sprintf(out, "%s/%s", fact->provider, fact->model);
        return out;
    case GEN_COSTS_PROJECT:
        return fact->job->project;
    case GEN_COSTS_TEAM:
        return fact->job->team;
    case GEN_COSTS_USER:
        return fact->job->user;
    case GEN_COSTS_JOB:
        return fact->job->id.text;
    case GEN_COSTS_DAY:
        return fact->at == 0 ? "0" : fact->day; /* held at SAMPLE_NOW */
    default:
        return "";
    }
}

/* What the rows say of one key, summed here fact by fact. */
static void check_row(const struct books *books, const struct gen_cost_query *query,
                      const struct gen_cost_row *row)
{
    struct gen_cost_row sum = {.key = row->key};
    char key[64];

    for (int j = 0; j < JOBS; j++) {
        int64_t estimate = 0, cost = 0;
        bool touched = false;

        for (size_t i = 0; i < books->count; i++) {
            const struct fact *fact = &books->facts[i];
            bool inside = fact->at == 0 || (fact->at >= query->from && fact->at < query->to);
            const char *its = query->by == GEN_COSTS_TAG ? row->key : key_of(fact, query->by, key);

            if (fact->job != books->jobs[j] || !inside || strcmp(its, row->key) != 0 ||
                !is(query->provider, fact->provider) || !is(query->model, fact->model) ||
                !is(query->team, fact->job->team) || !is(query->user, fact->job->user) ||
                !is(query->project, fact->job->project) || !is(query->job, fact->job->id.text)) {
                continue;
            }
            sum.charged += fact->charged;
            sum.refunded += fact->refunded;
            sum.unverified += fact->unverified;
            sum.held += fact->held;
            sum.clips += fact->ms > 0;
            sum.duration_ms += fact->ms;
            estimate += fact->estimate;
            cost += fact->charged - fact->refunded;
            touched = touched || fact->charged > 0;
        }
        sum.jobs += touched;
        sum.judged += estimate > 0;
        sum.within += estimate > 0 && llabs(cost - estimate) <= estimate / 10;
        sum.estimate += estimate;
        sum.actual += estimate > 0 ? cost : 0;
    }
    cr_expect(sum.charged == row->charged && sum.refunded == row->refunded &&
                  sum.unverified == row->unverified && sum.held == row->held &&
                  sum.clips == row->clips && sum.duration_ms == row->duration_ms &&
                  sum.jobs == row->jobs && sum.judged == row->judged &&
                  sum.within == row->within && sum.estimate == row->estimate &&
                  sum.actual == row->actual,
              "%s \"%s\": charged %lld and %lld, jobs %lld and %lld, judged %lld and %lld, held %lld "
              "and %lld",
              gen_costs_word(query->by), row->key, (long long)sum.charged, (long long)row->charged,
              (long long)sum.jobs, (long long)row->jobs, (long long)sum.judged,
              (long long)row->judged, (long long)sum.held, (long long)row->held);
}

Test(cost_reading, every_grouping_adds_up, .timeout = 120)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct books books;

    open_books(&books);
    {
        const struct gen_cost_query cuts[] = {
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY},            /* all */
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 2 * DAY},            /* a part */
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .provider = "runway"},
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .provider = "kling", .model = "two"},
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .team = "social"},
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .user = "usr_2", .project = "tea"},
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .job = books.jobs[2]->id.text},
            {.from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY, .tag = "launch"}, /* all jobs have it */
        };

        for (enum gen_costs_by by = GEN_COSTS_TOTAL; by <= GEN_COSTS_DAY; by++) {
            for (size_t i = 0; i < GEN_COUNT(cuts); i++) {
                struct gen_cost_query query = cuts[i];
                struct gen_cost_row *rows = NULL;
                int64_t charged = 0, last = INT64_MAX;
                size_t count = 0;
                bool more = true;

                query.organization = "org_1";
                query.by = by;
                query.limit = 500;
                OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
                cr_assert(count > 0);
                cr_assert_not(more);
                for (size_t k = 0; k < count; k++) {
                    check_row(&books, &query, &rows[k]);
                    charged += rows[k].charged;
                    if (by != GEN_COSTS_DAY) { /* the dearest first */
                        cr_expect(rows[k].charged - rows[k].refunded <= last);
                        last = rows[k].charged - rows[k].refunded;
                    }
                }
                if (i == 0) { /* nothing is left out, and with two tags everything comes twice */
                    int64_t all = 0;

                    for (size_t k = 0; k < books.count; k++) {
                        all += books.facts[k].charged;
                    }
                    cr_expect(charged == (by == GEN_COSTS_TAG ? 2 * all : all));
                }
            }
        }
    }
    close_books(&books);
    gen_arena_destroy(arena);
}

/* Pages hold together; another organization sees nothing; nothing is a row of zeros. */
Test(cost_reading, pages_and_strangers)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_cost_query query = {.organization = "org_1", .from = SAMPLE_NOW,
                                   .to = SAMPLE_NOW + 5 * DAY, .by = GEN_COSTS_JOB, .limit = 4};
    struct gen_cost_row *rows = NULL, *rest = NULL;
    struct gen_cost_entry *entries;
    struct books books;
    size_t count = 0;
    bool more = false;

    open_books(&books);
    OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
    cr_assert(count == 4 && more);
    query.offset = 4;
    OK(gen_read_costs(books.sample.store, &query, arena, &rest, &count, &more, NULL));
    cr_assert(count == 2 && !more);
    cr_expect(strcmp(rows[3].key, rest[0].key) != 0);
    query.organization = "org_2";
    query.offset = 0;
    OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
    cr_expect(count == 0);
    query.by = GEN_COSTS_TOTAL;
    OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
    cr_expect(count == 1 && rows[0].charged == 0 && rows[0].jobs == 0);
    cr_expect(gen_read_cost_entries(books.sample.store, "org_2", books.jobs[0]->id.text, arena,
                                    &entries, &count, NULL) == GEN_ENOTFOUND);
    close_books(&books);
    gen_arena_destroy(arena);
}

/* Every entry of a job, in order, with its pipeline, and all of them in postings that the sums agree with. */
Test(cost_reading, entries_of_a_job)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_cost_entry *entries = NULL;
    struct gen_balance balance;
    gen_micros spent = 0;
    struct books books;
    size_t count = 0;

    open_books(&books);
    OK(gen_read_cost_entries(books.sample.store, "org_1", books.jobs[0]->id.text, arena, &entries,
                             &count, NULL));
    cr_assert(count >= 6);
    for (size_t i = 0; i < count; i++) {
        enum gen_ledger_kind kind = gen_ledger_of(entries[i].kind);

        cr_expect(i == 0 || entries[i].at >= entries[i - 1].at);
        cr_expect(entries[i].attempt_ordinal == 1 && entries[i].basis[0] != '\0');
        spent += kind == GEN_LEDGER_CHARGE ? entries[i].amount
                 : kind == GEN_LEDGER_REFUND ? -entries[i].amount : 0;
    }
    OK(gen_read_balance(books.sample.store, books.jobs[0]->id.text, &balance, NULL));
    cr_expect(balance.spent == spent);
    close_books(&books);
    gen_arena_destroy(arena);
}

static void add_baseline(struct books *books, size_t job, size_t pipeline, const char *status,
                         gen_micros amount, gen_micros price, gen_micros batch)
{
    const struct gen_job *it = books->jobs[job];
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_BASELINE_ADD);
    char sql[200];

    change->as.baseline = (struct gen_change_baseline){
        .pipeline = it->pipelines[pipeline].id, .job = it->id, .organization = "org_1",
        .kind = GEN_BASELINE_NAMED, .model = "dear/one", .amount = amount, .price = price,
        .batch = batch};
    cr_assert(sample_apply(&books->sample, changes) == GEN_OK, "%s", books->sample.err.message);
    snprintf(sql, sizeof sql,
             "UPDATE pipeline SET status = '%s', spent = 400000, ended_at = %lld WHERE id = '%s'",
             status, (long long)(SAMPLE_NOW + DAY), it->pipelines[pipeline].id.text);
    run_sql(books, sql);
}

static void use_clip(struct books *books, size_t job, size_t pipeline, gen_micros saved)
{
    const struct gen_job *it = books->jobs[job];
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_CLIP_USED);

    change->as.clip = (struct gen_change_clip){
        .attempt = it->pipelines[pipeline].shots[0].attempt.id, .job = it->id,
        .pipeline = it->pipelines[pipeline].id, .saved = saved, .at = SAMPLE_NOW + DAY,
        .from = books->jobs[1]->pipelines[0].shots[0].attempt.id};
    cr_assert(sample_apply(&books->sample, changes) == GEN_OK, "%s", books->sample.err.message);
}

/* A clip that was there already says nothing of how good estimates are. */
Test(cost_reading, used_clips_are_no_mistakes)
{
    struct gen_cost_query query = {.organization = "org_1", .by = GEN_COSTS_TOTAL, .limit = 1,
                                   .from = SAMPLE_NOW, .to = SAMPLE_NOW + 5 * DAY};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_cost_row *rows;
    struct books books;
    gen_micros estimate;
    int64_t clips;
    size_t count;
    bool more;
    char sql[200];

    open_books(&books);
    snprintf(sql, sizeof sql, "UPDATE attempt SET state = 'settled', ended_at = %lld WHERE id = '%s'",
             (long long)(SAMPLE_NOW + DAY), books.jobs[0]->pipelines[0].shots[0].attempt.id.text);
    run_sql(&books, sql);
    OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
    estimate = rows[0].estimate;
    clips = rows[0].clips;
    cr_assert(estimate > 0 && clips > 0);
    use_clip(&books, 0, 0, 100000);
    OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
    cr_expect(rows[0].estimate < estimate, "%lld", (long long)rows[0].estimate);
    cr_expect(rows[0].clips == clips);
    close_books(&books);
    gen_arena_destroy(arena);
}

/* The parts add up to the whole, also where it cost more than otherwise; a pipeline that failed only costs. */
Test(cost_reading, savings)
{
    struct gen_cost_query query = {.organization = "org_1", .from = SAMPLE_NOW,
                                   .to = SAMPLE_NOW + 5 * DAY};
    struct gen_savings it;
    struct books books;

    open_books(&books);
    add_baseline(&books, 0, 0, "completed", 1000000, 300000, 50000);
    add_baseline(&books, 0, 1, "failed", 1000000, 300000, 0);
    add_baseline(&books, 1, 0, "completed", 200000, 350000, 0); /* dearer than the baseline */
    OK(gen_read_savings(books.sample.store, &query, &it, NULL));
    cr_expect(it.outputs == 2 && it.named == 2);
    cr_expect(it.baseline == 1200000 && it.actual == 1200000);
    cr_expect(it.batch == 50000 && it.off_peak == 0 && it.cache == 0);
    cr_expect(it.arbitrage == 1000000 - 300000 - 50000 + (200000 - 350000));
    cr_expect(it.execution == 650000 - 1200000);
    cr_expect(it.arbitrage + it.batch + it.off_peak + it.cache + it.execution ==
              it.baseline - it.actual);
    /* a clip that was there already saves its price once, and the parts still add up */
    use_clip(&books, 0, 0, 100000);
    OK(gen_read_savings(books.sample.store, &query, &it, NULL));
    cr_expect(it.cache == 100000, "%lld", (long long)it.cache);
    cr_expect(it.arbitrage == 1000000 - 300000 - 50000 + (200000 - 350000));
    cr_expect(it.execution == 550000 - 1200000, "%lld", (long long)it.execution);
    cr_expect(it.arbitrage + it.batch + it.off_peak + it.cache + it.execution ==
              it.baseline - it.actual);
    query.team = "social"; /* that of the second job */
    OK(gen_read_savings(books.sample.store, &query, &it, NULL));
    cr_expect(it.outputs == 1 && it.baseline == 200000);
    query.team = NULL;
    query.from = SAMPLE_NOW + 2 * DAY;
    OK(gen_read_savings(books.sample.store, &query, &it, NULL));
    cr_expect(it.outputs == 0 && it.baseline == 0);
    close_books(&books);
}

/* Only a limit's own alerts, of this interval. */
Test(cost_reading, alerts_of_a_limit)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limit = sample_limit(GEN_SCOPE_ORGANIZATION, "", DOLLAR, arena);
    struct gen_changes *changes = gen_changes_create();
    struct gen_fired fired[GEN_FIRED_MOST];
    struct sample sample;
    size_t count = 0;

    sample_open(&sample);
    for (int i = 0; i < 3; i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_BUDGET_ALERT);

        change->as.alert = (struct gen_change_alert){
            .name = i == 2 ? "another" : limit.name, .key = limit.key, .begins = limit.begins,
            .kind = i == 1 ? GEN_ALERT_HARD : GEN_ALERT_SHARE, .level_ppm = i == 1 ? 0 : 800000,
            .at = SAMPLE_NOW + i};
    }
    cr_assert(sample_apply(&sample, changes) == GEN_OK);
    OK(gen_read_fired(sample.store, &limit, arena, fired, &count, NULL));
    cr_assert(eq(sz, count, 2));
    cr_expect(strcmp(fired[0].kind, "share") == 0 && fired[0].level_ppm == 800000);
    cr_expect(strcmp(fired[1].kind, "hard") == 0 && fired[1].at == SAMPLE_NOW + 1);
    limit.begins = 1;
    OK(gen_read_fired(sample.store, &limit, arena, fired, &count, NULL));
    cr_expect(count == 0);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* No table is read from end to end; what leads are the moments of entries, clips and holds. */
Test(cost_reading, indexes_answer)
{
    static const char *const wanted[] = {"ledger_entry_by_time (organization=? AND at>? AND at<?)",
                                         ("attempt_rendered (organization=? AND ended_at>? AND "
                                          "ended_at<?)"),
                                         "attempt_holding (organization=?"};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_database *database;
    struct gen_cost_row *rows;
    struct gen_savings savings;
    struct books books;
    size_t cursor = 0, count = 0, seen = 0;
    const char *sql;
    bool more;

    open_books(&books);
    for (enum gen_costs_by by = GEN_COSTS_TOTAL; by <= GEN_COSTS_DAY; by++) {
        struct gen_cost_query query = {.organization = "org_1", .to = INT64_MAX, .by = by};

        OK(gen_read_costs(books.sample.store, &query, arena, &rows, &count, &more, NULL));
        OK(gen_read_savings(books.sample.store, &query, &savings, NULL));
    }
    database = gen_store_reader(books.sample.store);
    while ((sql = gen_database_next_text(database, &cursor)) != NULL) {
        char explained[8000], plan[6000] = "";
        struct gen_statement *statement;
        bool costs = strstr(sql, "UNION ALL") != NULL, row = true;

        if (strncmp(sql, "EXPLAIN", 7) == 0 ||
            (!costs && strstr(sql, "FROM baseline c") == NULL)) {
            continue;
        }
        seen++;
        cr_assert(lt(int, snprintf(explained, sizeof explained, "EXPLAIN QUERY PLAN %s", sql),
                     (int)sizeof explained));
        OK(gen_database_enter(database, NULL));
        OK(gen_database_prepare(database, explained, &statement, NULL));
        for (int i = 0; i < (costs ? 12 : 10); i++) {
            gen_statement_integer(statement, 0);
        }
        for (;;) {
            const char *detail;

            OK(gen_statement_next(statement, &row, NULL));
            if (!row) {
                break;
            }
            (void)gen_statement_take_integer(statement);
            (void)gen_statement_take_integer(statement);
            (void)gen_statement_take_integer(statement);
            detail = gen_statement_peek_text(statement);
            /* what was made of those rows is no table */
            cr_expect(strncmp(detail, "SCAN ", 5) != 0 || strncmp(detail, "SCAN (", 6) == 0 ||
                          strcmp(detail, "SCAN parts") == 0 || strcmp(detail, "SCAN jobs") == 0 ||
                          strcmp(detail, "SCAN b") == 0,
                      "%s", detail);
            strncat(plan, detail, sizeof plan - strlen(plan) - 2);
            strcat(plan, "\n");
        }
        gen_database_leave(database);
        for (size_t i = 0; costs && i < GEN_COUNT(wanted); i++) {
            cr_expect(strstr(plan, wanted[i]) != NULL, "not by %s:\n%s", wanted[i], plan);
        }
        cr_expect(costs || strstr(plan, "baseline_by_end (organization=? AND ended_at>? AND "
                                        "ended_at<?)") != NULL,
                  "%s", plan);
    }
    cr_expect(seen == 10, "%zu", seen); /* nine groupings, and the savings */
    close_books(&books);
    gen_arena_destroy(arena);
}
