/* policy_verbs.c - see policy_verbs.h. The order is that of the work: edit, check, test, see, take. */
#include "cli/policy_verbs.h"

#include "cli/policy_checking.h"
#include "cli/policy_comparing.h"
#include "cli/policy_explaining.h"
#include "cli/policy_testing.h"
#include "cli/policy_writing.h"

#define AT(member) offsetof(struct gen_options, member)

enum { ANY_NUMBER = 1000 };

#define SNAPSHOT_OPTION \
    { \
        .name = "snapshot", .type = GEN_OPTION_FILE, .offset = AT(snapshot), .value = "FILE", \
        .help = "models, providers, history, team and time to decide with" \
    }

static const struct gen_option check_options[] = {
    {.name = "strict",
     .type = GEN_OPTION_FLAG,
     .offset = AT(strict),
     .help = "a warning fails like a mistake"},
    {0},
};

static const struct gen_option test_options[] = {
    {.name = "coverage",
     .type = GEN_OPTION_FLAG,
     .offset = AT(coverage),
     .help = "show the rules, strategies, signals, filters, tiers and plans that no case uses"},
    {.name = "junit",
     .type = GEN_OPTION_FILE,
     .offset = AT(junit),
     .value = "FILE",
     .help = "write the results there for CI, as JUnit XML"},
    {0},
};

static const struct gen_option explain_options[] = {
    SNAPSHOT_OPTION,
    {.name = "strategy",
     .type = GEN_OPTION_TEXT,
     .offset = AT(strategy),
     .value = "NAME",
     .help = "as if the user had named this strategy"},
    {.name = "organization",
     .type = GEN_OPTION_TEXT,
     .offset = AT(organization),
     .value = "ID",
     .help = "who pays: its plan in access.yaml counts"},
    {0},
};

static const struct gen_option diff_options[] = {
    {.name = "briefs",
     .letter = 'b',
     .type = GEN_OPTION_FOLDER,
     .offset = AT(briefs),
     .value = "DIR",
     .help = "the briefs to decide about (.yaml, .json)"},
    SNAPSHOT_OPTION,
    {0},
};

static const struct gen_option fmt_options[] = {
    {.name = "check",
     .type = GEN_OPTION_FLAG,
     .offset = AT(check),
     .help = "change nothing; exit code 1 when a file is laid out in another way"},
    {0},
};

static const struct gen_example check_examples[] = {
    {"gen policy check policies", "Every mistake with its file, line and column."},
    {"gen policy check --json | jq -r '.problems[].message'", "For an editor or CI."},
    {NULL, NULL},
};
static const struct gen_example test_examples[] = {
    {"gen policy test policies --coverage", "All cases, and what they leave untried."},
    {"gen policy test --junit results.xml", "For CI."},
    {NULL, NULL},
};
static const struct gen_example explain_examples[] = {
    {"gen policy explain summer-sale/brief.yaml", "What the running gend would do now, and why."},
    {"gen policy explain brief.yaml policies --snapshot policies/tests/snapshot.yaml",
     "Without a gend, with edited policies."},
    {NULL, NULL},
};
static const struct gen_example diff_examples[] = {
    {"gen policy diff /etc/genengine/policies policies --briefs briefs",
     "What an edit changes, before it is taken."},
    {NULL, NULL},
};
static const struct gen_example schema_examples[] = {
    {"gen policy schema routing > routing.schema.json", "For completion and checks in an editor."},
    {NULL, NULL},
};

const struct gen_command gen_policy_verbs[] = {
    {.name = "policy check",
     .operands = "[DIR]",
     .summary = "find every mistake in policy files",
     .text =
         "Loads a folder of policies as gend would, and tells everything that is wrong: "
         "file:line:column: key: message, with a suggestion for a misspelt name. What only follows "
         "from another mistake is left out. The test files beside them are looked at, too. "
         "Warnings "
         "(a fact that may not be there, a model that was switched off) are told and do not "
         "fail.\n\n"
         "DIR is $GEN_POLICIES by default, else the first that is there of ./policies, "
         "/etc/genengine/policies, the policies folder in the user's configuration, and the "
         "installed defaults. Exit code 0: in order; 2: it has mistakes (with --strict also: "
         "warnings), or cannot be read.",
     .options = check_options,
     .examples = check_examples,
     .most = 1,
     .operand = GEN_OPERAND_FOLDER,
     .run = gen_policy_checking_check},
    {.name = "policy test",
     .operands = "[DIR]",
     .summary = "run the test cases of policies",
     .text =
         "Decides every case in DIR/tests/*.yaml with the policies of DIR and compares: chosen "
         "models, strategy, tier, complexity, cost, rejections, rules that fire, errors. Tells "
         "what was expected and what came out. Nothing is rendered and nobody is asked.\n\n"
         "A test file has a snapshot of models, providers, history and team (snapshot.yaml "
         "beside it by default, which cases may change), a brief that its cases share, and the "
         "cases. docs/policy-guide.md shows one. Exit code 0: all as expected; 1: a case fails; "
         "2: the policies or a test file have mistakes or cannot be read.",
     .options = test_options,
     .examples = test_examples,
     .most = 1,
     .operand = GEN_OPERAND_FOLDER,
     .run = gen_policy_testing_run},
    {.name = "policy explain",
     .operands = "BRIEF [DIR]",
     .summary = "show why a brief goes where it goes",
     .text = "Decides about a brief (YAML or JSON; - is standard input) without submitting it, and "
             "shows why: what adds to the complexity, which rules fire on which facts, every "
             "candidate with price, time, quality and scores, and why others were rejected.\n\n"
             "Without DIR, the policies and the snapshot are those of the running gend (while its "
             "folder has mistakes, or an edit that was not taken yet, it says so and gend itself "
             "decides, by what it runs on); where it does not answer, or with DIR, a folder's (as "
             "with gen policy check) and "
             "tests/snapshot.yaml in it. It says which. Exit code 0: there is a decision; 5: the "
             "budget does not allow one; 2: no model fits, or wrong input: a mistake, or a file "
             "that cannot "
             "be read.",
     .options = explain_options,
     .examples = explain_examples,
     .least = 1,
     .most = 2,
     .operand = GEN_OPERAND_FILE,
     .run = gen_policy_explaining_run},
    {.name = "policy diff",
     .operands = "A B",
     .summary = "compare the decisions of two policy sets",
     .text = "Decides about every brief of a folder with the policies in A and in B, and shows "
             "where models, cost, tier, complexity or strategy change. The snapshot is that of "
             "--snapshot, or tests/snapshot.yaml in B or A. Exit code 0: nothing changes; 1: "
             "something does; 2: wrong input: a mistake, or a file that cannot be read.",
     .options = diff_options,
     .examples = diff_examples,
     .least = 2,
     .most = 2,
     .operand = GEN_OPERAND_FOLDER,
     .run = gen_policy_comparing_run},
    {.name = "policy fmt",
     .operands = "[DIR|FILE...]",
     .summary = "lay out policy files in one way",
     .text = "Writes files anew with the usual indentation and spacing; comments, order and quotes "
             "stay. Prints the files that changed. A layout that would change what a file says is "
             "refused.\n\n"
             "Where FILE is -, standard input is read and standard output written. Exit code 2: a "
             "file is no YAML, or cannot be read or written.",
     .options = fmt_options,
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_FILE,
     .run = gen_policy_writing_fmt},
    {.name = "policy schema",
     .operands = "[KIND]",
     .summary = "print the JSON Schema of a kind of policy file",
     .text =
         "Prints the JSON Schema (draft 2020-12) of a kind of policy file, for editors. Without "
         "KIND, lists the kinds.",
     .examples = schema_examples,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_policy_writing_schema},
    {.name = "policy reference",
     .operands = "",
     .summary = "print the reference of all policy keys",
     .text = "Prints docs/policy-reference.md: every file, key, default and bound, and every name "
             "that expressions may use.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_policy_writing_reference},
    {.name = "policy reload",
     .operands = "",
     .summary = "let gend take the edited policies",
     .text = "Asks gend to load its policy folder again. It takes all of it or nothing: with a "
             "mistake the running set stays in force, and the mistakes are told (exit code 2, as "
             "when the "
             "folder cannot be read; 3: gend does not answer).",
     .operand = GEN_OPERAND_NONE,
     .run = gen_policy_checking_reload},
    {.name = NULL},
};
