/* plan_test.c - every statement that a reader runs is answered by an index. The statements are those
 * that the readers really prepared, after all of them were asked, so a new one cannot be forgotten
 * as long as its reader is called below. */
#include "unit/store/sample.h"

#include "store/audit_reading.h"
#include "store/chain.h"
#include "store/database.h"
#include "store/outbox_reading.h"
#include "store/reading.h"
#include "store/secret_reading.h"

static void ask_lists(struct sample *sample, struct gen_arena *arena, const char *job)
{
    const struct gen_job_query queries[] = {
        {.organization = "org_1", .limit = 5},
        {.organization = "org_1", .limit = 5, .after = job},
        {.organization = "org_1", .limit = 5, .tag = "a"},
        {.organization = "org_1", .limit = 5, .project = "a"},
        {.organization = "org_1", .limit = 5, .user = "a"},
        {.organization = "org_1", .limit = 5, .status = "queued"},
    };
    struct gen_node *node;
    struct gen_asset *assets;
    const char **digests;
    int64_t last;
    size_t count;
    bool more;

    for (size_t i = 0; i < GEN_COUNT(queries); i++) {
        OK(gen_read_jobs(sample->store, &queries[i], arena, &node, &more, NULL));
    }
    OK(gen_read_events(sample->store, NULL, NULL, 0, 10, arena, &node, &last, NULL));
    OK(gen_read_events(sample->store, "org_1", NULL, 0, 10, arena, &node, &last, NULL));
    OK(gen_read_events(sample->store, "org_1", job, 0, 10, arena, &node, &last, NULL));
    OK(gen_read_assets(sample->store, "org_1", NULL, 5, arena, &assets, &count, &more, NULL));
    OK(gen_read_assets(sample->store, "org_1", "ast_x", 5, arena, &assets, &count, &more, NULL));
    OK(gen_read_unused_assets(sample->store, SAMPLE_NOW, arena, &assets, &count, NULL));
    OK(gen_read_loose_blobs(sample->store, "", arena, &digests, &count, NULL));
}

static void on_past(void *context, const struct gen_past_attempt *attempt)
{
    (void)context;
    (void)attempt;
}

static void ask_single(struct sample *sample, struct gen_arena *arena, const char *job)
{
    struct gen_read_counts counts;
    struct gen_past_day day;
    struct gen_clip_found clip;
    struct gen_balance balance;
    struct gen_output *outputs, output;
    struct gen_asset asset;
    struct gen_ident ident, *idents;
    struct gen_job *loaded;
    struct gen_secret_row *secrets;
    struct gen_node *node;
    char digest[65];
    int64_t number;
    size_t count;
    bool used;

    OK(gen_read_job(sample->store, "org_1", job, arena, &node, NULL));
    OK(gen_read_last_event(sample->store, &number, NULL));
    OK(gen_read_outputs(sample->store, "org_1", job, arena, &outputs, &count, NULL));
    OK(gen_read_balance(sample->store, job, &balance, NULL));
    OK(gen_read_open_jobs(sample->store, arena, &idents, &count, NULL));
    OK(gen_read_load(sample->store, job, &loaded, NULL));
    gen_arena_destroy(loaded->arena);
    OK(gen_read_counts(sample->store, &counts, NULL));
    OK(gen_read_past_attempts(sample->store, 10, on_past, NULL, NULL));
    OK(gen_read_past_day(sample->store, "org_1", 0, &day, NULL));
    OK(gen_read_blob_used(sample->store, "d", &used, NULL));
    OK(gen_read_older_clip(sample->store, SAMPLE_NOW, &used, NULL));
    cr_assert(gen_read_clip(sample->store, &(struct gen_clip_query){"o", "r", job, 0, 0}, &clip,
                            NULL) == GEN_ENOTFOUND);
    OK(gen_read_secrets(sample->store, arena, &secrets, &count, NULL));
    OK(gen_read_older_job(sample->store, SAMPLE_NOW, &used, NULL));
    cr_assert(gen_read_event_number(sample->store, "org_1", "e", &number, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_asset(sample->store, "o", "a", arena, &asset, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_asset_of_digest(sample->store, "o", "a", arena, &asset, NULL) ==
              GEN_ENOTFOUND);
    cr_assert(gen_read_output(sample->store, "o", "a", arena, &output, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_key(sample->store, "o", "k", digest, &ident, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_storyboard(sample->store, "o", "d", &ident, NULL) == GEN_ENOTFOUND);
}

static void on_volume(void *context, const char *provider, int64_t ms)
{
    (void)context;
    (void)provider;
    (void)ms;
}

static void ask_invoices(struct sample *sample, struct gen_arena *arena)
{
    struct gen_invoice *invoices, invoice;
    struct gen_past_order *orders, order;
    struct gen_ident ident;
    size_t count;

    OK(gen_read_invoices(sample->store, "org_1", NULL, arena, &invoices, &count, NULL));
    OK(gen_read_invoices(sample->store, "org_1", "local", arena, &invoices, &count, NULL));
    cr_assert(gen_read_invoice(sample->store, "o", "i", arena, &invoice, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_invoice_of_digest(sample->store, "o", "p", "d", &ident, NULL) == GEN_ENOTFOUND);
    OK(gen_read_past_orders(sample->store, "org_1", "local", 1, SAMPLE_NOW * 2, arena, &orders, &count,
                            NULL));
    cr_assert(gen_read_past_order(sample->store, "o", "a", arena, &order, NULL) == GEN_ENOTFOUND);
    OK(gen_read_past_volume(sample->store, "org_1", 1, on_volume, NULL, NULL));
}

static void ask_money(struct sample *sample, struct gen_arena *arena, const char *job)
{
    struct gen_budget *budgets, budget;
    struct gen_holder holders[2];
    struct gen_day_use days[2];
    struct gen_balance used;
    size_t count;

    OK(gen_read_budgets(sample->store, "org_1", true, arena, &budgets, &count, NULL));
    OK(gen_read_budgets(sample->store, "org_1", false, arena, &budgets, &count, NULL));
    OK(gen_read_budgets(sample->store, NULL, false, arena, &budgets, &count, NULL));
    cr_assert(gen_read_budget(sample->store, "o", "b", arena, &budget, NULL) == GEN_ENOTFOUND);
    for (int scope = GEN_SCOPE_ORGANIZATION; scope <= GEN_SCOPE_PROVIDER; scope++) {
        struct gen_limit limit = sample_limit((enum gen_scope)scope, job, 1, arena);

        OK(gen_read_use(sample->store, &limit, &used, NULL, NULL));
        OK(gen_read_holders(sample->store, &limit, holders, 2, &count, NULL));
        OK(gen_read_days(sample->store, &limit, SAMPLE_NOW, days, 2, &count, NULL));
    }
}

static void ask_audit(struct sample *sample, struct gen_arena *arena, const char *job)
{
    struct gen_audit_question questions[] = {{.organization = "org_1"},
                                             {.organization = "org_1", .job = job}};
    struct gen_chain_check check = {.after = 0};
    struct gen_chain_link link = {0};
    struct gen_outbox_event *events, event;
    struct gen_subscriber *rows, row;
    struct gen_node *node;
    int64_t number;
    size_t count;

    for (size_t i = 0; i < GEN_COUNT(questions); i++) {
        OK(gen_read_audit(sample->store, &questions[i], arena, &node, &number, NULL));
    }
    OK(gen_chain_verify(gen_store_reader(sample->store), &check, 1, NULL));
    OK(gen_chain_verify(gen_store_reader(sample->store), &check, 1, NULL));
    OK(gen_chain_newest(gen_store_reader(sample->store), &link, NULL));
    OK(gen_read_subscribers(sample->store, NULL, arena, &rows, &count, NULL));
    OK(gen_read_subscribers(sample->store, "org_1", arena, &rows, &count, NULL));
    OK(gen_read_outbox(sample->store, "", 0, 10, arena, &events, &count, NULL));
    OK(gen_read_outbox(sample->store, "org_1", 0, 10, arena, &events, &count, NULL));
    OK(gen_read_outbox_asides(sample->store, "s", &number, NULL));
    OK(gen_read_deliveries(sample->store, "s", 0, 10, arena, &node, NULL));
    cr_assert(gen_read_subscriber(sample->store, "o", "s", arena, &row, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_outbox_aside(sample->store, "s", 0, arena, &event, NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_ordered(sample->store, "att_1", &number, NULL) == GEN_ENOTFOUND);
}

/* A plan's line that reads a table from end to end. */
static bool is_scan(const char *detail)
{
    if (strncmp(detail, "SCAN", 4) != 0) {
        return false;
    }
    return strcmp(detail, "SCAN figure") != 0 &&       /* a few dozen rows, all wanted */
           strcmp(detail, "SCAN CONSTANT ROW") != 0 && /* SELECT EXISTS (...) */
           strncmp(detail, "SCAN subscriber", 15) != 0 && /* a few, all wanted, at a start */
           strcmp(detail, "SCAN sqlite_sequence") != 0 && /* two rows of the system's own */
           /* the partial index holds exactly the jobs that are wanted */
           strstr(detail, "USING INDEX job_open") == NULL &&
           strstr(detail, "USING COVERING INDEX job_open") == NULL &&
           strcmp(detail, "SCAN newest") != 0 && /* a thousand rows at most, of a query within */
           strstr(detail, "USING INDEX budget_in_force") == NULL; /* the same of budgets */
}

/* Where a search could be narrowed by several indexes, the one that must lead it. */
static const struct {
    const char *part, *index;
} leads[] = {
    {"FROM event WHERE job = ? AND job <> '' AND seq > ?", "event_by_job (job=? AND seq>?)"},
    {"FROM event WHERE organization = ? AND seq > ?", "event_by_organization (organization=? AND seq>?)"},
    {"FROM event WHERE organization = ? AND seq < ?", "event_by_organization (organization=? AND seq<?)"},
    {"FROM event WHERE job = ? AND job <> '' AND seq < ?", "event_by_job (job=? AND seq<?)"},
    {"FROM event e LEFT JOIN job j ON j.id = e.job WHERE e.organization", "event_by_organization (organization=? AND seq>?)"},
    {"FROM delivery WHERE subscriber = ?", "delivery_by_subscriber (subscriber=? AND number<?)"},
    {"FROM job_tag l CROSS", "(organization=? AND tag=? AND created_at>? AND (created_at,job)<(?,?))"},
    {"AND j.project = ?2", "job_by_project (organization=? AND project=? AND created_at>? AND "
                           "(created_at,id)<(?,?))"},
    {"AND j.user_id = ?2", "job_by_user (organization=? AND user_id=? AND created_at>? AND "
                           "(created_at,id)<(?,?))"},
    {"AND j.status = ?2", "job_by_status (organization=? AND status=? AND created_at>? AND "
                          "(created_at,id)<(?,?))"},
    {"AND ?2 = ''", "job_by_age (organization=? AND created_at>? AND (created_at,id)<(?,?))"},
    {"FROM asset WHERE organization = ? AND id < ?", "(organization=? AND id<?)"},
    {"ORDER BY created_at, id", "INDEX job_open"},
    {"WHERE used = 0", "asset_unused (sent_at<?)"},
    {"FROM loose_blob", "(digest>?)"},
    {"SUM(a.spent) FROM attempt a WHERE a.organization", "attempt_by_period (organization=? AND "
                                                         "held_at>? AND held_at<?)"},
    {"AND j.team = ?4", "(organization=? AND held_at>? AND held_at<?)"},
    {"AND a.held > 0 ORDER BY a.held_at", "SEARCH a USING INDEX attempt_"},
    {"AND ?4 = ?4 AND a.held > 0", "attempt_holding (organization=? AND held_at>? AND held_at<?)"},
    {"AND a.provider = ?4 AND a.held > 0", "attempt_holding (organization=? AND held_at>? AND held_at<?)"},
    {"WHERE a.job = ?4", "attempt_by_job (job=?)"},
    {"FROM budget_use WHERE", "(key=? AND begins=? AND ends=?)"},
};

static void check_lead(const char *sql, const char *plan)
{
    for (size_t i = 0; i < GEN_COUNT(leads); i++) {
        cr_assert(strstr(sql, leads[i].part) == NULL || strstr(plan, leads[i].index) != NULL,
                  "not by %s\n%s\n%s", leads[i].index, plan, sql);
    }
}

static void check_plan(struct gen_database *database, const char *sql)
{
    char plan[2000] = "";
    struct gen_statement *statement;
    char explained[4000];
    bool row = true;
    int parameters = 0;

    snprintf(explained, sizeof(explained), "EXPLAIN QUERY PLAN %s", sql);
    for (const char *at = sql; *at != '\0'; at++) {
        int number = at[0] == '?' && at[1] >= '0' && at[1] <= '9' ? atoi(at + 1) : 0;

        if (at[0] == '?') {
            parameters = number == 0 ? parameters + 1 : number > parameters ? number : parameters;
        }
    }
    OK(gen_database_prepare(database, explained, &statement, NULL));
    for (int i = 0; i < parameters; i++) {
        gen_statement_text(statement, "");
    }
    while (row) {
        OK(gen_statement_next(statement, &row, NULL));
        if (row) {
            const char *detail;

            for (int i = 0; i < 3; i++) {
                (void)gen_statement_take_integer(statement);
            }
            detail = gen_statement_peek_text(statement);
            cr_assert(is_scan(detail) == false, "%s\n%s", detail, sql);
            cr_assert(strstr(detail, "USE TEMP B-TREE FOR ORDER BY") == NULL ||
                          strstr(sql, "JOIN pipeline p") != NULL ||
                          strstr(sql, "SELECT newest.job") != NULL, /* see there */ "%s\n%s", detail, sql);
            snprintf(plan + strlen(plan), sizeof(plan) - strlen(plan), "%s\n", detail);
        }
    }
    check_lead(sql, plan);
}

Test(plan, no_reader_scans_a_table)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_database *database;
    const char *sql, *found[100];
    size_t cursor = 0, count = 0;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    ask_lists(&sample, arena, job->id.text);
    ask_single(&sample, arena, job->id.text);
    ask_invoices(&sample, arena);
    ask_money(&sample, arena, job->id.text);
    ask_audit(&sample, arena, job->id.text);
    database = gen_store_reader(sample.store);
    while ((sql = gen_database_next_text(database, &cursor)) != NULL) {
        if (strncmp(sql, "SELECT", 6) == 0) {
            cr_assert(count < GEN_COUNT(found));
            found[count++] = sql;
        }
    }
    cr_assert(count >= 25, "only %zu statements", count);
    for (size_t i = 0; i < count; i++) {
        check_plan(database, found[i]);
    }
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* The same for what the writer runs, but for the statements that insert. */
Test(plan, no_change_scans_a_table)
{
    struct sample sample;
    struct gen_store_options options = {.path = ":memory:", .volatile_ok = true};
    struct gen_changes *changes = gen_changes_create();
    struct gen_database *database;
    struct gen_job *job;
    const char *sql, *found[100];
    size_t cursor = 0, count = 0;
    struct gen_pipeline *pipeline;

    memset(&sample, 0, sizeof(sample));
    OK(gen_store_open(&options, &sample.store, NULL));
    job = sample_admit(&sample, 1, 1);
    pipeline = &job->pipelines[0];
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, job);
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_SET, job, pipeline);
    gen_changes_shot(changes, GEN_CHANGE_SHOT_SET, job, pipeline, &pipeline->shots[0]);
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_NOTE, job, pipeline, &pipeline->shots[0],
                        GEN_ATTEMPT_PLANNED);
    pipeline->shots[0].attempt.state = GEN_ATTEMPT_RESERVED;
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, job, pipeline, &pipeline->shots[0],
                        GEN_ATTEMPT_PLANNED);
    sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_HOLD, 5, 1);
    sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_CHARGE, 5, 2);
    cr_assert(sample_apply(&sample, changes) == GEN_OK, "%s", sample.err.message);
    database = gen_store_reader(sample.store); /* in memory the two are one */
    while ((sql = gen_database_next_text(database, &cursor)) != NULL) {
        if (strncmp(sql, "SELECT", 6) == 0 || strncmp(sql, "UPDATE", 6) == 0) {
            cr_assert(count < GEN_COUNT(found));
            found[count++] = sql;
        }
    }
    cr_assert(count >= 9, "only %zu statements", count);
    for (size_t i = 0; i < count; i++) {
        check_plan(database, found[i]);
    }
    gen_arena_destroy(job->arena);
    gen_store_close(sample.store);
}
