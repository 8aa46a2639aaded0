/* target_test.c - which gend is meant, from options, environment and folders. */
#include "cli/target.h"

#include "base/alloc.h"
#include "cli/whereabouts.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLES = 4 };

struct meant {
    const char *variables[VARIABLES]; /* "NAME=value" */
    struct gen_options options;
    enum gen_status status;
    const char *url, *socket, *key; /* NULL = none */
};

static const struct meant cases[] = {
    /* the state folder's socket where there is no runtime folder */
    {{"HOME=/home-of/u"}, {0}, GEN_OK, "http://gend", "/home-of/u/.local/state/genengine/gend.sock", NULL},
    /* XDG_STATE_HOME instead of HOME */
    {{"HOME=/h", "XDG_STATE_HOME=/s"}, {0}, GEN_OK, "http://gend", "/s/genengine/gend.sock", NULL},
    /* the runtime folder wins */
    {{"HOME=/h", "XDG_RUNTIME_DIR=/r"}, {0}, GEN_OK, "http://gend", "/r/genengine/gend.sock", NULL},
    /* values that are not absolute count as unset */
    {{"HOME=/h", "XDG_RUNTIME_DIR=r"}, {0}, GEN_OK, "http://gend", "/h/.local/state/genengine/gend.sock", NULL},
    /* a state folder has its socket inside, whatever the runtime folder */
    {{"HOME=/h", "XDG_RUNTIME_DIR=/r", "GEN_STATE=/x"}, {0}, GEN_OK, "http://gend", "/x/gend.sock", NULL},
    /* an option wins over its variable */
    {{"HOME=/h", "GEN_STATE=/x"}, {.state = "/y"}, GEN_OK, "http://gend", "/y/gend.sock", NULL},
    /* and over other variables */
    {{"HOME=/h", "GEN_SERVER=http://x", "GEN_SOCKET=/z"}, {.state = "/y"}, GEN_OK, "http://gend", "/y/gend.sock", NULL},
    {{"HOME=/h", "GEN_SOCKET=/z"}, {0}, GEN_OK, "http://gend", "/z", NULL},
    {{"HOME=/h"}, {.socket = "/q"}, GEN_OK, "http://gend", "/q", NULL},
    {{"HOME=/h"}, {.system = true}, GEN_OK, "http://gend", "/run/genengine/gend.sock", NULL},
    /* a server, its slash at the end left out, with a key */
    {{"GEN_SERVER=http://127.0.0.1:8377/", "GEN_KEY=k"}, {0}, GEN_OK, "http://127.0.0.1:8377", NULL, "k"},
    {{"GEN_SERVER=http://x", "GEN_KEY=k"}, {.key = "j", .server = "https://y"}, GEN_OK, "https://y", NULL, "j"},
    /* an empty variable is none */
    {{"HOME=/h", "GEN_SERVER="}, {0}, GEN_OK, "http://gend", "/h/.local/state/genengine/gend.sock", NULL},
    /* what cannot be meant */
    {{"HOME=/h"}, {.server = "127.0.0.1:8377"}, GEN_EINVAL, NULL, NULL, NULL},
    {{"HOME=/h"}, {.server = "http://x", .socket = "/q"}, GEN_EINVAL, NULL, NULL, NULL},
    {{NULL}, {0}, GEN_EINVAL, NULL, NULL, NULL}, /* nobody's home is known */
};

static void settle(const char *const *variables)
{
    cr_assert(clearenv() == 0);
    for (size_t i = 0; i < VARIABLES && variables[i] != NULL; i++) {
        cr_assert(putenv((char *)variables[i]) == 0);
    }
}

Test(target, is_what_was_meant)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_target target;
        struct gen_error err = {0};

        settle(cases[i].variables);
        cr_assert(eq(int, gen_target_find(&cases[i].options, arena, &target, &err), cases[i].status),
                  "case %zu: %s", i, err.message);
        if (cases[i].status == GEN_OK) {
            cr_assert(eq(str, (char *)target.url, (char *)cases[i].url), "case %zu", i);
            cr_assert(eq(str, (char *)(target.socket ? target.socket : ""),
                         (char *)(cases[i].socket ? cases[i].socket : "")), "case %zu", i);
            cr_assert(eq(str, (char *)(target.key ? target.key : ""), (char *)(cases[i].key ? cases[i].key : "")),
                      "case %zu", i);
        }
        gen_arena_destroy(arena);
    }
}

enum {
    AGAIN = GEN_TARGET_STATE | GEN_TARGET_SOCKET | GEN_TARGET_SERVER,
    UP = GEN_TARGET_STATE | GEN_TARGET_SOCKET | GEN_TARGET_VARIABLES,
};

struct told {
    const char *variables[VARIABLES];
    struct gen_options options;
    uint32_t parts;
    const char *text;
};

static const struct told tolds[] = {
    {{"HOME=/h"}, {0}, UP, "gen x"},                             /* the usual one needs nothing */
    {{"HOME=/h"}, {.state = "./try"}, UP, "gen x --state ./try"}, /* as it was typed */
    {{"HOME=/h", "GEN_STATE=/s"}, {0}, UP, "gen x --state /s"},  /* others have no such variable */
    {{"HOME=/h", "GEN_STATE=/s"}, {0}, AGAIN, "gen x"},          /* the same shell has */
    {{"HOME=/h", "GEN_STATE=/s"}, {.state = "/t"}, UP, "gen x --state /t"},
    {{"HOME=/h", "GEN_STATE="}, {0}, UP, "gen x"},
    {{"HOME=/h", "GEN_SOCKET=/q"}, {0}, UP, "gen x --socket /q"},
    {{"HOME=/h", "GEN_SOCKET=/q"}, {.state = "/t"}, UP, "gen x --state /t"}, /* --state wins over it */
    {{"HOME=/h", "GEN_STATE=/s"}, {.socket = "/q"}, UP, "gen x --state /s --socket /q"},
    {{"HOME=/h", "GEN_STATE=/s"}, {.system = true}, UP, "gen x --system"},
    {{"HOME=/h"}, {.server = "http://x", .key = "secret"}, AGAIN, "gen x --server http://x"}, /* no key */
    {{"HOME=/h"}, {.socket = "/q"}, GEN_TARGET_STATE, "gen x"},  /* gen down asks no socket */
    {{"HOME=/h"}, {.state = "/my ads"}, UP, "gen x --state '/my ads'"},
    {{"HOME=/h"}, {.state = "/it's"}, UP, "gen x --state '/it'\\''s'"},
    {{"HOME=/h"}, {.state = "$(reboot)"}, UP, "gen x --state '$(reboot)'"},
};

Test(target, is_told_as_it_must_be_typed)
{
    for (size_t i = 0; i < GEN_COUNT(tolds); i++) {
        struct gen_arena *arena = gen_arena_create(0);

        settle(tolds[i].variables);
        cr_expect(eq(str, (char *)gen_target_command(&tolds[i].options, "gen x", tolds[i].parts, arena),
                     (char *)tolds[i].text), "case %zu", i);
        gen_arena_destroy(arena);
    }
}

Test(target, survives_every_failing_allocation)
{
    static const struct gen_options options = {.state = "/it's"};
    enum gen_status status = GEN_ENOMEM;

    settle((const char *const[VARIABLES]){"HOME=/h", NULL});
    for (long nth = 1; status != GEN_OK; nth++) {
        struct gen_arena *arena;
        struct gen_target target;
        struct gen_error err = {0};

        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        status = arena == NULL ? GEN_ENOMEM : gen_target_find(&options, arena, &target, &err);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%s", err.message);
        gen_arena_destroy(arena);
    }
    gen_alloc_fail_at(0);
}

Test(whereabouts, a_socket_has_a_short_path)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_whereabouts places;
    struct gen_error err = {0};
    char folder[200];

    settle((const char *const[VARIABLES]){"HOME=/h", NULL});
    memset(folder, 'x', sizeof(folder));
    folder[0] = '/';
    folder[GEN_WHEREABOUTS_SOCKET_MOST - strlen("/gend.sock")] = '\0';
    cr_assert(eq(int, gen_whereabouts_find(GEN_WHEREABOUTS_USER, folder, arena, &places, &err), GEN_OK));
    folder[strlen(folder)] = 'x';
    folder[GEN_WHEREABOUTS_SOCKET_MOST - strlen("/gend.sock") + 1] = '\0';
    cr_assert(eq(int, gen_whereabouts_find(GEN_WHEREABOUTS_USER, folder, arena, &places, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "shorter state folder") != NULL);
    gen_arena_destroy(arena);
}
