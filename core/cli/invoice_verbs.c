/* invoice_verbs.c - see invoice_verbs.h. */
#include "cli/invoice_verbs.h"

#include "cli/invoice_commands.h"

#define AT(member) offsetof(struct gen_options, member)

static const struct gen_choice formats[] = {
    {"csv", 1, "RFC 4180"}, {"json", 2, "a list of maps"}, {NULL, 0, NULL}};

static const struct gen_option import_options[] = {
    {.name = "format",
     .letter = 'f',
     .type = GEN_OPTION_CHOICE,
     .offset = AT(format),
     .value = "FORMAT",
     .choices = formats,
     .help = "csv or json; by the name of the file when left out"},
    {.name = "map",
     .letter = 'm',
     .type = GEN_OPTION_FILE,
     .offset = AT(columns),
     .value = "FILE",
     .help = "a YAML file that says which column is what: id, reference, model, seconds, amount, "
             "currency, at, tolerance"},
    {.name = "from",
     .type = GEN_OPTION_TEXT,
     .offset = AT(from),
     .value = "TIME",
     .help = "begin of the period that the invoice covers in full"},
    {.name = "until",
     .type = GEN_OPTION_TEXT,
     .offset = AT(until),
     .value = "TIME",
     .help = "the first moment after it; with it what is missing counts as not billed"},
    {.name = "dry-run",
     .letter = 'n',
     .type = GEN_OPTION_FLAG,
     .offset = AT(dry_run),
     .help = "only look; nothing is kept"},
    {.name = "settle",
     .type = GEN_OPTION_FLAG,
     .offset = AT(settle),
     .help = "book what the invoice proves, as gen invoice settle does"},
    {0},
};

static const struct gen_option list_options[] = {
    {.name = "provider",
     .type = GEN_OPTION_TEXT,
     .offset = AT(provider),
     .value = "PROVIDER",
     .help = "only invoices of this provider"},
    {0},
};

static const struct gen_example import_examples[] = {
    {"gen invoice import runway usage-october.csv --dry-run", "What would come of it?"},
    {"gen invoice import runway usage-october.csv --from 2026-10-01 --until 2026-11-01",
     "Keep it; attempts of October that are not on it were not billed."},
    {NULL, NULL},
};

const struct gen_command gen_invoice_verbs[] = {
    {.name = "invoice import",
     .operands = "PROVIDER FILE",
     .summary = "put a provider's export of usage beside the ledger",
     .text =
         "Reads what a provider says it billed and says of every line: matched, wrong amount, "
         "billed although we could not say so, credit, duplicate, missing here, or refused (not "
         "in US dollars, or not readable); and which of our attempts are missing there. Lines "
         "that are matched by model, length and time only are marked as likely.\n\n"
         "It books nothing unless --settle is given. The same file twice is imported once. "
         "docs/costs.md explains how columns are found.",
     .options = import_options,
     .examples = import_examples,
     .least = 2,
     .most = 2,
     .operand = GEN_OPERAND_FILE,
     .run = gen_invoice_commands_import},
    {.name = "invoice list",
     .operands = "",
     .summary = "list invoices that were imported",
     .text = "Lists invoices, newest first.",
     .options = list_options,
     .operand = GEN_OPERAND_NONE,
     .run = gen_invoice_commands_list},
    {.name = "invoice show",
     .operands = "ID",
     .summary = "show an invoice and what became of its lines",
     .text =
         "Shows what the lines of an invoice add up to, and every line that is not simply matched.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_invoice_commands_show},
    {.name = "invoice settle",
     .operands = "ID",
     .summary = "book what an invoice proves",
     .text =
         "Charges attempts whose money was unverified and that are on the invoice; releases those "
         "that are missing there, when the invoice was imported with its period; refunds credits, "
         "at most what was charged. Likely lines and other amounts are left to people. Each line "
         "is booked once.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_invoice_commands_settle},
    {.name = "invoice remove",
     .operands = "ID",
     .summary = "remove an invoice from which nothing was booked",
     .text =
         "Takes back the import of a wrong file: the invoice and its lines go, and its file can be "
         "imported again. What was booked from an invoice stays, and so does the invoice.",
     .least = 1,
     .most = 1,
     .operand = GEN_OPERAND_NONE,
     .run = gen_invoice_commands_remove},
    {0},
};
