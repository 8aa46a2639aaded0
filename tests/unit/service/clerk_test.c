/* clerk_test.c - core/service/clerk.c: what claims mean, where it is not the same as what a package of Clerk's says:
 * the house, who may come in, odd ids. Tokens and both forms of claims: tests/clients/clerk_test.mjs. */
#include <criterion/criterion.h>

#include "platform/json_reader.h"
#include "service/clerk.h"

#include <string.h>

static const char *listed[] = {"org_a", "org_b"};
static const struct gen_texts organizations = {listed, 2};
static const struct gen_clerk_options open_door = {.issuer = "https://i"};
static const struct gen_clerk_options guarded = {
    .issuer = "https://i", .organizations = &organizations, .house = "org_b"};

#define V1(user, org, role) \
    "{\"sub\":\"" user "\",\"org_id\":\"" org "\",\"org_role\":\"" role "\"}"

static const struct {
    const struct gen_clerk_options *options;
    const char *claims;
    const char *organization; /* NULL: refused */
    enum gen_role role;
    uint32_t has, lacks;
} cases[] = {
    {&open_door, V1("u", "org_a", "org:admin"), "org_a", GEN_ROLE_ADMIN, GEN_MAY_KEYS_WRITE,
     GEN_PERMISSIONS_OF_HOUSE},
    {&open_door, V1("u", "org_a", "admin"), "org_a", GEN_ROLE_ADMIN, GEN_MAY_KEYS_WRITE, 0},
    {&open_door, V1("u", "org_a", "org:member"), "org_a", GEN_ROLE_NONE, GEN_MAY_SELF_READ,
     GEN_MAY_JOBS_READ},
    {&open_door, "{\"sub\":\"u\"}", "u", GEN_ROLE_NONE, GEN_MAY_SELF_READ, GEN_MAY_JOBS_READ},
    /* v2 with the claims of v1 beside them: these are not looked at */
    {&open_door, "{\"sub\":\"u\",\"v\":2,\"org_id\":\"org_a\",\"org_role\":\"admin\"}", "u", GEN_ROLE_NONE,
     GEN_MAY_SELF_READ, GEN_MAY_JOBS_READ},
    {&open_door, "{\"sub\":\"u\",\"v\":2,\"o\":\"org_a\"}", "u", GEN_ROLE_NONE, GEN_MAY_SELF_READ,
     GEN_MAY_JOBS_READ},
    /* the house is whom gend.yaml names, and nobody by its name */
    {&guarded, V1("u", "org_b", "admin"), "local", GEN_ROLE_ADMIN, GEN_PERMISSIONS_ALL, 0},
    {&guarded, V1("u", "org_b", "viewer"), "local", GEN_ROLE_VIEWER, GEN_MAY_JOBS_READ,
     GEN_MAY_METRICS_READ},
    {&guarded, V1("u", "org_a", "admin"), "org_a", GEN_ROLE_ADMIN, GEN_MAY_KEYS_WRITE,
     GEN_PERMISSIONS_OF_HOUSE},
    {&guarded, V1("u", "org_c", "admin"), NULL, 0, 0, 0},
    {&open_door, V1("u", "local", "admin"), NULL, 0, 0, 0},
    {&open_door, "{\"sub\":\"local\"}", NULL, 0, 0, 0},
    /* what can be no id */
    {&open_door, V1("u u", "org_a", "admin"), NULL, 0, 0, 0},
    {&open_door, V1("u", "../x", "admin"), NULL, 0, 0, 0},
    {&open_door, V1("", "org_a", "admin"), NULL, 0, 0, 0},
    /* a compact map that says more than there is */
    {&open_door,
     "{\"sub\":\"u\",\"v\":2,\"fea\":\"o:jobs\",\"o\":{\"id\":\"org_a\",\"rol\":\"x\",\"per\":\"read\","
     "\"fpm\":\"18446744073709551615,7\"}}",
     "org_a", GEN_ROLE_NONE, GEN_MAY_SELF_READ, GEN_MAY_JOBS_WRITE},
    {&open_door,
     "{\"sub\":\"u\",\"v\":2,\"fea\":\",,o:,:jobs,o:jobs\",\"o\":{\"id\":\"org_a\",\"rol\":7,"
     "\"per\":\",read,\",\"fpm\":\"3,2\"}}",
     "org_a", GEN_ROLE_NONE, GEN_MAY_JOBS_READ, GEN_MAY_JOBS_WRITE},
};

Test(clerk, claims)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *claims = NULL;
        struct gen_principal who = {0};
        struct gen_error err = {0};
        enum gen_status status;

        cr_assert(gen_json_read(cases[i].claims, strlen(cases[i].claims), NULL, arena, &claims, &err) ==
                  GEN_OK);
        status = gen_clerk_principal(cases[i].options, claims, 1000, arena, &who, &err);
        if (cases[i].organization == NULL) {
            cr_expect(status == GEN_EDENIED, "case %zu: %d", i, status);
        } else {
            cr_assert(status == GEN_OK, "case %zu: %s", i, err.message);
            cr_expect(strcmp(who.organization, cases[i].organization) == 0, "case %zu: %s", i,
                      who.organization);
            cr_expect(who.role == cases[i].role, "case %zu: role %d", i, who.role);
            cr_expect((who.permissions & cases[i].has) == cases[i].has, "case %zu: %x", i,
                      who.permissions);
            cr_expect((who.permissions & cases[i].lacks) == 0, "case %zu: %x", i, who.permissions);
        }
        gen_arena_destroy(arena);
    }
}

static const struct {
    const char *text;
    bool looks;
} looks[] = {{"a.b.c", true}, {"a.b", false}, {"", false}, {"gen_sk_x", false}, {"..", true}};

Test(clerk, what_looks_like_a_token)
{
    for (size_t i = 0; i < GEN_COUNT(looks); i++) {
        cr_expect(gen_clerk_looks(looks[i].text) == looks[i].looks, "case %zu", i);
    }
}
