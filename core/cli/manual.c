/* manual.c - see manual.h. */
#include "cli/manual.h"

#include "base/utf8.h"
#include "cli/exit_code.h"
#include "cli/help_document.h"
#include "cli/session.h"

#include <stdio.h>
#include <string.h>

enum { MANUAL_WIDTH = 90, MANUAL_LEFT = 26, MANUAL_TEXT_MOST = 1024 * 1024 };

static const char manual_about[] =
    "gen makes video ads from a brief: it talks to gend, the daemon that chooses providers, keeps "
    "to budgets, renders and delivers.";

/* A variable of the environment, for the documents. */
struct manual_variable {
    const char *name, *help;
};

static const struct manual_variable manual_variables[] = {
    {"GEN_SERVER", "the address of gend, as with --server"},
    {"GEN_KEY", "the bearer key for that address, as with --key"},
    {"GEN_SOCKET", "the Unix socket of gend, as with --socket"},
    {"GEN_STATE", "the state folder of gend, as with --state"},
    {"NO_COLOR", "when it is set and not empty, nothing is coloured"},
    {NULL, NULL},
};

/* Words of `text` from column `at` on, broken at the width, later lines indented. */
static void manual_wrap(struct gen_bytes *out, const char *text, size_t at, size_t indent)
{
    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        size_t width = gen_utf8_count(text, size);

        if (at > indent && at + 1 + width > MANUAL_WIDTH) {
            (void)gen_bytes_printf(out, "\n%*s", (int)indent, "");
            at = indent;
        } else if (at > indent) {
            (void)gen_bytes_text(out, " ");
            at++;
        }
        (void)gen_bytes_append(out, text, size);
        at += width;
        text += size;
        text += *text != '\0';
    }
    (void)gen_bytes_text(out, "\n");
}

/* Paragraphs of a command's text, one call for each. Returns what follows; NULL at the end. */
static const char *manual_paragraph(const char *text, const char **start, size_t *size)
{
    const char *end = strstr(text, "\n\n");

    *start = text;
    *size = end != NULL ? (size_t)(end - text) : strlen(text);
    return end != NULL ? end + 2 : NULL;
}

/* "-o, --out DIR" */
static void manual_option_name(const struct gen_option *option, char *out, size_t size)
{
    char letter[8] = "    ";

    if (option->letter != 0) {
        (void)snprintf(letter, sizeof(letter), "-%c, ", option->letter);
    }
    (void)snprintf(out, size, "%s--%s%s%s", letter, option->name, option->value != NULL ? " " : "",
                   option->value != NULL ? option->value : "");
}

/* The help of an option, with its choices. */
static void manual_option_help(const struct gen_option *option, struct gen_bytes *out)
{
    (void)gen_bytes_text(out, option->help);
    for (const struct gen_choice *choice = option->choices; choice != NULL && choice->word != NULL;
         choice++) {
        (void)gen_bytes_printf(out, "%s%s", choice == option->choices ? ": " : ", ", choice->word);
    }
}

static void manual_options(const struct gen_option *options, struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        char left[64];
        struct gen_bytes help;

        gen_bytes_init(&help, MANUAL_TEXT_MOST);
        manual_option_help(options, &help);
        manual_option_name(options, left, sizeof(left));
        (void)gen_bytes_printf(out, "  %-*s", MANUAL_LEFT - 2, left);
        if (strlen(left) > MANUAL_LEFT - 4) {
            (void)gen_bytes_printf(out, "\n%*s", MANUAL_LEFT, "");
        }
        manual_wrap(out, help.data != NULL ? help.data : "", MANUAL_LEFT, MANUAL_LEFT);
        gen_bytes_fini(&help);
    }
}

static void manual_exit_codes(struct gen_bytes *out)
{
    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++) {
        (void)gen_bytes_printf(out, "  %3d  ", row->code);
        manual_wrap(out, row->meaning, 7, 7);
    }
}

/* A line for each. */
static void manual_list(const struct gen_command *commands, struct gen_bytes *out)
{
    for (; commands->name != NULL; commands++) {
        char left[64];

        (void)snprintf(left, sizeof(left), "%s %s", commands->name, commands->operands);
        (void)gen_bytes_printf(out, "  %-*s", MANUAL_LEFT - 2, left);
        if (strlen(left) > MANUAL_LEFT - 4) {
            (void)gen_bytes_printf(out, "\n%*s", MANUAL_LEFT, "");
        }
        (void)gen_bytes_printf(out, "%s\n", commands->summary);
    }
}

void gen_manual_overview(const struct gen_command *commands, struct gen_bytes *out)
{
    manual_wrap(out, manual_about, 0, 0);
    (void)gen_bytes_text(out, "\nusage: gen COMMAND [OPTION...] [OPERAND...]\n\ncommands:\n");
    manual_list(commands, out);
    (void)gen_bytes_text(out, "\noptions of every command:\n");
    manual_options(gen_option_global, out);
    (void)gen_bytes_text(out, "\nexit codes:\n");
    manual_exit_codes(out);
    (void)gen_bytes_text(out, "\ngen help COMMAND explains a command and shows examples.\n");
}

void gen_manual_command(const struct gen_command *command, struct gen_bytes *out)
{
    const char *text = command->text, *start;
    size_t size;

    (void)gen_bytes_printf(out, "gen %s - %s\n\nusage: gen %s [OPTION...]%s%s%s\n", command->name,
                           command->summary, command->name, command->operands[0] != '\0' ? " " : "",
                           command->operands,
                           command->passes_rest ? " [-- OPTION-OF-GEND...]" : "");
    while (text != NULL) {
        struct gen_bytes paragraph;

        gen_bytes_init(&paragraph, MANUAL_TEXT_MOST);
        text = manual_paragraph(text, &start, &size);
        (void)gen_bytes_append(&paragraph, start, size);
        (void)gen_bytes_text(out, "\n");
        manual_wrap(out, paragraph.data != NULL ? paragraph.data : "", 0, 0);
        gen_bytes_fini(&paragraph);
    }
    if (command->verbs != NULL) {
        (void)gen_bytes_text(out, "\nverbs:\n");
        manual_list(command->verbs, out);
    }
    (void)gen_bytes_text(out, "\noptions:\n");
    manual_options(command->options, out);
    manual_options(gen_option_global, out);
    if (command->examples != NULL) {
        (void)gen_bytes_text(out, "\nexamples:\n");
    }
    for (const struct gen_example *example = command->examples;
         example != NULL && example->line != NULL; example++) {
        (void)gen_bytes_printf(out, "  %s\n      ", example->line);
        manual_wrap(out, example->what, 6, 6);
    }
    (void)gen_bytes_text(out, "\nexit codes:\n");
    manual_exit_codes(out);
}

/* ---- man page */

/* Text in troff: backslashes, dashes and leading dots escaped. */
static void page_text(struct gen_bytes *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bool first = i == 0 || text[i - 1] == '\n';

        if (text[i] == '\\') {
            (void)gen_bytes_text(out, "\\e");
        } else if (text[i] == '-') {
            (void)gen_bytes_text(out, "\\-");
        } else {
            if (first && (text[i] == '.' || text[i] == '\'')) {
                (void)gen_bytes_text(out, "\\&");
            }
            (void)gen_bytes_append(out, &text[i], 1);
        }
    }
}

static void page_line(struct gen_bytes *out, const char *text)
{
    page_text(out, text, strlen(text));
    (void)gen_bytes_text(out, "\n");
}

static void page_options(const struct gen_option *options, struct gen_bytes *out)
{
    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        struct gen_bytes help;
        char left[64];

        gen_bytes_init(&help, MANUAL_TEXT_MOST);
        manual_option_help(options, &help);
        manual_option_name(options, left, sizeof(left));
        (void)gen_bytes_text(out, ".TP\n.B ");
        page_line(out, left + strspn(left, " "));
        page_line(out, help.data != NULL ? help.data : "");
        gen_bytes_fini(&help);
    }
}

static void page_command(const struct gen_command *command, struct gen_bytes *out)
{
    const char *text = command->text, *start;
    size_t size;

    (void)gen_bytes_text(out, ".SS gen ");
    page_text(out, command->name, strlen(command->name));
    (void)gen_bytes_text(out, command->operands[0] != '\0' ? " " : "");
    page_line(out, command->operands);
    while (text != NULL) {
        text = manual_paragraph(text, &start, &size);
        page_text(out, start, size);
        (void)gen_bytes_text(out, text != NULL ? "\n.PP\n" : "\n");
    }
    page_options(command->options, out);
    for (const struct gen_example *example = command->examples;
         example != NULL && example->line != NULL; example++) {
        (void)gen_bytes_text(out, ".PP\n.RS 4\n.nf\n");
        page_line(out, example->line);
        (void)gen_bytes_text(out, ".fi\n.RE\n");
        page_line(out, example->what);
    }
}

void gen_manual_page(const struct gen_command *commands, struct gen_bytes *out)
{
    (void)gen_bytes_text(out, ".\\\" Written by `gen help --man` from the tables of core/cli.\n"
                              ".TH GEN 1 \"\" \"genengine " GEN_VERSION "\" \"Generation Engine\"\n"
                              ".SH NAME\ngen \\- make video ads from a brief\n"
                              ".SH SYNOPSIS\n.B gen\n.I COMMAND\n[OPTION...] [OPERAND...]\n"
                              ".SH DESCRIPTION\n");
    page_line(out, manual_about);
    (void)gen_bytes_text(out, ".SH COMMANDS\n");
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        page_command(command, out);
        for (const struct gen_command *verb = command->verbs; verb != NULL && verb->name != NULL;
             verb++) {
            page_command(verb, out);
        }
    }
    (void)gen_bytes_text(out, ".SH OPTIONS OF EVERY COMMAND\n");
    page_options(gen_option_global, out);
    (void)gen_bytes_text(out, ".SH EXIT STATUS\n");
    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++) {
        (void)gen_bytes_printf(out, ".TP\n.B %d\n", row->code);
        page_line(out, row->meaning);
    }
    (void)gen_bytes_text(out, ".SH ENVIRONMENT\n");
    for (const struct manual_variable *row = manual_variables; row->name != NULL; row++) {
        (void)gen_bytes_printf(out, ".TP\n.B %s\n", row->name);
        page_line(out, row->help);
    }
}

/* ---- docs/cli.md */

/* Text in a cell of a table. */
static void markdown_cell(struct gen_bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            (void)gen_bytes_text(out, "\\");
        }
        (void)gen_bytes_append(out, text, 1);
    }
}

static void markdown_options(const struct gen_option *options, struct gen_bytes *out)
{
    if (options == NULL || options->type == GEN_OPTION_END) {
        return;
    }
    (void)gen_bytes_text(out, "\n| option | |\n|---|---|\n");
    for (; options->type != GEN_OPTION_END; options++) {
        struct gen_bytes help;
        char left[64];

        gen_bytes_init(&help, MANUAL_TEXT_MOST);
        manual_option_help(options, &help);
        manual_option_name(options, left, sizeof(left));
        (void)gen_bytes_printf(out, "| `%s` | ", left + strspn(left, " "));
        markdown_cell(out, help.data != NULL ? help.data : "");
        (void)gen_bytes_text(out, " |\n");
        gen_bytes_fini(&help);
    }
}

static void markdown_command(const struct gen_command *command, const char *level,
                             struct gen_bytes *out)
{
    (void)gen_bytes_printf(out, "\n%s gen %s%s%s\n\n%s\n", level, command->name,
                           command->operands[0] != '\0' ? " " : "", command->operands,
                           command->text);
    markdown_options(command->options, out);
    for (const struct gen_example *example = command->examples;
         example != NULL && example->line != NULL; example++) {
        (void)gen_bytes_printf(out, "\n```sh\n%s\n```\n\n%s\n", example->line, example->what);
    }
}

void gen_manual_markdown(const struct gen_command *commands, struct gen_bytes *out)
{
    (void)gen_bytes_printf(out,
                           "# gen, the command line\n\n%s\n\n"
                           "This page is written by `gen help --markdown` from the tables of "
                           "`core/cli`.\n",
                           manual_about);
    for (const struct gen_command *command = commands; command->name != NULL; command++) {
        markdown_command(command, "##", out);
        for (const struct gen_command *verb = command->verbs; verb != NULL && verb->name != NULL;
             verb++) {
            markdown_command(verb, "###", out);
        }
    }
    (void)gen_bytes_text(out, "\n## Options of every command\n");
    markdown_options(gen_option_global, out);
    (void)gen_bytes_text(out, "\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++) {
        (void)gen_bytes_printf(out, "| %d | %s |\n", row->code, row->meaning);
    }
    (void)gen_bytes_text(out, "\n## Environment\n\n| variable | meaning |\n|---|---|\n");
    for (const struct manual_variable *row = manual_variables; row->name != NULL; row++) {
        (void)gen_bytes_printf(out, "| `%s` | %s |\n", row->name, row->help);
    }
}

/* ---- commands */

int gen_manual_help(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const struct gen_command *command = NULL, *verb;
    struct gen_error err = {0};
    struct gen_bytes out;
    bool written;

    if (options->operand_count > 0) {
        command = gen_command_named(session->commands, options->operands[0]);
        if (command == NULL) {
            (void)gen_error_set(&err, GEN_EINVAL, "there is no command \"%.60s\"; see gen help",
                                options->operands[0]);
            return gen_session_fail(session, &err);
        }
    }
    if (options->operand_count > 1) {
        verb = gen_command_verb(command, options->operands[1]);
        if (verb == NULL) {
            (void)gen_error_set(&err, GEN_EINVAL, "there is no \"gen %s %.60s\"; see gen help %s",
                                command->name, options->operands[1], command->name);
            return gen_session_fail(session, &err);
        }
        command = verb;
    }
    if (options->json && !options->man && !options->markdown) {
        return gen_help_document_print(session, command);
    }
    gen_bytes_init(&out, MANUAL_TEXT_MOST);
    if (options->man) {
        gen_manual_page(session->commands, &out);
    } else if (options->markdown) {
        gen_manual_markdown(session->commands, &out);
    } else if (command != NULL) {
        gen_manual_command(command, &out);
    } else {
        gen_manual_overview(session->commands, &out);
    }
    written = gen_session_write(session, &out);
    gen_bytes_fini(&out);
    return written ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}

int gen_manual_version(struct gen_session *session)
{
    struct gen_node *node;

    if (session->options.json) {
        node = gen_node_map(session->arena);
        gen_node_set(session->arena, node, "name", gen_node_string(session->arena, "gen"));
        gen_node_set(session->arena, node, "version", gen_node_string(session->arena, GEN_VERSION));
        gen_session_print_json(session, node);
    } else {
        gen_session_say(session, "gen %s", GEN_VERSION);
    }
    return GEN_EXIT_OK;
}
