/* ledger_history_test.c - long random histories of money: jobs that come under many limits, holds that shrink,
 * go over, are charged, doubted, released and refunded, late and in any order, over weeks; commits that fail
 * and stores that are opened again. After every step the store says what a model of a few lines says. */
#include "unit/store/sample.h"

#include "store/budget_reading.h"
#include "store/database.h"
#include "store/lookup.h"

TestSuite(ledger_history, .timeout = 280);

#define HOUR INT64_C(3600000)
enum { JOBS = 250, ATTEMPTS = 3000, LIMITS = 9, STEPS = 2500, SEEDS = 3 };

/* Whose money a limit adds up, over how many hours, and what it allows. */
static const struct {
    enum gen_scope scope;
    const char *organization, *of;
    int64_t hours; /* 0 = for ever */
    gen_micros hard;
    bool rollover;
} rows[LIMITS] = {
    {GEN_SCOPE_ORGANIZATION, "org_1", "", 24, 9 * DOLLAR + 1, true},
    {GEN_SCOPE_ORGANIZATION, "org_1", "", 24 * 7, 40 * DOLLAR, false},
    {GEN_SCOPE_ORGANIZATION, "org_2", "", 24, 6 * DOLLAR - 1, false},
    {GEN_SCOPE_TEAM, "org_1", "film", 24 * 3, 12 * DOLLAR, true},
    {GEN_SCOPE_PROJECT, "org_1", "a/b", 24 * 30, 60 * DOLLAR, false},
    {GEN_SCOPE_USER, "org_2", "usr_1", 24 * 2, 5 * DOLLAR, true},
    {GEN_SCOPE_PROVIDER, "org_1", "local", 24, 7 * DOLLAR, false},
    {GEN_SCOPE_PROVIDER, "org_2", "local", 24 * 7, 11 * DOLLAR, false},
    {GEN_SCOPE_ORGANIZATION, "org_2", "", 0, 150 * DOLLAR, false},
};

struct deed { /* an attempt */
    struct gen_ident id;
    size_t job, shot;
    int32_t ordinal;
    gen_micros held, unverified, spent;
    gen_moment held_at;
    bool last; /* of its shot */
};

struct history {
    struct sample sample;
    struct gen_arena *arena;
    uint64_t state;
    gen_moment now;
    struct gen_job *jobs[JOBS];
    size_t job_count, deed_count;
    struct deed deeds[ATTEMPTS];
    int entries; /* written */
    int number;  /* of the next entry */
    int granted, refused, lost, opened, kinds[GEN_LEDGER_REFUND + 1], carried;
};

static uint64_t draw(struct history *it, uint64_t below)
{
    it->state = it->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (it->state >> 33) % below;
}

/* ------------------------------------------------------------------------------------- the model -- */

static bool counts(const struct history *it, const struct deed *deed, size_t row)
{
    const struct gen_job *job = it->jobs[deed->job];
    const char *of = rows[row].scope == GEN_SCOPE_ORGANIZATION ? ""
                     : rows[row].scope == GEN_SCOPE_TEAM       ? job->team
                     : rows[row].scope == GEN_SCOPE_PROJECT    ? job->project
                     : rows[row].scope == GEN_SCOPE_USER
                         ? job->user
                         : job->pipelines[0].shots[deed->shot].provider;

    return strcmp(job->organization, rows[row].organization) == 0 && strcmp(of, rows[row].of) == 0;
}

static gen_micros used(const struct history *it, size_t row, gen_moment begins, gen_moment ends)
{
    gen_micros sum = 0;

    for (size_t i = 0; i < it->deed_count; i++) {
        const struct deed *deed = &it->deeds[i];

        if (deed->held_at >= begins && deed->held_at < ends && deed->held_at > 0 &&
            counts(it, deed, row)) {
            sum += deed->held + deed->unverified + deed->spent;
        }
    }
    return sum;
}

static gen_micros room(const struct history *it, size_t row, gen_moment begins)
{
    gen_micros before = used(it, row, begins - rows[row].hours * HOUR, begins);

    return rows[row].hard +
           (rows[row].rollover && before < rows[row].hard ? rows[row].hard - before : 0);
}

static gen_micros of_job(const struct history *it, size_t job)
{
    gen_micros sum = 0;

    for (size_t i = 0; i < it->deed_count; i++) {
        sum += it->deeds[i].job == job
                   ? it->deeds[i].held + it->deeds[i].unverified + it->deeds[i].spent
                   : 0;
    }
    return sum;
}

static struct gen_limit limit_of(const struct history *it, size_t row, gen_moment at)
{
    int64_t length = rows[row].hours * HOUR;
    struct gen_limit limit = sample_limit(rows[row].scope, rows[row].of, rows[row].hard, it->arena);

    limit.organization = rows[row].organization;
    limit.key = gen_budget_key(rows[row].scope, rows[row].organization, rows[row].of, it->arena);
    limit.rollover = rows[row].rollover;
    if (length > 0) {
        limit.begins = at - at % length;
        limit.ends = limit.begins + length;
        limit.before = limit.begins - length;
    }
    return limit;
}

/* ---------------------------------------------------------------------------------------- steps -- */

/* Applies what was made; an operation of the database may fail on the way, and then nothing has happened. */
static bool commit(struct history *it, struct gen_changes *changes, enum gen_status expected)
{
    enum gen_status status;
    bool fails = draw(it, 20) == 0;

    if (fails) {
        gen_store_fail_at(it->sample.store, (long)(1 + draw(it, 40)), GEN_EIO);
    }
    status = sample_apply(&it->sample, changes);
    gen_store_fail_at(it->sample.store, 0, GEN_OK);
    if (fails && status == GEN_EIO) {
        it->lost++;
        return false;
    }
    cr_assert(status == expected, "%s instead of %s: %s", gen_status_word(status),
              gen_status_word(expected), it->sample.err.message);
    it->granted += status == GEN_OK;
    it->refused += status != GEN_OK;
    return status == GEN_OK;
}

static struct gen_change_entry *entry(struct history *it, struct gen_changes *changes,
                                      const struct deed *deed, enum gen_ledger_kind kind,
                                      gen_micros amount)
{
    const struct gen_job *job = it->jobs[deed->job];
    const struct gen_pipeline *pipeline = &job->pipelines[0];
    struct gen_shot shot = pipeline->shots[deed->shot];
    struct gen_change_entry *made;

    shot.attempt.id = deed->id;
    it->number++;
    sample_entry(changes, job, pipeline, &shot, kind, amount, 0);
    made = &changes->last->as.entry;
    made->id = sample_ident(GEN_IDENT_LEDGER, it->number);
    made->provider = shot.provider;
    made->reference = gen_arena_printf(changes->arena, "%d", it->number);
    made->at = it->now;
    return made;
}

/* Gives a hold the limits that apply to it. */
static void equip(struct history *it, struct gen_changes *changes, const struct deed *deed,
                  struct gen_change_entry *hold)
{
    struct gen_limit limits[LIMITS];
    size_t count = 0;

    for (size_t row = 0; row < LIMITS; row++) {
        if (counts(it, deed, row)) {
            limits[count++] = limit_of(it, row, it->now);
        }
    }
    hold->limits = gen_changes_limits(changes, limits, count);
    hold->limit_count = count;
}

/* May the newest deed hold so much, with those before it? */
static bool fits(const struct history *it, const struct deed *deed)
{
    if (of_job(it, deed->job) > it->jobs[deed->job]->budget) {
        return false;
    }
    for (size_t row = 0; row < LIMITS; row++) {
        struct gen_limit limit = limit_of(it, row, it->now);

        if (counts(it, deed, row) &&
            used(it, row, limit.begins, limit.ends) > room(it, row, limit.begins)) {
            return false;
        }
    }
    return true;
}

/* A job with some shots, each held for: all of it, or none. */
static void step_admit(struct history *it)
{
    static const char *const organizations[] = {"org_1", "org_2"}, *const teams[] = {"film", ""};
    static const char *const projects[] = {"a/b", ""}, *const users[] = {"usr_1", "usr_2"};
    static const char *const providers[] = {"local", "other"};
    size_t shots = 1 + draw(it, 4), first = it->deed_count;
    struct gen_job *job;
    struct gen_changes *changes;
    bool all = true;

    if (it->job_count == JOBS || it->deed_count + shots > ATTEMPTS) {
        return;
    }
    job = it->jobs[it->job_count] = sample_job((int)it->job_count + 1, shots);
    job->organization = organizations[draw(it, 2)];
    job->team = teams[draw(it, 2)];
    job->project = projects[draw(it, 2)];
    job->user = users[draw(it, 2)];
    job->budget = (gen_micros)(1 + draw(it, 8)) * DOLLAR;
    job->pipeline_count = 1;
    for (size_t k = 0; k < shots; k++) {
        job->pipelines[0].shots[k].provider = providers[draw(it, 2)];
    }
    changes = sample_admission(job);
    for (size_t k = 0; k < shots; k++) {
        struct deed *deed = &it->deeds[it->deed_count++];

        *deed = (struct deed){.id = job->pipelines[0].shots[k].attempt.id, .job = it->job_count,
                              .shot = k, .ordinal = 1, .held_at = it->now, .last = true,
                              .held = (gen_micros)(1 + draw(it, 2 * DOLLAR))};
        equip(it, changes, deed, entry(it, changes, deed, GEN_LEDGER_HOLD, deed->held));
        all = all && fits(it, deed);
    }
    it->job_count++;
    if (commit(it, changes, all ? GEN_OK : GEN_EBUDGET)) {
        it->kinds[GEN_LEDGER_HOLD]++;
        it->entries += (int)shots;
        return;
    }
    it->deed_count = first;
    gen_arena_destroy(it->jobs[--it->job_count]->arena);
}

/* Anything happens to the money of an attempt; the same as in model/ledger.h, in other words. */
static void step_entry(struct history *it, struct deed *deed)
{
    enum gen_ledger_kind kind = (enum gen_ledger_kind)(GEN_LEDGER_CHARGE + draw(it, 4));
    gen_micros all = deed->held + deed->unverified, amount = (gen_micros)draw(it, DOLLAR);
    struct gen_changes *changes = gen_changes_create();
    struct deed after = *deed;
    gen_micros held, doubt;

    if (draw(it, 2) == 0) { /* often all of it */
        amount = kind == GEN_LEDGER_REFUND       ? deed->spent
                 : kind == GEN_LEDGER_UNVERIFIED ? deed->held
                                                 : all;
    }
    held = amount < deed->held ? amount : deed->held;
    doubt = amount - held < deed->unverified ? amount - held : deed->unverified;
    if (kind == GEN_LEDGER_CHARGE || kind == GEN_LEDGER_RELEASE) {
        after.held -= held;
        after.unverified -= doubt;
        after.spent += kind == GEN_LEDGER_CHARGE ? amount : 0;
    } else {
        after.held -= kind == GEN_LEDGER_UNVERIFIED ? amount : 0;
        after.unverified += kind == GEN_LEDGER_UNVERIFIED ? amount : 0;
        after.spent -= kind == GEN_LEDGER_REFUND ? amount : 0;
    }
    (void)entry(it, changes, deed, kind, amount);
    if (commit(it, changes,
               (kind == GEN_LEDGER_RELEASE && amount > all) || after.held < 0 || after.spent < 0
                   ? GEN_ECONFLICT
                   : GEN_OK)) {
        *deed = after;
        it->kinds[kind]++;
        it->entries++;
    }
}

/* The next attempt of its shot takes over (a part of) what is left: no limit is asked, and it counts where it
 * counted. Or it holds anew, and every limit is. */
static void step_again(struct history *it, struct deed *deed)
{
    struct gen_job *job = it->jobs[deed->job];
    struct gen_shot shot = job->pipelines[0].shots[deed->shot];
    struct gen_changes *changes = gen_changes_create();
    struct deed *next = &it->deeds[it->deed_count], before = *deed;
    gen_micros taken = deed->held - (gen_micros)draw(it, (uint64_t)deed->held / 2 + 1);
    struct gen_change_entry *hold;
    bool carries = deed->held > 0 && draw(it, 3) > 0;

    if (it->deed_count == ATTEMPTS || !deed->last) {
        gen_changes_destroy(changes);
        return;
    }
    *next = (struct deed){.id = sample_ident(GEN_IDENT_ATTEMPT, 40000 + (int)it->deed_count),
                          .job = deed->job, .shot = deed->shot, .ordinal = deed->ordinal + 1,
                          .last = true, .held = carries ? taken : (gen_micros)(1 + draw(it, DOLLAR)),
                          .held_at = carries ? deed->held_at : it->now};
    if (deed->held > 0) {
        (void)entry(it, changes, deed, GEN_LEDGER_RELEASE, deed->held);
        deed->held = 0;
    }
    shot.attempt.id = next->id;
    shot.attempt.ordinal = next->ordinal;
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_ADD, job, &job->pipelines[0], &shot,
                        GEN_ATTEMPT_NONE);
    it->deed_count++;
    hold = entry(it, changes, next, GEN_LEDGER_HOLD, next->held);
    if (carries) {
        hold->carried_from = deed->id;
    } else {
        equip(it, changes, next, hold);
    }
    if (commit(it, changes, carries || fits(it, next) ? GEN_OK : GEN_EBUDGET)) {
        it->entries += 1 + (before.held > 0);
        it->carried += carries;
        deed->last = false;
        return;
    }
    it->deed_count--;
    *deed = before;
}

/* ---------------------------------------------------------------------------------------- proof -- */

static int64_t number_of(struct history *it, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(it->sample.store), sql, &number, NULL));
    return number;
}

/* Of each limit, now and in the period before: what the store adds up, and that it is not passed but by what
 * was charged beyond its hold. */
static void check_limits(struct history *it)
{
    for (size_t row = 0; row < LIMITS; row++) {
        struct gen_limit limit = limit_of(it, row, it->now);
        struct gen_balance balance;
        gen_micros allowed;

        OK(gen_read_use(it->sample.store, &limit, &balance, &allowed, NULL));
        cr_assert(eq(i64, gen_balance_used(&balance), used(it, row, limit.begins, limit.ends)),
                  "%s", limit.key);
        cr_assert(eq(i64, allowed, room(it, row, limit.begins)), "%s", limit.key);
    }
}

static void check_all(struct history *it)
{
    static const char *const wrong[] = {
        "SELECT COUNT(*) FROM (SELECT 1 FROM posting GROUP BY entry HAVING SUM(amount) <> 0)",
        "SELECT COUNT(*) FROM ledger_entry e WHERE (e.amount > 0) <> EXISTS (SELECT 1 FROM posting p "
        "WHERE p.entry = e.id)",
        "SELECT COUNT(*) FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM attempt a WHERE a.id = "
        "e.attempt AND a.job = e.job AND a.pipeline = e.pipeline)",
        "SELECT COUNT(*) FROM attempt a LEFT JOIN ledger_by_attempt l ON l.attempt = a.id WHERE a.held <> "
        "COALESCE(l.held, 0) OR a.spent <> COALESCE(l.spent, 0) OR a.unverified <> "
        "COALESCE(l.unverified, 0) OR a.held < 0 OR a.spent < 0 OR a.unverified < 0",
        "SELECT COUNT(*) FROM job j WHERE j.held <> (SELECT SUM(a.held) FROM attempt a WHERE a.job = j.id) "
        "OR j.spent <> (SELECT SUM(a.spent) FROM attempt a WHERE a.job = j.id) OR j.unverified <> (SELECT "
        "SUM(a.unverified) FROM attempt a WHERE a.job = j.id)",
        "SELECT COUNT(*) FROM pipeline p WHERE p.spent <> (SELECT COALESCE(SUM(a.spent), 0) FROM attempt a "
        "WHERE a.pipeline = p.id)",
        "SELECT COUNT(*) FROM budget_use u WHERE u.held < 0 OR u.unverified < 0 OR u.spent < 0",
        /* one currency; each account of each organization is what its attempts have */
        "SELECT COUNT(*) FROM (SELECT e.organization AS o, p.account AS account, SUM(p.amount) AS sum FROM "
        "ledger_entry e JOIN posting p ON p.entry = e.id GROUP BY 1, 2) AS s WHERE s.sum <> (SELECT "
        "SUM(CASE s.account WHEN 'held' THEN a.held WHEN 'spent' THEN a.spent WHEN 'unverified' THEN "
        "a.unverified ELSE -(a.held + a.spent + a.unverified) END) FROM attempt a WHERE a.organization = "
        "s.o)",
    };
    gen_micros held = 0, spent = 0, doubt = 0;

    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        cr_assert(eq(i64, number_of(it, wrong[i]), 0), "%s", wrong[i]);
    }
    for (size_t i = 0; i < it->job_count; i++) {
        struct gen_balance balance;

        OK(gen_read_balance(it->sample.store, it->jobs[i]->id.text, &balance, NULL));
        cr_assert(eq(i64, gen_balance_used(&balance), of_job(it, i)));
    }
    for (size_t i = 0; i < it->deed_count; i++) {
        held += it->deeds[i].held;
        spent += it->deeds[i].spent;
        doubt += it->deeds[i].unverified;
    }
    cr_assert(eq(i64, number_of(it, "SELECT SUM(held) FROM attempt"), held));
    cr_assert(eq(i64, number_of(it, "SELECT SUM(spent) FROM attempt"), spent));
    cr_assert(eq(i64, number_of(it, "SELECT SUM(unverified) FROM attempt"), doubt));
    cr_assert(eq(i64, number_of(it, "SELECT COUNT(*) FROM ledger_entry"), it->entries));
    cr_assert(eq(i64, number_of(it, "SELECT COUNT(*) FROM attempt"), (int64_t)it->deed_count));
}

static void run(struct history *it)
{
    for (int step = 0; step < STEPS; step++) {
        uint64_t what = draw(it, 100);
        struct deed *deed = it->deed_count == 0 ? NULL : &it->deeds[draw(it, it->deed_count)];

        it->now += draw(it, 10) == 0 ? (int64_t)draw(it, 12 * HOUR) : 1000;
        if (deed == NULL || what < 20) {
            step_admit(it);
        } else if (what < 35) {
            step_again(it, deed);
        } else if (what < 98) {
            step_entry(it, deed);
        } else {
            gen_store_close(it->sample.store);
            sample_open_file(&it->sample);
            it->opened++;
        }
        gen_arena_clear(it->arena);
        if (step % 5 == 0) {
            check_limits(it);
        }
        if (step % 250 == 249) {
            check_all(it);
        }
    }
}

Test(ledger_history, whatever_happens_the_store_says_what_the_model_says)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct history *it = calloc(1, sizeof(*it));

        cr_assert(it != NULL);
        it->arena = gen_arena_create(0);
        it->state = seed;
        it->now = SAMPLE_NOW;
        sample_open(&it->sample);
        run(it);
        cr_log_info("seed %d: %d granted, %d refused, %d lost, %d opened, %d carried", (int)seed,
                    it->granted, it->refused, it->lost, it->opened, it->carried);
        cr_assert(it->granted > 800 && it->refused > 100 && it->lost > 20 && it->opened > 10 &&
                      it->carried > 20,
                  "seed %d: %d granted, %d refused, %d lost, %d opened, %d carried", (int)seed,
                  it->granted, it->refused, it->lost, it->opened, it->carried);
        for (int kind = GEN_LEDGER_HOLD; kind <= GEN_LEDGER_REFUND; kind++) {
            cr_assert(it->kinds[kind] > 20, "only %d of kind %d", it->kinds[kind], kind);
        }
        for (size_t i = 0; i < it->job_count; i++) {
            gen_arena_destroy(it->jobs[i]->arena);
        }
        gen_arena_destroy(it->arena);
        sample_close(&it->sample);
        free(it);
    }
}
