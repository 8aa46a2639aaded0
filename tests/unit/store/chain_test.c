/* chain_test.c - every way to tamper with the log, old logs that get their hashes, and what it costs. */
#include "unit/store/sample.h"

#include "platform/clock.h"
#include "platform/crypto.h"
#include "store/chain.h"

enum { EVENTS = 12 };

static void add_events(struct gen_changes *changes, int from, int count)
{
    for (int i = from; i < from + count; i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);

        change->as.event = (struct gen_change_event){
            .id = sample_ident(GEN_IDENT_EVENT, i), .kind = GEN_EVENT_ASSET_STORED,
            .organization = "org_1", .data = "{\"size\":1}", .at = SAMPLE_NOW + i,
            .actor = {i % 2 == 0 ? "key:key_1" : NULL, i % 2 == 0 ? "192.0.2.7" : NULL}};
    }
}

static void fill(struct sample *sample, int sets, int each)
{
    for (int i = 0; i < sets; i++) {
        struct gen_changes *changes = gen_changes_create();

        add_events(changes, 1 + i * each, each);
        OK(gen_store_apply(sample->store, changes, NULL));
        gen_changes_destroy(changes);
    }
}

static void tamper(struct sample *sample, const char *sql)
{
    struct gen_database *database;

    OK(gen_database_open(sample->path, GEN_DATABASE_VOLATILE, &database, NULL));
    OK(gen_database_run(database, sql, NULL));
    gen_database_close(database);
}

static void check(struct sample *sample, const char *head, int64_t limit,
                  struct gen_chain_check *total)
{
    struct gen_chain_check some = {.head = head};
    int64_t checked = 0, faults = 0, head_seq = 0;
    size_t found = 0;

    do {
        OK(gen_chain_verify(gen_store_reader(sample->store), &some, limit, NULL));
        checked += some.checked;
        faults += some.faults;
        head_seq = some.head_seq > 0 ? some.head_seq : head_seq;
        for (size_t i = 0; i < some.finding_count; i++) {
            total->findings[found++] = some.findings[i];
        }
    } while (!some.over);
    total->checked = checked;
    total->faults = faults;
    total->head_seq = head_seq;
    total->finding_count = found;
    memcpy(total->hash, some.hash, sizeof total->hash);
}

/* The hash of the first row, put together by hand. */
Test(chain, what_is_hashed)
{
    char text[600], expected[GEN_DIGEST_TEXT_SIZE];
    struct sample sample;
    struct gen_chain_check found = {0};
    struct gen_ident id = sample_ident(GEN_IDENT_EVENT, 1);

    sample_open(&sample);
    fill(&sample, 1, 1);
    snprintf(text, sizeof text,
             "0000000000000000000000000000000000000000000000000000000000000000"
             "1:1,30:%s,5:org_1,0:,0:,12:asset.stored,10:{\"size\":1},13:%" PRId64
             ",6:daemon,0:,",
             id.text, SAMPLE_NOW + 1);
    gen_digest_of(text, strlen(text), expected);
    check(&sample, NULL, 100, &found);
    cr_assert(eq(str, found.hash, expected));
    sample_close(&sample);
}

static const struct {
    const char *what, *sql;
    enum gen_chain_fault fault; /* of the first finding; 0 = none */
    int64_t seq, faults;
} cases[] = {
    {"nothing", "SELECT 1", 0, 0, 0},
    {"words of an event", "UPDATE event SET data = '{\"size\":2}' WHERE seq = 5",
     GEN_CHAIN_CHANGED, 5, 1},
    {"who did it", "UPDATE event SET actor = 'key:key_2' WHERE seq = 4", GEN_CHAIN_CHANGED, 4, 1},
    {"from where", "UPDATE event SET origin = 'socket' WHERE seq = 4", GEN_CHAIN_CHANGED, 4, 1},
    {"when", "UPDATE event SET at = at + 1 WHERE seq = 1", GEN_CHAIN_CHANGED, 1, 1},
    {"text moved from one column to the next",
     "UPDATE event SET job = 'a', pipeline = '' WHERE seq = 3", GEN_CHAIN_CHANGED, 3, 1},
    {"its hash: the next one shows it too", "UPDATE event SET hash = printf('%064d', 7) WHERE seq = 5",
     GEN_CHAIN_CHANGED, 5, 2},
    {"one removed", "DELETE FROM event WHERE seq = 6", GEN_CHAIN_MISSING, 7, 1},
    {"the first ones removed", "DELETE FROM event WHERE seq < 4", GEN_CHAIN_MISSING, 4, 1},
    {"the last ones removed", "DELETE FROM event WHERE seq > 10", GEN_CHAIN_CUT, 10, 1},
    {"removed, and the rest moved up",
     "DELETE FROM event WHERE seq = 6; UPDATE event SET seq = seq - 1 WHERE seq > 6",
     GEN_CHAIN_CHANGED, 6, 7},
    {"two in another order",
     "UPDATE event SET seq = 99 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6;"
     "UPDATE event SET seq = 6 WHERE seq = 99; UPDATE sqlite_sequence SET seq = 12",
     GEN_CHAIN_CHANGED, 5, 3},
    {"one from outside",
     "INSERT INTO event (id, organization, kind, at) VALUES ('evt_x', 'org_1', 'job.completed', 1)",
     GEN_CHAIN_FOREIGN, 13, 1},
    {"one from outside with somebody's hash",
     "INSERT INTO event (id, organization, kind, at, hash) SELECT 'evt_x', 'org_1', 'x', 1, hash "
     "FROM event WHERE seq = 12", GEN_CHAIN_CHANGED, 13, 1},
};

Test(chain, every_change_is_found_and_named)
{
    static const int64_t limits[] = {1, 3, EVENTS, 1000};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;

        sample_open(&sample);
        fill(&sample, 4, EVENTS / 4);
        tamper(&sample, cases[i].sql);
        for (size_t k = 0; k < GEN_COUNT(limits); k++) {
            struct gen_chain_check found = {0};

            check(&sample, NULL, limits[k], &found);
            cr_assert(found.faults == cases[i].faults, "%s: %" PRId64 " faults", cases[i].what,
                      found.faults);
            cr_assert(found.faults == 0 || (found.findings[0].fault == cases[i].fault &&
                                            found.findings[0].seq == cases[i].seq),
                      "%s: %s at %" PRId64, cases[i].what,
                      gen_chain_fault_word(found.findings[0].fault), found.findings[0].seq);
        }
        sample_close(&sample);
    }
}

/* What comes after a fault is chained on, and found good; the fault stays found. */
Test(chain, goes_on_after_a_fault)
{
    struct sample sample;
    struct gen_chain_check found = {0};
    struct gen_changes *changes = gen_changes_create();

    sample_open(&sample);
    fill(&sample, 1, EVENTS);
    tamper(&sample, cases[12].sql);
    add_events(changes, 50, 2);
    OK(gen_store_apply(sample.store, changes, NULL));
    gen_changes_destroy(changes);
    check(&sample, NULL, 4, &found);
    cr_assert(found.checked == EVENTS + 3 && found.faults == 1 && found.findings[0].seq == 13);
    cr_assert(eq(str, found.findings[0].id.text, "evt_x"));
    sample_close(&sample);
}

/* A refused set leaves no hole and no wrong link. */
Test(chain, refused_sets_leave_nothing)
{
    struct sample sample;
    struct gen_chain_check found = {0};

    sample_open(&sample);
    fill(&sample, 1, 3);
    for (int i = 0; i < 2; i++) {
        struct gen_changes *changes = gen_changes_create();

        add_events(changes, 10 + i, 1);
        add_events(changes, 1, 1); /* an id that is taken */
        cr_assert(gen_store_apply(sample.store, changes, NULL) == GEN_ECONFLICT);
        gen_changes_destroy(changes);
    }
    fill(&sample, 0, 0);
    check(&sample, NULL, 100, &found);
    cr_assert(found.checked == 3 && found.faults == 0);
    sample_close(&sample);
}

/* The whole log written anew, hashes and all: only a hash that was kept elsewhere tells. */
Test(chain, a_head_that_was_kept)
{
    struct sample sample;
    struct gen_chain_check before = {0}, after = {0};

    sample_open(&sample);
    fill(&sample, 1, EVENTS);
    check(&sample, NULL, 5, &before);
    tamper(&sample, "UPDATE event SET data = '{}' WHERE seq = 3;"
                    "UPDATE event_chain SET sealed = 0, sealing = 12");
    gen_store_close(sample.store);
    sample_open_file(&sample);
    check(&sample, before.hash, 5, &after);
    cr_assert(after.faults == 0 && after.head_seq == 0);
    check(&sample, after.hash, 5, &before);
    cr_assert(before.head_seq == EVENTS);
    sample_close(&sample);
}

/* A log of a version without hashes, with a gap: sealed at the next opening, also after a crash in between. */
Test(chain, old_events_are_sealed_once)
{
    struct sample sample;
    struct gen_chain_check found = {0};
    int64_t rows = -1;

    sample_open(&sample);
    fill(&sample, 1, EVENTS);
    gen_store_close(sample.store);
    tamper(&sample, "DELETE FROM event WHERE seq IN (1, 4);" /* an old gap is no fault */
                    "UPDATE event SET hash = '', actor = '', origin = '';"
                    "UPDATE event_chain SET sealed = 0, sealing = 12");
    sample_open_file(&sample);
    check(&sample, NULL, 5, &found);
    cr_assert(found.checked == EVENTS - 2 && found.faults == 0);
    gen_store_close(sample.store);
    tamper(&sample, "UPDATE event SET hash = '' WHERE seq > 7;" /* the crash */
                    "UPDATE event_chain SET sealed = 7");
    sample_open_file(&sample);
    check(&sample, NULL, 5, &found);
    cr_assert(found.faults == 0);
    gen_store_close(sample.store);
    tamper(&sample, "UPDATE event SET hash = '' WHERE seq = 12"); /* never again */
    sample_open_file(&sample);
    check(&sample, NULL, 5, &found);
    cr_assert(found.faults == 1 && found.findings[0].fault == GEN_CHAIN_FOREIGN);
    (void)rows;
    sample_close(&sample);
}

/* Not a test of time, but the figure that docs/audit.md names: run with GEN_MEASURE=1. */
Test(chain, what_it_costs)
{
    struct gen_chain_row row = {.id = "evt_01m81rcze1hsa2asfnqtzme0wf", .organization = "local",
                                .job = "gen_01m81rcze1hsa2asfnqtzme0wf", .pipeline = "pip_01",
                                .kind = "attempt.state", .actor = "daemon", .origin = "",
                                .data = "{\"attemptId\":\"att_01m81rcze1hsa2asfnqtzme0wf\","
                                        "\"from\":\"submitting\",\"to\":\"accepted\"}"};
    char hash[GEN_DIGEST_TEXT_SIZE] = "";
    const int times = getenv("GEN_MEASURE") != NULL ? 200000 : 10;
    int64_t began = gen_clock_monotonic(gen_clock_real());

    for (int i = 0; i < times; i++) {
        row.seq = i;
        gen_chain_hash(hash, &row, hash);
    }
    cr_assert(strlen(hash) == 64);
    if (times > 10) {
        struct sample sample;

        printf("a hash: %" PRId64 " ns\n",
               (gen_clock_monotonic(gen_clock_real()) - began) * 1000000 / times);
        sample_open(&sample);
        began = gen_clock_monotonic(gen_clock_real());
        fill(&sample, 3000, 10);
        printf("an event, in sets of ten: %" PRId64 " ns\n",
               (gen_clock_monotonic(gen_clock_real()) - began) * 1000000 / 30000);
        sample_close(&sample);
    }
}
