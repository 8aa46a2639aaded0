/* readiness.c - see readiness.h. */
#include "engine/readiness.h"

#include "engine/rules.h"
#include "engine/signer.h"

enum { READINESS_PARTS = 8 };

/* The first part of a credential that is not there; NULL: it is complete. */
static const char *readiness_part(const struct gen_engine_options *options,
                                  const struct gen_hosted *hosted,
                                  const struct gen_hosted_credential *credential,
                                  const struct gen_keyring_owner *owner, struct gen_arena *arena)
{
    const char *part;

    for (size_t i = 0; (part = gen_signer_part(credential->signing, i)) != NULL; i++) {
        const char *name = gen_rules_secret(options, gen_hosted_id(hosted), credential->name, part,
                                            arena);
        struct gen_secret secret;
        struct gen_error err = {0};

        if (name == NULL) {
            return "out of memory";
        }
        if (gen_keyring_find_for(options->keyring, owner, name, &secret, &err) != GEN_OK) {
            const char *hint = credential->hint[0] != '\0' ? ". Where to get it: " : "";
            const char *words = gen_arena_printf(arena, "%s%s%s", err.message, hint,
                                                 credential->hint);

            return words != NULL ? words : "out of memory";
        }
    }
    return NULL;
}

const char *gen_readiness_trouble(const struct gen_engine_options *options,
                                  const struct gen_hosted *hosted,
                                  const struct gen_keyring_owner *owner, struct gen_arena *arena)
{
    size_t count = 0;
    const struct gen_hosted_credential *credentials = gen_hosted_credentials(hosted, &count);
    const char *first = NULL;

    if (options->keyring == NULL) {
        return count > 0 ? "this daemon has no store of credentials" : NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const char *trouble = readiness_part(options, hosted, &credentials[i], owner, arena);

        if (trouble == NULL) {
            return NULL;
        }
        first = first == NULL ? trouble : first;
    }
    return first;
}

void gen_readiness_missing(const struct gen_engine_options *options,
                           const struct gen_hosted *hosted, const struct gen_keyring_owner *owner,
                           struct gen_arena *arena, struct gen_texts *out)
{
    size_t count = 0;
    const struct gen_hosted_credential *first = gen_hosted_credentials(hosted, &count);
    const char **names = gen_arena_array(arena, READINESS_PARTS, sizeof(*names));
    const char *part;

    *out = (struct gen_texts){0};
    if (names == NULL || count == 0 || options->keyring == NULL ||
        gen_readiness_trouble(options, hosted, owner, arena) == NULL) {
        return;
    }
    for (size_t i = 0;
         out->count < READINESS_PARTS && (part = gen_signer_part(first->signing, i)) != NULL; i++) {
        const char *name = gen_rules_secret(options, gen_hosted_id(hosted), first->name, part,
                                            arena);
        struct gen_secret secret;
        struct gen_error err = {0};

        if (name != NULL &&
            gen_keyring_find_for(options->keyring, owner, name, &secret, &err) == GEN_ENOTFOUND) {
            names[out->count++] = name;
        }
    }
    out->items = names;
}
