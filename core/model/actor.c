/* actor.c - see actor.h. */
#include "model/actor.h"

#include <string.h>

static const char *actor_text(const char *text, const char *fallback)
{
    return text != NULL && text[0] != '\0' ? text : fallback;
}

static const char *actor_word(struct gen_arena *arena, const char *kind, const char *name)
{
    return actor_text(gen_arena_printf(arena, "%s:%s", kind, name), GEN_ACTOR_DAEMON);
}

struct gen_actor gen_actor_of(const struct gen_principal *principal, struct gen_arena *arena)
{
    struct gen_actor actor = {.who = "nobody", .origin = actor_text(principal->address, "socket")};

    switch (principal->door) {
    case GEN_DOOR_SOCKET:
        actor.who = actor_word(arena, "user", actor_text(principal->user, "owner"));
        break;
    case GEN_DOOR_FILE:
        actor.who = "key:file";
        break;
    case GEN_DOOR_KEY:
        actor.who = actor_word(arena, "key", principal->key.text);
        break;
    case GEN_DOOR_CLERK:
        actor.who = actor_word(arena, "clerk", actor_text(principal->user, "?"));
        break;
    case GEN_DOOR_NONE:
        break;
    }
    return actor;
}

struct gen_actor gen_actor_provider(const char *provider, struct gen_arena *arena)
{
    return (struct gen_actor){.who = actor_word(arena, "provider", provider), .origin = ""};
}

struct gen_actor gen_actor_copy(const struct gen_actor *actor, struct gen_arena *arena)
{
    struct gen_actor copy = {GEN_ACTOR_DAEMON, ""};

    if (actor != NULL) {
        copy.who = actor_text(gen_arena_strdup(arena, actor_text(actor->who, GEN_ACTOR_DAEMON)),
                              GEN_ACTOR_DAEMON);
        copy.origin = actor_text(gen_arena_strdup(arena, actor_text(actor->origin, "")), "");
    }
    return copy;
}
