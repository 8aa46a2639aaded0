/* plugin_verbs.c - see plugin_verbs.h. The order is that of the work: make, check, see. */
#include "cli/plugin_verbs.h"

#include "cli/plugin_checking.h"
#include "cli/plugin_listing.h"
#include "cli/plugin_making.h"

#define AT(member) offsetof(struct gen_options, member)

static const struct gen_option check_options[] = {
    {.name = "recordings",
     .type = GEN_OPTION_FOLDER,
     .offset = AT(recordings),
     .value = "DIR",
     .help = "recorded conversations (*.jsonl) to play; recordings beside the plugin by default"},
    {.name = "settings",
     .type = GEN_OPTION_FILE,
     .offset = AT(settings),
     .value = "FILE",
     .help = "settings to configure it with, as JSON"},
    {0},
};

static const struct gen_option new_options[] = {
    {.name = "out",
     .letter = 'o',
     .type = GEN_OPTION_FOLDER,
     .offset = AT(out),
     .value = "DIR",
     .help = "folder to make; the plugin's name by default"},
    {0},
};

static const struct gen_example new_examples[] = {
    {"gen plugin new acme && make -C acme check", "A plugin that builds and fits at once."},
    {NULL, NULL},
};
static const struct gen_example check_examples[] = {
    {"gen plugin check acme.so --recordings recordings", "Before it is given to anybody."},
    {"gen plugin check acme.so --json | jq -r '.findings[].message'", "For CI."},
    {NULL, NULL},
};
static const struct gen_example info_examples[] = {
    {"gen plugin info runway", "A provider that gend has loaded, with its models."},
    {"gen plugin info ./acme.so", "A file, without a gend."},
    {NULL, NULL},
};

const struct gen_command gen_plugin_verbs[] = {
    {.name = "plugin new",
     .operands = "NAME",
     .summary = "start a provider plugin",
     .text = "Makes a folder with a provider plugin that builds and passes gen plugin check at "
             "once: source, Makefile, CMakeLists.txt, recordings, a provider file for the "
             "policies. NAME is its id: lower case letters, digits and '-'. "
             "docs/plugin-guide.md is the guide.",
     .options = new_options,
     .examples = new_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_plugin_making_new},
    {.name = "plugin check",
     .operands = "FILE.so",
     .summary = "try a plugin out against good, damaged and hostile answers",
     .text = "Loads the plugin in a child process that can do no I/O and calls every verb of every "
             "model: the same question twice, all statuses, answers that are cut, huge, no JSON "
             "or of other types, and the recorded conversations, whole and damaged. Told are "
             "system calls, threads, asking for the time, state between calls, leaks, crashes, "
             "hangs, and everything that breaks the contract. Exit code 0: it fits; 1: it does "
             "not.",
     .options = check_options,
     .examples = check_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_FILE,
     .run = gen_plugin_checking_run},
    {.name = "plugin list",
     .operands = "",
     .summary = "list the providers that gend has loaded",
     .text = "Lists the loaded providers, and the plugins that were refused with the reason.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_plugin_listing_list},
    {.name = "plugin info",
     .operands = "ID|FILE.so",
     .summary = "show what a provider or a plugin file offers",
     .text =
         "Shows a loaded provider with its models, limits and where it was loaded from; or, for "
         "a file, what gen plugin check finds out about it.",
     .examples = info_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_FILE,
     .run = gen_plugin_listing_info},
    {.name = NULL},
};
