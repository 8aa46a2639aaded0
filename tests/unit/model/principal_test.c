/* principal_test.c - core/model/principal.c: roles are sets that grow, words are found again, and what
 * concerns the whole daemon belongs to the house. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "model/principal.h"

#include <stdio.h>
#include <string.h>

/* Every bit has one word, every word one bit, and the mask of all is exactly these. */
Test(principal, permissions_are_a_closed_set)
{
    uint32_t seen = 0;
    size_t count = 0;

    for (const struct gen_permission_row *row = gen_permissions; row->word != NULL; row++) {
        cr_assert((seen & row->permission) == 0 && row->permission != 0, "%s", row->word);
        seen |= row->permission;
        count++;
        cr_expect(gen_permission_of(row->word, strlen(row->word)) == row->permission);
        cr_expect(strcmp(gen_permission_word(row->permission), row->word) == 0);
        cr_expect(strchr(row->word, ':') != NULL && row->help[0] != '\0');
    }
    cr_expect(seen == GEN_PERMISSIONS_ALL && count == GEN_PERMISSION_COUNT);
}

/* Each role has what the one before it has, and more; only the last may everything. */
Test(principal, roles_grow)
{
    uint32_t before = 0;

    for (const struct gen_role_row *row = gen_roles; row->word != NULL; row++) {
        cr_expect((row->permissions & before) == before && row->permissions != before, "%s",
                  row->word);
        cr_expect(gen_role_of(row->word, strlen(row->word)) == row->role);
        cr_expect(strcmp(gen_role_word(row->role), row->word) == 0);
        cr_expect(gen_role_permissions(row->role) == row->permissions);
        cr_expect((row->permissions & GEN_MAY_SELF_READ) != 0);
        cr_expect(row->role == GEN_ROLE_ADMIN || (row->permissions & GEN_PERMISSIONS_OF_HOUSE) == 0,
                  "%s has what only the house may", row->word);
        before = row->permissions;
    }
    cr_expect(before == GEN_PERMISSIONS_ALL);
    cr_expect((gen_role_permissions(GEN_ROLE_VIEWER) &
               (GEN_MAY_JOBS_WRITE | GEN_MAY_ASSETS_WRITE | GEN_MAY_KEYS_WRITE)) == 0);
}

static const struct {
    const char *word;
    enum gen_role role;
} role_cases[] = {
    {"viewer", GEN_ROLE_VIEWER}, {"brand_manager", GEN_ROLE_BRAND_MANAGER},
    /* no part of a word, no other case, nothing at all */
    {"view", GEN_ROLE_NONE},     {"viewers", GEN_ROLE_NONE},
    {"Admin", GEN_ROLE_NONE},    {"", GEN_ROLE_NONE},
};

Test(principal, words_of_roles)
{
    for (size_t i = 0; i < GEN_COUNT(role_cases); i++) {
        cr_expect(gen_role_of(role_cases[i].word, strlen(role_cases[i].word)) ==
                      role_cases[i].role,
                  "case %zu", i);
    }
    cr_expect(gen_role_permissions(GEN_ROLE_NONE) == 0);
    cr_expect(strcmp(gen_role_word(GEN_ROLE_NONE), "") == 0);
}

/* Sets as text: there and back; what another version knows is dropped. */
Test(principal, sets_as_text)
{
    struct gen_arena *arena = gen_arena_create(0);
    static const struct {
        const char *text, *again;
    } cases[] = {
        {"", ""},
        {"jobs:read", "jobs:read"},
        {"outputs:read jobs:read", "jobs:read outputs:read"},
        {"  jobs:read   self:read ", "self:read jobs:read"},
        {"jobs:fly jobs:read jobs:", "jobs:read"},
        {"jobs:readjobs:write", ""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const char *text = gen_permissions_text(gen_permissions_of(cases[i].text), arena);

        cr_expect(strcmp(text, cases[i].again) == 0, "case %zu: %s", i, text);
    }
    cr_expect(gen_permissions_of(gen_permissions_text(GEN_PERMISSIONS_ALL, arena)) ==
              GEN_PERMISSIONS_ALL);
    gen_arena_destroy(arena);
}

Test(principal, may_and_house)
{
    struct gen_principal tenant = {.organization = "acme", .team = "", .role = GEN_ROLE_ADMIN};

    tenant.permissions = gen_permissions_within(GEN_PERMISSIONS_ALL, tenant.organization);
    cr_expect(gen_principal_may(&gen_principal_owner, GEN_PERMISSIONS_ALL));
    cr_expect(gen_principal_of_house(&gen_principal_owner) && !gen_principal_of_house(&tenant));
    cr_expect(gen_principal_may(&tenant, GEN_MAY_JOBS_WRITE | GEN_MAY_KEYS_WRITE));
    cr_expect(!gen_principal_may(&tenant, GEN_MAY_METRICS_READ));
    /* all of the asked ones, and none is not all */
    cr_expect(!gen_principal_may(&tenant, GEN_MAY_JOBS_WRITE | GEN_MAY_TENANTS_WRITE));
    cr_expect(!gen_principal_may(&tenant, 0));
    cr_expect(gen_permissions_within(GEN_PERMISSIONS_ALL, "local") == GEN_PERMISSIONS_ALL);
    cr_expect((gen_permissions_within(GEN_PERMISSIONS_ALL, "Local") & GEN_PERMISSIONS_OF_HOUSE) ==
              0);
}

Test(principal, teams)
{
    static const char *const teams[] = {"video", "social"};
    const struct gen_principal who = {.team = "brand", .teams = teams, .team_count = 2};
    const struct gen_principal any = {.team = "", .any_team = true};

    cr_expect(gen_principal_in_team(&who, "") && gen_principal_in_team(&who, "brand") &&
              gen_principal_in_team(&who, "social"));
    cr_expect(!gen_principal_in_team(&who, "soc") && !gen_principal_in_team(&who, "Brand"));
    cr_expect(gen_principal_in_team(&any, "whatever"));
}

static const struct {
    const char *text;
    bool valid;
} word_cases[] = {
    {"acme", true},          {"org_2abCD", true}, {"a@b.example", true}, {"key:farm-1", true},
    {"", false},             {"-acme", false},    {"a b", false},        {"a\nb", false},
    {"acm\xc3\xa9", false},  {"../x", false},     {"a\"b", false},       {"7", true},
};

Test(principal, valid_words)
{
    char longest[GEN_PRINCIPAL_TEXT_MOST + 2];

    for (size_t i = 0; i < GEN_COUNT(word_cases); i++) {
        cr_expect(gen_principal_word_valid(word_cases[i].text, strlen(word_cases[i].text)) ==
                      word_cases[i].valid,
                  "case %zu", i);
    }
    memset(longest, 'x', sizeof longest);
    cr_expect(gen_principal_word_valid(longest, GEN_PRINCIPAL_TEXT_MOST));
    cr_expect(!gen_principal_word_valid(longest, GEN_PRINCIPAL_TEXT_MOST + 1));
}

Test(principal, every_allocation_failing_in_turn)
{
    const char *text = NULL;

    for (long nth = 1; text == NULL; nth++) {
        struct gen_arena *arena;

        cr_assert(nth < 100);
        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        text = arena == NULL ? NULL : gen_permissions_text(GEN_PERMISSIONS_ALL, arena);
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
    }
}

/* The table of roles in docs/access.md is the table of the code: each row says what a role has beyond the one
 * before it; what only the house may stands below. */
Test(principal, the_document_says_the_same)
{
    static char text[64 * 1024];
    FILE *file = fopen(GEN_SOURCE_DIR "/docs/access.md", "r");
    uint32_t so_far = 0;

    cr_assert(file != NULL);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (const struct gen_role_row *row = gen_roles; row->word != NULL; row++) {
        char begin[64];
        const char *line, *end;

        snprintf(begin, sizeof begin, "\n| `%s` |", row->word);
        line = strstr(text, begin);
        cr_assert(line != NULL, "%s is not in docs/access.md", row->word);
        line += strlen(begin);
        end = strchr(line, '\n');
        for (const struct gen_permission_row *one = gen_permissions; one->word != NULL; one++) {
            char word[64];
            const char *at;

            snprintf(word, sizeof word, "`%s`", one->word);
            at = strstr(line, word);
            so_far |= at != NULL && at < end ? one->permission : 0;
        }
        cr_expect((so_far & ~GEN_PERMISSIONS_OF_HOUSE) ==
                      (row->permissions & ~(uint32_t)GEN_PERMISSIONS_OF_HOUSE),
                  "%s: the document has %x, the code %x", row->word, so_far, row->permissions);
    }
    for (const struct gen_permission_row *one = gen_permissions; one->word != NULL; one++) {
        char word[64];

        snprintf(word, sizeof word, "`%s`", one->word);
        cr_expect(strstr(text, word) != NULL, "%s is not in docs/access.md", one->word);
    }
}
