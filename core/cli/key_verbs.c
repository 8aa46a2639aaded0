/* key_verbs.c - see key_verbs.h. The order is that of a key's life. */
#include "cli/key_verbs.h"

#include "cli/key_commands.h"
#include "model/brief.h"
#include "model/budget.h"
#include "model/principal.h"

#define AT(member) offsetof(struct gen_options, member)
#define ORGANIZATION_OPTION \
    { \
        .name = "organization", .type = GEN_OPTION_TEXT, .offset = AT(organization), \
        .value = "ID", .help = "of another organization; the owner of the daemon may" \
    }

static const struct gen_choice role_choices[] = {
    {"viewer", GEN_ROLE_VIEWER, NULL},
    {"producer", GEN_ROLE_PRODUCER, NULL},
    {"ad_director", GEN_ROLE_AD_DIRECTOR, NULL},
    {"brand_manager", GEN_ROLE_BRAND_MANAGER, NULL},
    {"admin", GEN_ROLE_ADMIN, NULL},
    {NULL, 0, NULL},
};

/* What a key may, when it is made and when it is changed. */
#define KEY_OPTIONS \
    {.name = "role", \
     .letter = 'r', \
     .type = GEN_OPTION_CHOICE, \
     .offset = AT(role), \
     .value = "ROLE", \
     .choices = role_choices, \
     .help = "what it may"}, \
        {.name = "permissions", \
         .type = GEN_OPTION_TEXT, \
         .offset = AT(permissions), \
         .value = "LIST", \
         .help = "instead of a role: just these, with commas between (jobs:read,outputs:read)"}, \
        {.name = "team", \
         .letter = 't', \
         .type = GEN_OPTION_TEXT, \
         .offset = AT(team), \
         .value = "LIST", \
         .help = \
             "teams that its jobs may be booked on, with commas between; the first by default"}, \
        {.name = "user", \
         .letter = 'u', \
         .type = GEN_OPTION_TEXT, \
         .offset = AT(user), \
         .value = "ID", \
         .help = "whose its jobs are (key:NAME)"}, \
        {.name = "expires", \
         .letter = 'e', \
         .type = GEN_OPTION_NUMBER, \
         .offset = AT(expires_days), \
         .value = "DAYS", \
         .min = 1, \
         .max = 3650, \
         .help = "it ends after so many days; else never"}, \
        {.name = "most-priority", \
         .type = GEN_OPTION_CHOICE, \
         .offset = AT(most_priority), \
         .value = "PRIORITY", \
         .choices = gen_priority_choices, \
         .help = "more urgent jobs are refused"}, \
        {.name = "requests-per-minute", \
         .type = GEN_OPTION_NUMBER, \
         .offset = AT(requests_per_minute), \
         .value = "NUMBER", \
         .min = 1, \
         .max = 1000000, \
         .help = "requests of its user in a minute"}, \
        {.name = "jobs-per-day", \
         .type = GEN_OPTION_NUMBER, \
         .offset = AT(jobs_per_day), \
         .value = "NUMBER", \
         .min = 1, \
         .max = 1000000, \
         .help = "jobs from midnight to midnight (UTC)"}, \
        {.name = "seconds-per-day", \
         .type = GEN_OPTION_NUMBER, \
         .offset = AT(seconds_per_day), \
         .value = "NUMBER", \
         .min = 1, \
         .max = 100000000, \
         .help = "seconds of video that those jobs ask for"}, \
        {.name = "parallel", \
         .type = GEN_OPTION_NUMBER, \
         .offset = AT(parallel), \
         .value = "NUMBER", \
         .min = 1, \
         .max = 100000, \
         .help = "generations of its user at once"}, \
        {.name = "spend-limit", \
         .type = GEN_OPTION_TEXT, \
         .offset = AT(spend_limit), \
         .value = "DOLLARS", \
         .help = "what its user may spend in a period: makes a budget; 0 = nothing"}, \
    { \
        .name = "spend-period", .type = GEN_OPTION_CHOICE, .offset = AT(spend_period), \
        .value = "PERIOD", .choices = gen_period_choices, \
        .help = "the period of --spend-limit (month)" \
    }

static const struct gen_option create_options[] = {
    KEY_OPTIONS,
    ORGANIZATION_OPTION,
    {0},
};

static const struct gen_option edit_options[] = {
    {.name = "name",
     .type = GEN_OPTION_TEXT,
     .offset = AT(rename),
     .value = "NAME",
     .help = "another name"},
    {.name = "lift",
     .type = GEN_OPTION_TEXT,
     .offset = AT(lift),
     .value = "LIST",
     .help = "take these bounds away, with commas between (jobs-per-day,expires)"},
    KEY_OPTIONS,
    ORGANIZATION_OPTION,
    {0},
};

static const struct gen_option organization_options[] = {ORGANIZATION_OPTION, {0}};

static const struct gen_option list_options[] = {
    {.name = "limit",
     .letter = 'n',
     .type = GEN_OPTION_NUMBER,
     .offset = AT(limit),
     .value = "NUMBER",
     .min = 1,
     .max = 200,
     .help = "at most so many (20)"},
    {.name = "after",
     .type = GEN_OPTION_TEXT,
     .offset = AT(after),
     .value = "ID",
     .help = "the page that follows after this id"},
    ORGANIZATION_OPTION,
    {0},
};

static const struct gen_example create_examples[] = {
    {"gen key create render-farm --role producer --team social --expires 90",
     "For a service that submits jobs."},
    {"gen key create night --role producer --jobs-per-day 50 --spend-limit 200",
     "With a bound on jobs and on money."},
    {"gen key create watcher --permissions jobs:read,costs:read", "Just to look at."},
    {"gen key create acme-admin --role admin --organization acme",
     "The first key of another organization."},
    {NULL, NULL},
};
static const struct gen_example edit_examples[] = {
    {"gen key edit render-farm --role viewer --expires 7", "It may less, and ends in a week."},
    {"gen key edit night --jobs-per-day 20 --lift spend-limit", "Other bounds."},
    {NULL, NULL},
};
static const struct gen_example rotate_examples[] = {
    {"gen key rotate render-farm", "Another token; the old one ends at once."},
    {NULL, NULL},
};
static const struct gen_example revoke_examples[] = {
    {"gen key revoke render-farm", "It is nothing from now on."},
    {NULL, NULL},
};

const struct gen_command gen_key_verbs[] = {
    {.name = "key create",
     .operands = "NAME",
     .summary = "make an API key",
     .text =
         "Makes a key for a service or a person, and prints its token: once, since only a digest "
         "of it is kept. A key has a role or permissions of its own, never more than you "
         "have. docs/access.md lists the roles and what each may.\n\n"
         "The token goes to standard output, all else to standard error, so that it can be "
         "piped into a store of secrets.",
     .options = create_options,
     .examples = create_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_create},
    {.name = "key list",
     .operands = "",
     .summary = "list the API keys, not their tokens",
     .text =
         "Lists the keys of your organization, newest first: what each may, for whom it stands, "
         "when it ends and when it was last used (to the hour).",
     .options = list_options,
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_list},
    {.name = "key edit",
     .operands = "KEY",
     .summary = "change what a key may",
     .text =
         "Changes what is given of the key, by its name or id, and leaves the rest; its token "
         "stays. "
         "Nobody can give what they do not have, or change a key that may more than they do. When "
         "somebody else changes it at the same time, one of the two is told, and changes "
         "nothing. Streams of events that were opened with the key end, and are opened anew with "
         "what it may now.",
     .options = edit_options,
     .examples = edit_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_edit},
    {.name = "key rotate",
     .operands = "KEY",
     .summary = "give a key another token",
     .text =
         "Prints another token for the key, by its name or id. The old one is nothing from then "
         "on, and streams of events that were opened with it end.",
     .options = organization_options,
     .examples = rotate_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_rotate},
    {.name = "key revoke",
     .operands = "KEY",
     .summary = "end a key, at once",
     .text = "Ends the key, by its name or id. Jobs that it has submitted go on; a budget that was "
             "made with it ends.",
     .options = organization_options,
     .examples = revoke_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_revoke},
    {0},
};
