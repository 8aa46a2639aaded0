/* key_store_test.c - core/store/key_store.c and key_reading.c: keys come back as they went in, names and digests
 * are unique, an edit needs the version before it, a revoked key stays so, and a day's jobs never pass their
 * bound. */
#include "unit/store/sample.h"

#include "model/access_key.h"
#include "store/database.h"
#include "store/key_store.h"
#include "store/reading.h"

#define DIGEST "0000000000000000000000000000000000000000000000000000000000000"

static struct gen_access_key key_of(struct gen_arena *arena, uint64_t n, const char *organization,
                                    const char *name)
{
    return (struct gen_access_key){
        .id = sample_ident(GEN_IDENT_KEY, n), .organization = organization, .name = name,
        .user = gen_arena_printf(arena, "key:%s", name), .teams = "social tv",
        .role = GEN_ROLE_PRODUCER, .permissions = gen_role_permissions(GEN_ROLE_PRODUCER),
        .digest = gen_arena_printf(arena, "%s%03d", DIGEST, (int)n), .hint = "abcd",
        .most_priority = 2, .quota = {.requests_per_minute = 30, .jobs_per_day = 7, .seconds_per_day = 90, .parallel = 3,
                  .spend = 5 * DOLLAR},
        .spend_period = GEN_PERIOD_WEEK, .budget = sample_ident(GEN_IDENT_BUDGET, 9),
        .created_by = "owner", .created_at = SAMPLE_NOW, .updated_at = SAMPLE_NOW,
        .expires_at = SAMPLE_NOW + 1000, .version = 1};
}

static enum gen_status put(struct sample *sample, enum gen_change_kind kind,
                           const struct gen_access_key *key)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_access_key(changes, kind, key);
    return sample_apply(sample, changes);
}

Test(key_store, there_and_back)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_access_key key = key_of(arena, 1, "org_1", "farm"), back;

    sample_open(&sample);
    OK(put(&sample, GEN_CHANGE_KEY_ADD, &key));
    OK(gen_read_key_of_digest(sample.store, key.digest, arena, &back, NULL));
    cr_assert(strcmp(gen_json_text(arena, gen_access_key_write(&key, SAMPLE_NOW, arena), NULL),
                     gen_json_text(arena, gen_access_key_write(&back, SAMPLE_NOW, arena), NULL)) ==
              0);
    cr_assert(strcmp(back.digest, key.digest) == 0 && back.permissions == key.permissions);
    OK(gen_read_access_key(sample.store, "org_1", key.id.text, arena, &back, NULL));
    OK(gen_read_access_key(sample.store, "org_1", "farm", arena, &back, NULL));
    /* of another organization: like none */
    cr_assert(gen_read_access_key(sample.store, "org_2", key.id.text, arena, &back, NULL) ==
              GEN_ENOTFOUND);
    cr_assert(gen_read_access_key(sample.store, "org_2", "farm", arena, &back, NULL) ==
              GEN_ENOTFOUND);
    cr_assert(gen_read_key_of_digest(sample.store, "", arena, &back, NULL) == GEN_ENOTFOUND);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(key_store, unique_names_and_versions)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_access_key key = key_of(arena, 1, "org_1", "farm");
    struct gen_access_key same = key_of(arena, 2, "org_1", "farm");
    struct gen_access_key elsewhere = key_of(arena, 3, "org_2", "farm"), back;

    sample_open(&sample);
    OK(put(&sample, GEN_CHANGE_KEY_ADD, &key));
    cr_assert(put(&sample, GEN_CHANGE_KEY_ADD, &same) == GEN_ECONFLICT);
    OK(put(&sample, GEN_CHANGE_KEY_ADD, &elsewhere));
    /* two edits from one version: the second is refused, and changes nothing */
    key.version = 2;
    key.quota.jobs_per_day = 9;
    OK(put(&sample, GEN_CHANGE_KEY_SET, &key));
    key.quota.jobs_per_day = 11;
    cr_assert(put(&sample, GEN_CHANGE_KEY_SET, &key) == GEN_ECONFLICT);
    OK(gen_read_access_key(sample.store, "org_1", "farm", arena, &back, NULL));
    cr_assert(back.quota.jobs_per_day == 9 && back.version == 2);
    /* the wrong organization changes nothing either */
    key.version = 3;
    key.organization = "org_2";
    cr_assert(put(&sample, GEN_CHANGE_KEY_SET, &key) == GEN_ECONFLICT);
    key.organization = "org_1";
    key.revoked_at = SAMPLE_NOW;
    OK(put(&sample, GEN_CHANGE_KEY_SET, &key));
    key.version = 4;
    key.revoked_at = 0; /* there is no way back */
    cr_assert(put(&sample, GEN_CHANGE_KEY_SET, &key) == GEN_ECONFLICT);
    OK(put(&sample, GEN_CHANGE_KEY_ADD, &same)); /* but its name is free */
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(key_store, pages_use_and_any)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_access_key *keys, back;
    struct gen_changes *changes;
    size_t count;
    bool more, any = true;
    int64_t least;

    sample_open(&sample);
    OK(gen_read_any_key(sample.store, SAMPLE_NOW, &any, NULL));
    cr_assert(any == false);
    for (uint64_t n = 1; n <= 5; n++) {
        struct gen_access_key key = key_of(arena, n, "org_1", gen_arena_printf(arena, "k%d", (int)n));

        key.user = "ann";
        key.quota.parallel = (int32_t)(n == 2 ? 0 : 10 - n);
        OK(put(&sample, GEN_CHANGE_KEY_ADD, &key));
    }
    OK(gen_read_access_keys(sample.store, "org_1", NULL, 3, arena, &keys, &count, &more, NULL));
    cr_assert(count == 3 && more && strcmp(keys[0].name, "k5") == 0);
    OK(gen_read_access_keys(sample.store, "org_1", keys[2].id.text, 3, arena, &keys, &count, &more,
                            NULL));
    cr_assert(count == 2 && !more && strcmp(keys[1].name, "k1") == 0);
    OK(gen_read_access_keys(sample.store, "org_2", NULL, 3, arena, &keys, &count, &more, NULL));
    cr_assert(count == 0 && !more);
    OK(gen_read_any_key(sample.store, SAMPLE_NOW, &any, NULL));
    cr_assert(any);
    OK(gen_read_any_key(sample.store, SAMPLE_NOW + 1000, &any, NULL)); /* all are over then */
    cr_assert(any == false);
    OK(gen_read_user_parallel(sample.store, "org_1", "ann", &least, NULL));
    cr_assert(least == 5, "%d", (int)least);
    OK(gen_read_user_parallel(sample.store, "org_1", "bob", &least, NULL));
    cr_assert(least == 0);
    for (int i = 0; i < 2; i++) { /* never back */
        changes = gen_changes_create();
        gen_changes_add(changes, GEN_CHANGE_KEY_USED)->as.key_use =
            (struct gen_change_key_use){sample_ident(GEN_IDENT_KEY, 1), SAMPLE_NOW + 5 - i};
        OK(sample_apply(&sample, changes));
    }
    OK(gen_read_access_key(sample.store, "org_1", "k1", arena, &back, NULL));
    cr_assert(back.used_at == SAMPLE_NOW + 5);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

static enum gen_status count_job(struct sample *sample, const char *organization, const char *scope,
                                 const char *of, int64_t most, gen_moment at)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_add(changes, GEN_CHANGE_QUOTA)->as.quota =
        (struct gen_change_quota){organization, scope, of, most, at, 0, 0};
    return sample_apply(sample, changes);
}

static enum gen_status count_video(struct sample *sample, int64_t ms, int64_t most_ms, int64_t most)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_add(changes, GEN_CHANGE_QUOTA)->as.quota =
        (struct gen_change_quota){"org_1", "user", "ann", most, SAMPLE_NOW, ms, most_ms};
    return sample_apply(sample, changes);
}

/* Each in turn against the same day: what is asked for, the bounds, and whether it is taken. */
Test(key_store, video_of_a_day)
{
    static const struct {
        int64_t ms, most_ms, most;
        bool taken;
        const char *says;
    } rows[] = {
        {5001, 5000, 0, false, "may have 5 s a day"}, /* the first is more than a whole day's */
        {2000, 5000, 0, true, NULL},
        {3001, 5000, 0, false, "has had 2.0 of its 5 s"},
        {3000, 5000, 0, true, NULL}, /* to the last millisecond */
        {1, 5000, 0, false, "has had 5.0 of its 5 s"},
        {0, 5000, 0, true, NULL}, /* a still costs none */
        {1, 6000, 3, false, "its 3 jobs"}, /* both bounds: the job one is reached */
        {1, 6000, 4, true, NULL},
        {1000000, 0, 0, true, NULL}, /* no bound: only counted */
    };
    struct sample sample;
    int64_t ms = -1, sum = 0;

    sample_open(&sample);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        enum gen_status status = count_video(&sample, rows[i].ms, rows[i].most_ms, rows[i].most);

        cr_assert(status == (rows[i].taken ? GEN_OK : GEN_ECONFLICT), "case %zu: %s", i,
                  sample.err.message);
        cr_assert(rows[i].says == NULL || strstr(sample.err.message, rows[i].says) != NULL,
                  "case %zu: %s", i, sample.err.message);
        cr_assert(rows[i].taken || strcmp(sample.err.path, "quota") == 0);
        sum += rows[i].taken ? rows[i].ms : 0;
        OK(gen_read_quota_video(sample.store, "org_1", "user", "ann", SAMPLE_NOW, &ms, NULL));
        cr_assert(ms == sum, "case %zu: %ld", i, (long)ms);
    }
    sample_close(&sample);
}

Test(key_store, jobs_of_a_day)
{
    const gen_moment midnight = gen_key_store_day(SAMPLE_NOW) + 24 * 3600 * 1000;
    struct sample sample;
    int64_t jobs;

    sample_open(&sample);
    for (int i = 0; i < 3; i++) {
        OK(count_job(&sample, "org_1", "user", "ann", 3, SAMPLE_NOW));
    }
    cr_assert(count_job(&sample, "org_1", "user", "ann", 3, midnight - 1) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "ann") != NULL && strcmp(sample.err.path, "quota") == 0, "%s",
              sample.err.message);
    OK(gen_read_quota(sample.store, "org_1", "user", "ann", SAMPLE_NOW, &jobs, NULL));
    cr_assert(jobs == 3);
    OK(count_job(&sample, "org_1", "user", "ann", 4, SAMPLE_NOW)); /* a higher bound */
    OK(count_job(&sample, "org_1", "user", "ann", 0, SAMPLE_NOW)); /* none */
    cr_assert(count_job(&sample, "org_1", "user", "ann", 1, SAMPLE_NOW) == GEN_ECONFLICT);
    /* the next day, another user, a team of that name, another organization */
    OK(count_job(&sample, "org_1", "user", "ann", 1, midnight));
    OK(count_job(&sample, "org_1", "user", "bob", 1, SAMPLE_NOW));
    OK(count_job(&sample, "org_1", "team", "ann", 1, SAMPLE_NOW));
    OK(count_job(&sample, "org_2", "user", "ann", 1, SAMPLE_NOW));
    OK(gen_read_quota(sample.store, "org_1", "user", "nobody", SAMPLE_NOW, &jobs, NULL));
    cr_assert(jobs == 0);
    sample_close(&sample);
}

Test(key_store, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_access_key key = key_of(arena, 1, "org_1", "farm"), *keys;
    enum gen_status status;
    size_t count;
    bool more;
    long nth = 0;

    sample_open(&sample);
    OK(put(&sample, GEN_CHANGE_KEY_ADD, &key));
    do {
        struct gen_arena *own = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_read_access_keys(sample.store, "org_1", NULL, 9, own, &keys, &count, &more,
                                      &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%s", gen_status_word(status));
        gen_arena_destroy(own);
    } while (status != GEN_OK);
    gen_arena_destroy(arena);
    sample_close(&sample);
}
