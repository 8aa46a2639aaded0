/* catalogue.c - see catalogue.h. The order is that of the help. */
#include "cli/catalogue.h"

#include "cli/asset_commands.h"
#include "cli/audit_commands.h"
#include "cli/budget_verbs.h"
#include "cli/completion.h"
#include "cli/cost_commands.h"
#include "cli/daemon_control.h"
#include "cli/doctor.h"
#include "cli/expr_command.h"
#include "cli/hand_commands.h"
#include "cli/invoice_verbs.h"
#include "cli/job_commands.h"
#include "cli/key_commands.h"
#include "cli/key_verbs.h"
#include "cli/manual.h"
#include "cli/model_commands.h"
#include "cli/plugin_verbs.h"
#include "cli/policy_verbs.h"
#include "cli/secret_verbs.h"
#include "cli/webhook_verbs.h"
#include "model/job.h"

#define AT(member) offsetof(struct gen_options, member)

enum { ANY_NUMBER = 1000 };

static const struct gen_choice status_choices[] = {
#define STATUS_CHOICE(name, word, terminal) {word, name, NULL},
    GEN_JOB_STATUS_TABLE(STATUS_CHOICE)
#undef STATUS_CHOICE
        {NULL, 0, NULL},
};

/* ---- options that several commands share */

#define OUT_OPTION(text) \
    { \
        .name = "out", .letter = 'o', .type = GEN_OPTION_FOLDER, .offset = AT(out), \
        .value = "DIR", .help = text \
    }
#define KEY_OPTION \
    { \
        .name = "idempotency-key", .type = GEN_OPTION_TEXT, .offset = AT(idempotency_key), \
        .value = "TEXT", \
        .help = \
            "the same text with the same brief gives the first job back instead of another one" \
    }
#define QUIET_OPTION \
    { \
        .name = "quiet", .letter = 'q', .type = GEN_OPTION_FLAG, .offset = AT(quiet), \
        .help = "do not show progress" \
    }
#define LIMIT_OPTION \
    { \
        .name = "limit", .letter = 'n', .type = GEN_OPTION_NUMBER, .offset = AT(limit), \
        .value = "NUMBER", .min = 1, .max = 200, .help = "at most so many (20)" \
    }
#define AFTER_OPTION \
    { \
        .name = "after", .type = GEN_OPTION_TEXT, .offset = AT(after), .value = "ID", \
        .help = "the page that follows after this id" \
    }

static const struct gen_option up_options[] = {
    {.name = "listen",
     .letter = 'l',
     .type = GEN_OPTION_TEXT,
     .offset = AT(listen),
     .value = "ADDRESS:PORT",
     .help = "where the HTTP API listens besides the socket; none = nowhere"},
    {0},
};

static const struct gen_option run_options[] = {
    OUT_OPTION("put the files there (./<project or title>-<end of the job's id>)"),
    KEY_OPTION,
    QUIET_OPTION,
    {0},
};

static const struct gen_option submit_options[] = {KEY_OPTION, {0}};

static const struct gen_option watch_options[] = {
    OUT_OPTION("download the files there when the job is over"),
    QUIET_OPTION,
    {0},
};

static const struct gen_option jobs_options[] = {
    {.name = "status",
     .type = GEN_OPTION_CHOICE,
     .offset = AT(status),
     .value = "STATUS",
     .choices = status_choices,
     .help = "only jobs in this status"},
    {.name = "project",
     .letter = 'p',
     .type = GEN_OPTION_TEXT,
     .offset = AT(project),
     .value = "NAME",
     .help = "only jobs of this project"},
    {.name = "tag",
     .letter = 't',
     .type = GEN_OPTION_TEXT,
     .offset = AT(tag),
     .value = "TAG",
     .help = "only jobs with this tag"},
    LIMIT_OPTION,
    AFTER_OPTION,
    {0},
};

static const struct gen_option outputs_options[] = {
    OUT_OPTION("download videos, thumbnails, contact sheets and job.json there"),
    {0},
};

static const struct gen_option assets_options[] = {LIMIT_OPTION, AFTER_OPTION, {0}};

static const struct gen_option expr_options[] = {
    {.name = "vars",
     .type = GEN_OPTION_FILE,
     .offset = AT(vars),
     .value = "FILE",
     .help = "the variables: a YAML or JSON map of names and values"},
    {.name = "jsonl",
     .type = GEN_OPTION_FLAG,
     .offset = AT(jsonl),
     .help = "read test vectors from standard input, one JSON object a line"},
    {0},
};

static const struct gen_option help_options[] = {
    {.name = "man", .type = GEN_OPTION_FLAG, .offset = AT(man), .help = "print the man page"},
    {.name = "markdown",
     .type = GEN_OPTION_FLAG,
     .offset = AT(markdown),
     .help = "print the reference document"},
    {0},
};

/* ---- examples */

static const struct gen_example up_examples[] = {
    {"gen up", "Starts gend for this user, or says that it runs already."},
    {"gen up --state ./try --listen none", "A second gend with its own state, on a socket only."},
    {"gen up -- --plugins ./plugins", "What stands after -- goes to gend; see gend --help."},
    {NULL, NULL},
};

static const struct gen_example run_examples[] = {
    {"gen run summer-sale/brief.yaml", "Renders the brief and puts the videos into a new folder."},
    {"gen run brief.json --out videos --json | jq -c .",
     "For programs: one JSON object a line, the finished job last."},
    {"make-brief | gen run -", "Reads the brief from standard input."},
    {"gen run campaigns/spring --out videos", "All briefs of a folder, together or not at all."},
    {NULL, NULL},
};

static const struct gen_example submit_examples[] = {
    {"job=$(gen submit brief.yaml)", "Keeps the id of the job, to ask for it later."},
    {NULL, NULL},
};

static const struct gen_example jobs_examples[] = {
    {"gen jobs --status in_progress", "What is being rendered now."},
    {"gen jobs --tag summer --limit 100 --json | jq '.jobs[].cost'",
     "What the jobs with a tag cost."},
    {NULL, NULL},
};

static const struct gen_example outputs_examples[] = {
    {"gen outputs gen_01kb5rk3y2v7m8n9pqrst4wxyz --out videos",
     "Downloads everything that is ready, also of a job that still runs."},
    {NULL, NULL},
};

static const struct gen_example assets_examples[] = {
    {"gen assets logo.png", "Uploads a file and prints its id, which a brief may name."},
    {NULL, NULL},
};

static const struct gen_example models_examples[] = {
    {"gen models", "All models with their prices and what was measured of them."},
    {"gen models runway --json", "Those of one provider, as the registry has them."},
    {NULL, NULL},
};

static const struct gen_example expr_examples[] = {
    {"gen expr '[1, 2, 3].exists(n, n > 2)'", "a value"},
    {"gen expr 'job.budget / double(job.scenes) > 0.5' --vars facts.yaml", "with variables"},
    {"gen expr --jsonl < tests/data/cel/conformance.jsonl", "many, in the typed form"},
    {0},
};

static const struct gen_example completion_examples[] = {
    {"source <(gen completion bash)", "For this shell only."},
    {NULL, NULL},
};

/* ---- commands */

const struct gen_command gen_catalogue[] = {
    {.name = "up",
     .operands = "",
     .summary = "start gend in the background",
     .text = "Starts gend, the daemon, in the background and waits until it takes jobs. It then "
             "says where its socket, address and state are. When gend runs already, that is fine; "
             "but a --listen, or options after --, that it does not follow are an error (6).\n\n"
             "gend is the program beside gen, or the one in PATH. It writes its log to gend.log "
             "in its state folder and goes on until gen down, or until the machine stops; then it "
             "resumes at the next gen up. As a service of the machine it is started by systemd "
             "instead.\n\n"
             "When the policy folder has mistakes, gend goes on with the policies that were in "
             "force when it stopped (policies.kept in its state folder), as it would have had it "
             "run through; the log and gen doctor tell each mistake, and the folder is taken up "
             "once it is mended. If none were in force there, the first start of all, it does not "
             "start: gen policy check lists what to mend.",
     .options = up_options,
     .examples = up_examples,
     .operand = GEN_OPERAND_NONE,
     .passes_rest = true,
     .run = gen_daemon_control_up},
    {.name = "down",
     .operands = "",
     .summary = "stop gend",
     .text = "Asks gend to stop and waits until it has. Jobs that are not over go on at the next "
             "gen up; nothing is lost and nothing is paid twice.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_daemon_control_down},
    {.name = "run",
     .operands = "BRIEF",
     .summary = "render a brief and download the videos",
     .text =
         "Reads a brief (YAML or JSON; - is standard input), checks it with all its files, "
         "uploads the files, submits the job, shows how it goes on, and downloads the videos, "
         "thumbnails, contact sheets and job.json when it is over.\n\n"
         "Mistakes in the brief are told with file, line and column before anything is sent. "
         "File names in the brief are relative to its folder. A lost connection, or gend "
         "starting again, does not disturb: the job is submitted once, whatever happens. "
         "Ctrl-C stops watching, not the job. Where nothing goes on without a person (an order "
         "whose fate is unknown, say) it ends with exit code 7 and says what happened, what is "
         "held, what goes on in the background and what can be done.\n\n"
         "A folder: all briefs in it (.yaml, .yml, .json; at most 100) are admitted together as a "
         "batch, or none of them, against the budget. The videos of each go into a folder with "
         "the name of its file. The id of a batch (bat_...) serves gen job, gen watch and gen "
         "cancel like that of a job.",
     .options = run_options,
     .examples = run_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_FILE,
     .run = gen_job_commands_run},
    {.name = "submit",
     .operands = "BRIEF",
     .summary = "submit a brief and print the job's id",
     .text = "Like gen run up to the submission: prints the id of the job and does not wait.",
     .options = submit_options,
     .examples = submit_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_FILE,
     .run = gen_job_commands_submit},
    {.name = "watch",
     .operands = "JOB",
     .summary = "follow a job to its end",
     .text = "Shows how a job goes on until it is over, or needs a person. The exit code is that "
             "of gen "
             "run.",
     .options = watch_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_job_commands_watch},
    {.name = "jobs",
     .operands = "",
     .summary = "list jobs, newest first",
     .text = "Lists jobs, newest first, with status, progress and cost.",
     .options = jobs_options,
     .examples = jobs_examples,
     .operand = GEN_OPERAND_NONE,
     .run = gen_job_commands_jobs},
    {.name = "job",
     .operands = "JOB",
     .summary = "show everything about a job",
     .text = "Shows status, decision and its reason, pipelines with their attempts, costs and "
             "failures of a job. With --json: the document of the API.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_job_commands_job},
    {.name = "cancel",
     .operands = "JOB",
     .summary = "cancel a job",
     .text = "Asks gend to cancel a job. What a provider has begun may still be paid for; gen job "
             "shows the final cost once the job is canceled.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_job_commands_cancel},
    {.name = "pause",
     .operands = "JOB",
     .summary = "order nothing new for a job",
     .text =
         "What providers have begun is followed and fetched, and what is held stays held; nothing "
         "new is ordered until gen resume.",
     .options = gen_hand_reason_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_hand_commands_pause},
    {.name = "resume",
     .operands = "JOB",
     .summary = "let a paused job go on",
     .text = "Lets a paused job go on.",
     .options = gen_hand_reason_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_hand_commands_resume},
    {.name = "retry",
     .operands = "JOB",
     .summary = "try again what failed of a job",
     .text =
         "Videos that failed are made again, also when the job is over: what was finished of them "
         "is kept, and money is held anew. What waits for a retry is tried at once. A job that was "
         "cancelled is submitted again instead.",
     .options = gen_hand_retry_options,
     .examples = gen_hand_retry_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_hand_commands_retry},
    {.name = "resolve",
     .operands = "JOB",
     .summary = "say what became of an order in doubt",
     .text = "When the answer to an order was lost and the provider cannot say whether it has it, "
             "nothing is ordered again and its money stays held until somebody has looked: "
             "not_bought orders it again, lost charges it, found follows it.",
     .options = gen_hand_resolve_options,
     .examples = gen_hand_resolve_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_hand_commands_resolve},
    {.name = "accept",
     .operands = "OUTPUT",
     .summary = "say that a video is good",
     .text = "The last word about a video counts; it stands with who said it in gen job and in the "
             "log.",
     .options = gen_hand_reason_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_hand_commands_accept},
    {.name = "reject",
     .operands = "OUTPUT",
     .summary = "say that a video is not good",
     .text = "The file stays. The last word about a video counts.",
     .options = gen_hand_reason_options,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_hand_commands_reject},
    {.name = "outputs",
     .operands = "JOB",
     .summary = "list or download the videos of a job",
     .text = "Lists the finished videos of a job; with --out, downloads them.",
     .options = outputs_options,
     .examples = outputs_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_job_commands_outputs},
    {.name = "assets",
     .operands = "[FILE...]",
     .summary = "list assets, or upload files",
     .text = "Without files, lists what was uploaded. With files, uploads them and prints their "
             "ids. The same content has the same id, however often it is uploaded.",
     .options = assets_options,
     .examples = assets_examples,
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_FILE,
     .run = gen_asset_commands_assets},
    {.name = "models",
     .operands = "[PROVIDER]",
     .summary = "list the models with price, speed, quality and uptime",
     .text = "Lists what the loaded providers can render with. The price is the one in force for "
             "the first size of the model; ~ says that the bill may differ. Speed is seconds of "
             "waiting for a second of video, quality is of 10; both are measured where there has "
             "been work, else declared. Success is the share of attempts that ended well, uptime "
             "the share of the last 30 days, as far as it is known, that the provider was up. "
             "Whatever is not known yet is a dash. With a provider's id, bulk prices and abilities "
             "are told, too.",
     .examples = models_examples,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_model_commands_models},
    {.name = "estimate",
     .operands = "BRIEF",
     .summary = "say what a brief would cost, without spending anything",
     .text =
         "Asks gend what it would decide for a brief now, by the same way as a real job: the price "
         "of "
         "each shot, what would be held with the reserve for retries, every limit that applies and "
         "what would be left of it, what the same videos would cost otherwise, and how long it "
         "takes. Nothing is uploaded, held or kept; files are taken at their names.\n\n"
         "The exit code is that which gen run would end in before anything is done: 0 when it can "
         "be afforded, 5 when a budget does not allow it.",
     .examples = gen_estimate_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_FILE,
     .run = gen_cost_commands_estimate},
    {.name = "costs",
     .operands = "[JOB]",
     .summary = "show what work cost, by provider, project, team, day, ...",
     .text =
         "Shows what was charged in a period, or, of a job, each entry of its ledger.\n\n"
         "Of a period it shows what of the budget is left and where it is going, how "
         "good the estimates were, and what was saved against what. Sums go by the moment of the "
         "charge. docs/costs.md explains the figures.",
     .options = gen_cost_options,
     .examples = gen_cost_examples,
     .most = 1,
     .operand = GEN_OPERAND_JOB,
     .run = gen_cost_commands_costs},
    {.name = "report",
     .operands = "",
     .summary = "write a report of costs as CSV, JSON or HTML",
     .text =
         "Writes the costs of a period as a file: CSV for a spreadsheet, the statement as JSON, or "
         "one page of HTML that needs nothing else and prints well.",
     .options = gen_report_options,
     .examples = gen_report_examples,
     .operand = GEN_OPERAND_NONE,
     .run = gen_cost_commands_report},
    {.name = "budget",
     .operands = "VERB",
     .summary = "set budgets, and see what is left of them",
     .text = "Limits on what may be spent: for an organization, team, project, user, provider or "
             "job, in "
             "a day, week, month, quarter, year or at all. docs/costs.md explains them.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_budget_verbs},
    {.name = "invoice",
     .operands = "VERB",
     .summary = "put invoices of providers beside the ledger",
     .text = "Imports what providers say they billed, shows what does not agree with our own "
             "books, and "
             "books what an invoice proves when you say so.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_invoice_verbs},
    {.name = "expr",
     .operands = "[EXPRESSION]",
     .summary = "evaluate an expression of the policy language",
     .text =
         "Evaluates an expression in CEL, the language of conditions and scores in policies, and "
         "prints its value. A mistake is told with its line and column; with --json as {\"error\": "
         "{\"code\", \"message\", \"line\", \"column\"}}.\n\n"
         "With --jsonl, reads lines of {\"expr\", \"bindings\", \"disable_check\"} from standard "
         "input and prints for each {\"value\": {\"type\", \"value\"}} or {\"error\"}, in order; "
         "the "
         "error of a text that cannot be read begins with \"syntax:\".\n\n"
         "Exit code 1: the expression fails when it runs; 2: it does not load, or a file cannot be "
         "read.",
     .options = expr_options,
     .examples = expr_examples,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_expr_command_run},
    {.name = "policy",
     .operands = "VERB",
     .summary = "check, test, explain and change policies",
     .text = "Works on policies: the YAML files that say which models make what, at which price, "
             "within which limits. They are edited as files; each verb helps with that. "
             "docs/policy-guide.md is the guide, docs/policy-reference.md has every key.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_policy_verbs},
    {.name = "plugin",
     .operands = "VERB",
     .summary = "make, check and look at provider plugins",
     .text = "Works on provider plugins: the shared objects through which gend reaches a provider. "
             "docs/plugin-guide.md takes you from nothing to a published one.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_plugin_verbs},
    {.name = "me",
     .operands = "",
     .summary = "show who you are here, and what you may",
     .text =
         "Shows your organization, user, teams and role, every permission you have, and how much "
         "of your quotas is used. What you lack, an administrator of your organization can give.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_key_commands_me},
    {.name = "key",
     .operands = "VERB",
     .summary = "make, list, rotate and revoke API keys",
     .text = "Keys for services and people: each with a role or permissions, teams, an end, and "
             "bounds on jobs and money. docs/access.md explains them.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_key_verbs},
    {.name = "secret",
     .operands = "VERB",
     .summary = "store, rotate and test the keys of providers",
     .text =
         "Keeps the keys of providers: encrypted, for an organization or one of its teams. They "
         "are used, never shown. docs/secrets.md explains how.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_secret_verbs},
    {.name = "audit",
     .operands = "[verify|head|export]",
     .summary = "show who did what, and check that the log is whole",
     .text =
         "Lists events of the log, newest first, with who did it and from where. With verify: "
         "checks the chain of hashes through the whole log and names what was removed, changed, "
         "moved or slipped in (exit code 1); with --database or --export, in a file, without a "
         "daemon. With head: prints the number and hash of the newest event. With export: prints "
         "every event as it is hashed, one JSON document a line. docs/audit.md explains what this "
         "proves.",
     .options = gen_audit_options,
     .examples = gen_audit_examples,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_audit_commands_run},
    {.name = "webhook",
     .operands = "VERB",
     .summary = "have events posted to URLs, and see how it goes",
     .text =
         "Webhooks are told of events in order, each at least once, whatever happens to gend or "
         "to them. docs/webhooks.md describes what is sent.",
     .most = ANY_NUMBER,
     .operand = GEN_OPERAND_VERB,
     .verbs = gen_webhook_verbs},
    {.name = "doctor",
     .operands = "",
     .summary = "check that everything is there and works",
     .text = "Checks that gend answers and takes jobs, that its version is that of gen, which "
             "providers are loaded and which plugins were refused and why, the socket's "
             "permissions, the disk, and what this machine renders with. Says what to do about "
             "each problem. Exit code 1 when something fails.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_doctor_run},
    {.name = "version",
     .operands = "",
     .summary = "print the version of gen",
     .text = "Prints the version of gen. gen doctor compares it with that of gend.",
     .operand = GEN_OPERAND_NONE,
     .run = gen_manual_version},
    {.name = "completion",
     .operands = "SHELL",
     .summary = "print completion for bash, zsh or fish",
     .text = "Prints a script that completes commands, options, files and ids of jobs.",
     .examples = completion_examples,
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_SHELL,
     .run = gen_completion_run},
    {.name = "help",
     .operands = "[COMMAND [VERB]]",
     .summary = "explain gen, or a command",
     .text = "Explains gen, or one of its commands. With --json: commands, options and exit codes "
             "as a document.",
     .options = help_options,
     .most = 2,
     .operand = GEN_OPERAND_COMMAND,
     .run = gen_manual_help},
    {.name = NULL},
};
