/* principal.c - see principal.h. */
#include "model/principal.h"

#include <string.h>

enum {
    OF_VIEWER = GEN_MAY_SELF_READ | GEN_MAY_JOBS_READ | GEN_MAY_OUTPUTS_READ | GEN_MAY_ASSETS_READ |
                GEN_MAY_PROVIDERS_READ,
    OF_PRODUCER = OF_VIEWER | GEN_MAY_JOBS_WRITE | GEN_MAY_ASSETS_WRITE | GEN_MAY_POLICIES_READ |
                  GEN_MAY_COSTS_READ | GEN_MAY_BUDGETS_READ,
    OF_AD_DIRECTOR = OF_PRODUCER | GEN_MAY_WEBHOOKS_READ | GEN_MAY_KEYS_READ,
    OF_BRAND_MANAGER = OF_AD_DIRECTOR | GEN_MAY_BUDGETS_WRITE | GEN_MAY_COSTS_WRITE |
                       GEN_MAY_WEBHOOKS_WRITE | GEN_MAY_AUDIT_READ,
};

const struct gen_role_row gen_roles[] = {
    {GEN_ROLE_VIEWER, "viewer", OF_VIEWER, "looks, downloads, changes nothing"},
    {GEN_ROLE_PRODUCER, "producer", OF_PRODUCER, "uploads, submits and cancels jobs, sees costs"},
    {GEN_ROLE_AD_DIRECTOR, "ad_director", OF_AD_DIRECTOR,
     "a producer who also sees keys, webhooks"},
    {GEN_ROLE_BRAND_MANAGER, "brand_manager", OF_BRAND_MANAGER,
     "also sets budgets and webhooks, settles costs, reads the audit log"},
    {GEN_ROLE_ADMIN, "admin", GEN_PERMISSIONS_ALL, "everything in the organization"},
    {GEN_ROLE_NONE, NULL, 0, NULL},
};

const struct gen_permission_row gen_permissions[] = {
#define PERMISSION_ROW(name, bit, word, text) {name, word, text},
    GEN_PERMISSION_TABLE(PERMISSION_ROW)
#undef PERMISSION_ROW
        {0, NULL, NULL},
};

const struct gen_principal gen_principal_owner = {
    .organization = GEN_PRINCIPAL_HOUSE,
    .user = "owner",
    .team = "",
    .any_team = true,
    .role = GEN_ROLE_ADMIN,
    .permissions = GEN_PERMISSIONS_ALL,
    .door = GEN_DOOR_SOCKET,
    .key_name = "",
    .address = "",
};

const struct gen_principal *gen_principal_copy(const struct gen_principal *principal,
                                               struct gen_arena *arena)
{
    struct gen_principal *copy = principal == NULL ? NULL : gen_arena_alloc(arena, sizeof *copy);
    const char **teams;

    if (copy == NULL) {
        return NULL;
    }
    *copy = *principal;
    teams = gen_arena_array(arena, principal->team_count + 1, sizeof *teams);
    for (size_t i = 0; teams != NULL && i < principal->team_count; i++) {
        teams[i] = gen_arena_strdup(arena, principal->teams[i]);
    }
    copy->teams = teams;
    copy->organization = gen_arena_strdup(arena, principal->organization);
    copy->user = gen_arena_strdup(arena, principal->user);
    copy->team = gen_arena_strdup(arena, principal->team);
    copy->key_name = gen_arena_strdup(arena, principal->key_name);
    copy->address = gen_arena_strdup(arena, principal->address);
    return copy;
}

bool gen_principal_may(const struct gen_principal *principal, uint32_t permissions)
{
    return permissions != 0 && (principal->permissions & permissions) == permissions;
}

bool gen_principal_of_house(const struct gen_principal *principal)
{
    return strcmp(principal->organization, GEN_PRINCIPAL_HOUSE) == 0;
}

bool gen_principal_is_owner(const struct gen_principal *principal)
{
    return principal->door == GEN_DOOR_SOCKET || principal->door == GEN_DOOR_FILE;
}

bool gen_principal_counted(const struct gen_principal *principal)
{
    const struct gen_quota *quota = &principal->quota;

    return principal->bounded || quota->frozen || quota->spend > 0 || quota->jobs_per_day > 0 ||
           quota->seconds_per_day > 0 || quota->requests_per_minute > 0 || quota->parallel > 0;
}

bool gen_principal_in_team(const struct gen_principal *principal, const char *team)
{
    if (team[0] == '\0' || principal->any_team || strcmp(team, principal->team) == 0) {
        return true;
    }
    for (size_t i = 0; i < principal->team_count; i++) {
        if (strcmp(team, principal->teams[i]) == 0) {
            return true;
        }
    }
    return false;
}

uint32_t gen_permissions_within(uint32_t permissions, const char *organization)
{
    return strcmp(organization, GEN_PRINCIPAL_HOUSE) == 0
               ? permissions
               : permissions & ~(uint32_t)GEN_PERMISSIONS_OF_HOUSE;
}

/* ------------------------------------------------------------------------------------- words -- */

const char *gen_role_word(enum gen_role role)
{
    const struct gen_role_row *row = gen_roles;

    while (row->word != NULL && row->role != role) {
        row++;
    }
    return row->word != NULL ? row->word : "";
}

enum gen_role gen_role_of(const char *word, size_t size)
{
    const struct gen_role_row *row = gen_roles;

    while (row->word != NULL && (strlen(row->word) != size || memcmp(row->word, word, size) != 0)) {
        row++;
    }
    return row->role;
}

uint32_t gen_role_permissions(enum gen_role role)
{
    const struct gen_role_row *row = gen_roles;

    while (row->word != NULL && row->role != role) {
        row++;
    }
    return row->permissions;
}

const char *gen_door_word(enum gen_door door)
{
    static const char *const words[] = {"", "socket", "file", "key", "clerk"};

    return (size_t)door < GEN_COUNT(words) ? words[door] : "";
}

const char *gen_permission_word(uint32_t permission)
{
    const struct gen_permission_row *row = gen_permissions;

    while (row->word != NULL && (row->permission & permission) == 0) {
        row++;
    }
    return row->word != NULL ? row->word : "";
}

uint32_t gen_permission_of(const char *word, size_t size)
{
    const struct gen_permission_row *row = gen_permissions;

    while (row->word != NULL && (strlen(row->word) != size || memcmp(row->word, word, size) != 0)) {
        row++;
    }
    return row->permission;
}

const char *gen_permissions_text(uint32_t permissions, struct gen_arena *arena)
{
    const char *text = "";

    for (const struct gen_permission_row *row = gen_permissions; text != NULL && row->word != NULL;
         row++) {
        if ((permissions & row->permission) != 0) {
            text = gen_arena_printf(arena, "%s%s%s", text, text[0] != '\0' ? " " : "", row->word);
        }
    }
    return text;
}

uint32_t gen_permissions_of(const char *text)
{
    uint32_t set = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");

        set |= gen_permission_of(text, size);
        text += size;
        text += strspn(text, " ");
    }
    return set;
}

bool gen_principal_word_valid(const char *text, size_t size)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char signs[] = "_-.:@+/";

    if (size == 0 || size > GEN_PRINCIPAL_TEXT_MOST ||
        memchr(letters, text[0], sizeof letters - 1) == NULL) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (memchr(letters, text[i], sizeof letters - 1) == NULL &&
            memchr(signs, text[i], sizeof signs - 1) == NULL) {
            return false;
        }
    }
    return true;
}
