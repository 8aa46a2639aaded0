/* budget_verbs.c - see budget_verbs.h. */
#include "cli/budget_verbs.h"

#include "cli/budget_commands.h"
#include "model/budget.h"

#define AT(member) offsetof(struct gen_options, member)

static const struct gen_option list_options[] = {
    {.name = "ended",
     .type = GEN_OPTION_FLAG,
     .offset = AT(ended),
     .help = "those that were removed, too"},
    {0},
};

static const struct gen_option set_options[] = {
    {.name = "hard",
     .type = GEN_OPTION_TEXT,
     .offset = AT(hard),
     .value = "DOLLARS",
     .help = "nothing is admitted beyond it; 0 = nothing at all, none takes it away"},
    {.name = "soft",
     .type = GEN_OPTION_TEXT,
     .offset = AT(soft),
     .value = "DOLLARS",
     .help = "people are told, work goes on; none takes it away"},
    {.name = "period",
     .letter = 'p',
     .type = GEN_OPTION_CHOICE,
     .offset = AT(period),
     .value = "PERIOD",
     .choices = gen_period_choices,
     .help = "when it begins anew (month)"},
    {.name = "alerts",
     .type = GEN_OPTION_TEXT,
     .offset = AT(alerts),
     .value = "SHARES",
     .help = "people are told at these shares, with commas between (0.8,1)"},
    {.name = "rollover",
     .type = GEN_OPTION_CHOICE,
     .offset = AT(rollover),
     .value = "YES",
     .choices = gen_budget_yes_choices,
     .help = "what one period leaves is added to the next, once (no)"},
    {.name = "throttle-from",
     .type = GEN_OPTION_TEXT,
     .offset = AT(throttle_from),
     .value = "SHARE",
     .help = "from this share on work is slowed down; 0 = never"},
    {.name = "throttle-parallel",
     .type = GEN_OPTION_NUMBER,
     .offset = AT(parallel),
     .value = "NUMBER",
     .min = 1,
     .max = 1000,
     .help = "so many generations run at once then (1)"},
    {.name = "note",
     .type = GEN_OPTION_TEXT,
     .offset = AT(note),
     .value = "TEXT",
     .help = "what people call it"},
    {0},
};

static const struct gen_example set_examples[] = {
    {"gen budget set organization --hard 500 --soft 400", "All that you do in a month."},
    {"gen budget set team:social --hard 120 --alerts 0.5,0.8,1", "One team."},
    {"gen budget set provider:veo --period day --hard 25 --throttle-from 0.8",
     "What is bought there in a day, slower towards its end."},
    {"gen budget set bud_01kb5rk3y2v7m8n9pqrst4wxyz --hard 150",
     "Another amount for one that is there."},
    {NULL, NULL},
};
static const struct gen_example list_examples[] = {
    {"gen budget list", "What is set, what is used, and what budget.yaml says beside it."},
    {NULL, NULL},
};

const struct gen_command gen_budget_verbs[] = {
    {.name = "budget list",
     .operands = "",
     .summary = "list budgets with what is used and left",
     .text =
         "Lists the budgets that were set, and below them the limits of budget.yaml, which only an "
         "edit of that file changes. All that are about a job apply to it; the lower wins.",
     .options = list_options,
     .examples = list_examples,
     .operand = GEN_OPERAND_NONE,
     .run = gen_budget_commands_list},
    {.name = "budget show",
     .operands = "BUDGET",
     .summary = "show a budget: used, held by whom, forecast, alerts",
     .text =
         "Shows everything about a budget, by its id or by whose it is (team:social): which jobs "
         "hold money of it, where it is going, and what people were told.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_budget_commands_show},
    {.name = "budget set",
     .operands = "WHOSE",
     .summary = "set a budget, or change its amounts",
     .text =
         "Sets a budget for an organization, or for a team, project, user, provider or job "
         "(team:social). Where there is one already for the same whose and period, its amounts are "
         "changed; what is not given stays as it is. Money that is held for running jobs "
         "counts.\n\n"
         "A budget that is below what is used already stops new work at once; running jobs go on. "
         "When somebody else changes the same budget at the same moment, one of you is told so "
         "(6).",
     .options = set_options,
     .examples = set_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_budget_commands_set},
    {.name = "budget remove",
     .operands = "BUDGET",
     .summary = "end a budget",
     .text =
         "Ends a budget, by its id or by whose it is. What was spent under it stays in the books.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_budget_commands_remove},
    {0},
};
