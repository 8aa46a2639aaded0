/* principal.h - who asks: an organization, a user, teams, what they may do and where it ends.
 *
 * Everything behind the door works with a principal, never with a header of a request. How one is
 * found (socket, key, session token) is service/access.h; what a route needs stands in its row.
 * Permissions are few words; a role is a set of them. What concerns the daemon as a whole (its
 * policies, its figures, other organizations) only principals of the house may do, whatever their
 * role: an administrator of one tenant is no administrator of all.
 * Invariant: no principal of another organization has a permission of the house.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/principal_test.c
 */
#ifndef GEN_MODEL_PRINCIPAL_H
#define GEN_MODEL_PRINCIPAL_H

#include "base/arena.h"
#include "base/ident.h"
#include "base/money.h"

/* name, bit, word, what it allows */
#define GEN_PERMISSION_TABLE(ROW) \
    ROW(GEN_MAY_SELF_READ, 0, "self:read", "see who one is and what one may do") \
    ROW(GEN_MAY_JOBS_READ, 1, "jobs:read", "see jobs and follow their events") \
    ROW(GEN_MAY_JOBS_WRITE, 2, "jobs:write", "submit and cancel jobs: spends money") \
    ROW(GEN_MAY_OUTPUTS_READ, 3, "outputs:read", "download finished videos") \
    ROW(GEN_MAY_ASSETS_READ, 4, "assets:read", "see uploaded files") \
    ROW(GEN_MAY_ASSETS_WRITE, 5, "assets:write", "upload files") \
    ROW(GEN_MAY_PROVIDERS_READ, 6, "providers:read", "see providers, models and list prices") \
    ROW(GEN_MAY_POLICIES_READ, 7, "policies:read", "see policies, and have decisions explained") \
    ROW(GEN_MAY_COSTS_READ, 8, "costs:read", "see costs, reports, estimates and savings") \
    ROW(GEN_MAY_COSTS_WRITE, 9, "costs:write", "settle what is unverified, import invoices") \
    ROW(GEN_MAY_BUDGETS_READ, 10, "budgets:read", "see budgets and what is left of them") \
    ROW(GEN_MAY_BUDGETS_WRITE, 11, "budgets:write", "set budgets") \
    ROW(GEN_MAY_SECRETS_READ, 12, "secrets:read", "see names of secrets, never a secret") \
    ROW(GEN_MAY_SECRETS_WRITE, 13, "secrets:write", "set, rotate and test secrets") \
    ROW(GEN_MAY_KEYS_READ, 14, "keys:read", "see API keys, never a token") \
    ROW(GEN_MAY_KEYS_WRITE, 15, "keys:write", "make, change and revoke API keys") \
    ROW(GEN_MAY_WEBHOOKS_READ, 16, "webhooks:read", "see webhooks and their deliveries") \
    ROW(GEN_MAY_WEBHOOKS_WRITE, 17, "webhooks:write", "set webhooks") \
    ROW(GEN_MAY_AUDIT_READ, 18, "audit:read", "read and check who did what") \
    ROW(GEN_MAY_POLICIES_WRITE, 19, "policies:write", "have the policies read again (house)") \
    ROW(GEN_MAY_METRICS_READ, 20, "metrics:read", "read the daemon's figures (house)") \
    ROW(GEN_MAY_TENANTS_WRITE, 21, "tenants:write", "make keys for other organizations (house)") \
    ROW(GEN_MAY_VAULT_WRITE, 22, "vault:write", "see to the master key of all secrets (house)")

enum gen_permission {
#define GEN_PERMISSION_ENUM(name, bit, word, text) name = 1 << (bit),
    GEN_PERMISSION_TABLE(GEN_PERMISSION_ENUM)
#undef GEN_PERMISSION_ENUM
};

enum {
    GEN_PERMISSIONS_ALL = (1 << 23) - 1,
    GEN_PERMISSIONS_OF_HOUSE = GEN_MAY_POLICIES_WRITE | GEN_MAY_METRICS_READ |
                               GEN_MAY_TENANTS_WRITE | GEN_MAY_VAULT_WRITE,
    GEN_PERMISSION_COUNT = 23,
    GEN_PRINCIPAL_TEXT_MOST = 128, /* bytes of an organization's, user's, team's id */
    GEN_PRINCIPAL_TEAMS_MOST = 32,
};

#define GEN_PRINCIPAL_HOUSE "local" /* the organization of the machine's owner */

enum gen_role {
    GEN_ROLE_NONE = 0, /* a set of permissions of its own */
    GEN_ROLE_VIEWER,
    GEN_ROLE_PRODUCER,
    GEN_ROLE_AD_DIRECTOR,
    GEN_ROLE_BRAND_MANAGER,
    GEN_ROLE_ADMIN,
};

enum gen_door { /* where the credential came from */
                GEN_DOOR_NONE = 0,
                GEN_DOOR_SOCKET, /* the Unix socket's owner */
                GEN_DOOR_FILE,   /* the key file of the state folder */
                GEN_DOOR_KEY,    /* an API key */
                GEN_DOOR_CLERK,  /* a session token of Clerk */
};

struct gen_role_row { /* a table of these ends with word NULL */
    enum gen_role role;
    const char *word;
    uint32_t permissions;
    const char *help;
};
extern const struct gen_role_row gen_roles[];

struct gen_permission_row { /* a table of these ends with word NULL */
    uint32_t permission;
    const char *word;
    const char *help;
};
extern const struct gen_permission_row gen_permissions[];

struct gen_quota {               /* how much a principal may do; 0 = no bound */
    int64_t requests_per_minute; /* of its user */
    int64_t jobs_per_day;        /* jobs of its key in a day of UTC */
    int64_t seconds_per_day;     /* of video that they ask for */
    int32_t parallel;            /* generations at once */
    gen_micros spend;            /* dollars in an interval, by a budget of its key */
    bool frozen;                 /* spend is 0 and meant: nothing */
    int spend_period;            /* enum gen_period, of spend */
};

struct gen_principal { /* texts live as long as what they were read into; "" = none */
    const char *organization;
    const char *user;         /* "owner", "user_2ab…", "key:render-farm" */
    const char *team;         /* what a brief that names none is booked on; "" = none */
    const char *const *teams; /* those that a brief may name */
    size_t team_count;
    bool any_team; /* of its organization: administrators of the house */
    bool bounded;  /* a budget of its user bounds it, besides what its key says */
    enum gen_role role;
    uint32_t permissions;
    int32_t most_priority; /* enum gen_priority; 0 = what the plan says */
    struct gen_quota quota;
    enum gen_door door;
    struct gen_ident key; /* of GEN_DOOR_KEY, else "" */
    const char *key_name;
    const char *address;   /* where from, as text; "" = this machine's socket */
    gen_moment expires_at; /* 0 = does not */
};

/* The machine's owner: everything, in organization `local`. */
extern const struct gen_principal gen_principal_owner;

/* A copy in `arena`, with its texts; NULL gives NULL. Failure shows in the arena. */
const struct gen_principal *gen_principal_copy(const struct gen_principal *principal,
                                               struct gen_arena *arena);

/* Has it every one of these permissions? None is none of them. */
bool gen_principal_may(const struct gen_principal *principal, uint32_t permissions);
/* Is it of the organization of the machine's owner? */
bool gen_principal_of_house(const struct gen_principal *principal);
/* Is it the machine's owner: who has the socket, or the key file? */
bool gen_principal_is_owner(const struct gen_principal *principal);
/* Is anything that it may counted by its user? Then who is made by it is the same user. */
bool gen_principal_counted(const struct gen_principal *principal);
/* May it book on this team? "" is allowed. */
bool gen_principal_in_team(const struct gen_principal *principal, const char *team);

/* A set for a member of `organization`: without what only the house may do, unless it is it. */
uint32_t gen_permissions_within(uint32_t permissions, const char *organization);

const char *gen_role_word(enum gen_role role); /* "" for none */
enum gen_role gen_role_of(const char *word, size_t size);
uint32_t gen_role_permissions(enum gen_role role);
const char *gen_door_word(enum gen_door door);
const char *gen_permission_word(uint32_t permission);      /* the first of the set; "" */
uint32_t gen_permission_of(const char *word, size_t size); /* 0 = unknown */

/* The words of a set with a space between, in the table's order; NULL when there is no memory. */
const char *gen_permissions_text(uint32_t permissions, struct gen_arena *arena);
/* The opposite; words that this version does not know are left out. */
uint32_t gen_permissions_of(const char *text);

/* Can it be an organization, a user or a team: 1 to 128 bytes of letters, digits and _ - . : @ + /,
 * not beginning with a sign? */
bool gen_principal_word_valid(const char *text, size_t size);

#endif
