/* secret_verbs.c - see secret_verbs.h. The order is that of a secret's life. */
#include "cli/secret_verbs.h"

#include "cli/secret_commands.h"

#define AT(member) offsetof(struct gen_options, member)
#define TEAM_OPTION \
    { \
        .name = "team", .letter = 't', .type = GEN_OPTION_TEXT, .offset = AT(team), \
        .value = "TEAM", .help = "the secret of this team; else that of the whole organization" \
    }
#define FILE_OPTION \
    { \
        .name = "file", .letter = 'f', .type = GEN_OPTION_FILE, .offset = AT(file), \
        .value = "FILE", .help = "read it from this file; else from standard input or a prompt" \
    }

static const struct gen_option set_options[] = {
    TEAM_OPTION,
    FILE_OPTION,
    {.name = "other-account",
     .type = GEN_OPTION_FLAG,
     .offset = AT(other_account),
     .help = "it replaces the secret of another account: renders under way stay with that one"},
    {0},
};

static const struct gen_option remove_options[] = {
    TEAM_OPTION,
    {.name = "force",
     .type = GEN_OPTION_FLAG,
     .offset = AT(force),
     .help = "also when open jobs need it"},
    {0},
};

static const struct gen_option rotate_options[] = {
    TEAM_OPTION,
    FILE_OPTION,
    {.name = "master",
     .type = GEN_OPTION_FLAG,
     .offset = AT(master),
     .help = "not a secret, but the master key that all of them are encrypted under"},
    {0},
};

static const struct gen_option team_options[] = {TEAM_OPTION, {0}};

static const struct gen_example set_examples[] = {
    {"gen secret set runway", "Asks for the key, without showing it."},
    {"pass show runway | gen secret set runway --team spring", "For one team, from a program."},
    {"gen secret set veo-account --file account.json", "The file of a service account."},
    {NULL, NULL},
};
static const struct gen_example rotate_examples[] = {
    {"gen secret rotate runway", "Another key of the same account; nothing is restarted."},
    {"gen secret rotate --master", "A new master key; all secrets are put under it."},
    {NULL, NULL},
};
static const struct gen_example test_examples[] = {
    {"gen secret test runway", "Asks the provider, which costs nothing."},
    {NULL, NULL},
};

const struct gen_command gen_secret_verbs[] = {
    {.name = "secret set",
     .operands = "NAME",
     .summary = "store the key of a provider",
     .text =
         "Stores a secret, encrypted. It is read from a file, from standard input, or asked for; "
         "never from the command line, which other users of the machine can see and the shell "
         "remembers. NAME is the name that the provider's policy file uses, its id by default "
         "(runway; kling-access and kling-secret). A team's secret is used for the team's jobs, "
         "that of the organization for all others, and what the daemon has itself where there is "
         "neither.\n\n"
         "A name that is set already needs another word: gen secret rotate for another key of the "
         "same account, --other-account for a key of another one.",
     .options = set_options,
     .examples = set_examples,
     .least = 1,
     .most = 2, /* the second one is refused with a reason */
     .operand = GEN_OPERAND_NONE,
     .run = gen_secret_commands_set},
    {.name = "secret list",
     .operands = "",
     .summary = "list the stored secrets, not what they are",
     .text = "Lists the secrets of your organization and teams: which providers use each, its "
             "version, who set it when, and what its last test showed.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_secret_commands_list},
    {.name = "secret rotate",
     .operands = "[NAME]",
     .summary = "replace a key by another one of the same account",
     .text = "Replaces a secret by another key of the same account. The next request uses it; "
             "renders under way, too. Nothing is restarted.\n\n"
             "With --master, makes a new master key and puts all secrets under it; where it comes "
             "from a passphrase, asks for the new one.",
     .options = rotate_options,
     .examples = rotate_examples,
     .most = 2,
     .operand = GEN_OPERAND_NONE,
     .run = gen_secret_commands_rotate},
    {.name = "secret test",
     .operands = "NAME",
     .summary = "ask the providers whether a secret works",
     .text = "Performs the free check of each provider that uses the secret, with it; nothing is "
             "ever generated to test a key. Exit code 0: it works; 1: it does not, or no provider "
             "that uses it has a free check.",
     .options = team_options,
     .examples = test_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_secret_commands_test},
    {.name = "secret remove",
     .operands = "NAME",
     .summary = "remove a secret with all its versions",
     .text =
         "Removes a secret for good. While open jobs have renders at a provider that signs with "
         "it, it stays, and they are named. With --force it goes all the same; those renders "
         "are then asked for with the next one of its name: the organization's, or the "
         "daemon's.",
     .options = remove_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_secret_commands_remove},
    {.name = NULL},
};
