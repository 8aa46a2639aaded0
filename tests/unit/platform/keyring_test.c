/* keyring_test.c - where secrets lie, in which order they are found, and which are refused. Real files. */
#include "platform/keyring.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct room { /* two folders and an environment */
    char folder[64], handed[80], own[80], handed_variable[120];
    const char *environment[8];
    struct gen_keyring *keyring;
    struct gen_error err;
};

static void put(const char *folder, const char *name, const char *text, size_t size, mode_t mode)
{
    char path[200];
    struct gen_error err = {0};

    snprintf(path, sizeof path, "%s/%s", folder, name);
    cr_assert(eq(int, gen_files_write(path, text, size, 0600, &err), GEN_OK), "%s", err.message);
    cr_assert(eq(int, chmod(path, mode), 0));
}

static void room_open(struct room *room)
{
    struct gen_keyring_options options;

    memset(room, 0, sizeof *room);
    cr_assert(eq(int, gen_crypto_init(&room->err), GEN_OK));
    strcpy(room->folder, "/tmp/gen-keyring-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(room->folder), NULL));
    snprintf(room->own, sizeof room->own, "%s/own", room->folder);
    snprintf(room->handed, sizeof room->handed, "%s/handed", room->folder);
    cr_assert(mkdir(room->own, 0700) == 0 && mkdir(room->handed, 0700) == 0);
    snprintf(room->handed_variable, sizeof room->handed_variable, "CREDENTIALS_DIRECTORY=%s",
             room->handed);
    room->environment[0] = room->handed_variable;
    room->environment[1] = "GEN_CREDENTIAL_RUNWAY=from-variable";
    room->environment[2] = "GEN_CREDENTIAL_KLING_ACCESS_2=kling";
    room->environment[3] = "GEN_CREDENTIAL_EMPTY=";
    options = (struct gen_keyring_options){.folder = room->own, .environment = room->environment};
    cr_assert(eq(int, gen_keyring_create(&options, &room->keyring, &room->err), GEN_OK));
}

static void room_close(struct room *room)
{
    gen_keyring_destroy(room->keyring);
    cr_assert(eq(int, gen_files_remove_tree(room->folder, &room->err), GEN_OK));
}

static const char *found(struct room *room, const char *name)
{
    struct gen_secret secret = {0};
    enum gen_status status = gen_keyring_find(room->keyring, name, &secret, &room->err);

    cr_assert(eq(int, status, GEN_OK), "%s", room->err.message);
    cr_assert(eq(sz, strlen(secret.text), secret.size));
    return secret.text;
}

Test(keyring, order_of_sources)
{
    struct room room;

    room_open(&room);
    cr_expect(eq(str, (char *)found(&room, "runway"), "from-variable"));
    put(room.own, "runway", "from-file\n", 10, 0600);
    /* what is known is kept until it is told to forget */
    cr_expect(eq(str, (char *)found(&room, "runway"), "from-variable"));
    gen_keyring_forget(room.keyring);
    cr_expect(eq(str, (char *)found(&room, "runway"), "from-file"));
    put(room.handed, "runway", "from-manager\r\n", 14, 0440);
    gen_keyring_forget(room.keyring);
    cr_expect(eq(str, (char *)found(&room, "runway"), "from-manager"));
    /* characters that a variable's name has not */
    cr_expect(eq(str, (char *)found(&room, "kling-access.2"), "kling"));
    /* a file of several lines is kept as it is, but for its last line end */
    put(room.own, "google", "{\n \"a\": 1\n}\n", 12, 0400);
    cr_expect(eq(str, (char *)found(&room, "google"), "{\n \"a\": 1\n}"));
    room_close(&room);
}

static enum gen_status vault_read(void *context, const char *name, char *out, size_t size_max,
                                  size_t *size, struct gen_error *err)
{
    const char *status = context;

    if (strcmp(name, "runway") != 0) {
        return GEN_ENOTFOUND;
    }
    if (status[0] == 'x') {
        return gen_error_set(err, GEN_EIO, "the vault does not answer");
    }
    cr_assert(gt(sz, size_max, 10));
    memcpy(out, "from-vault", 10);
    *size = 10;
    return GEN_OK;
}

/* Another store of secrets stands in front; when it fails nobody else is asked. */
Test(keyring, another_store)
{
    char state[] = "ok";
    struct gen_keyring_source vault = {vault_read, state};
    struct room room;
    struct gen_keyring_options options;
    struct gen_secret secret;

    room_open(&room);
    gen_keyring_destroy(room.keyring);
    options = (struct gen_keyring_options){.first = &vault, .folder = room.own,
                                           .environment = room.environment};
    cr_assert(eq(int, gen_keyring_create(&options, &room.keyring, &room.err), GEN_OK));
    cr_expect(eq(str, (char *)found(&room, "runway"), "from-vault"));
    cr_expect(eq(str, (char *)found(&room, "kling-access-2"), "kling"));
    gen_keyring_forget(room.keyring);
    state[0] = 'x';
    cr_expect(eq(int, gen_keyring_find(room.keyring, "runway", &secret, &room.err), GEN_EIO));
    room_close(&room);
}

struct refused {
    const char *name;
    const char *text; /* of a file that is made first; NULL = none */
    size_t size;
    mode_t mode;
    enum gen_status status;
    const char *says;
};

static const struct refused refusals[] = {
    {"heygen", NULL, 0, 0, GEN_ENOTFOUND, "credential \"heygen\" is not set: use gen "},
    {"kling-access", NULL, 0, 0, GEN_ENOTFOUND, "or set GEN_CREDENTIAL_KLING_ACCESS"},
    {"open", "top-hidden", 10, 0644, GEN_EDENIED, "others can read the credential "},
    {"group", "top-hidden", 10, 0640, GEN_EDENIED, "(chmod 600 "},
    {"blank", "\n\n", 2, 0600, GEN_EINVAL, "credential \"blank\" is empty"},
    {"empty", NULL, 0, 0, GEN_EINVAL, "credential \"empty\" is empty"},
    {"binary", "top\0hidden", 10, 0600, GEN_EINVAL, "holds a control character"},
    {"..", NULL, 0, 0, GEN_EINVAL, "is no name of a credential"},
    {"../own/open", NULL, 0, 0, GEN_EINVAL, "is no name of a credential"},
    {"", NULL, 0, 0, GEN_EINVAL, "is no name of a credential"},
    {"a123456789012345678901234567890123456789x", NULL, 0, 0, GEN_EINVAL, "is no name"},
};

Test(keyring, refused_without_a_word_of_the_secret)
{
    struct room room;
    char *large = gen_alloc(GEN_KEYRING_SECRET_MOST + 10);
    struct gen_secret secret;

    room_open(&room);
    for (size_t i = 0; i < GEN_COUNT(refusals); i++) {
        const struct refused *row = &refusals[i];

        if (row->text != NULL) {
            put(room.own, row->name, row->text, row->size, row->mode);
        }
        cr_expect(eq(int, gen_keyring_find(room.keyring, row->name, &secret, &room.err),
                     row->status), "%s: %s", row->name, room.err.message);
        cr_expect(ne(ptr, strstr(room.err.message, row->says), NULL), "%s: %s", row->name,
                  room.err.message);
        cr_expect(eq(ptr, strstr(room.err.message, "hidden"), NULL), "%s", room.err.message);
    }
    memset(large, 'x', GEN_KEYRING_SECRET_MOST + 9);
    put(room.own, "large", large, GEN_KEYRING_SECRET_MOST + 9, 0600);
    cr_expect(eq(int, gen_keyring_find(room.keyring, "large", &secret, &room.err), GEN_EINVAL));
    cr_assert(eq(int, symlink("/dev/zero", strcat(strcpy(large, room.own), "/endless")), 0));
    cr_expect(eq(int, gen_keyring_find(room.keyring, "endless", &secret, &room.err), GEN_EINVAL));
    gen_free(large);
    room_close(&room);
}

Test(keyring, every_allocation_may_fail)
{
    struct room room;
    struct gen_secret secret;
    enum gen_status status = GEN_ENOMEM;

    room_open(&room);
    for (long nth = 1; status != GEN_OK && nth < 50; nth++) {
        gen_alloc_fail_at(nth);
        status = gen_keyring_find(room.keyring, "runway", &secret, &room.err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM);
    }
    cr_expect(eq(int, status, GEN_OK));
    room_close(&room);
}

/* A vault with a secret of team spring, and one of the organization that counts from 1000 on. */
static enum gen_status two_locate(void *context, const struct gen_keyring_owner *owner,
                                  const char *name, char *label, struct gen_error *err)
{
    const char *const *busy = context;

    if (*busy != NULL) {
        return gen_error_set(err, GEN_EBUSY, "%s", *busy);
    }
    if (strcmp(name, "runway") != 0 || strcmp(owner->organization, "org_1") != 0) {
        return GEN_ENOTFOUND;
    }
    if (owner->team != NULL && strcmp(owner->team, "spring") == 0) {
        strcpy(label, "team");
    } else if (owner->at == 0 || owner->at >= 1000) {
        strcpy(label, "organization");
    } else {
        return GEN_ENOTFOUND;
    }
    return GEN_OK;
}

static enum gen_status two_read(void *context, const char *label, char *out, size_t room,
                                size_t *size, struct gen_error *err)
{
    (void)context;
    (void)room;
    if (strcmp(label, "broken") == 0) {
        return gen_error_set(err, GEN_ECORRUPT, "broken");
    }
    *size = strlen(label);
    memcpy(out, label, *size);
    return GEN_OK;
}

Test(keyring, the_teams_before_the_organizations_before_the_daemons)
{
    static const struct {
        struct gen_keyring_owner owner;
        const char *text, *label;
    } rows[] = {
        {{"org_1", "spring", 0}, "team", "team"},
        {{"org_1", "autumn", 0}, "organization", "organization"},
        {{"org_1", NULL, 0}, "organization", "organization"},
        {{"org_2", "spring", 0}, "from-variable", ""}, /* another organization: the daemon's */
        {{NULL, NULL, 0}, "from-variable", ""},        /* the daemon's own only */
        {{"org_1", "", 999}, "from-variable", ""},     /* began before the organization had one */
        {{"org_1", "", 1000}, "organization", "organization"},
    };
    const char *busy = NULL;
    struct gen_keyring_vault vault = {two_locate, two_read, &busy};
    struct gen_keyring_options options;
    struct gen_secret secret;
    struct room room;

    room_open(&room);
    gen_keyring_destroy(room.keyring);
    options = (struct gen_keyring_options){.vault = &vault, .folder = room.own,
                                           .environment = room.environment};
    cr_assert(eq(int, gen_keyring_create(&options, &room.keyring, &room.err), GEN_OK));
    for (int round = 0; round < 2; round++) { /* read, and then kept */
        for (size_t i = 0; i < GEN_COUNT(rows); i++) {
            cr_assert(eq(int, gen_keyring_find_for(room.keyring, &rows[i].owner, "runway", &secret,
                                                   &room.err), GEN_OK), "row %zu", i);
            cr_expect(eq(str, (char *)secret.text, (char *)rows[i].text), "row %zu", i);
            cr_expect(eq(str, (char *)secret.label, (char *)rows[i].label), "row %zu", i);
        }
    }
    gen_keyring_forget_label(room.keyring, "team");
    gen_keyring_forget_label(room.keyring, "never there");
    cr_expect(eq(int, gen_keyring_find_for(room.keyring, &rows[0].owner, "runway", &secret,
                                           &room.err), GEN_OK));
    /* The daemon's file has gone in the meantime: better the one that there is now than none. */
    room.environment[1] = NULL;
    gen_keyring_forget(room.keyring);
    cr_expect(eq(int, gen_keyring_find_for(room.keyring, &rows[5].owner, "runway", &secret,
                                           &room.err), GEN_OK));
    cr_expect(eq(str, (char *)secret.text, "organization"));
    busy = "just being set"; /* no other account in its place */
    cr_expect(eq(int, gen_keyring_find_for(room.keyring, &rows[0].owner, "runway", &secret,
                                           &room.err), GEN_EBUSY));
    room_close(&room);
}
