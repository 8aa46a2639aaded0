/* webhook_kinds.c - see webhook_kinds.h. */
#include "service/webhook_kinds.h"

#include "model/event.h"
#include "model/subscriber.h"

#include <string.h>

struct kind_row {
    enum gen_event_kind kind;
    const char *word;
    enum gen_permission permission;
};

static const struct kind_row all_kinds[] = {
#define KIND_ROW(name, word, permission, text) {name, word, permission},
    GEN_EVENT_TABLE(KIND_ROW)
#undef KIND_ROW
};

static enum gen_status kinds_fail(struct gen_error *err, enum gen_status status)
{
    gen_error_place(err, NULL, 0, 0, "events");
    return status;
}

enum gen_status gen_webhook_kinds_read(const struct gen_texts *events, struct gen_arena *arena,
                                       const char **out, struct gen_error *err)
{
    const char *all = "";

    for (size_t i = 0; i < events->count && all != NULL; i++) {
        bool known = false;

        for (size_t k = 0; k < GEN_COUNT(all_kinds) && events->items[i][0] != '\0'; k++) {
            known = known || gen_subscriber_kind_fits(events->items[i], all_kinds[k].word);
        }
        if (!known) {
            gen_error_set(err, GEN_EINVAL,
                          "\"%.60s\" is no kind of event; docs/webhooks.md lists them",
                          events->items[i]);
            return kinds_fail(err, GEN_EINVAL);
        }
        all = gen_arena_printf(arena, "%s%s%s", all, i > 0 ? " " : "", events->items[i]);
    }
    *out = all;
    return all != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

/* What of it is allowed, as a list, and the first that is not. */
static const char *kinds_allowed(const struct gen_principal *principal, const char *pattern,
                                 struct gen_arena *arena, const struct kind_row **denied)
{
    const char *list = "";

    *denied = NULL;
    for (size_t k = 0; k < GEN_COUNT(all_kinds) && list != NULL; k++) {
        if (!gen_subscriber_kind_fits(pattern, all_kinds[k].word)) {
            continue;
        }
        if (gen_event_may(principal, all_kinds[k].kind)) {
            list = gen_arena_printf(arena, "%s%s%s", list, list[0] != '\0' ? " " : "",
                                    all_kinds[k].word);
        } else if (*denied == NULL) {
            *denied = &all_kinds[k];
        }
    }
    return list;
}

enum gen_status gen_webhook_kinds_narrow(const struct gen_principal *principal,
                                         struct gen_arena *arena, const char **kinds,
                                         struct gen_error *err)
{
    const char *at = *kinds, *result = "";

    do { /* once for "" */
        size_t size = strcspn(at, " ");
        const char *pattern = gen_arena_strndup(arena, at, size), *allowed;
        const struct kind_row *denied = NULL;

        if (pattern == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        allowed = kinds_allowed(principal, pattern, arena, &denied);
        if (allowed != NULL && denied != NULL && allowed[0] == '\0') {
            gen_error_set(err, GEN_EDENIED, "you may not be told of %s: it takes %s", denied->word,
                          gen_permission_word(denied->permission));
            return kinds_fail(err, GEN_EDENIED);
        }
        allowed = allowed == NULL || denied != NULL ? allowed : pattern;
        result = allowed == NULL ? NULL
                                 : gen_arena_printf(arena, "%s%s%s", result,
                                                    result[0] != '\0' ? " " : "", allowed);
        if (result == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        at += size;
        at += strspn(at, " ");
    } while (*at != '\0');
    *kinds = result;
    return GEN_OK;
}
