/* ledger_store_test.c - what each entry does to held, spent and unverified; random histories. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/lookup.h"

struct step {
    enum gen_ledger_kind kind;
    int64_t amount; /* cents */
    enum gen_status status;
};

static const struct {
    const char *what;
    struct step steps[5];
    int64_t held, spent, unverified; /* cents */
} cases[] = {
    {"a hold is promised", {{GEN_LEDGER_HOLD, 500, GEN_OK}}, 500, 0, 0},
    {"all of the budget may be held", {{GEN_LEDGER_HOLD, 1000, GEN_OK}}, 1000, 0, 0},
    {"one cent more may not", {{GEN_LEDGER_HOLD, 1001, GEN_EBUDGET}}, 0, 0, 0},
    {"twice is once too often",
     {{GEN_LEDGER_HOLD, 100, GEN_OK}, {GEN_LEDGER_HOLD, 100, GEN_ECONFLICT}}, 100, 0, 0},
    {"a charge ends as much of the hold",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_CHARGE, 300, GEN_OK}}, 200, 300, 0},
    {"and the rest is released",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_CHARGE, 300, GEN_OK},
      {GEN_LEDGER_RELEASE, 200, GEN_OK}}, 0, 300, 0},
    {"no more than the rest",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_CHARGE, 300, GEN_OK},
      {GEN_LEDGER_RELEASE, 201, GEN_ECONFLICT}}, 200, 300, 0},
    {"a charge may pass the hold, even the budget: the money is gone",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_CHARGE, 1500, GEN_OK}}, 0, 1500, 0},
    {"a charge without a hold", {{GEN_LEDGER_CHARGE, 10, GEN_OK}}, 0, 10, 0},
    {"a hold after a charge comes too late",
     {{GEN_LEDGER_CHARGE, 10, GEN_OK}, {GEN_LEDGER_HOLD, 10, GEN_ECONFLICT}}, 0, 10, 0},
    {"nobody knows: unverified",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_UNVERIFIED, 500, GEN_OK}}, 0, 0, 500},
    {"not more than is held can be unverified",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_UNVERIFIED, 501, GEN_ECONFLICT}}, 500, 0, 0},
    {"an invoice says it was billed after all",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_UNVERIFIED, 500, GEN_OK},
      {GEN_LEDGER_CHARGE, 400, GEN_OK}, {GEN_LEDGER_RELEASE, 100, GEN_OK}}, 0, 400, 0},
    {"or that it was not",
     {{GEN_LEDGER_HOLD, 500, GEN_OK}, {GEN_LEDGER_UNVERIFIED, 500, GEN_OK},
      {GEN_LEDGER_RELEASE, 500, GEN_OK}}, 0, 0, 0},
    {"nothing can be released that was not held", {{GEN_LEDGER_RELEASE, 1, GEN_ECONFLICT}}, 0, 0, 0},
    {"a hold of nothing", {{GEN_LEDGER_HOLD, 0, GEN_OK}}, 0, 0, 0},
    {"more than fits", {{GEN_LEDGER_CHARGE, INT64_MAX / 10000, GEN_OK}}, 0, INT64_MAX / 10000, 0},
};

Test(ledger_store, each_entry_does_what_the_header_says)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_balance balance;
        struct gen_job *job;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 1);
        for (size_t k = 0; k < 5 && cases[i].steps[k].kind != GEN_LEDGER_NONE; k++) {
            struct gen_changes *changes = gen_changes_create();
            const struct step *step = &cases[i].steps[k];

            sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], step->kind,
                         step->amount * 10000, (int)k);
            cr_assert(sample_apply(&sample, changes) == step->status, "%s, step %zu: %s",
                      cases[i].what, k, sample.err.message);
        }
        OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
        cr_assert(balance.held == cases[i].held * 10000, "%s", cases[i].what);
        cr_assert(balance.spent == cases[i].spent * 10000, "%s", cases[i].what);
        cr_assert(balance.unverified == cases[i].unverified * 10000, "%s", cases[i].what);
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

Test(ledger_store, a_hold_after_an_overrun_charge)
{
    static const struct {
        gen_micros amount;
        enum gen_status status;
    } holds[] = {
        {0, GEN_OK},                 /* free work goes on */
        {1, GEN_EBUDGET},            /* a micro-dollar is too much */
        {INT64_MAX, GEN_EBUDGET},    /* and does not overflow */
    };
    struct sample sample;
    struct gen_job *job;
    struct gen_changes *changes = gen_changes_create();

    sample_open(&sample);
    job = sample_admit(&sample, 1, 4);
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_CHARGE,
                 11 * DOLLAR, 1);
    cr_assert(sample_apply(&sample, changes) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(holds); i++) {
        changes = gen_changes_create();
        sample_entry(changes, job, &job->pipelines[1], &job->pipelines[1].shots[i], GEN_LEDGER_HOLD,
                     holds[i].amount, 10 + (int)i);
        cr_assert(sample_apply(&sample, changes) == holds[i].status, "%zu: %s", i,
                  sample.err.message);
    }
    cr_assert(strstr(sample.err.message, "$11.00 is spent") != NULL, "%s", sample.err.message);
    cr_assert(strstr(sample.err.message, "$0.00 is left") != NULL, "%s", sample.err.message);
    changes = gen_changes_create();
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[1], GEN_LEDGER_CHARGE,
                 INT64_MAX, 20);
    cr_assert(sample_apply(&sample, changes) == GEN_EOVERFLOW);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static int64_t number_of(struct sample *sample, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(sample->store), sql, &number, NULL));
    return number;
}

/* After any history: balances are the sums of the entries, by the rule of the header computed here
 * by other means; no hold was granted past the budget; the figures agree. */
Test(ledger_store, random_histories_add_up)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        gen_micros entries[20][5] = {{0}}; /* by shot and kind */
        gen_micros held = 0, spent = 0, unverified = 0;
        struct gen_balance balance;
        struct gen_read_counts counts;
        struct sample sample;
        struct gen_job *job;
        uint64_t state = seed;
        int refused = 0, applied = 0;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 10);
        for (int i = 0; i < 150; i++) {
            size_t shot = next_random(&state) % 20;
            enum gen_ledger_kind kind = (enum gen_ledger_kind)(1 + next_random(&state) % 4);
            const char *reference = ""; /* one of each kind: the rule below knows no more */
            gen_micros amount = (gen_micros)(next_random(&state) % (3 * DOLLAR));
            struct gen_changes *changes = gen_changes_create();
            struct gen_pipeline *pipeline = &job->pipelines[shot / 10];

            OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
            if (kind == GEN_LEDGER_RELEASE && next_random(&state) % 2 == 0) {
                amount = entries[shot][GEN_LEDGER_HOLD]; /* often all of it */
            }
            sample_entry(changes, job, pipeline, &pipeline->shots[shot % 10], kind, amount, i);
            changes->last->as.entry.reference = reference;
            if (sample_apply(&sample, changes) == GEN_OK) {
                applied++;
                entries[shot][kind] = amount;
                cr_assert(kind != GEN_LEDGER_HOLD || amount == 0 ||
                              balance.held + balance.spent + balance.unverified + amount <=
                                  10 * DOLLAR,
                          "a hold was granted past the budget");
            } else {
                refused++;
            }
        }
        for (size_t shot = 0; shot < 20; shot++) {
            gen_micros rest = entries[shot][GEN_LEDGER_HOLD] - entries[shot][GEN_LEDGER_CHARGE] -
                              entries[shot][GEN_LEDGER_RELEASE];
            gen_micros doubt = entries[shot][GEN_LEDGER_UNVERIFIED];

            rest = rest > 0 ? rest : 0;
            doubt = doubt < rest ? doubt : rest;
            held += rest - doubt;
            unverified += doubt;
            spent += entries[shot][GEN_LEDGER_CHARGE];
        }
        OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
        cr_assert(eq(i64, balance.held, held));
        cr_assert(eq(i64, balance.spent, spent));
        cr_assert(eq(i64, balance.unverified, unverified));
        cr_assert(eq(i64, number_of(&sample, "SELECT SUM(held) FROM ledger_by_attempt"), held));
        cr_assert(eq(i64, number_of(&sample, "SELECT SUM(unverified) FROM ledger_by_attempt"),
                     unverified));
        cr_assert(eq(i64, number_of(&sample, "SELECT SUM(held) FROM attempt"), held));
        cr_assert(eq(i64, number_of(&sample, "SELECT SUM(spent) FROM pipeline"), spent));
        cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM ledger_entry"), applied));
        OK(gen_read_counts(sample.store, &counts, NULL));
        cr_assert(counts.money.held == held && counts.money.spent == spent &&
                  counts.money.unverified == unverified);
        cr_assert(applied > 20 && refused > 20, "%d applied, %d refused", applied, refused);
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

/* Any number of entries of every kind, told apart by their reference, the store closed and opened again in
 * between: postings add up to zero, no balance is negative, and all rows say the same. */
Test(ledger_store, double_entry_survives_everything)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct gen_balance model[4] = {{0}};
        struct gen_balance balance;
        struct sample sample;
        struct gen_job *job;
        uint64_t state = seed;
        int applied[GEN_LEDGER_REFUND + 1] = {0};

        sample_open(&sample);
        job = sample_admit(&sample, 1, 4);
        for (int i = 0; i < 200; i++) {
            size_t shot = i < 4 ? (size_t)i : next_random(&state) % 4;
            enum gen_ledger_kind kind = i < 4 ? GEN_LEDGER_HOLD : (enum gen_ledger_kind)(1 + next_random(&state) % 5);
            gen_micros amount = i < 4 ? 2 * DOLLAR : (gen_micros)(next_random(&state) % (DOLLAR / 5));
            struct gen_changes *changes = gen_changes_create();
            struct gen_balance after = model[shot];
            enum gen_status expected = gen_balance_apply(&after, kind, amount, &sample.err);

            sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[shot], kind,
                         amount, i);
            changes->last->as.entry.reference = gen_arena_printf(changes->arena, "line %d", i);
            if (sample_apply(&sample, changes) == GEN_OK) {
                cr_assert(eq(int, expected, GEN_OK));
                model[shot] = after;
                applied[kind]++;
            } else { /* a hold comes first, and only within the budget */
                cr_assert(expected != GEN_OK || kind == GEN_LEDGER_HOLD, "%s", sample.err.message);
            }
            if (next_random(&state) % 40 == 0) {
                gen_store_close(sample.store);
                sample_open_file(&sample);
            }
        }
        for (int kind = GEN_LEDGER_CHARGE; kind <= GEN_LEDGER_REFUND; kind++) {
            cr_assert(applied[kind] > 0, "kind %d", kind);
        }
        OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
        for (size_t i = 0; i < 4; i++) {
            cr_assert(model[i].held >= 0 && model[i].unverified >= 0 && model[i].spent >= 0);
            balance.held -= model[i].held;
            balance.unverified -= model[i].unverified;
            balance.spent -= model[i].spent;
        }
        cr_assert(balance.held == 0 && balance.unverified == 0 && balance.spent == 0);
        cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM (SELECT 1 FROM posting GROUP BY "
                                             "entry HAVING SUM(amount) <> 0)"), 0));
        cr_assert(eq(i64, number_of(&sample,
                                    "SELECT COUNT(*) FROM attempt a JOIN ledger_by_attempt l ON "
                                    "l.attempt = a.id WHERE a.held <> l.held OR a.spent <> l.spent "
                                    "OR a.unverified <> l.unverified"), 0));
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

/* Only the next attempt of the same shot takes over, no more than was let go of at that moment, and it counts
 * in the period of the one before. */
Test(ledger_store, carried_over)
{
    static const struct {
        const char *what;
        gen_micros released, taken;
        int ordinal;
        gen_moment later;
        enum gen_status status;
    } carries[] = {
        {"all of it", DOLLAR, DOLLAR, 2, 0, GEN_OK},
        {"less", DOLLAR, DOLLAR / 2, 2, 0, GEN_OK},
        {"more", DOLLAR, DOLLAR + 1, 2, 0, GEN_ECONFLICT},
        {"nothing was let go of", 0, 1, 2, 0, GEN_ECONFLICT},
        {"not the next one", DOLLAR, DOLLAR, 3, 0, GEN_ECONFLICT},
        {"another moment", DOLLAR, DOLLAR, 2, 1, GEN_ECONFLICT},
    };

    for (size_t i = 0; i < GEN_COUNT(carries); i++) {
        struct gen_changes *changes = gen_changes_create();
        gen_moment then = SAMPLE_NOW + 1000;
        struct gen_pipeline *pipeline;
        struct gen_ident first;
        struct sample sample;
        struct gen_job *job;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 1);
        pipeline = &job->pipelines[0];
        first = pipeline->shots[0].attempt.id;
        sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_HOLD, 10 * DOLLAR, 1);
        OK(sample_apply(&sample, changes));
        changes = gen_changes_create();
        if (carries[i].released > 0) {
            sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_RELEASE,
                         carries[i].released, 2);
            changes->last->as.entry.at = then;
        }
        pipeline->shots[0].attempt.id = sample_ident(GEN_IDENT_ATTEMPT, 77);
        pipeline->shots[0].attempt.ordinal = carries[i].ordinal;
        gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_ADD, job, pipeline, &pipeline->shots[0],
                            GEN_ATTEMPT_NONE);
        sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_HOLD, carries[i].taken, 3);
        changes->last->as.entry.at = then + carries[i].later;
        changes->last->as.entry.carried_from = first;
        cr_assert(sample_apply(&sample, changes) == carries[i].status, "%s: %s", carries[i].what,
                  sample.err.message);
        if (carries[i].status == GEN_OK) {
            cr_assert(eq(i64, number_of(&sample, "SELECT held_at FROM attempt WHERE ordinal = 2"),
                         SAMPLE_NOW));
        }
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

/* More may be held for an attempt while nothing else was booked for it, under the limits of the period in which its
 * first money counts. */
Test(ledger_store, a_hold_is_topped_up)
{
    struct gen_limit limit = {.name = "small", .key = "organization:org_1", .id = "",
                              .scope = GEN_SCOPE_ORGANIZATION, .hard = 3 * DOLLAR,
                              .begins = SAMPLE_NOW - 1000, .ends = SAMPLE_NOW + 1000};
    static const struct {
        const char *what;
        gen_micros amount;
        gen_moment at, counts_at;
        const char *reference;
        enum gen_status status;
    } steps[] = {
        {"the hold", 2 * DOLLAR, SAMPLE_NOW, SAMPLE_NOW, "", GEN_OK},
        {"the same once more", 2 * DOLLAR, SAMPLE_NOW, SAMPLE_NOW, "", GEN_ECONFLICT},
        {"later, in the period of the first", DOLLAR / 2, SAMPLE_NOW + 5000, SAMPLE_NOW, "top-up", GEN_OK},
        {"in another period", DOLLAR / 2, SAMPLE_NOW + 5000, SAMPLE_NOW + 5000, "other", GEN_ECONFLICT},
        {"more than is left", DOLLAR, SAMPLE_NOW + 5000, SAMPLE_NOW, "more", GEN_EBUDGET},
    };
    struct sample sample;
    struct gen_balance balance;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        struct gen_changes *changes = gen_changes_create();
        struct gen_change_entry *entry;
        enum gen_status status;

        sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_HOLD,
                     steps[i].amount, 50 + (int)i);
        entry = &changes->last->as.entry;
        entry->at = steps[i].at;
        entry->counts_at = steps[i].counts_at;
        entry->reference = steps[i].reference;
        entry->limits = steps[i].status == GEN_ECONFLICT ? NULL : &limit;
        entry->limit_count = steps[i].status == GEN_ECONFLICT ? 0 : 1;
        status = sample_apply(&sample, changes);
        cr_expect(status == steps[i].status, "%s: %d %s", steps[i].what, status, sample.err.message);
    }
    OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
    cr_assert(balance.held == 2 * DOLLAR + DOLLAR / 2);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
