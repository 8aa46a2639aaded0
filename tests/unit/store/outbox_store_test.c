/* outbox_store_test.c - subscribers: two who edit at once, positions that never go back, bounded history. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/outbox_reading.h"
#include "store/outbox_store.h"

static enum gen_status apply_row(struct sample *sample, enum gen_change_kind kind,
                                 const struct gen_subscriber *row)
{
    struct gen_changes *changes = gen_changes_create();
    enum gen_status status;

    gen_changes_subscriber(changes, kind, row);
    status = gen_store_apply(sample->store, changes, NULL);
    gen_changes_destroy(changes);
    return status;
}

static enum gen_status apply_told(struct sample *sample, const struct gen_told *told)
{
    struct gen_changes *changes = gen_changes_create();
    enum gen_status status;

    gen_changes_told(changes, told);
    status = gen_store_apply(sample->store, changes, NULL);
    gen_changes_destroy(changes);
    return status;
}

static struct gen_subscriber one(const char *organization)
{
    return (struct gen_subscriber){.id = "whk_1", .kind = GEN_SUBSCRIBER_WEBHOOK,
                                   .organization = organization, .url = "https://a.invalid",
                                   .state = GEN_SUBSCRIBER_ACTIVE, .position = 3, .version = 1};
}

static struct gen_subscriber stored(struct sample *sample, struct gen_arena *arena)
{
    struct gen_subscriber row;

    OK(gen_read_subscriber(sample->store, "org_1", "whk_1", arena, &row, NULL));
    return row;
}

static int64_t number_of(struct sample *sample, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(sample->store), sql, &number, NULL));
    return number;
}

Test(outbox_store, versions_and_tenants)
{
    struct gen_subscriber row = one("org_1"), other = one("org_2");
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;

    sample_open(&sample);
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_ADD, &row));
    cr_assert(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_ADD, &row) == GEN_ECONFLICT);
    row.version = other.version = 2;
    row.title = "first";
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_SET, &row));
    row.title = "second"; /* from the same version */
    cr_assert(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_SET, &row) == GEN_ECONFLICT);
    other.version = 3; /* somebody else's */
    cr_assert(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_SET, &other) == GEN_ECONFLICT);
    other.version = 2;
    cr_assert(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_REMOVE, &other) == GEN_ECONFLICT);
    cr_assert(eq(str, (char *)stored(&sample, arena).title, "first"));
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_REMOVE, &row));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM subscriber"), 0));
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(outbox_store, what_was_told)
{
    struct gen_told told = {.subscriber = "whk_1", .outcome = GEN_DELIVERY_DELIVERED,
                            .event_kind = "job.failed", .last_error = "", .attempt = 1};
    struct gen_subscriber row = one("org_1");
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;

    sample_open(&sample);
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_ADD, &row));
    for (int i = 1; i <= GEN_OUTBOX_DELIVERIES + 20; i++) {
        told.position = i;
        told.event = sample_ident(GEN_IDENT_EVENT, i);
        OK(apply_told(&sample, &told));
    }
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM delivery"), GEN_OUTBOX_DELIVERIES));
    told.position = 5;
    OK(apply_told(&sample, &told));
    cr_assert(eq(i64, stored(&sample, arena).position, GEN_OUTBOX_DELIVERIES + 20));
    told.outcome = GEN_DELIVERY_SET_ASIDE;
    told.seq = 9;
    OK(apply_told(&sample, &told));
    OK(apply_told(&sample, &told)); /* twice is once */
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM outbox"), 1));
    told.outcome = GEN_DELIVERY_DELIVERED;
    told.was_aside = true;
    OK(apply_told(&sample, &told));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM outbox"), 0));
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* A person's word stands above ours, and what is gone stays gone. */
Test(outbox_store, states_and_removal)
{
    struct gen_told told = {.subscriber = "whk_1", .outcome = GEN_DELIVERY_FAILED, .failures = 3,
                            .failing_since = 7, .retry_at = 8, .event_kind = "job.failed",
                            .last_error = "answered 500", .park = true};
    struct gen_subscriber row = one("org_1");
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;

    sample_open(&sample);
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_ADD, &row));
    OK(apply_told(&sample, &told));
    cr_assert(stored(&sample, arena).state == GEN_SUBSCRIBER_PARKED);
    row.version = 2;
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_SET, &row)); /* resumed */
    row = stored(&sample, arena);
    cr_assert(row.state == GEN_SUBSCRIBER_ACTIVE && row.failures == 0 && row.retry_at == 0);
    row.version = 3;
    row.state = GEN_SUBSCRIBER_PAUSED;
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_SET, &row));
    OK(apply_told(&sample, &told));
    cr_assert(stored(&sample, arena).state == GEN_SUBSCRIBER_PAUSED);
    OK(apply_row(&sample, GEN_CHANGE_SUBSCRIBER_REMOVE, &row));
    OK(apply_told(&sample, &told));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM delivery"), 0));
    gen_arena_destroy(arena);
    sample_close(&sample);
}
