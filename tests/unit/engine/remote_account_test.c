/* remote_account_test.c - whose account signs: by the secrets that there are, not by who orders. */
#include "engine/remote_account.h"

#include "base/alloc.h"
#include "host/plugin.h"
#include "platform/crypto.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

/* What lies in the vault of the test: labels are opaque and say nothing of the level. */
static const struct vault_row {
    const char *organization, *team, *name, *label;
    enum gen_status read; /* how reading it ends */
} vault_rows[] = {
    {"org_a", "", "runway", "label-1", GEN_OK},
    {"org_a", "red", "runway", "label-2", GEN_OK},
    {"org_b", "", "runway", "label-3", GEN_OK},
    {"org_c", "red", "runway", "label-4", GEN_OK},
    {"org_d", "", "runway", "label-5", GEN_EIO},
    {"org_e", "", "runway", "label-6", GEN_OK},
    {"org_e", "red", "runway", "label-6", GEN_OK}, /* the same secret is the same account */
    {"org_b", "", "kling-access", "label-7", GEN_OK},
    {"org_b", "blue", "kling-secret", "label-8", GEN_OK},
};

static enum gen_status vault_locate(void *context, const struct gen_keyring_owner *owner,
                                    const char *name, char *label, struct gen_error *err)
{
    const char *team = owner->team == NULL ? "" : owner->team;
    const struct vault_row *found = NULL;

    (void)context;
    (void)err;
    for (size_t i = 0; i < GEN_COUNT(vault_rows); i++) {
        const struct vault_row *row = &vault_rows[i];

        if (strcmp(row->organization, owner->organization) == 0 && strcmp(row->name, name) == 0 &&
            (strcmp(row->team, team) == 0 || (row->team[0] == '\0' && found == NULL))) {
            found = row;
        }
    }
    if (found == NULL) {
        return GEN_ENOTFOUND;
    }
    snprintf(label, GEN_KEYRING_LABEL_SIZE, "%s", found->label);
    return GEN_OK;
}

static enum gen_status vault_read(void *context, const char *label, char *out, size_t room,
                                  size_t *size, struct gen_error *err)
{
    (void)context;
    for (size_t i = 0; i < GEN_COUNT(vault_rows); i++) {
        if (strcmp(vault_rows[i].label, label) == 0) {
            if (vault_rows[i].read != GEN_OK) {
                return gen_error_set(err, vault_rows[i].read, "it cannot be read");
            }
            cr_assert(lt(sz, strlen(label), room));
            *size = strlen(label);
            memcpy(out, label, *size);
            return GEN_OK;
        }
    }
    return gen_error_set(err, GEN_ENOTFOUND, "no such label");
}

struct bench {
    struct gen_engine_options options;
    struct gen_keyring *keyring;
    struct gen_arena *arena;
    struct gen_hosted hosted;
    struct gen_hosted_credential credentials[2];
    struct gen_error err;
};

static void bench_open(struct bench *bench, bool vault)
{
    static const struct gen_keyring_vault port = {.locate = vault_locate, .read = vault_read};
    static const char *const environment[] = {"GEN_CREDENTIAL_RUNWAY=daemon-key",
                                              "GEN_CREDENTIAL_KLING_ACCESS=access",
                                              "GEN_CREDENTIAL_KLING_SECRET=secret", NULL};
    struct gen_keyring_options keyring = {.vault = vault ? &port : NULL, .folder = "/nowhere",
                                          .environment = environment};

    memset(bench, 0, sizeof(*bench));
    cr_assert(eq(int, gen_crypto_init(&bench->err), GEN_OK));
    cr_assert(eq(int, gen_keyring_create(&keyring, &bench->keyring, &bench->err), GEN_OK));
    bench->options.keyring = bench->keyring;
    bench->arena = gen_arena_create(0);
    bench->hosted.catalog.credentials = bench->credentials;
}

static void bench_close(struct bench *bench)
{
    gen_keyring_destroy(bench->keyring);
    gen_arena_destroy(bench->arena);
}

/* One that signs with a key, one with two parts, and one that needs nothing. */
static void bench_provider(struct bench *bench, const char *id)
{
    bench->hosted.provider.id = id;
    bench->hosted.catalog.credential_count = strcmp(id, "local") == 0 ? 0 : 1;
    bench->credentials[0] = (struct gen_hosted_credential){
        .name = "main",
        .signing = strcmp(id, "kling") == 0 ? GEN_SIGNING_JWT_HS256 : GEN_SIGNING_BEARER};
}

Test(remote_account, of_whom)
{
    static const struct {
        const char *provider, *organization, *team, *account;
    } rows[] = {
        {"runway", "org_a", NULL, "org_a"},
        {"runway", "org_a", "", "org_a"},
        {"runway", "org_a", "red", "org_a/red"},
        {"runway", "org_a", "blue", "org_a"},     /* a team without a secret of its own */
        {"runway", "org_b", "red", "org_b"},      /* whatever team of another has one */
        {"runway", "org_c", NULL, ""},            /* only a team of it has */
        {"runway", "org_c", "red", "org_c/red"},
        {"runway", "org_c", "blue", ""},
        {"runway", "org_d", NULL, ""},            /* cannot be read now */
        {"runway", "org_e", "red", "org_e"},
        {"runway", "org_x", "red", ""},           /* strangers to the vault share the daemon's */
        {"runway", "org_y", NULL, ""},
        {"kling", "org_b", NULL, "org_b"},        /* one part of two is enough */
        {"kling", "org_b", "blue", "org_b/blue"}, /* the most special part decides */
        {"kling", "org_a", "red", ""},            /* secrets of another provider are no matter */
        {"local", "org_a", "red", ""},            /* signs nothing */
    };
    struct bench bench;

    bench_open(&bench, true);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_keyring_owner owner = {.organization = rows[i].organization,
                                          .team = rows[i].team};
        const char *account;

        bench_provider(&bench, rows[i].provider);
        account = gen_remote_account_of(&bench.options, &bench.hosted, &owner, bench.arena);
        cr_assert(ne(ptr, (void *)account, NULL), "row %zu", i);
        cr_expect(eq(str, (char *)account, (char *)rows[i].account), "row %zu", i);
    }
    bench_close(&bench);
}

/* Several credentials: as with the parts of one, the most special that signs decides. */
Test(remote_account, of_several_credentials)
{
    struct gen_keyring_owner owner = {.organization = "org_b", .team = "blue"};
    struct bench bench;

    bench_open(&bench, true);
    bench_provider(&bench, "kling");
    bench.hosted.catalog.credential_count = 2;
    for (size_t first = 0; first < 2; first++) {
        bench.credentials[first] = (struct gen_hosted_credential){
            .name = "plain", .signing = GEN_SIGNING_SERVICE_ACCOUNT}; /* nobody has one */
        bench.credentials[1 - first] = (struct gen_hosted_credential){
            .name = "main", .signing = GEN_SIGNING_JWT_HS256};
        cr_expect(eq(str,
                     (char *)gen_remote_account_of(&bench.options, &bench.hosted, &owner,
                                                   bench.arena),
                     "org_b/blue"), "%zu", first);
    }
    bench_close(&bench);
}

/* Without a vault, and without any keyring, everything is the daemon's. */
Test(remote_account, without_a_vault)
{
    struct gen_keyring_owner owner = {.organization = "org_a", .team = "red"};
    struct bench bench;

    bench_open(&bench, false);
    bench_provider(&bench, "runway");
    cr_expect(eq(str,
                 (char *)gen_remote_account_of(&bench.options, &bench.hosted, &owner, bench.arena),
                 ""));
    bench.options.keyring = NULL;
    cr_expect(eq(str,
                 (char *)gen_remote_account_of(&bench.options, &bench.hosted, &owner, bench.arena),
                 ""));
    bench_close(&bench);
}

/* Each allocation failing in turn: no memory is no account, never another one. */
Test(remote_account, without_memory)
{
    struct gen_keyring_owner owner = {.organization = "org_a", .team = "red"};
    const char *account = NULL;
    long nth = 0;

    while (account == NULL && ++nth < 200) {
        struct bench bench;

        bench_open(&bench, true);
        bench_provider(&bench, "runway");
        gen_alloc_fail_at(nth);
        account = gen_remote_account_of(&bench.options, &bench.hosted, &owner, bench.arena);
        gen_alloc_fail_at(0);
        cr_expect(account == NULL || strcmp(account, "org_a/red") == 0, "%ld: %s", nth, account);
        bench_close(&bench);
        account = account == NULL ? NULL : "";
    }
    cr_expect(nth > 1 && nth < 200);
}
