/* webhook_verbs.c - see webhook_verbs.h. */
#include "cli/webhook_verbs.h"

#include "cli/webhook_commands.h"

#define AT(member) offsetof(struct gen_options, member)

static const struct gen_option add_options[] = {
    {.name = "events", .letter = 'e', .type = GEN_OPTION_TEXT, .offset = AT(kind),
     .value = "KINDS", .help = "only these kinds, with commas between: job.*,output.ready"},
    {.name = "project", .letter = 'p', .type = GEN_OPTION_TEXT, .offset = AT(project),
     .value = "NAME", .help = "only events of jobs of this project"},
    {.name = "job", .type = GEN_OPTION_TEXT, .offset = AT(job), .value = "JOB",
     .help = "only events of this job"},
    {.name = "title", .type = GEN_OPTION_TEXT, .offset = AT(title), .value = "TEXT",
     .help = "what it is for"},
    {0},
};

static const struct gen_option deliveries_options[] = {
    {.name = "limit", .letter = 'n', .type = GEN_OPTION_NUMBER, .offset = AT(limit),
     .value = "NUMBER", .min = 1, .max = 200, .help = "at most so many (20)"},
    {0},
};

static const struct gen_example add_examples[] = {
    {"gen webhook add https://example.com/hooks --events 'job.*,budget.*'",
     "Posts what happens to jobs and budgets there; prints the signing secret."},
    {NULL, NULL},
};

const struct gen_command gen_webhook_verbs[] = {
    {.name = "webhook add",
     .operands = "URL",
     .summary = "have events posted to a URL",
     .text = "Posts events to the URL as CloudEvents, signed as Standard Webhooks. The signing "
             "secret is printed this once. docs/webhooks.md shows how to check a signature.",
     .options = add_options,
     .examples = add_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_add},
    {.name = "webhook list",
     .operands = "",
     .summary = "list who is told of events, and how it goes",
     .text = "Lists webhooks with their state: active, paused (by a person), or parked (after days "
             "of failures). For the owner of gend also the log, mailboxes and Stripe of gend.yaml.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_list},
    {.name = "webhook test",
     .operands = "ID",
     .summary = "send a test event now",
     .text = "Sends a webhook.test event and says what came back. Exit code 1: it did not arrive.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_test},
    {.name = "webhook deliveries",
     .operands = "ID",
     .summary = "show what was sent to a webhook, newest first",
     .text = "Shows the last 200 tries of a webhook: event, outcome, status, and why it failed.",
     .options = deliveries_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_deliveries},
    {.name = "webhook pause",
     .operands = "ID",
     .summary = "hold deliveries back",
     .text = "Events wait from now on, in order, until gen webhook resume.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_pause},
    {.name = "webhook resume",
     .operands = "ID",
     .summary = "go on with deliveries",
     .text = "Goes on where deliveries were paused or parked, at once; for stripe also with what "
             "was set aside.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_resume},
    {.name = "webhook rotate",
     .operands = "ID",
     .summary = "make another signing secret",
     .text = "Prints the new secret this once. For a day both sign, so that nothing is refused "
             "while the receiver changes it.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_rotate},
    {.name = "webhook remove",
     .operands = "ID",
     .summary = "remove a webhook",
     .text = "Ends it with what still waits for it.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_webhook_commands_remove},
    {.name = NULL},
};
