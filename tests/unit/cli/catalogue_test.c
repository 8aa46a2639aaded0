/* catalogue_test.c - the rows of the commands, how they are found, and what is written from them. */
#include "cli/catalogue.h"

#include "cli/completion.h"
#include "cli/exit_code.h"
#include "cli/help_document.h"
#include "cli/manual.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void rows_are_complete(const struct gen_command *rows)
{
    for (const struct gen_command *row = rows; row->name != NULL; row++) {
        cr_assert(eq(int, row->run != NULL, row->verbs == NULL), "%s", row->name);
        cr_assert(row->operands != NULL && row->operand != 0, "%s", row->name);
        cr_assert(strlen(row->summary) > 0 && strlen(row->summary) < 60, "%s", row->name);
        cr_assert(strlen(row->text) > 20, "%s", row->name);
        cr_assert(row->least <= row->most, "%s", row->name);
        cr_assert(gen_command_named(rows, row->name) == row, "%s is there twice", row->name);
        for (const struct gen_option *option = row->options;
             option != NULL && option->type != GEN_OPTION_END; option++) {
            cr_assert(option->help != NULL && option->help[0] != '\0', "%s --%s", row->name, option->name);
            cr_assert(eq(int, option->value == NULL, option->type == GEN_OPTION_FLAG), "%s --%s",
                      row->name, option->name);
            for (const struct gen_option *global = gen_option_global; global->type != GEN_OPTION_END;
                 global++) {
                cr_assert(strcmp(global->name, option->name) != 0, "%s --%s is global", row->name,
                          option->name);
                cr_assert(option->letter == 0 || option->letter != global->letter, "%s -%c is global",
                          row->name, option->letter);
            }
            for (const struct gen_option *other = option + 1; other->type != GEN_OPTION_END; other++) {
                cr_assert(option->letter == 0 || option->letter != other->letter, "%s -%c is there twice",
                          row->name, option->letter);
            }
        }
        for (const struct gen_command *verb = row->verbs; verb != NULL && verb->name != NULL; verb++) {
            cr_assert(strncmp(verb->name, row->name, strlen(row->name)) == 0 &&
                      verb->name[strlen(row->name)] == ' ', "%s is not of %s", verb->name, row->name);
            cr_assert(gen_command_verb(row, gen_command_verb_name(verb)) == verb, "%s", verb->name);
        }
        if (row->verbs != NULL) {
            rows_are_complete(row->verbs);
        }
    }
}

Test(catalogue, rows_are_complete)
{
    rows_are_complete(gen_catalogue);
}

struct parsed {
    const char *arguments[6];
    enum gen_status status;
    const char *command; /* NULL = none */
    const char *message; /* part of it */
};

static const struct parsed cases[] = {
    {{NULL}, GEN_OK, NULL, NULL},                                     /* nothing at all */
    {{"--help"}, GEN_OK, NULL, NULL},                                 /* help of everything */
    {{"--version"}, GEN_OK, "version", NULL},                         /* as everybody tries it */
    {{"run", "b.yaml"}, GEN_OK, "run", NULL},                         /* an ordinary one */
    {{"--json", "--server", "http://x", "jobs"}, GEN_OK, "jobs", NULL}, /* globals in front */
    {{"-s", "http://x", "jobs"}, GEN_OK, "jobs", NULL},               /* with a letter */
    {{"--server=http://x", "jobs"}, GEN_OK, "jobs", NULL},            /* joined */
    {{"run", "--help"}, GEN_OK, "run", NULL},                         /* help needs no operand */
    {{"rum", "b"}, GEN_EINVAL, NULL, "did you mean \"gen run\"?"},    /* nearest name */
    {{"frobnicate"}, GEN_EINVAL, NULL, "see gen help"},               /* nothing near */
    {{"run"}, GEN_EINVAL, "run", "gen run needs BRIEF"},              /* operand missing */
    {{"run", "a", "b"}, GEN_EINVAL, "run", "does not take \"b\""},    /* one too many */
    {{"jobs", "--out", "x"}, GEN_EINVAL, "jobs", "there is no option --out"}, /* another's option */
    {{"--out", "x", "run"}, GEN_EINVAL, NULL, "there is no option --out"}, /* not global */
    {{"policy", "check", "a"}, GEN_OK, "policy check", NULL},          /* a command with verbs */
    {{"policy", "--json", "check"}, GEN_OK, "policy check", NULL},     /* globals before the verb */
    {{"policy", "--help"}, GEN_OK, "policy", NULL},                    /* help of the whole */
    {{"policy", "check", "--help"}, GEN_OK, "policy check", NULL},     /* and of a verb */
    {{"policy"}, GEN_EINVAL, "policy", "gen policy needs VERB"},       /* no verb */
    {{"policy", "chekc"}, GEN_EINVAL, "policy", "did you mean \"gen policy check\"?"},
    {{"policy", "chekc", "--help"}, GEN_EINVAL, "policy", "did you mean"},
    {{"policy", "frobnicate"}, GEN_EINVAL, "policy", "see gen help policy"},
    {{"policy", "--bogus", "check"}, GEN_EINVAL, "policy", "there is no option --bogus"},
    {{"policy", "check", "--coverage"}, GEN_EINVAL, "policy check", "there is no option --coverage"},
    {{"policy", "explain"}, GEN_EINVAL, "policy explain", "gen policy explain needs BRIEF"},
};

Test(catalogue, commands_are_found)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_command *command = NULL;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_options options = {0};
        struct gen_error err = {0};
        enum gen_status status =
            gen_command_parse(gen_catalogue, cases[i].arguments, arena, &command, &options, &err);

        cr_assert(eq(int, status, cases[i].status), "case %zu: %s", i, err.message);
        cr_assert(eq(str, (char *)(command != NULL ? command->name : ""),
                     (char *)(cases[i].command != NULL ? cases[i].command : "")), "case %zu", i);
        cr_assert(cases[i].message == NULL || strstr(err.message, cases[i].message) != NULL,
                  "case %zu: %s", i, err.message);
        gen_arena_destroy(arena);
    }
}

struct asked {
    const char *arguments[6];
    bool json;
};

/* Wherever --json stands, a mistake is told as JSON. */
static const struct asked asks[] = {
    {{"jobs", "--limit", "x", "--json"}, true},
    {{"--json", "jobs", "--limit", "x"}, true},
    {{"jobs", "-xj"}, true},                      /* letters behind an unknown one */
    {{"jobs", "-n", "x", "-j"}, true},
    {{"jobs", "--limit", "--json"}, true},        /* no number begins like that */
    {{"jobs", "--status", "--json"}, true},       /* nor does a choice */
    {{"rum", "b", "--json"}, true},               /* no such command */
    {{"--bogus", "jobs", "--json"}, true},        /* a mistake before the command */
    {{"run", "--json"}, true},                    /* an operand is missing */
    {{"jobs", "a", "--json"}, true},              /* one too many */
    {{"run", "--bogus", "--", "--json"}, false},  /* that is an operand */
    {{"rum", "--", "--json"}, false},
    {{"jobs", "--bogus"}, false},
    {{"policy", "chekc", "--json"}, true},        /* no such verb */
    {{"policy", "--json"}, true},                 /* none at all */
    {{"--bogus", "jobs", "--project", "--json"}, false}, /* that is a name */
};

Test(catalogue, json_is_known_in_spite_of_mistakes)
{
    for (size_t i = 0; i < GEN_COUNT(asks); i++) {
        const struct gen_command *command = NULL;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_options options = {0};
        struct gen_error err = {0};

        cr_assert(eq(int, gen_command_parse(gen_catalogue, asks[i].arguments, arena, &command, &options, &err),
                     GEN_EINVAL), "case %zu", i);
        cr_assert(err.message[0] != '\0', "case %zu", i);
        cr_assert(eq(int, options.json, asks[i].json), "case %zu: %s", i, err.message);
        gen_arena_destroy(arena);
    }
}

Test(catalogue, the_first_mistake_is_told)
{
    static const char *const arguments[] = {"jobs", "--limit", "x", "--bogus", "-y", "a", NULL};
    const struct gen_command *command = NULL;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_options options = {0};
    struct gen_error err = {0};

    cr_assert(eq(int, gen_command_parse(gen_catalogue, arguments, arena, &command, &options, &err), GEN_EINVAL));
    cr_assert(strstr(err.message, "--limit takes") != NULL, "%s", err.message);
    gen_arena_destroy(arena);
}

/* The document of help has every row, and is NULL rather than in part. */
Test(catalogue, help_for_programs_is_whole)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *document = gen_help_document(arena, gen_catalogue, NULL);
    const struct gen_node *item = gen_node_first(gen_node_get(document, "commands"));
    struct gen_arena *small = gen_arena_create(4096);

    for (const struct gen_command *row = gen_catalogue; row->name != NULL; row++, item = item->next) {
        const struct gen_node *option = gen_node_first(gen_node_get(item, "options"));

        cr_assert(eq(str, (char *)gen_node_text(gen_node_get(item, "name"), ""), (char *)row->name));
        for (const struct gen_option *each = row->options; each != NULL && each->type != GEN_OPTION_END;
             each++, option = option->next) {
            cr_assert(eq(str, (char *)gen_node_text(gen_node_get(option, "name"), ""), (char *)each->name));
            cr_assert(gen_node_text(gen_node_get(option, "type"), NULL) != NULL, "%s", each->name);
            cr_assert(eq(sz, gen_node_count(gen_node_get(option, "choices")),
                         each->choices != NULL ? gen_choice_count(each->choices) : 0));
        }
        cr_assert(option == NULL, "%s", row->name);
    }
    cr_assert(item == NULL);
    item = gen_node_first(gen_node_get(document, "exitCodes"));
    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++, item = item->next) {
        cr_assert(eq(i64, gen_node_integer(gen_node_get(item, "code"), -1), row->code));
    }
    cr_assert(item == NULL);
    cr_assert(gen_node_count(gen_node_get(document, "globalOptions")) > 0);
    cr_assert(gen_help_document(small, gen_catalogue, NULL) == NULL);
    gen_arena_destroy(small);
    gen_arena_destroy(arena);
}

static struct gen_bytes text_of(void (*write)(const struct gen_command *, struct gen_bytes *))
{
    struct gen_bytes out;

    gen_bytes_init(&out, 1 << 20);
    write(gen_catalogue, &out);
    cr_assert(eq(int, gen_bytes_status(&out), GEN_OK));
    return out;
}

Test(catalogue, pages_name_every_command_option_and_code)
{
    struct gen_bytes overview = text_of(gen_manual_overview);
    struct gen_bytes markdown = text_of(gen_manual_markdown);
    struct gen_bytes page = text_of(gen_manual_page);

    for (const struct gen_command *row = gen_catalogue; row->name != NULL; row++) {
        struct gen_bytes help;
        char text[128];

        (void)snprintf(text, sizeof text, "\n  %s ", row->name);
        cr_assert(strstr(overview.data, text) != NULL, "%s", row->name);
        (void)snprintf(text, sizeof text, "\n## gen %s", row->name);
        cr_assert(strstr(markdown.data, text) != NULL, "%s", row->name);
        (void)snprintf(text, sizeof text, "\n.SS gen %s", row->name);
        cr_assert(strstr(page.data, text) != NULL, "%s", row->name);
        gen_bytes_init(&help, 1 << 20);
        gen_manual_command(row, &help);
        for (const struct gen_option *option = row->options;
             option != NULL && option->type != GEN_OPTION_END; option++) {
            (void)snprintf(text, sizeof text, "--%s", option->name);
            cr_assert(strstr(help.data, text) != NULL && strstr(markdown.data, text) != NULL, "%s", text);
        }
        for (const char *line = help.data; *line != '\0'; line += strcspn(line, "\n") + 1) {
            bool example = strncmp(line, "  gen ", 6) == 0 || strstr(line, "usage:") == line;

            cr_assert(example || strcspn(line, "\n") <= 90, "%s: %.100s", row->name, line);
        }
        gen_bytes_fini(&help);
    }
    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++) {
        char text[32];

        cr_assert(strstr(markdown.data, row->meaning) != NULL, "%d", row->code);
        (void)snprintf(text, sizeof text, "\n.B %d\n", row->code);
        cr_assert(strstr(page.data, text) != NULL, "%d", row->code);
    }
    gen_bytes_fini(&overview);
    gen_bytes_fini(&markdown);
    gen_bytes_fini(&page);
}

Test(catalogue, man_page_is_plain_troff)
{
    struct gen_bytes page = text_of(gen_manual_page);

    for (const char *line = page.data; *line != '\0'; line += strcspn(line, "\n") + 1) {
        cr_assert(line[0] != '\'', "%.60s", line); /* a quote in front is a request */
        cr_assert(line[0] != '.' || line[1] == '\\' || isupper((unsigned char)line[1]) ||
                      strncmp(line, ".nf", 3) == 0 || strncmp(line, ".fi", 3) == 0, "%.60s", line);
        cr_assert(line[0] != '\n', "an empty line");
    }
    gen_bytes_fini(&page);
}

Test(catalogue, completion_knows_every_word)
{
    for (const struct gen_choice *shell = gen_completion_shells; shell->word != NULL; shell++) {
        struct gen_bytes out;

        gen_bytes_init(&out, 1 << 20);
        gen_completion_write(gen_catalogue, shell->value, &out);
        cr_assert(eq(int, gen_bytes_status(&out), GEN_OK));
        for (const struct gen_command *row = gen_catalogue; row->name != NULL; row++) {
            cr_assert(strstr(out.data, row->name) != NULL, "%s: %s", shell->word, row->name);
            for (const struct gen_option *option = row->options;
                 option != NULL && option->type != GEN_OPTION_END; option++) {
                cr_assert(strstr(out.data, option->name) != NULL, "%s: %s", shell->word, option->name);
            }
        }
        gen_bytes_fini(&out);
    }
}

struct ending {
    enum gen_status status;
    int code;
};

static const struct ending endings[] = {
    {GEN_OK, 0},          {GEN_EIO, 1},       {GEN_ENOSPACE, 1}, {GEN_EINVAL, 2}, {GEN_ETOOLARGE, 2},
    {GEN_EUNSUPPORTED, 2}, {GEN_EUNREACHABLE, 3}, {GEN_ENOTFOUND, 4}, {GEN_EBUDGET, 5},
    {GEN_ECONFLICT, 6},   {GEN_ECANCELED, 130},
};

Test(catalogue, statuses_have_their_exit_code)
{
    for (size_t i = 0; i < GEN_COUNT(endings); i++) {
        cr_assert(eq(int, (int)gen_exit_of(endings[i].status), endings[i].code));
    }
}
