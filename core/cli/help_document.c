/* help_document.c - see help_document.h. */
#include "cli/help_document.h"

#include "cli/exit_code.h"
#include "cli/session.h"

static const struct gen_choice help_types[] = {
    {"flag", GEN_OPTION_FLAG, NULL},
    {"text", GEN_OPTION_TEXT, NULL},
    {"file", GEN_OPTION_FILE, NULL},
    {"folder", GEN_OPTION_FOLDER, NULL},
    {"number", GEN_OPTION_NUMBER, NULL},
    {"choice", GEN_OPTION_CHOICE, NULL},
    {NULL, 0, NULL},
};

static void help_text(struct gen_arena *arena, struct gen_node *map, const char *key,
                      const char *text)
{
    gen_node_set(arena, map, key, gen_node_string(arena, text));
}

static struct gen_node *help_option(struct gen_arena *arena, const struct gen_option *option)
{
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *words;

    help_text(arena, map, "name", option->name);
    if (option->letter != 0) {
        help_text(arena, map, "letter", gen_arena_printf(arena, "%c", option->letter));
    }
    help_text(arena, map, "type", gen_choice_word(help_types, option->type));
    if (option->value != NULL) {
        help_text(arena, map, "value", option->value);
    }
    if (option->type == GEN_OPTION_NUMBER) {
        gen_node_set(arena, map, "min", gen_node_int(arena, option->min));
        gen_node_set(arena, map, "max", gen_node_int(arena, option->max));
    }
    if (option->choices != NULL) {
        words = gen_node_list(arena);
        for (const struct gen_choice *row = option->choices; row->word != NULL; row++) {
            gen_node_push(words, gen_node_string(arena, row->word));
        }
        gen_node_set(arena, map, "choices", words);
    }
    help_text(arena, map, "help", option->help);
    return map;
}

static struct gen_node *help_options(struct gen_arena *arena, const struct gen_option *options)
{
    struct gen_node *list = gen_node_list(arena);

    for (; options != NULL && options->type != GEN_OPTION_END; options++) {
        gen_node_push(list, help_option(arena, options));
    }
    return list;
}

static struct gen_node *help_examples(struct gen_arena *arena, const struct gen_example *examples)
{
    struct gen_node *list = gen_node_list(arena);

    for (; examples != NULL && examples->line != NULL; examples++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        help_text(arena, map, "line", examples->line);
        help_text(arena, map, "help", examples->what);
    }
    return list;
}

static struct gen_node *help_exit_codes(struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (const struct gen_exit_row *row = gen_exit_rows; row->meaning != NULL; row++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, map, "code", gen_node_int(arena, row->code));
        help_text(arena, map, "meaning", row->meaning);
    }
    return list;
}

static struct gen_node *help_command(struct gen_arena *arena, const struct gen_command *command);

static struct gen_node *help_verbs(struct gen_arena *arena, const struct gen_command *verbs)
{
    struct gen_node *list = gen_node_list(arena);

    for (; verbs->name != NULL; verbs++) {
        gen_node_push(list, help_command(arena, verbs));
    }
    return list;
}

static struct gen_node *help_command(struct gen_arena *arena, const struct gen_command *command)
{
    struct gen_node *map = gen_node_map(arena);

    help_text(arena, map, "name", command->name);
    help_text(arena, map, "operands", command->operands);
    help_text(arena, map, "summary", command->summary);
    help_text(arena, map, "help", command->text);
    gen_node_set(arena, map, "options", help_options(arena, command->options));
    gen_node_set(arena, map, "examples", help_examples(arena, command->examples));
    if (command->verbs != NULL) {
        gen_node_set(arena, map, "verbs", help_verbs(arena, command->verbs));
    }
    return map;
}

struct gen_node *gen_help_document(struct gen_arena *arena, const struct gen_command *commands,
                                   const struct gen_command *command)
{
    struct gen_node *map = command != NULL ? help_command(arena, command) : gen_node_map(arena);
    struct gen_node *list;

    if (command == NULL) {
        help_text(arena, map, "name", "gen");
        help_text(arena, map, "version", GEN_VERSION);
        list = gen_node_list(arena);
        for (; commands->name != NULL; commands++) {
            gen_node_push(list, help_command(arena, commands));
        }
        gen_node_set(arena, map, "commands", list);
    }
    gen_node_set(arena, map, "globalOptions", help_options(arena, gen_option_global));
    gen_node_set(arena, map, "exitCodes", help_exit_codes(arena));
    return gen_arena_failed(arena) ? NULL : map;
}

int gen_help_document_print(struct gen_session *session, const struct gen_command *command)
{
    struct gen_node *document = gen_help_document(session->arena, session->commands, command);
    struct gen_error err = {0};

    if (document == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "no memory for the help");
        return gen_session_fail(session, &err);
    }
    gen_session_print_json(session, document);
    return GEN_EXIT_OK;
}
