/* access_key.c - see access_key.h. */
#include "model/access_key.h"

#include "base/record.h"
#include "model/brief.h"

#include <inttypes.h>
#include <string.h>

#define FIELD(member) .offset = offsetof(struct key_body, member)

enum { DAY_MS = 24 * 60 * 60 * 1000 };

struct key_body {
    const char *name, *organization, *user, *role;
    struct gen_texts teams, permissions;
    int most_priority, spend_period;
    int64_t requests_per_minute, jobs_per_day, seconds_per_day, parallel, expires_days;
    gen_micros spend_limit;
    gen_moment expires_at;
};

static const struct gen_field body_fields[] = {
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(name),
     .min = 1,
     .max = GEN_ACCESS_KEY_NAME_MOST,
     .help = "What it is for: letters, digits and _ - . : @ + /."},
    {.key = "organization",
     .type = GEN_FIELD_TEXT,
     FIELD(organization),
     .min = 1,
     .max = GEN_PRINCIPAL_TEXT_MOST,
     .help = "Another organization than one's own; takes tenants:write."},
    {.key = "user",
     .type = GEN_FIELD_TEXT,
     FIELD(user),
     .min = 1,
     .max = GEN_PRINCIPAL_TEXT_MOST,
     .help = "Whose its jobs are; key:NAME by default."},
    {.key = "teams",
     .type = GEN_FIELD_TEXTS,
     FIELD(teams),
     .min = 0,
     .max = GEN_PRINCIPAL_TEAMS_MOST,
     .help = "Teams that its jobs may be booked on; the first where a brief names none."},
    {.key = "role",
     .type = GEN_FIELD_TEXT,
     FIELD(role),
     .min = 1,
     .max = 32,
     .help = "viewer, producer, ad_director, brand_manager or admin."},
    {.key = "permissions",
     .type = GEN_FIELD_TEXTS,
     FIELD(permissions),
     .min = 1,
     .max = GEN_PERMISSION_COUNT,
     .help = "Instead of a role: just these."},
    {.key = "mostPriority",
     .type = GEN_FIELD_CHOICE,
     FIELD(most_priority),
     .choices = gen_priority_choices,
     .help = "Jobs above it are refused; what the plan says by default."},
    {.key = "requestsPerMinute",
     .type = GEN_FIELD_INT,
     FIELD(requests_per_minute),
     .min = 0,
     .max = 1000000,
     .help = "Requests of its user in a minute; 0 = what the plan says."},
    {.key = "jobsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(jobs_per_day),
     .min = 0,
     .max = 1000000,
     .help = "Jobs from midnight to midnight (UTC); 0 = any number."},
    {.key = "secondsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(seconds_per_day),
     .min = 0,
     .max = 100000000,
     .help = "Seconds of video that those jobs ask for, in the same day; 0 = any number."},
    {.key = "parallel",
     .type = GEN_FIELD_INT,
     FIELD(parallel),
     .min = 0,
     .max = 100000,
     .help = "Generations of its user at once; 0 = what the plan says."},
    {.key = "spendLimit",
     .type = GEN_FIELD_MONEY,
     FIELD(spend_limit),
     .min = 0,
     .max = GEN_BUDGET_MOST,
     .help =
         "Dollars that its user may spend in spendPeriod: a budget is made; 0 = nothing, null = "
         "no such limit."},
    {.key = "spendPeriod",
     .type = GEN_FIELD_CHOICE,
     FIELD(spend_period),
     .choices = gen_period_choices,
     .help = "day, week, month, quarter, year or always."},
    {.key = "expiresAt",
     .type = GEN_FIELD_MOMENT,
     FIELD(expires_at),
     .help = "When it ends (RFC 3339); never by default."},
    {.key = "expiresDays",
     .type = GEN_FIELD_INT,
     FIELD(expires_days),
     .min = 0,
     .max = GEN_ACCESS_KEY_DAYS_MOST,
     .help = "The same as days from now; 0 = never."},
    {0}};

static const struct gen_record body_record = {
    .name = "key", .size = sizeof(struct key_body), .fields = body_fields, .help = "An API key."};

/* ----------------------------------------------------------------------------------- bounds -- */

static bool bound_any_team(const struct gen_principal *maker)
{
    return gen_principal_may(maker, GEN_MAY_TENANTS_WRITE) || maker->role == GEN_ROLE_ADMIN;
}

static enum gen_status bound_refuse(struct gen_error *err, const char *path, const char *text)
{
    gen_error_set(err, GEN_EDENIED, "%s", text);
    gen_error_place(err, NULL, 0, 0, path);
    return GEN_EDENIED;
}

/* Each number that bounds the maker bounds the key. */
static enum gen_status bound_counts(const struct gen_access_key *key,
                                    const struct gen_principal *maker, struct gen_error *err)
{
    const struct gen_quota *its = &key->quota, *own = &maker->quota;
    const struct {
        const char *key;
        int64_t its, own;
    } counts[] = {
        {"requestsPerMinute", its->requests_per_minute, own->requests_per_minute},
        {"jobsPerDay", its->jobs_per_day, own->jobs_per_day},
        {"secondsPerDay", its->seconds_per_day, own->seconds_per_day},
        {"parallel", its->parallel, own->parallel},
    };

    for (size_t i = 0; i < GEN_COUNT(counts); i++) {
        if (counts[i].own > 0 && (counts[i].its == 0 || counts[i].its > counts[i].own)) {
            gen_error_set(err, GEN_EDENIED,
                          "you are bounded to %" PRId64 " yourself; a key cannot get more",
                          counts[i].own);
            gen_error_place(err, NULL, 0, 0, counts[i].key);
            return GEN_EDENIED;
        }
    }
    if (!own->frozen && own->spend == 0) {
        return GEN_OK;
    }
    if (!gen_access_key_spends(key) || key->quota.spend > own->spend) {
        return bound_refuse(err, "spendLimit",
                            "you have a spending limit yourself; a key cannot get a higher one, or "
                            "none");
    }
    return own->frozen || (int)key->spend_period == own->spend_period
               ? GEN_OK
               : bound_refuse(err, "spendPeriod",
                              "must be that of your own spending limit: what may be spent in "
                              "another period cannot be compared with it");
}

enum gen_status gen_access_key_within(const struct gen_access_key *key,
                                      const struct gen_principal *maker, struct gen_error *err)
{
    bool here = strcmp(key->organization, maker->organization) == 0;

    if (gen_principal_counted(maker) && (!here || strcmp(key->user, maker->user) != 0)) {
        return bound_refuse(err, here ? "user" : "organization",
                            "what bounds you is counted by your user, so keys that you have to do "
                            "with stand for the same user; somebody without such bounds can do "
                            "this");
    }
    if (maker->expires_at != 0 && maker->door == GEN_DOOR_KEY &&
        (key->expires_at == 0 || key->expires_at > maker->expires_at)) {
        return bound_refuse(err, "expiresAt",
                            "a key cannot outlive the key that makes it: set expiresAt");
    }
    if (maker->most_priority != 0 &&
        (key->most_priority == 0 || key->most_priority > maker->most_priority)) {
        return bound_refuse(err, "mostPriority", "is above your own");
    }
    if (here && !bound_any_team(maker) && maker->team_count > 0 && key->teams[0] == '\0') {
        return bound_refuse(err, "teams", "name one of your teams: yours count by them");
    }
    return bound_counts(key, maker, err);
}

/* ---------------------------------------------------------------------------------- reading -- */

struct reading {
    const struct gen_node *node;
    const struct key_body *body;
    const struct gen_principal *maker;
    gen_moment now;
    struct gen_arena *arena;
    struct gen_access_key *key;
    struct gen_error *err;
    bool fresh; /* it is made, not edited */
};

static bool said(const struct reading *in, const char *key)
{
    return gen_node_type_of(gen_node_get(in->node, key)) > GEN_NODE_NULL;
}

static enum gen_status refuse(const struct reading *in, enum gen_status status, const char *path,
                              const char *message, const char *value)
{
    const struct gen_node *at = gen_node_get(in->node, path);

    gen_error_set(in->err, status, message, value);
    gen_error_place(in->err, NULL, at == NULL ? 0 : at->line, at == NULL ? 0 : at->column, path);
    return status;
}

static enum gen_status read_words(struct reading *in)
{
    static const char wrong[] =
        "\"%.80s\" must be letters, digits and _ - . : @ + /, beginning with a letter or digit";
    const struct key_body *body = in->body;
    struct gen_access_key *key = in->key;

    if (said(in, "name")) {
        if (!gen_principal_word_valid(body->name, strlen(body->name))) {
            return refuse(in, GEN_EINVAL, "name", wrong, body->name);
        }
        key->name = body->name;
    } else if (key->name[0] == '\0') {
        return refuse(in, GEN_EINVAL, "name", "is missing: what is the key for?%s", "");
    }
    if (said(in, "user")) {
        if (!gen_principal_word_valid(body->user, strlen(body->user))) {
            return refuse(in, GEN_EINVAL, "user", wrong, body->user);
        }
        key->user = body->user;
    } else if (key->user[0] == '\0') {
        key->user = gen_principal_counted(in->maker)
                        ? in->maker->user
                        : gen_arena_printf(in->arena, "key:%s", key->name);
    }
    return GEN_OK;
}

static enum gen_status read_organization(struct reading *in)
{
    const char *wanted = in->body->organization;

    if (in->key->organization[0] != '\0') { /* a key does not move */
        return !said(in, "organization") || strcmp(wanted, in->key->organization) == 0
                   ? GEN_OK
                   : refuse(in, GEN_EINVAL, "organization", "a key cannot change it%s", "");
    }
    if (!said(in, "organization") || strcmp(wanted, in->maker->organization) == 0) {
        in->key->organization = in->maker->organization;
        return GEN_OK;
    }
    if (!gen_principal_word_valid(wanted, strlen(wanted))) {
        return refuse(in, GEN_EINVAL, "organization", "\"%.80s\" can be no organization", wanted);
    }
    if (!gen_principal_may(in->maker, GEN_MAY_TENANTS_WRITE)) {
        return refuse(in, GEN_EDENIED, "organization",
                      "a key for another organization takes the permission tenants:write, which "
                      "only the owner of this daemon has%s",
                      "");
    }
    in->key->organization = wanted;
    return GEN_OK;
}

static enum gen_status read_teams(struct reading *in)
{
    const struct gen_texts *teams = &in->body->teams;
    const char *text = "";

    if (!said(in, "teams")) {
        for (size_t i = 0; in->fresh && !bound_any_team(in->maker) && i < in->maker->team_count;
             i++) {
            text = gen_arena_printf(in->arena, "%s%s%s", text, i > 0 ? " " : "",
                                    in->maker->teams[i]);
            in->key->teams = text;
        }
        return GEN_OK;
    }
    for (size_t i = 0; text != NULL && i < teams->count; i++) {
        if (!gen_principal_word_valid(teams->items[i], strlen(teams->items[i]))) {
            return refuse(in, GEN_EINVAL, "teams", "\"%.80s\" can be no team", teams->items[i]);
        }
        if (!bound_any_team(in->maker) && !gen_principal_in_team(in->maker, teams->items[i])) {
            return refuse(in, GEN_EDENIED, "teams", "you are not in the team \"%.80s\"",
                          teams->items[i]);
        }
        text = gen_arena_printf(in->arena, "%s%s%s", text, i > 0 ? " " : "", teams->items[i]);
    }
    in->key->teams = text;
    return GEN_OK;
}

/* What the maker may hand on: for another organization what an administrator of it may. */
static uint32_t grantable(const struct reading *in)
{
    return gen_permissions_within(in->maker->permissions, in->key->organization);
}

static enum gen_status read_permissions(struct reading *in)
{
    const struct gen_texts *words = &in->body->permissions;
    struct gen_access_key *key = in->key;
    uint32_t wanted = 0;

    if (said(in, "role") && said(in, "permissions")) {
        return refuse(in, GEN_EINVAL, "permissions", "a key has a role or permissions, not both%s",
                      "");
    }
    if (said(in, "role")) {
        key->role = gen_role_of(in->body->role, strlen(in->body->role));
        if (key->role == GEN_ROLE_NONE) {
            return refuse(in, GEN_EINVAL, "role",
                          "\"%.40s\" is no role; there are viewer, producer, ad_director, "
                          "brand_manager and admin",
                          in->body->role);
        }
        wanted = gen_permissions_within(gen_role_permissions(key->role), key->organization);
    } else if (said(in, "permissions")) {
        key->role = GEN_ROLE_NONE;
        for (size_t i = 0; i < words->count; i++) {
            uint32_t one = gen_permission_of(words->items[i], strlen(words->items[i]));

            if (one == 0) {
                return refuse(in, GEN_EINVAL, "permissions",
                              "\"%.40s\" is no permission; see docs/access.md", words->items[i]);
            }
            wanted |= one;
        }
        wanted |= GEN_MAY_SELF_READ;
    } else if (key->permissions != 0) {
        return GEN_OK;
    } else {
        return refuse(in, GEN_EINVAL, "role", "is missing: a role, or permissions%s", "");
    }
    if ((wanted & ~grantable(in)) != 0) {
        return refuse(in, GEN_EDENIED, said(in, "role") ? "role" : "permissions",
                      "nobody can give what they do not have: you lack %s, or the organization of "
                      "the key cannot have it",
                      gen_permission_word(wanted & ~grantable(in)));
    }
    key->permissions = wanted;
    return GEN_OK;
}

/* What was said, or what was there, or what bounds the maker. */
static void read_count(const struct reading *in, const char *key, int64_t wanted, int64_t own,
                       int64_t *out)
{
    if (said(in, key)) {
        *out = wanted;
    } else if (*out == 0 && in->fresh) {
        *out = own;
    }
}

/* Null takes the limit away; 0 is one of nothing. */
static void read_money(const struct reading *in)
{
    const struct gen_quota *own = &in->maker->quota;
    struct gen_access_key *key = in->key;
    bool inherits = in->fresh && (own->spend > 0 || own->frozen);

    if (said(in, "spendLimit")) {
        key->quota.spend = in->body->spend_limit;
        key->quota.frozen = in->body->spend_limit == 0;
    } else if (gen_node_get(in->node, "spendLimit") != NULL) {
        key->quota.spend = 0;
        key->quota.frozen = false;
    } else if (inherits) {
        key->quota.spend = own->spend;
        key->quota.frozen = own->frozen;
    }
    if (said(in, "spendPeriod")) {
        key->spend_period = (enum gen_period)in->body->spend_period;
    } else if (key->spend_period == 0) {
        key->spend_period = inherits && own->spend_period != 0 ? (enum gen_period)own->spend_period
                                                               : GEN_PERIOD_MONTH;
    }
    key->quota.spend_period = (int)key->spend_period;
}

static enum gen_status read_limits(struct reading *in)
{
    const struct key_body *body = in->body;
    const struct gen_principal *maker = in->maker;
    struct gen_access_key *key = in->key;
    int64_t parallel;

    if (said(in, "mostPriority")) {
        key->most_priority = body->most_priority;
    } else if (key->most_priority == 0) {
        key->most_priority = maker->most_priority;
    }
    if (maker->most_priority != 0 && key->most_priority > maker->most_priority) {
        return refuse(in, GEN_EDENIED, "mostPriority", "you may not ask for more than %s yourself",
                      gen_choice_word(gen_priority_choices, maker->most_priority));
    }
    read_count(in, "jobsPerDay", body->jobs_per_day, maker->quota.jobs_per_day,
               &key->quota.jobs_per_day);
    read_count(in, "requestsPerMinute", body->requests_per_minute, maker->quota.requests_per_minute,
               &key->quota.requests_per_minute);
    read_count(in, "secondsPerDay", body->seconds_per_day, maker->quota.seconds_per_day,
               &key->quota.seconds_per_day);
    parallel = key->quota.parallel;
    read_count(in, "parallel", body->parallel, maker->quota.parallel, &parallel);
    key->quota.parallel = (int32_t)parallel;
    read_money(in);
    return GEN_OK;
}

static enum gen_status read_end(struct reading *in)
{
    const struct key_body *body = in->body;
    struct gen_access_key *key = in->key;

    if (said(in, "expiresAt") && said(in, "expiresDays")) {
        return refuse(in, GEN_EINVAL, "expiresDays", "say expiresAt or expiresDays, not both%s",
                      "");
    }
    if (said(in, "expiresDays")) {
        key->expires_at = body->expires_days == 0 ? 0 : in->now + body->expires_days * DAY_MS;
    } else if (said(in, "expiresAt")) {
        key->expires_at = body->expires_at;
    }
    if (key->expires_at != 0 && key->expires_at <= in->now &&
        (said(in, "expiresAt") || said(in, "expiresDays"))) {
        return refuse(in, GEN_EINVAL, "expiresAt", "is over already%s", "");
    }
    return GEN_OK;
}

enum gen_status gen_access_key_read(const struct gen_node *node, const struct gen_access_key *old,
                                    const struct gen_principal *maker, gen_moment now,
                                    struct gen_arena *arena, struct gen_access_key *out,
                                    struct gen_error *err)
{
    static enum gen_status (*const steps[])(struct reading *) = {
        read_words, read_organization, read_teams, read_permissions, read_limits, read_end,
    };
    struct gen_access_key key = {.organization = "",
                                 .name = "",
                                 .user = "",
                                 .teams = "",
                                 .digest = "",
                                 .hint = "",
                                 .created_by = ""};
    struct key_body body;
    struct reading in = {node, &body, maker, now, arena, &key, err, old == NULL};
    enum gen_status status = gen_record_bind(&body_record, node, "", arena, &body, err);

    if (old != NULL) {
        key = *old;
    }
    for (size_t i = 0; status == GEN_OK && i < GEN_COUNT(steps); i++) {
        status = steps[i](&in);
    }
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        status = gen_access_key_within(&key, maker, err);
    }
    if (status == GEN_OK) {
        *out = key;
    }
    return status;
}

/* ---------------------------------------------------------------------------------- showing -- */

bool gen_access_key_spends(const struct gen_access_key *key)
{
    return key->quota.spend > 0 || key->quota.frozen;
}

const char *gen_access_key_status(const struct gen_access_key *key, gen_moment now)
{
    return key->revoked_at != 0                             ? "revoked"
           : key->expires_at != 0 && key->expires_at <= now ? "expired"
                                                            : "active";
}

/* A list of the words of a text. */
static struct gen_node *words_node(const char *text, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    while (text != NULL && *text != '\0') {
        size_t size = strcspn(text, " ");

        gen_node_push(list, gen_node_string_sized(arena, text, size));
        text += size;
        text += strspn(text, " ");
    }
    return list;
}

static struct gen_node *count_node(struct gen_arena *arena, int64_t count)
{
    return count == 0 ? gen_node_null(arena) : gen_node_int(arena, count);
}

struct gen_node *gen_access_key_write(const struct gen_access_key *key, gen_moment now,
                                      struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    const char *role = gen_role_word(key->role);
    const struct {
        const char *key;
        struct gen_node *value;
    } members[] = {
        {"keyId", gen_node_string(arena, key->id.text)},
        {"name", gen_node_string(arena, key->name)},
        {"organization", gen_node_string(arena, key->organization)},
        {"user", gen_node_string(arena, key->user)},
        {"teams", words_node(key->teams, arena)},
        {"role", gen_node_string(arena, role[0] == '\0' ? NULL : role)},
        {"permissions", words_node(gen_permissions_text(key->permissions, arena), arena)},
        {"hint", gen_node_string(arena, key->hint)},
        {"status", gen_node_string(arena, gen_access_key_status(key, now))},
        {"mostPriority",
         gen_node_string(arena, gen_choice_word(gen_priority_choices, key->most_priority))},
        {"requestsPerMinute", count_node(arena, key->quota.requests_per_minute)},
        {"jobsPerDay", count_node(arena, key->quota.jobs_per_day)},
        {"secondsPerDay", count_node(arena, key->quota.seconds_per_day)},
        {"parallel", count_node(arena, key->quota.parallel)},
        {"spendLimit", gen_access_key_spends(key) ? gen_node_money(arena, key->quota.spend)
                                                  : gen_node_null(arena)},
        {"spendPeriod",
         gen_node_string(arena,
                         gen_access_key_spends(key) ? gen_period_word(key->spend_period) : NULL)},
        {"budgetId", gen_node_string(arena, key->budget.text[0] == '\0' ? NULL : key->budget.text)},
        {"createdBy", gen_node_string(arena, key->created_by)},
        {"createdAt", gen_node_moment(arena, key->created_at)},
        {"updatedAt", gen_node_moment(arena, key->updated_at)},
        {"expiresAt", gen_node_moment(arena, key->expires_at)},
        {"revokedAt", gen_node_moment(arena, key->revoked_at)},
        {"lastUsedAt", gen_node_moment(arena, key->used_at)},
        {"version", gen_node_int(arena, key->version)},
    };

    for (size_t i = 0; i < GEN_COUNT(members); i++) {
        gen_node_set(arena, map, members[i].key, members[i].value);
    }
    return map;
}

/* -------------------------------------------------------------------------------- principal -- */

bool gen_access_key_principal(const struct gen_access_key *key, struct gen_arena *arena,
                              struct gen_principal *out)
{
    const char **teams = gen_arena_alloc(arena, GEN_PRINCIPAL_TEAMS_MOST * sizeof *teams);
    const char *text = key->teams;
    size_t count = 0;

    while (teams != NULL && *text != '\0' && count < GEN_PRINCIPAL_TEAMS_MOST) {
        size_t size = strcspn(text, " ");

        teams[count++] = gen_arena_strndup(arena, text, size);
        text += size;
        text += strspn(text, " ");
    }
    if (gen_arena_failed(arena)) {
        return false;
    }
    *out = (struct gen_principal){
        .organization = key->organization,
        .user = key->user,
        .team = count > 0 ? teams[0] : "",
        .teams = teams,
        .team_count = count,
        .any_team = key->role == GEN_ROLE_ADMIN,
        .role = key->role,
        .permissions = gen_permissions_within(key->permissions, key->organization),
        .most_priority = key->most_priority,
        .quota = key->quota, /* with the period of what it may spend */
        .door = GEN_DOOR_KEY,
        .key = key->id,
        .key_name = key->name,
        .address = "",
        .expires_at = key->expires_at,
    };
    return true;
}
