/* actor_test.c - each door as the text that stands in the log. */
#include "model/actor.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct {
    enum gen_door door;
    const char *user, *address, *who, *origin;
} cases[] = {
    {GEN_DOOR_SOCKET, "owner", "", "user:owner", "socket"},
    {GEN_DOOR_FILE, "owner", "127.0.0.1", "key:file", "127.0.0.1"},
    {GEN_DOOR_KEY, "key:farm", "192.0.2.7", "key:key_01m81rcze1hsa2asfnqtzme0wf", "192.0.2.7"},
    {GEN_DOOR_CLERK, "user_2ab", "2001:db8::1", "clerk:user_2ab", "2001:db8::1"},
    {GEN_DOOR_NONE, "", "192.0.2.7", "nobody", "192.0.2.7"},
};

Test(actor, by_door)
{
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_principal principal = {.door = cases[i].door, .user = cases[i].user,
                                          .address = cases[i].address,
                                          .key = {"key_01m81rcze1hsa2asfnqtzme0wf"}};
        struct gen_actor actor = gen_actor_of(&principal, arena);

        cr_assert(eq(str, (char *)actor.who, (char *)cases[i].who));
        cr_assert(eq(str, (char *)actor.origin, (char *)cases[i].origin));
    }
    cr_assert(eq(str, (char *)gen_actor_provider("kling", arena).who, "provider:kling"));
    cr_assert(eq(str, (char *)gen_actor_copy(NULL, arena).who, "daemon"));
    gen_arena_destroy(arena);
}

/* Without memory it is never another person. */
Test(actor, no_memory)
{
    struct gen_arena *arena = gen_arena_create(1);
    struct gen_principal principal = {.door = GEN_DOOR_CLERK, .user = "user_2ab", .address = ""};

    cr_assert(eq(str, (char *)gen_actor_of(&principal, arena).who, "daemon"));
    gen_arena_destroy(arena);
}
