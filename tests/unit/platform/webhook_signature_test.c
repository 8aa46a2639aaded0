/* webhook_signature_test.c - the vector of the specification, forgeries, clocks that are wrong, replays. */
#include "base/alloc.h"
#include "platform/webhook_signature.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* Of the reference implementations of Standard Webhooks. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define OTHER "whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ=="
#define BODY "{\"test\": 2432232314}"
#define GOOD "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define NOW INT64_C(1614265330)

static const struct gen_webhook_message message = {"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", BODY,
                                                   sizeof BODY - 1};

Test(webhook_signature, the_known_vector)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *one[] = {SECRET}, *two[] = {OTHER, SECRET, ""};
    const char *out;

    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    cr_assert(gen_webhook_sign(one, 1, &message, arena, &out, NULL) == GEN_OK);
    cr_assert(eq(str, (char *)out, GOOD));
    cr_assert(gen_webhook_sign(two, 3, &message, arena, &out, NULL) == GEN_OK);
    cr_assert(strstr(out, " " GOOD) != NULL);
    gen_arena_destroy(arena);
}

static const struct {
    const char *what, *id, *timestamp, *body, *signatures;
    const char *secret;
    int64_t now;
    enum gen_status status;
} cases[] = {
    {"right", NULL, NULL, NULL, GOOD, SECRET, NOW, GEN_OK},
    {"among others", NULL, NULL, NULL, "v1,AAAA v2,x " GOOD " v1a,zz", SECRET, NOW, GEN_OK},
    {"clock 5 minutes ahead", NULL, NULL, NULL, GOOD, SECRET, NOW + 300, GEN_OK},
    {"clock 5 minutes behind", NULL, NULL, NULL, GOOD, SECRET, NOW - 300, GEN_OK},
    {"too old", NULL, NULL, NULL, GOOD, SECRET, NOW + 301, GEN_EDENIED},
    {"of the future", NULL, NULL, NULL, GOOD, SECRET, NOW - 301, GEN_EDENIED},
    {"another body", NULL, NULL, BODY " ", GOOD, SECRET, NOW, GEN_EDENIED},
    {"an empty body", NULL, NULL, "", GOOD, SECRET, NOW, GEN_EDENIED},
    {"another id", "msg_x", NULL, NULL, GOOD, SECRET, NOW, GEN_EDENIED},
    {"another time, to be new", NULL, "1614265331", NULL, GOOD, SECRET, NOW, GEN_EDENIED},
    {"another secret", NULL, NULL, NULL, GOOD, OTHER, NOW, GEN_EDENIED},
    {"no signature", NULL, NULL, NULL, "", SECRET, NOW, GEN_EDENIED},
    {"another version", NULL, NULL, NULL, "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", SECRET,
     NOW, GEN_EDENIED},
    {"a part of it", NULL, NULL, NULL, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", SECRET, NOW,
     GEN_EDENIED},
    {"no time", NULL, "", NULL, GOOD, SECRET, NOW, GEN_EINVAL},
    {"a time that is none", NULL, "1614265330x", NULL, GOOD, SECRET, NOW, GEN_EINVAL},
    {"a negative time", NULL, "-1", NULL, GOOD, SECRET, NOW, GEN_EINVAL},
    {"no header", NULL, NULL, NULL, NULL, SECRET, NOW, GEN_EINVAL},
    {"no id", "", NULL, NULL, GOOD, SECRET, NOW, GEN_EINVAL},
    {"no secret of ours", NULL, NULL, NULL, GOOD, "sk_live", NOW, GEN_EINVAL},
};

Test(webhook_signature, forgeries_and_clocks)
{
    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_webhook_message it = message;
        struct gen_error err = {0};
        enum gen_status status;

        it.id = cases[i].id != NULL ? cases[i].id : it.id;
        it.timestamp = cases[i].timestamp != NULL ? cases[i].timestamp : it.timestamp;
        it.body = cases[i].body != NULL ? cases[i].body : it.body;
        it.size = strlen(it.body);
        status = gen_webhook_verify(&cases[i].secret, 1, &it, cases[i].signatures, cases[i].now,
                                    NULL, &err);
        cr_assert(status == cases[i].status, "%s: %s %s", cases[i].what, gen_status_word(status),
                  err.message);
        cr_assert(strstr(err.message, "MfKQ") == NULL && strstr(err.message, "sk_live") == NULL);
    }
}

Test(webhook_signature, a_replay_is_known)
{
    struct gen_webhook_memory *memory = gen_webhook_memory_create();
    const char *secrets[] = {SECRET};

    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    cr_assert(gen_webhook_verify(secrets, 1, &message, "v1,AAAA", NOW, memory, NULL) == GEN_EDENIED);
    cr_assert(gen_webhook_verify(secrets, 1, &message, GOOD, NOW, memory, NULL) == GEN_OK);
    cr_assert(gen_webhook_verify(secrets, 1, &message, GOOD, NOW, memory, NULL) == GEN_ECONFLICT);
    cr_assert(gen_webhook_verify(secrets, 1, &message, GOOD, NOW + 300, memory, NULL) ==
              GEN_ECONFLICT);
    cr_assert(gen_webhook_verify(secrets, 1, &message, GOOD, NOW + 601, memory, NULL) ==
              GEN_EDENIED);
    gen_webhook_memory_destroy(memory);
}

/* It forgets nothing that could still come again: rather it takes no more. */
Test(webhook_signature, memory_is_bounded)
{
    struct gen_webhook_memory *memory = gen_webhook_memory_create();
    struct gen_arena *arena = gen_arena_create(0);
    const char *secrets[] = {SECRET};
    enum gen_status status = GEN_OK;
    int taken = 0;

    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    while (status == GEN_OK) {
        struct gen_webhook_message it = message;
        const char *signatures;
        char id[32];

        snprintf(id, sizeof id, "msg_%d", taken);
        it.id = id;
        cr_assert(gen_webhook_sign(secrets, 1, &it, arena, &signatures, NULL) == GEN_OK);
        status = gen_webhook_verify(secrets, 1, &it, signatures, NOW, memory, NULL);
        taken += status == GEN_OK;
    }
    cr_assert(status == GEN_EBUSY && taken == 8192);
    gen_arena_destroy(arena);
    gen_webhook_memory_destroy(memory);
}

Test(webhook_signature, secrets)
{
    char secret[GEN_WEBHOOK_SECRET_SIZE], again[GEN_WEBHOOK_SECRET_SIZE];
    static const char *const wrong[] = {"", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!", "MfKQ9r8G",
                                        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"};

    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    cr_assert(gen_webhook_secret_make(gen_random_real(), secret, NULL) == GEN_OK);
    cr_assert(gen_webhook_secret_make(gen_random_real(), again, NULL) == GEN_OK);
    cr_assert(ne(str, secret, again));
    cr_assert(gen_webhook_secret_check(secret, NULL) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        cr_assert(gen_webhook_secret_check(wrong[i], NULL) == GEN_EINVAL, "%s", wrong[i]);
    }
}

/* Every allocation failing in turn: an error, never a wrong verdict. */
Test(webhook_signature, no_memory)
{
    const char *secrets[] = {SECRET};

    cr_assert(gen_crypto_init(NULL) == GEN_OK);
    for (long nth = 1;; nth++) {
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_webhook_verify(secrets, 1, &message, GOOD, NOW, NULL, NULL);
        if (gen_alloc_count() < nth) {
            gen_alloc_fail_at(0);
            cr_assert(status == GEN_OK);
            break;
        }
        cr_assert(status == GEN_ENOMEM, "%ld: %s", nth, gen_status_word(status));
    }
}
