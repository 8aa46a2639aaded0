/* access_test.c - core/service/access.c: who is let in, and who is told what. */
#include <criterion/criterion.h>

#include "service/access.h"

#include <string.h>

static const char *const hosts[] = {"gen.example", NULL};
static const struct gen_access with_key = {.key = "the-key", .hosts = hosts};
static const struct gen_access without_key = {.key = ""};

static const struct {
    struct gen_visitor visitor;
    int http; /* 0 = let in */
} cases[] = {
    /* the Unix socket: nothing else is looked at */
    {{.local = true, .owner = true}, 0},
    {{.local = true, .owner = true, .host = "evil.example", .origin = "http://evil.example"}, 0},
    /* somebody else of this machine, and a proxy that the owner runs: with the key only */
    {{.local = true}, 401},
    {{.local = true, .authorization = "Bearer the-key"}, 0},
    {{.local = true, .owner = true, .forwarded = "192.0.2.1"}, 401},
    {{.local = true, .owner = true, .forwarded = "192.0.2.1", .authorization = "Bearer the-key"},
     0},
    /* who shows a credential is who it says, or nobody: the owner is no way back */
    {{.local = true, .owner = true, .authorization = "Bearer no"}, 401},
    {{.local = true, .owner = true, .authorization = ""}, 401},
    /* the key, in its forms */
    {{.host = "127.0.0.1:8377", .authorization = "Bearer the-key"}, 0},
    {{.host = "localhost", .authorization = "bearer  the-key"}, 0},
    {{.host = "[::1]:8377", .authorization = "Bearer the-key"}, 0},
    {{.host = "GEN.example:1", .authorization = "Bearer the-key"}, 0},
    {{.host = "localhost"}, 401},
    {{.host = "localhost", .authorization = "Bearer "}, 401},
    {{.host = "localhost", .authorization = "Bearer the-key2"}, 401},
    {{.host = "localhost", .authorization = "Bearer the-ke"}, 401},
    {{.host = "localhost", .authorization = "Basic dGhlLWtleQ=="}, 401},
    {{.host = "localhost", .authorization = "the-key"}, 401},
    /* routes without a key still want a host of ours */
    {{.host = "localhost", .open = true}, 0},
    {{.host = "evil.example", .open = true}, 403},
    /* rebound names, no host, and what only looks like one */
    {{.host = "evil.example", .authorization = "Bearer the-key"}, 403},
    {{.host = NULL, .authorization = "Bearer the-key"}, 403},
    {{.host = "", .authorization = "Bearer the-key"}, 403},
    {{.host = "localhost.evil.example", .authorization = "Bearer the-key"}, 403},
    {{.host = "localhost:80@evil", .authorization = "Bearer the-key"}, 403},
    {{.host = "[::1", .authorization = "Bearer the-key"}, 403},
    {{.host = "127.0.0.1:999999", .authorization = "Bearer the-key"}, 403},
    /* pages: our own may ask, others not */
    {{.host = "localhost:1", .origin = "http://localhost:1", .authorization = "Bearer the-key"}, 0},
    {{.host = "localhost:1", .origin = "http://localhost:2", .authorization = "Bearer the-key"},
     403},
    {{.host = "localhost:1", .origin = "null", .authorization = "Bearer the-key"}, 403},
    {{.host = "localhost:1", .origin = "", .authorization = "Bearer the-key"}, 403},
};

Test(access, visitors)
{
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};
        int http = 0;
        struct gen_principal who;
        enum gen_status status = gen_access_check(&with_key, &cases[i].visitor, arena, &who, &http,
                                                  &err);

        cr_expect(cases[i].http == 0 ? status == GEN_OK
                                     : status == GEN_EDENIED && http == cases[i].http,
                  "case %zu: %d", i, http);
        cr_expect(strstr(err.message, "the-key") == NULL, "the key must not be told");
        cr_expect(status != GEN_OK || cases[i].visitor.open
                      ? true
                      : strcmp(who.organization, "local") == 0 &&
                            gen_principal_may(&who, GEN_PERMISSIONS_ALL),
                  "case %zu", i);
    }
    gen_arena_destroy(arena);
}

/* A daemon without a key lets nobody in over TCP, not even with an empty one. */
Test(access, no_key)
{
    static const struct gen_visitor visitor = {.host = "localhost", .authorization = "Bearer "};
    struct gen_principal who;
    struct gen_error err = {0};
    int http = 0;

    cr_expect(gen_access_check(&without_key, &visitor, NULL, &who, &http, &err) == GEN_EDENIED &&
              http == 401);
}
