/* cost_reading.c - see cost_reading.h. */
#include "store/cost_reading.h"

#include "store/database.h"

#include <string.h>

/* ------------------------------------------------------------------------------------- words -- */

static const struct {
    enum gen_costs_by by;
    const char *word;
} words[] = {
#define WORD(name, word, text) {name, word},
    GEN_COSTS_TABLE(WORD)
#undef WORD
        {GEN_COSTS_NONE, NULL},
};

const char *gen_costs_word(enum gen_costs_by by)
{
    for (size_t i = 0; words[i].word != NULL; i++) {
        if (words[i].by == by) {
            return words[i].word;
        }
    }
    return "";
}

enum gen_costs_by gen_costs_of(const char *word)
{
    for (size_t i = 0; words[i].word != NULL; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].by;
        }
    }
    return GEN_COSTS_NONE;
}

/* -------------------------------------------------------------------------------------- sums -- */

/* Parameters: ?1 organization, ?2 from, ?3 to, ?4 provider, ?5 model, ?6 project, ?7 team, ?8 user, ?9 tag,
 * ?10 job ("" = any), ?11 rows, ?12 rows before them. */
#define JOB_FILTERS \
    "AND (?6 = '' OR j.project = ?6) AND (?7 = '' OR j.team = ?7) " \
    "AND (?8 = '' OR j.user_id = ?8) AND (?9 = '' OR EXISTS (SELECT 1 FROM job_tag x " \
    "WHERE x.job = j.id AND x.tag = ?9)) AND (?10 = '' OR j.id = ?10) "
#define FILTERS "AND (?4 = '' OR a.provider = ?4) AND (?5 = '' OR a.model = ?5) " JOB_FILTERS

/* What was charged, given back, and doubted: by the moment of the entry. An attempt's doubt counts once. */
#define MOVED(key, tags) \
    "SELECT " key " AS g, e.job AS job, " \
    "SUM(CASE WHEN e.kind = 'charge' THEN e.amount ELSE 0 END) AS charged, " \
    "SUM(CASE WHEN e.kind = 'refund' THEN e.amount ELSE 0 END) AS refunded, " \
    "SUM(CASE WHEN e.kind = 'unverified' AND NOT EXISTS (SELECT 1 FROM ledger_entry f " \
    "WHERE f.attempt = e.attempt AND f.kind = 'unverified' AND f.id < e.id) " \
    "THEN a.unverified ELSE 0 END) AS doubted, 0 AS held, 0 AS clips, 0 AS ms, 0 AS estimate, " \
    "SUM(CASE WHEN e.kind = 'unverified' THEN 0 ELSE 1 END) AS touched " \
    "FROM ledger_entry e CROSS JOIN attempt a ON a.id = e.attempt " \
    "CROSS JOIN job j ON j.id = e.job " tags "WHERE e.organization = ?1 AND e.at >= ?2 " \
    "AND e.at < ?3 AND e.kind IN ('charge', 'refund', 'unverified') " FILTERS "GROUP BY 1, 2"
/* Clips: by the moment at which they were there. A finishing shot renders nothing new; a clip that was there
 * already was estimated as if it were rendered, and is no mistake of the estimate. */
#define RENDERED(key, tags) \
    "SELECT " key ", a.job, 0, 0, 0, 0, SUM(CASE WHEN s.role = 'finish' THEN 0 ELSE 1 END), " \
    "SUM(CASE WHEN s.role = 'finish' THEN 0 ELSE s.duration_ms END), " \
    "SUM(CASE WHEN EXISTS (SELECT 1 FROM clip_use u WHERE u.attempt = a.id) THEN 0 " \
    "ELSE a.estimate END), COUNT(*) " \
    "FROM attempt a CROSS JOIN shot s ON s.id = a.shot CROSS JOIN job j ON j.id = a.job " tags \
    "WHERE a.organization = ?1 AND a.state = 'settled' AND a.ended_at >= ?2 AND a.ended_at < " \
    "?3 " FILTERS "GROUP BY 1, 2"
/* In the period in which it was first held, as for budgets. */
#define HOLDING(key, tags) \
    "SELECT " key ", a.job, 0, 0, 0, SUM(a.held), 0, 0, 0, 0 FROM attempt a " \
    "CROSS JOIN job j ON j.id = a.job " tags \
    "WHERE a.organization = ?1 AND a.held > 0 AND a.held_at >= ?2 AND a.held_at < ?3 " FILTERS \
    "GROUP BY 1, 2"
/* For each group and job first: what a job cost is judged as a whole. */
#define COSTS(moved_key, key, held_key, tags, order) \
    "SELECT g, COALESCE(SUM(CASE WHEN touched > 0 THEN 1 ELSE 0 END), 0), " \
    "COALESCE(SUM(clips), 0), COALESCE(SUM(ms), 0), COALESCE(SUM(charged), 0), " \
    "COALESCE(SUM(refunded), 0), COALESCE(SUM(doubted), 0), COALESCE(SUM(held), 0), " \
    "COALESCE(SUM(CASE WHEN estimate > 0 THEN 1 ELSE 0 END), 0), " \
    "COALESCE(SUM(CASE WHEN estimate > 0 AND ABS(charged - refunded - estimate) <= estimate / 10 " \
    "THEN 1 ELSE 0 END), 0), COALESCE(SUM(estimate), 0), " \
    "COALESCE(SUM(CASE WHEN estimate > 0 THEN charged - refunded ELSE 0 END), 0) " \
    "FROM (SELECT g, job, SUM(charged) AS charged, SUM(refunded) AS refunded, " \
    "SUM(doubted) AS doubted, SUM(held) AS held, SUM(clips) AS clips, SUM(ms) AS ms, " \
    "SUM(estimate) AS estimate, SUM(touched) AS touched FROM (" MOVED( \
        moved_key, \
        tags) " UNION ALL " RENDERED(key, \
                                     tags) " UNION ALL " HOLDING(held_key, \
                                                                 tags) ") AS parts GROUP BY g, " \
                                                                       "job) AS jobs GROUP BY g " \
                                                                       "ORDER BY " order \
                                                                       " LIMIT ?11 OFFSET ?12"
#define DEAREST "COALESCE(SUM(charged), 0) - COALESCE(SUM(refunded), 0) DESC, g"
#define SAME(key) COSTS(key, key, key, "", DEAREST)
#define DAY(moment) "(" moment " - ?2) / 86400000"

static const struct {
    enum gen_costs_by by;
    const char *sql;
} groupings[] = {
    {GEN_COSTS_TOTAL, SAME("''")},
    {GEN_COSTS_PROVIDER, SAME("a.provider")},
    {GEN_COSTS_MODEL, SAME("a.provider || '/' || a.model")},
    {GEN_COSTS_PROJECT, SAME("j.project")},
    {GEN_COSTS_TEAM, SAME("j.team")},
    {GEN_COSTS_USER, SAME("j.user_id")},
    {GEN_COSTS_TAG, COSTS("COALESCE(t.tag, '')", "COALESCE(t.tag, '')", "COALESCE(t.tag, '')",
                          "LEFT JOIN job_tag t ON t.job = j.id ", DEAREST)},
    {GEN_COSTS_JOB, SAME("j.id")},
    {GEN_COSTS_DAY, COSTS(DAY("e.at"), DAY("a.ended_at"), DAY("a.held_at"), "", "g")},
    {GEN_COSTS_NONE, NULL},
};

static const char *costs_sql(enum gen_costs_by by)
{
    for (size_t i = 0; groupings[i].sql != NULL; i++) {
        if (groupings[i].by == by) {
            return groupings[i].sql;
        }
    }
    return NULL;
}

static void costs_bind(struct gen_statement *statement, const struct gen_cost_query *query)
{
    const char *const filters[] = {query->provider, query->model, query->project, query->team,
                                   query->user,     query->tag,   query->job};

    gen_statement_text(statement, query->organization);
    gen_statement_integer(statement, query->from);
    gen_statement_integer(statement, query->to);
    for (size_t i = 0; i < GEN_COUNT(filters); i++) {
        gen_statement_text(statement, filters[i]);
    }
}

static void costs_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_cost_row *out)
{
    out->key = gen_statement_take_text(statement, arena);
    out->jobs = gen_statement_take_integer(statement);
    out->clips = gen_statement_take_integer(statement);
    out->duration_ms = gen_statement_take_integer(statement);
    out->charged = gen_statement_take_integer(statement);
    out->refunded = gen_statement_take_integer(statement);
    out->unverified = gen_statement_take_integer(statement);
    out->held = gen_statement_take_integer(statement);
    out->judged = gen_statement_take_integer(statement);
    out->within = gen_statement_take_integer(statement);
    out->estimate = gen_statement_take_integer(statement);
    out->actual = gen_statement_take_integer(statement);
}

static enum gen_status costs_rows(struct gen_database *database, const struct gen_cost_query *query,
                                  int64_t limit, struct gen_arena *arena, struct gen_cost_row *rows,
                                  size_t *count, bool *more, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(database, costs_sql(query->by), &statement, err);

    if (status == GEN_OK) {
        costs_bind(statement, query);
        gen_statement_integer(statement, limit + 1); /* one more says whether there is more */
        gen_statement_integer(statement, query->offset);
    }
    *count = 0;
    *more = false;
    while (status == GEN_OK && row && !*more) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && (int64_t)*count < limit) {
            costs_take(statement, arena, &rows[(*count)++]);
        } else {
            *more = status == GEN_OK && row;
        }
    }
    return status;
}

enum gen_status gen_read_costs(struct gen_store *store, const struct gen_cost_query *query,
                               struct gen_arena *arena, struct gen_cost_row **out, size_t *count,
                               bool *more, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    int64_t limit = query->limit < 1 || query->limit > GEN_COSTS_ROWS_MOST ? GEN_COSTS_ROWS_MOST
                                                                           : query->limit;
    struct gen_cost_row *rows;
    enum gen_status status;

    if (costs_sql(query->by) == NULL) {
        return gen_error_set(err, GEN_EINVAL, "costs cannot be grouped like that");
    }
    rows = gen_arena_array(arena, (size_t)limit + 1, sizeof *rows);
    if (rows == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for costs");
    }
    status = gen_database_enter(database, err);
    if (status == GEN_OK) {
        status = costs_rows(database, query, limit, arena, rows, count, more, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for costs");
    }
    if (status == GEN_OK && query->by == GEN_COSTS_TOTAL && *count == 0) {
        rows[(*count)++] = (struct gen_cost_row){.key = ""};
    }
    if (status == GEN_OK) {
        *out = rows;
    }
    return status;
}

/* ----------------------------------------------------------------------------------- savings -- */

/* Only what became an output is compared; what the others cost counts against it. What a clip that was there
 * saved went from `price` to `cache` when it was used (store/clip_store). */
static const char savings_sql[] =
    "SELECT COALESCE(SUM(made), 0), COALESCE(SUM(made * b.amount), 0), COALESCE(SUM(b.spent), 0), "
    "COALESCE(SUM(made * b.price), 0), COALESCE(SUM(made * b.batch), 0), "
    "COALESCE(SUM(made * b.off_peak), 0), COALESCE(SUM(made * b.cache), 0), "
    "COALESCE(SUM(CASE WHEN b.kind = 'named' THEN made ELSE 0 END), 0), "
    "COALESCE(SUM(CASE WHEN b.kind = 'tier' THEN made ELSE 0 END), 0), "
    "COALESCE(SUM(CASE WHEN b.kind = 'none' THEN made ELSE 0 END), 0) "
    "FROM (SELECT c.amount, c.price, c.batch, "
    "c.off_peak, c.cache, c.kind, p.spent, "
    "CASE WHEN p.status = 'completed' THEN 1 ELSE 0 END AS made "
    "FROM baseline c CROSS JOIN pipeline p ON p.id = c.pipeline CROSS JOIN job j ON j.id = c.job "
    "WHERE c.organization = ?1 AND c.ended_at >= ?2 AND c.ended_at < ?3 AND (?4 = '' OR 1) "
    "AND (?5 = '' OR 1) " JOB_FILTERS ") AS b";

static enum gen_status savings_work(struct gen_database *database,
                                    const struct gen_cost_query *query, struct gen_savings *out,
                                    struct gen_error *err)
{
    struct gen_statement *statement;
    gen_micros price = 0;
    bool row = false;
    enum gen_status status = gen_database_prepare(database, savings_sql, &statement, err);

    *out = (struct gen_savings){0};
    if (status == GEN_OK) {
        costs_bind(statement, query);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK || !row) {
        return status;
    }
    out->outputs = gen_statement_take_integer(statement);
    out->baseline = gen_statement_take_integer(statement);
    out->actual = gen_statement_take_integer(statement);
    price = gen_statement_take_integer(statement);
    out->batch = gen_statement_take_integer(statement);
    out->off_peak = gen_statement_take_integer(statement);
    out->cache = gen_statement_take_integer(statement);
    out->named = gen_statement_take_integer(statement);
    out->tier = gen_statement_take_integer(statement);
    out->none = gen_statement_take_integer(statement);
    if (!gen_money_sub(&out->execution, price, out->actual) ||
        !gen_money_sub(&out->arbitrage, out->baseline, price) ||
        !gen_money_sub(&out->arbitrage, out->arbitrage, out->batch) ||
        !gen_money_sub(&out->arbitrage, out->arbitrage, out->off_peak) ||
        !gen_money_sub(&out->arbitrage, out->arbitrage, out->cache)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the savings do not fit");
    }
    return GEN_OK;
}

enum gen_status gen_read_savings(struct gen_store *store, const struct gen_cost_query *query,
                                 struct gen_savings *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = savings_work(database, query, out, err);
    }
    gen_database_leave(database);
    return status;
}

/* ----------------------------------------------------------------------------- of one job -- */

static enum gen_status entries_check(struct gen_database *database, const char *organization,
                                     const char *job, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT 1 FROM job WHERE id = ? AND organization = ?", &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    return status == GEN_OK && !row ? gen_error_set(err, GEN_ENOTFOUND, "there is no job %s", job)
                                    : status;
}

static void entry_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_cost_entry *out)
{
    gen_statement_take_ident(statement, &out->id);
    gen_statement_take_ident(statement, &out->pipeline);
    gen_statement_take_ident(statement, &out->shot);
    gen_statement_take_ident(statement, &out->attempt);
    out->variation = gen_statement_take_integer(statement);
    out->pipeline_ordinal = gen_statement_take_integer(statement);
    out->shot_ordinal = gen_statement_take_integer(statement);
    out->attempt_ordinal = gen_statement_take_integer(statement);
    out->first_scene = gen_statement_take_integer(statement);
    out->scene_count = gen_statement_take_integer(statement);
    out->kind = gen_statement_take_text(statement, arena);
    out->amount = gen_statement_take_integer(statement);
    out->estimate = gen_statement_take_integer(statement);
    out->provider = gen_statement_take_text(statement, arena);
    out->model = gen_statement_take_text(statement, arena);
    out->basis = gen_statement_take_text(statement, arena);
    out->reference = gen_statement_take_text(statement, arena);
    out->at = gen_statement_take_integer(statement);
}

static enum gen_status entries_count(struct gen_database *database, const char *job, size_t *count,
                                     struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT COUNT(*) FROM ledger_entry WHERE job = ?", &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        status = gen_statement_next(statement, &row, err);
    }
    *count = status == GEN_OK && row ? (size_t)gen_statement_take_integer(statement) : 0;
    return status;
}

static enum gen_status entries_work(struct gen_database *database, const char *organization,
                                    const char *job, struct gen_arena *arena,
                                    struct gen_cost_entry **out, size_t *count,
                                    struct gen_error *err)
{
    struct gen_statement *statement;
    size_t total = 0;
    bool row = true;
    enum gen_status status = entries_check(database, organization, job, err);

    if (status == GEN_OK) {
        status = entries_count(database, job, &total, err);
    }
    *out = status == GEN_OK ? gen_arena_array(arena, total + 1, sizeof **out) : NULL;
    *count = 0;
    if (status == GEN_OK && *out == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for ledger entries");
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT e.id, e.pipeline, s.id, e.attempt, p.variation, p.ordinal, s.ordinal, "
            "a.ordinal, s.first_scene, s.scene_count, e.kind, e.amount, a.estimate, a.provider, "
            "a.model, e.basis, e.reference, e.at FROM ledger_entry e "
            "CROSS JOIN attempt a ON a.id = e.attempt CROSS JOIN shot s ON s.id = a.shot "
            "CROSS JOIN pipeline p ON p.id = e.pipeline WHERE e.job = ? ORDER BY e.at, e.id",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, job);
    }
    while (status == GEN_OK && row && *count < total) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            entry_take(statement, arena, &(*out)[(*count)++]);
        }
    }
    return status;
}

enum gen_status gen_read_cost_entries(struct gen_store *store, const char *organization,
                                      const char *job, struct gen_arena *arena,
                                      struct gen_cost_entry **out, size_t *count,
                                      struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = entries_work(database, organization, job, arena, out, count, err);
    }
    gen_database_leave(database);
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for ledger entries")
               : status;
}

enum { BASELINES_MOST = 256 }; /* pipelines of a job are fewer */

static enum gen_status baselines_work(struct gen_database *database, const char *job,
                                      struct gen_arena *arena, struct gen_cost_baseline *rows,
                                      size_t *count, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT pipeline, kind, model, amount, price, batch, off_peak, cache FROM baseline "
        "WHERE job = ? ORDER BY pipeline",
        &statement, err);

    *count = 0;
    if (status == GEN_OK) {
        gen_statement_text(statement, job);
    }
    while (status == GEN_OK && row && *count < BASELINES_MOST) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            struct gen_cost_baseline *it = &rows[(*count)++];

            gen_statement_take_ident(statement, &it->pipeline);
            it->kind = gen_statement_take_text(statement, arena);
            it->model = gen_statement_take_text(statement, arena);
            it->amount = gen_statement_take_integer(statement);
            it->price = gen_statement_take_integer(statement);
            it->batch = gen_statement_take_integer(statement);
            it->off_peak = gen_statement_take_integer(statement);
            it->cache = gen_statement_take_integer(statement);
        }
    }
    return status;
}

enum gen_status gen_read_cost_baselines(struct gen_store *store, const char *job,
                                        struct gen_arena *arena, struct gen_cost_baseline **out,
                                        size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status;

    *out = gen_arena_array(arena, BASELINES_MOST, sizeof **out);
    if (*out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for baselines");
    }
    status = gen_database_enter(database, err);
    if (status == GEN_OK) {
        status = baselines_work(database, job, arena, *out, count, err);
    }
    gen_database_leave(database);
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for baselines")
               : status;
}
