/* master_key_test.c - where a master key comes from, that it is never lost or replaced, and how it is changed. Real
 * files; passphrases with the least work that Argon2id allows. */
#include "platform/master_key.h"

#include "base/alloc.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_A "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_B "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

struct room {
    char folder[64], handed[80], handed_variable[120];
    char variables[4][160];
    const char *environment[8];
    struct gen_master_options options;
    struct gen_master_ring *ring;
    struct gen_error err;
};

static void room_open(struct room *room)
{
    memset(room, 0, sizeof *room);
    cr_assert(eq(int, gen_crypto_init(&room->err), GEN_OK));
    strcpy(room->folder, "/tmp/gen-master-XXXXXX");
    cr_assert(mkdtemp(room->folder) != NULL);
    snprintf(room->handed, sizeof room->handed, "%s/handed", room->folder);
    cr_assert(mkdir(room->handed, 0700) == 0);
    snprintf(room->handed_variable, sizeof room->handed_variable, "CREDENTIALS_DIRECTORY=%s",
             room->handed);
    room->options = (struct gen_master_options){
        .source = GEN_MASTER_AUTOMATIC, .state = room->folder, .environment = room->environment,
        .passphrase_fd = -1, .random = gen_random_real(), .passes = 1, .memory = 8192};
}

static void room_close(struct room *room)
{
    gen_master_close(room->ring);
    cr_assert(eq(int, gen_files_remove_tree(room->folder, &room->err), GEN_OK));
}

/* The environment of the next start; texts are copied, since they are wiped. */
static void room_environment(struct room *room, const char *a, const char *b, bool handed)
{
    size_t count = 0;

    memset(room->environment, 0, sizeof room->environment);
    if (a != NULL) {
        snprintf(room->variables[0], sizeof room->variables[0], "%s", a);
        room->environment[count++] = room->variables[0];
    }
    if (b != NULL) {
        snprintf(room->variables[1], sizeof room->variables[1], "%s", b);
        room->environment[count++] = room->variables[1];
    }
    if (handed) {
        room->environment[count++] = room->handed_variable;
    }
}

/* Another start: what the ring knows afterwards. */
static enum gen_status room_start(struct room *room, const char *const *in_use)
{
    gen_master_close(room->ring);
    room->ring = NULL;
    memset(&room->err, 0, sizeof room->err);
    cr_assert(eq(int, gen_master_open(&room->options, in_use, &room->ring, &room->err), GEN_OK));
    return gen_master_trouble(room->ring, &room->err);
}

static const char *id_of(struct room *room, char out[GEN_MASTER_ID_SIZE])
{
    const struct gen_master_key *key = gen_master_current(room->ring);

    cr_assert(key != NULL);
    strcpy(out, key->id);
    return out;
}

static void put(struct room *room, const char *name, const char *text, mode_t mode)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", room->folder, name);
    cr_assert(eq(int, gen_files_write(path, text, strlen(text), mode, &room->err), GEN_OK));
}

static bool there(struct room *room, const char *name)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s", room->folder, name);
    return access(path, F_OK) == 0;
}

static void take(struct room *room, const char *name, char *out, size_t size)
{
    char path[160];
    struct gen_bytes text;

    snprintf(path, sizeof path, "%s/%s", room->folder, name);
    gen_bytes_init(&text, 4096);
    cr_assert(eq(int, gen_files_read(path, &text, &room->err), GEN_OK));
    snprintf(out, size, "%s", text.data);
    gen_bytes_fini(&text);
}

Test(master_key, the_file_is_made_at_the_first_need_and_found_again)
{
    char id[GEN_MASTER_ID_SIZE], again[GEN_MASTER_ID_SIZE], path[160];
    struct stat facts;
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_expect(there(&room, "master.key") == false); /* nobody needed it */
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK), "%s", room.err.message);
    id_of(&room, id);
    snprintf(path, sizeof path, "%s/master.key", room.folder);
    cr_assert(stat(path, &facts) == 0);
    cr_expect(eq(int, facts.st_mode & 0777, 0600));
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    cr_expect(eq(str, (char *)id_of(&room, again), id));
    cr_expect(gen_master_of(room.ring, id) == gen_master_current(room.ring));
    room_close(&room);
}

Test(master_key, a_damaged_file_is_told_and_left_alone)
{
    char good[512], bad[512], after[512];
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    take(&room, "master.key", good, sizeof good);
    for (size_t i = 0; i <= strlen(good); i++) { /* each byte changed; at the end: one more */
        bool longer = good[i] == '\0';

        strcpy(bad, good);
        bad[i] = bad[i] == 'z' ? 'y' : 'z';
        bad[longer ? i + 1 : strlen(good)] = '\0';
        put(&room, "master.key", bad, 0600);
        cr_expect(eq(int, room_start(&room, NULL), GEN_ECORRUPT), "byte %zu", i);
        cr_expect(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_ECORRUPT));
        take(&room, "master.key", after, sizeof after);
        cr_expect(eq(str, after, bad));
    }
    put(&room, "master.key", "", 0600);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ECORRUPT));
    put(&room, "master.key", good, 0644);
    cr_expect(eq(int, room_start(&room, NULL), GEN_EDENIED)); /* others can read it */
    put(&room, "master.key", good, 0600);
    cr_expect(eq(int, room_start(&room, NULL), GEN_OK));
    room_close(&room);
}

Test(master_key, no_other_key_is_made_while_secrets_need_one)
{
    static const char *const in_use[] = {"0123456789abcdef", NULL};
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, in_use), GEN_ENOTFOUND));
    cr_expect(eq(int, gen_master_need(room.ring, in_use, &room.err), GEN_EDENIED));
    cr_expect(strstr(room.err.message, in_use[0]) != NULL);
    cr_expect(there(&room, "master.key") == false);
    room_close(&room);
}

/* One that is another machine's: nothing is sealed under it; with one secret that it opens, it is ours. */
Test(master_key, a_foreign_one_seals_nothing)
{
    const char *in_use[] = {"0123456789abcdef", NULL, NULL};
    char id[GEN_MASTER_ID_SIZE];
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    id_of(&room, id);
    cr_expect(eq(int, room_start(&room, in_use), GEN_OK));
    cr_expect(eq(int, gen_master_need(room.ring, in_use, &room.err), GEN_EDENIED));
    cr_expect(strstr(room.err.message, in_use[0]) != NULL, "%s", room.err.message);
    cr_expect(strstr(room.err.message, "master.key") != NULL, "%s", room.err.message);
    in_use[1] = id;
    cr_expect(eq(int, gen_master_need(room.ring, in_use, &room.err), GEN_OK));
    cr_expect(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    room_close(&room);
}

Test(master_key, where_it_comes_from)
{
    static const struct {
        const char *variable;       /* of the environment */
        const char *handed;         /* what the service manager hands over */
        enum gen_master_source asked, source;
        enum gen_status status;
    } rows[] = {
        /* nothing: the file, which is not there yet */
        {NULL, NULL, GEN_MASTER_AUTOMATIC, GEN_MASTER_FILE, GEN_ENOTFOUND},
        {"GEN_MASTER_KEY=" KEY_A, NULL, GEN_MASTER_AUTOMATIC, GEN_MASTER_ENVIRONMENT, GEN_OK},
        /* the service manager before the environment */
        {"GEN_MASTER_KEY=" KEY_A, KEY_B "\n", GEN_MASTER_AUTOMATIC, GEN_MASTER_SYSTEMD, GEN_OK},
        /* as the settings want it */
        {"GEN_MASTER_KEY=" KEY_A, KEY_B, GEN_MASTER_ENVIRONMENT, GEN_MASTER_ENVIRONMENT, GEN_OK},
        {"GEN_MASTER_KEY=" KEY_A, NULL, GEN_MASTER_FILE, GEN_MASTER_FILE, GEN_ENOTFOUND},
        {NULL, NULL, GEN_MASTER_SYSTEMD, GEN_MASTER_SYSTEMD, GEN_EDENIED},
        {NULL, NULL, GEN_MASTER_ENVIRONMENT, GEN_MASTER_ENVIRONMENT, GEN_EDENIED},
        /* what is no key: too short, too long, not base64, empty file */
        {"GEN_MASTER_KEY=AAAA", NULL, GEN_MASTER_AUTOMATIC, GEN_MASTER_ENVIRONMENT, GEN_EINVAL},
        {"GEN_MASTER_KEY=" KEY_A KEY_A, NULL, GEN_MASTER_AUTOMATIC, GEN_MASTER_ENVIRONMENT,
         GEN_EINVAL},
        {"GEN_MASTER_KEY=hunter2 hunter2 hunter2", NULL, GEN_MASTER_AUTOMATIC,
         GEN_MASTER_ENVIRONMENT, GEN_EINVAL},
        {NULL, "", GEN_MASTER_AUTOMATIC, GEN_MASTER_SYSTEMD, GEN_EINVAL},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct room room;

        room_open(&room);
        room_environment(&room, rows[i].variable, NULL, rows[i].handed != NULL);
        if (rows[i].handed != NULL) {
            put(&room, "handed/genengine-master-key", rows[i].handed, 0400);
        }
        room.options.source = rows[i].asked;
        cr_expect(eq(int, room_start(&room, NULL), rows[i].status), "row %zu: %s", i,
                  room.err.message);
        cr_expect(eq(int, gen_master_source_of(room.ring), rows[i].source), "row %zu", i);
        cr_expect(strstr(room.err.message, "hunter2") == NULL);
        if (rows[i].variable != NULL) { /* and it is not there any more */
            cr_expect(eq(str, room.variables[0] + strlen("GEN_MASTER_KEY="), ""), "row %zu", i);
        }
        room_close(&room);
    }
}

Test(master_key, a_key_from_elsewhere_leaves_the_older_ones_readable)
{
    char file[GEN_MASTER_ID_SIZE], a[GEN_MASTER_ID_SIZE], b[GEN_MASTER_ID_SIZE];
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    id_of(&room, file);
    room_environment(&room, "GEN_MASTER_KEY=" KEY_A, NULL, false);
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    id_of(&room, a);
    cr_expect(gen_master_of(room.ring, file) != NULL && strcmp(file, a) != 0);
    room_environment(&room, "GEN_MASTER_KEY=" KEY_B, "GEN_MASTER_KEY_OLD=" KEY_A, false);
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    id_of(&room, b);
    cr_expect(gen_master_of(room.ring, file) != NULL && gen_master_of(room.ring, a) != NULL);
    cr_expect(eq(int, gen_master_begin(room.ring, NULL, &room.err), GEN_ECONFLICT));
    cr_assert(eq(int, gen_master_end(room.ring, &room.err), GEN_OK));
    cr_expect(gen_master_of(room.ring, a) == NULL && gen_master_of(room.ring, b) != NULL);
    cr_expect(there(&room, "master.key")); /* what a person put there, a person removes */
    room_close(&room);
}

Test(master_key, a_rotation_of_the_file_survives_a_crash_at_any_point)
{
    char before[GEN_MASTER_ID_SIZE], after[GEN_MASTER_ID_SIZE], now[GEN_MASTER_ID_SIZE];
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    id_of(&room, before);
    cr_assert(eq(int, gen_master_begin(room.ring, NULL, &room.err), GEN_OK));
    id_of(&room, after);
    cr_expect(gen_master_pending(room.ring) && gen_master_of(room.ring, before) != NULL);
    /* a crash before, or behind, the commit of the rows: both keys are there */
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    cr_expect(eq(str, (char *)id_of(&room, now), after));
    cr_expect(gen_master_pending(room.ring) && gen_master_of(room.ring, before) != NULL);
    cr_assert(eq(int, gen_master_end(room.ring, &room.err), GEN_OK));
    cr_expect(gen_master_of(room.ring, before) == NULL && !gen_master_pending(room.ring));
    cr_expect(there(&room, "master.key.next") == false);
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    cr_expect(eq(str, (char *)id_of(&room, now), after));
    /* undone: as if nothing had been */
    cr_assert(eq(int, gen_master_begin(room.ring, NULL, &room.err), GEN_OK));
    gen_master_undo(room.ring);
    cr_expect(eq(str, (char *)id_of(&room, now), after));
    cr_expect(there(&room, "master.key.next") == false);
    room_close(&room);
}

Test(master_key, a_passphrase_gives_the_same_key_at_each_start)
{
    char id[GEN_MASTER_ID_SIZE], again[GEN_MASTER_ID_SIZE];
    const char *in_use[] = {NULL, NULL};
    struct room room;

    room_open(&room);
    room_environment(&room, "GEN_MASTER_PASSPHRASE=four random words here", NULL, false);
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK), "%s", room.err.message);
    cr_expect(eq(int, gen_master_source_of(room.ring), GEN_MASTER_PASSPHRASE));
    cr_expect(there(&room, "master.kdf") && !there(&room, "master.key"));
    cr_expect(eq(str, room.variables[0] + strlen("GEN_MASTER_PASSPHRASE="), ""));
    in_use[0] = id_of(&room, id);
    room_environment(&room, "GEN_MASTER_PASSPHRASE=four random words here", NULL, false);
    cr_assert(eq(int, room_start(&room, in_use), GEN_OK));
    cr_expect(eq(str, (char *)id_of(&room, again), id));
    room_environment(&room, "GEN_MASTER_PASSPHRASE=four random words there", NULL, false);
    cr_expect(eq(int, room_start(&room, in_use), GEN_EDENIED)); /* a wrong one is told at once */
    cr_expect(eq(int, gen_master_need(room.ring, in_use, &room.err), GEN_EDENIED));
    room_environment(&room, NULL, NULL, false);
    cr_expect(eq(int, room_start(&room, in_use), GEN_EDENIED)); /* nobody gave it */
    room.options.passphrase_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    cr_expect(eq(int, room_start(&room, in_use), GEN_EDENIED)); /* an empty one */
    room.options.passphrase_fd = -1;
    room_close(&room);
}

Test(master_key, a_change_of_passphrase_goes_by_what_the_rows_say)
{
    char before[GEN_MASTER_ID_SIZE], after[GEN_MASTER_ID_SIZE], now[GEN_MASTER_ID_SIZE];
    const char *old_rows[] = {before, NULL}, *new_rows[] = {after, NULL};
    struct room room;

    room_open(&room);
    room_environment(&room, "GEN_MASTER_PASSPHRASE=the passphrase of old", NULL, false);
    cr_assert(eq(int, room_start(&room, NULL), GEN_OK));
    id_of(&room, before);
    cr_expect(eq(int, gen_master_begin(room.ring, "short", &room.err), GEN_EINVAL));
    cr_expect(eq(int, gen_master_begin(room.ring, NULL, &room.err), GEN_EINVAL));
    cr_assert(eq(int, gen_master_begin(room.ring, "the passphrase of now", &room.err), GEN_OK));
    id_of(&room, after);
    /* a crash behind the commit: the new one counts */
    room_environment(&room, "GEN_MASTER_PASSPHRASE=the passphrase of old", NULL, false);
    cr_expect(eq(int, room_start(&room, new_rows), GEN_EDENIED));
    room_environment(&room, "GEN_MASTER_PASSPHRASE=the passphrase of now", NULL, false);
    cr_assert(eq(int, room_start(&room, new_rows), GEN_OK));
    cr_expect(eq(str, (char *)id_of(&room, now), after));
    cr_assert(eq(int, gen_master_end(room.ring, &room.err), GEN_OK));
    cr_expect(there(&room, "master.kdf.next") == false);
    /* a crash before the commit: the old one does, and the rest of the change is swept away */
    cr_assert(eq(int, gen_master_begin(room.ring, "the passphrase that never was", &room.err),
              GEN_OK));
    strcpy(before, after);
    room_environment(&room, "GEN_MASTER_PASSPHRASE=the passphrase of now", NULL, false);
    cr_assert(eq(int, room_start(&room, old_rows), GEN_OK), "%s", room.err.message);
    cr_expect(eq(str, (char *)id_of(&room, now), after));
    cr_expect(there(&room, "master.kdf.next") == false);
    room_close(&room);
}

Test(master_key, memory_may_run_out_anywhere)
{
    struct room room;

    room_open(&room);
    cr_expect(eq(int, room_start(&room, NULL), GEN_ENOTFOUND));
    cr_assert(eq(int, gen_master_need(room.ring, NULL, &room.err), GEN_OK));
    for (long nth = 1;; nth++) {
        struct gen_master_ring *ring = NULL;
        enum gen_status status;
        long count;

        gen_alloc_fail_at(nth);
        status = gen_master_open(&room.options, NULL, &ring, &room.err);
        count = gen_alloc_count();
        gen_alloc_fail_at(0);
        gen_master_close(ring);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        if (count < nth) {
            cr_expect(nth > 3);
            break;
        }
    }
    room_close(&room);
}
