/* remote_account.c - see remote_account.h. */
#include "engine/remote_account.h"

#include "engine/rules.h"
#include "engine/signer.h"

#include <string.h>

enum account_level { /* unknown: no memory */
                     ACCOUNT_UNKNOWN,
                     ACCOUNT_DAEMON,
                     ACCOUNT_ORGANIZATION,
                     ACCOUNT_TEAM
};

/* Which secret is it? "" also where there is none. False: no memory to know it. */
static bool account_label(struct gen_keyring *keyring, const struct gen_keyring_owner *owner,
                          const char *name, char out[GEN_KEYRING_LABEL_SIZE])
{
    struct gen_secret secret;
    enum gen_status status = gen_keyring_find_for(keyring, owner, name, &secret, NULL);
    size_t size;

    out[0] = '\0';
    if (status == GEN_OK) {
        size = strlen(secret.label);
        if (size < GEN_KEYRING_LABEL_SIZE) {
            memcpy(out, secret.label, size + 1);
        }
    }
    return status != GEN_ENOMEM;
}

/* Labels are opaque: it is the team's when the organization without the team has another one. */
static enum account_level account_level(struct gen_keyring *keyring,
                                        const struct gen_keyring_owner *owner, const char *name)
{
    struct gen_keyring_owner whole = {.organization = owner->organization, .at = owner->at};
    char label[GEN_KEYRING_LABEL_SIZE], above[GEN_KEYRING_LABEL_SIZE];

    if (!account_label(keyring, owner, name, label)) {
        return ACCOUNT_UNKNOWN;
    }
    if (label[0] == '\0') {
        return ACCOUNT_DAEMON;
    }
    if (owner->team == NULL || owner->team[0] == '\0') {
        return ACCOUNT_ORGANIZATION;
    }
    if (!account_label(keyring, &whole, name, above)) {
        return ACCOUNT_UNKNOWN;
    }
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

            one = name == NULL ? ACCOUNT_UNKNOWN : account_level(options->keyring, owner, name);
            if (one == ACCOUNT_UNKNOWN) {
                return NULL;
            }
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
