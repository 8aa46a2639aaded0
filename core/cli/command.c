/* command.c - see command.h. */
#include "cli/command.h"

#include "base/name.h"

#include <string.h>

static const struct gen_option no_options[] = {{0}};

const struct gen_command *gen_command_named(const struct gen_command *commands, const char *name)
{
    for (; commands->name != NULL; commands++) {
        if (strcmp(commands->name, name) == 0) {
            return commands;
        }
    }
    return NULL;
}

const char *gen_command_verb_name(const struct gen_command *verb)
{
    const char *space = strrchr(verb->name, ' ');

    return space != NULL ? space + 1 : verb->name;
}

const struct gen_command *gen_command_verb(const struct gen_command *command, const char *name)
{
    const struct gen_command *verb = command->verbs;

    for (; verb != NULL && verb->name != NULL; verb++) {
        if (strcmp(gen_command_verb_name(verb), name) == 0) {
            return verb;
        }
    }
    return NULL;
}

size_t gen_command_count(const struct gen_command *commands)
{
    size_t count = 0;

    while (commands[count].name != NULL) {
        count++;
    }
    return count;
}

static const char *command_name_at(const void *context, size_t index)
{
    const struct gen_command *commands = context;

    return commands[index].name;
}

static const char *command_verb_at(const void *context, size_t index)
{
    const struct gen_command *verbs = context;

    return gen_command_verb_name(&verbs[index]);
}

/* Without a verb, or with one that is unknown: says which there are. */
static enum gen_status command_verbless(const struct gen_command *command, const char *name,
                                        struct gen_error *err)
{
    const char *near = name == NULL ? NULL
                                    : gen_name_nearest(name, command_verb_at, command->verbs,
                                                       gen_command_count(command->verbs));

    if (near != NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "there is no \"gen %s %.60s\"; did you mean \"gen %s %s\"?",
                             command->name, name, command->name, near);
    }
    if (name != NULL) {
        return gen_error_set(err, GEN_EINVAL, "there is no \"gen %s %.60s\"; see gen help %s",
                             command->name, name, command->name);
    }
    return gen_error_set(err, GEN_EINVAL, "gen %s needs %s; see gen help %s", command->name,
                         command->operands, command->name);
}

static enum gen_status command_unknown(const struct gen_command *commands, const char *name,
                                       struct gen_error *err)
{
    const char *near = gen_name_nearest(name, command_name_at, commands,
                                        gen_command_count(commands));

    return gen_error_set(err, GEN_EINVAL, "there is no command \"%.60s\"%s%s%s", name,
                         near != NULL ? "; did you mean \"gen " : "; see gen help",
                         near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static enum gen_status command_operands(const struct gen_command *command,
                                        const struct gen_options *options, struct gen_error *err)
{
    if (options->help) {
        return GEN_OK;
    }
    if (options->operand_count < command->least) {
        return gen_error_set(err, GEN_EINVAL, "gen %s needs %s", command->name, command->operands);
    }
    if (options->operand_count > command->most) {
        return gen_error_set(err, GEN_EINVAL, "gen %s does not take \"%.60s\"; usage: gen %s%s%s",
                             command->name, options->operands[command->most], command->name,
                             command->operands[0] != '\0' ? " " : "", command->operands);
    }
    return GEN_OK;
}

/* How many arguments in front are global options and their values. */
static size_t command_leading(const char *const *arguments)
{
    size_t count = 0;

    while (arguments[count] != NULL && arguments[count][0] == '-' && arguments[count][1] != '\0' &&
           strcmp(arguments[count], "--") != 0) {
        const char *text = arguments[count];
        const struct gen_option *option = NULL;

        if (text[1] == '-' && strchr(text, '=') == NULL) {
            option = gen_option_named(no_options, text + 2, strlen(text + 2));
        } else if (text[1] == 's' && text[2] == '\0') {
            option = gen_option_named(no_options, "server", strlen("server"));
        }
        count++;
        if (option != NULL && option->type != GEN_OPTION_FLAG && arguments[count] != NULL) {
            count++;
        }
    }
    return count;
}

/* Options and operands of a command whose name is read. */
static enum gen_status command_rest(const struct gen_command *command, const char *const *arguments,
                                    struct gen_arena *arena, struct gen_options *options,
                                    struct gen_error *err)
{
    enum gen_status status =
        gen_option_parse(command->options != NULL ? command->options : no_options,
                         command->passes_rest ? GEN_OPTION_REST_APART : GEN_OPTION_REST_OPERANDS,
                         arguments, arena, options, err);

    return status == GEN_OK ? command_operands(command, options, err) : status;
}

/* The same for one that has verbs; global options may stand before the verb. `*out` becomes the verb. */
static enum gen_status command_with_verb(const struct gen_command *command,
                                         const char *const *arguments, struct gen_arena *arena,
                                         const struct gen_command **out,
                                         struct gen_options *options, struct gen_error *err)
{
    size_t leading = command_leading(arguments);
    const char **front = gen_arena_array(arena, leading + 1, sizeof(*front));
    const struct gen_command *verb;
    const char *name = arguments[leading];
    enum gen_status status, later;

    if (front == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the command line");
    }
    memcpy(front, arguments, leading * sizeof(*front));
    status = gen_option_parse(no_options, GEN_OPTION_REST_OPERANDS, front, arena, options, err);
    verb = name != NULL ? gen_command_verb(command, name) : NULL;
    if (status == GEN_OK && verb != NULL) {
        *out = verb;
        return command_rest(verb, arguments + leading + 1, arena, options, err);
    }
    if (status == GEN_OK && name == NULL && options->help) {
        return GEN_OK;
    }
    if (status == GEN_OK) {
        status = command_verbless(command, name, err);
    }
    later = gen_option_parse(no_options, GEN_OPTION_REST_OPERANDS,
                             arguments + leading + (name != NULL), arena, options, NULL);
    return later == GEN_ENOMEM ? gen_error_set(err, later, "no memory for the command line")
                               : status;
}

/* --version is no option of any command, but everybody tries it: takes it out. */
static bool command_takes_version(const char **front)
{
    bool found = false;
    size_t kept = 0;

    for (size_t i = 0; front[i] != NULL; i++) {
        if (strcmp(front[i], "--version") == 0) {
            found = true;
        } else {
            front[kept++] = front[i];
        }
    }
    front[kept] = NULL;
    return found;
}

enum gen_status gen_command_parse(const struct gen_command *commands, const char *const *arguments,
                                  struct gen_arena *arena, const struct gen_command **out,
                                  struct gen_options *options, struct gen_error *err)
{
    size_t leading = command_leading(arguments);
    const char **front = gen_arena_array(arena, leading + 1, sizeof(*front));
    const struct gen_command *command;
    enum gen_status status, later;
    bool version;

    *out = NULL;
    if (front == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the command line");
    }
    memcpy(front, arguments, leading * sizeof(*front));
    arguments += leading;
    version = command_takes_version(front);
    status = gen_option_parse(no_options, GEN_OPTION_REST_OPERANDS, front, arena, options, err);
    if (arguments[0] == NULL) {
        *out = version && status == GEN_OK ? gen_command_named(commands, "version") : NULL;
        return status;
    }
    command = gen_command_named(commands, arguments[0]);
    if (status == GEN_OK && command == NULL) {
        status = command_unknown(commands, arguments[0], err);
    }
    *out = status == GEN_OK ? command : NULL;
    if (status != GEN_OK) { /* only for a --json that follows: the first mistake is told */
        later = gen_option_parse(command != NULL && command->options != NULL ? command->options
                                                                             : no_options,
                                 GEN_OPTION_REST_OPERANDS, arguments + 1, arena, options, NULL);
        return later == GEN_ENOMEM ? gen_error_set(err, later, "no memory for the command line")
                                   : status;
    }
    if (command->verbs != NULL) {
        return command_with_verb(command, arguments + 1, arena, out, options, err);
    }
    return command_rest(command, arguments + 1, arena, options, err);
}
