/* access_key_test.c - core/model/access_key.c: what a body may ask for, and what its maker may give. Whole keys
 * live in tests/api/keys_test.c. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "model/access_key.h"
#include "model/brief.h"

#include <string.h>

#define NOW INT64_C(1800000000000)

struct pair {
    const char *key, *text; /* "7" and "-1" are numbers, "a,b" with [ is a list */
};

static struct gen_node *body_of(struct gen_arena *arena, const struct pair *pairs)
{
    struct gen_node *map = gen_node_map(arena);

    for (; pairs->key != NULL; pairs++) {
        struct gen_node *value;

        if (pairs->text[0] == '[') {
            const char *rest = pairs->text + 1;

            value = gen_node_list(arena);
            while (*rest != '\0') {
                size_t size = strcspn(rest, ",");

                gen_node_push(value, gen_node_string_sized(arena, rest, size));
                rest += size + (rest[size] == ',');
            }
        } else if (pairs->text[0] == '#') {
            value = gen_node_int(arena, (int64_t)(pairs->text[1] - '0'));
        } else {
            value = gen_node_string(arena, pairs->text);
        }
        gen_node_set(arena, map, pairs->key, value);
    }
    return map;
}

static const char *const tv[] = {"tv"};
static const struct gen_principal boss = {.organization = "acme", .user = "ann", .team = "",
                                          .any_team = true, .role = GEN_ROLE_ADMIN,
                                          .permissions = GEN_PERMISSIONS_ALL &
                                                         ~GEN_PERMISSIONS_OF_HOUSE};
static const struct gen_principal clerk = {
    .organization = "acme", .user = "bob", .team = "tv", .teams = tv, .team_count = 1,
    .permissions = GEN_MAY_SELF_READ | GEN_MAY_KEYS_WRITE | GEN_MAY_JOBS_READ,
    .most_priority = GEN_PRIORITY_NORMAL, .door = GEN_DOOR_KEY, .expires_at = NOW + 1000};

static const struct {
    const struct gen_principal *maker;
    struct pair body[6];
    enum gen_status status;
    const char *path;
} cases[] = {
    {&boss, {{"name", "a"}, {"role", "admin"}}, GEN_OK, NULL},
    {&boss, {{"name", "a"}, {"permissions", "[jobs:read,jobs:write"}}, GEN_OK, NULL},
    {&gen_principal_owner, {{"name", "a"}, {"role", "admin"}, {"organization", "bolt"}}, GEN_OK, NULL},
    /* mistakes */
    {&boss, {{"role", "admin"}}, GEN_EINVAL, "name"},
    {&boss, {{"name", "a"}}, GEN_EINVAL, "role"},
    {&boss, {{"name", "-a"}, {"role", "viewer"}}, GEN_EINVAL, "name"},
    {&boss, {{"name", "a"}, {"role", "Viewer"}}, GEN_EINVAL, "role"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"permissions", "[jobs:read"}}, GEN_EINVAL, "permissions"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"teams", "[a b"}}, GEN_EINVAL, "teams"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"user", "x\ny"}}, GEN_EINVAL, "user"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"expiresAt", "2001-01-01T00:00:00Z"}}, GEN_EINVAL,
     "expiresAt"},
    {&boss,
     {{"name", "a"}, {"role", "viewer"}, {"expiresAt", "2101-01-01T00:00:00Z"}, {"expiresDays", "#3"}},
     GEN_EINVAL,
     "expiresDays"},
    /* more than the maker has */
    {&boss, {{"name", "a"}, {"permissions", "[metrics:read"}}, GEN_EDENIED, "permissions"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"organization", "bolt"}}, GEN_EDENIED, "organization"},
    {&boss, {{"name", "a"}, {"role", "viewer"}, {"organization", "local"}}, GEN_EDENIED, "organization"},
    {&clerk, {{"name", "a"}, {"role", "viewer"}}, GEN_EDENIED, "role"},
    {&clerk, {{"name", "a"}, {"permissions", "[jobs:read"}, {"teams", "[social"}}, GEN_EDENIED, "teams"},
    {&clerk, {{"name", "a"}, {"permissions", "[jobs:read"}, {"mostPriority", "high"}}, GEN_EDENIED,
     "mostPriority"},
    {&clerk, {{"name", "a"}, {"permissions", "[jobs:read"}}, GEN_EDENIED, "expiresAt"},
    /* the owner gives the house's permissions to the house alone */
    {&gen_principal_owner,
     {{"name", "a"}, {"permissions", "[vault:write"}, {"organization", "bolt"}},
     GEN_EDENIED,
     "permissions"},
};

Test(access_key, bodies)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_access_key key = {.name = "unchanged"};
        struct gen_error err = {0};
        enum gen_status status = gen_access_key_read(body_of(arena, cases[i].body), NULL,
                                                     cases[i].maker, NOW, arena, &key, &err);

        cr_expect(status == cases[i].status, "case %zu: %d: %s", i, status, err.message);
        cr_expect(cases[i].path == NULL || strcmp(err.path, cases[i].path) == 0, "case %zu: %s: %s", i,
                  err.path, err.message);
        cr_expect((status == GEN_OK) == (strcmp(key.name, "a") == 0), "case %zu", i);
        if (status == GEN_OK) {
            struct gen_principal who;

            cr_assert(gen_access_key_principal(&key, arena, &who));
            cr_expect(strcmp(who.user, "key:a") == 0 && who.permissions == key.permissions);
            cr_expect((who.permissions & GEN_PERMISSIONS_OF_HOUSE) == 0, "case %zu", i);
        }
        gen_arena_destroy(arena);
    }
}

/* An edit keeps what it does not name; a key does not move to another organization. */
Test(access_key, edits)
{
    static const struct pair make[] = {
        {"name", "a"}, {"role", "producer"}, {"teams", "[tv,social"}, {"jobsPerDay", "#7"}, {NULL, NULL}};
    static const struct pair change[] = {{"role", "viewer"}, {"parallel", "#2"}, {NULL, NULL}};
    static const struct pair move[] = {{"organization", "bolt"}, {NULL, NULL}};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_access_key key, after;
    struct gen_error err = {0};

    cr_assert(gen_access_key_read(body_of(arena, make), NULL, &boss, NOW, arena, &key, &err) == GEN_OK);
    cr_assert(gen_access_key_read(body_of(arena, change), &key, &boss, NOW, arena, &after, &err) ==
              GEN_OK);
    cr_expect(after.role == GEN_ROLE_VIEWER && after.quota.parallel == 2 &&
              after.quota.jobs_per_day == 7 && strcmp(after.teams, "tv social") == 0 &&
              strcmp(after.name, "a") == 0 && strcmp(after.organization, "acme") == 0);
    cr_expect(gen_access_key_read(body_of(arena, move), &key, &gen_principal_owner, NOW, arena, &after,
                                  &err) == GEN_EINVAL);
    key.revoked_at = 0;
    key.expires_at = NOW;
    cr_expect(strcmp(gen_access_key_status(&key, NOW - 1), "active") == 0);
    cr_expect(strcmp(gen_access_key_status(&key, NOW), "expired") == 0);
    key.revoked_at = 1;
    cr_expect(strcmp(gen_access_key_status(&key, NOW - 1), "revoked") == 0);
    gen_arena_destroy(arena);
}

Test(access_key, every_allocation_failing_in_turn)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *body = body_of(arena, cases[1].body);
    enum gen_status status;
    long nth = 0;

    do {
        struct gen_arena *own = gen_arena_create(0);
        struct gen_access_key key;
        struct gen_error err;

        gen_alloc_fail_at(++nth);
        status = gen_access_key_read(body, NULL, &boss, NOW, own, &key, &err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%d", status);
        gen_arena_destroy(own);
    } while (status != GEN_OK);
    gen_arena_destroy(arena);
}
