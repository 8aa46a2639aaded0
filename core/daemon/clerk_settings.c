/* clerk_settings.c - see clerk_settings.h. */
#include "daemon/clerk_settings.h"

#include "model/principal.h"

#include <string.h>

#define FIELD(member) .offset = offsetof(struct gen_clerk_settings, member)

static const struct gen_field fields[] = {
    {.key = "issuer",
     .type = GEN_FIELD_TEXT,
     FIELD(issuer),
     .min = 8,
     .max = 300,
     .help =
         "The Frontend API URL of the instance, https://clerk.example.com: `iss` of its tokens."},
    {.key = "jwksUrl",
     .type = GEN_FIELD_TEXT,
     FIELD(jwks_url),
     .min = 8,
     .max = 400,
     .help = "Where its keys are; the issuer's /.well-known/jwks.json by default."},
    {.key = "key",
     .type = GEN_FIELD_TEXT,
     FIELD(key),
     .min = 1,
     .max = 900,
     .help = "File with the instance's public key in PEM: nothing is fetched then."},
    {.key = "authorizedParties",
     .type = GEN_FIELD_TEXTS,
     FIELD(parties),
     .max = 32,
     .help =
         "Origins of the pages whose tokens are taken (`azp`); all of the instance by default."},
    {.key = "audiences",
     .type = GEN_FIELD_TEXTS,
     FIELD(audiences),
     .max = 32,
     .help = "A token that has `aud` must name one of these."},
    {.key = "organizations",
     .type = GEN_FIELD_TEXTS,
     FIELD(organizations),
     .max = 1000,
     .help = "Ids of the organizations that may come in; all of the instance by default."},
    {.key = "roles",
     .type = GEN_FIELD_NODE,
     FIELD(roles),
     .help = "What a role of Clerk's is here, such as member: producer; those of one name are the "
             "same."},
    {.key = "house",
     .type = GEN_FIELD_TEXT,
     FIELD(house),
     .min = 1,
     .max = GEN_PRINCIPAL_TEXT_MOST,
     .help = "Id of the organization whose members are of the owner's own organization, local."},
    {.type = GEN_FIELD_END},
};

static enum gen_status check_roles(const struct gen_node *roles, struct gen_error *err)
{
    if (gen_node_type_of(roles) > GEN_NODE_NULL && gen_node_type_of(roles) != GEN_NODE_MAP) {
        gen_error_set(err, GEN_EINVAL, "must be a map of a role of Clerk's to one of ours");
        gen_error_place(err, NULL, roles->line, roles->column, "roles");
        return GEN_EINVAL;
    }
    for (const struct gen_node *row = gen_node_first(roles); row != NULL; row = row->next) {
        const char *ours = gen_node_text(row, "");

        if (gen_role_of(ours, strlen(ours)) == GEN_ROLE_NONE) {
            gen_error_set(err, GEN_EINVAL,
                          "\"%.40s\" is no role; there are viewer, producer, ad_director, "
                          "brand_manager and admin",
                          ours);
            gen_error_place(err, NULL, row->line, row->column, "roles");
            return GEN_EINVAL;
        }
    }
    return GEN_OK;
}

static enum gen_status check_clerk(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_clerk_settings *clerk = object;

    (void)node;
    (void)arena;
    if (clerk->issuer == NULL && clerk->jwks_url == NULL && clerk->key == NULL) {
        return gen_error_set(err, GEN_EINVAL, "needs an issuer, a jwksUrl, or a key");
    }
    return check_roles(clerk->roles, err);
}

const struct gen_record gen_clerk_settings_record = {
    .name = "clerk",
    .size = sizeof(struct gen_clerk_settings),
    .fields = fields,
    .check = check_clerk,
    .help = "Whose session tokens are taken.",
};
