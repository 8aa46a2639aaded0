/* remote_account.c - see remote_account.h. */
#include "engine/remote_account.h"

#include "engine/rules.h"
#include "engine/signer.h"

#include <string.h>

enum account_level { ACCOUNT_DAEMON = 1, ACCOUNT_ORGANIZATION, ACCOUNT_TEAM };

/* Which secret is it? "" also where there is none. */
static void account_label(struct gen_keyring *keyring, const struct gen_keyring_owner *owner,
                          const char *name, char out[GEN_KEYRING_LABEL_SIZE])
{
    struct gen_secret secret;
    size_t size;

    out[0] = '\0';
    if (gen_keyring_find_for(keyring, owner, name, &secret, NULL) == GEN_OK) {
        size = strlen(secret.label);
        if (size < GEN_KEYRING_LABEL_SIZE) {
            memcpy(out, secret.label, size + 1);
        }
    }
}

/* Labels are opaque: it is the team's when the organization without the team has another one. */
static enum account_level account_level(struct gen_keyring *keyring,
                                        const struct gen_keyring_owner *owner, const char *name)
{
    struct gen_keyring_owner whole = {.organization = owner->organization, .at = owner->at};
    char label[GEN_KEYRING_LABEL_SIZE], above[GEN_KEYRING_LABEL_SIZE];

    account_label(keyring, owner, name, label);
    if (label[0] == '\0') {
        return ACCOUNT_DAEMON;
    }
    if (owner->team == NULL || owner->team[0] == '\0') {
        return ACCOUNT_ORGANIZATION;
    }
    account_label(keyring, &whole, name, above);
    return strcmp(label, above) == 0 ? ACCOUNT_ORGANIZATION : ACCOUNT_TEAM;
}

const char *gen_remote_account_of(const struct gen_engine_options *options,
                                  const struct gen_hosted *hosted,
                                  const struct gen_keyring_owner *owner, struct gen_arena *arena)
{
    enum account_level level = ACCOUNT_DAEMON, one;
    size_t count = 0;
    const struct gen_hosted_credential *credentials = gen_hosted_credentials(hosted, &count);
    const char *part;

    for (size_t i = 0; options->keyring != NULL && i < count; i++) {
        for (size_t k = 0; (part = gen_signer_part(credentials[i].signing, k)) != NULL; k++) {
            const char *name = gen_rules_secret(options, gen_hosted_id(hosted), credentials[i].name,
                                                part, arena);

            if (name == NULL) {
                return NULL;
            }
            one = account_level(options->keyring, owner, name);
            level = one > level ? one : level;
        }
    }
    switch (level) {
    case ACCOUNT_TEAM:
        return gen_arena_printf(arena, "%s/%s", owner->organization, owner->team);
    case ACCOUNT_ORGANIZATION:
        return gen_arena_strdup(arena, owner->organization);
    default:
        return "";
    }
}
