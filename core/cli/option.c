/* option.c - see option.h. */
#include "cli/option.h"

#include "base/name.h"
#include "base/number.h"

#include <inttypes.h>
#include <string.h>

#define AT(member) offsetof(struct gen_options, member)

const struct gen_option gen_option_global[] = {
    {.name = "json",
     .letter = 'j',
     .type = GEN_OPTION_FLAG,
     .offset = AT(json),
     .help = "print JSON documents for programs instead of text for people; errors too, on "
             "standard error, one object a line"},
    {.name = "server",
     .letter = 's',
     .type = GEN_OPTION_TEXT,
     .offset = AT(server),
     .value = "URL",
     .help = "talk to the gend at this address, such as http://127.0.0.1:8377 ($GEN_SERVER)"},
    {.name = "key",
     .type = GEN_OPTION_TEXT,
     .offset = AT(key),
     .value = "KEY",
     .help = "the bearer key for that address; better kept in $GEN_KEY, where no other user of "
             "the machine can see it"},
    {.name = "socket",
     .type = GEN_OPTION_FILE,
     .offset = AT(socket),
     .value = "PATH",
     .help = "talk to the gend on this Unix socket ($GEN_SOCKET)"},
    {.name = "state",
     .type = GEN_OPTION_FOLDER,
     .offset = AT(state),
     .value = "DIR",
     .help = "the gend whose state folder this is ($GEN_STATE)"},
    {.name = "system",
     .type = GEN_OPTION_FLAG,
     .offset = AT(system),
     .help = "the gend that runs as a service of this machine"},
    {.name = "sandbox",
     .type = GEN_OPTION_FLAG,
     .offset = AT(sandbox),
     .help = "the gend that `gen up --sandbox` runs against simulated providers ($GEN_SANDBOX)"},
    {.name = "help",
     .letter = 'h',
     .type = GEN_OPTION_FLAG,
     .offset = AT(help),
     .help = "explain the command"},
    {0},
};

/* One parse under way. */
struct option_parse {
    const struct gen_option *options;
    const char *const *arguments;
    size_t index; /* of the argument being read */
    struct gen_options *out;
    struct gen_error *err;
};

/* Names of both tables in a row, for suggestions. */
static const char *option_name_at(const void *context, size_t index)
{
    const struct gen_option *options = context;

    for (const struct gen_option *row = options; row->type != GEN_OPTION_END; row++) {
        if (index == 0) {
            return row->name;
        }
        index--;
    }
    return index < GEN_COUNT(gen_option_global) ? gen_option_global[index].name : NULL;
}

static size_t option_count(const struct gen_option *options)
{
    size_t count = 0;

    while (options[count].type != GEN_OPTION_END) {
        count++;
    }
    return count;
}

static const struct gen_option *option_in(const struct gen_option *options, const char *name,
                                          size_t size)
{
    for (; options->type != GEN_OPTION_END; options++) {
        if (strlen(options->name) == size && memcmp(options->name, name, size) == 0) {
            return options;
        }
    }
    return NULL;
}

const struct gen_option *gen_option_named(const struct gen_option *options, const char *name,
                                          size_t size)
{
    const struct gen_option *found = option_in(options, name, size);

    return found != NULL ? found : option_in(gen_option_global, name, size);
}

static const struct gen_option *option_lettered(const struct gen_option *options, char letter)
{
    for (const struct gen_option *row = options; row->type != GEN_OPTION_END; row++) {
        if (row->letter == letter) {
            return row;
        }
    }
    for (const struct gen_option *row = gen_option_global; row->type != GEN_OPTION_END; row++) {
        if (row->letter == letter) {
            return row;
        }
    }
    return NULL;
}

static enum gen_status option_number(struct option_parse *parse, const struct gen_option *option,
                                     const char *value)
{
    int64_t number;

    if (!gen_number_integer(value, &number) || number < option->min || number > option->max) {
        return gen_error_set(parse->err, GEN_EINVAL,
                             "--%s takes a whole number from %" PRId64 " to %" PRId64
                             ", not \"%.40s\"",
                             option->name, option->min, option->max, value);
    }
    *(int64_t *)((char *)parse->out + option->offset) = number;
    return GEN_OK;
}

static enum gen_status option_choice(struct option_parse *parse, const struct gen_option *option,
                                     const char *value)
{
    const char *near;

    if (gen_choice_value(option->choices, value) >= 0) {
        *(const char **)((char *)parse->out + option->offset) = value;
        return GEN_OK;
    }
    near = gen_name_nearest(value, gen_choice_name, option->choices,
                            gen_choice_count(option->choices));
    return gen_error_set(parse->err, GEN_EINVAL, "--%s cannot be \"%.40s\"%s%s%s", option->name,
                         value, near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
                         near != NULL ? "\"?" : "");
}

/* `value` NULL: a flag. */
static enum gen_status option_take(struct option_parse *parse, const struct gen_option *option,
                                   const char *value)
{
    switch (option->type) {
    case GEN_OPTION_FLAG:
        *(bool *)((char *)parse->out + option->offset) = true;
        return GEN_OK;
    case GEN_OPTION_NUMBER:
        return option_number(parse, option, value);
    case GEN_OPTION_CHOICE:
        return option_choice(parse, option, value);
    default:
        if (value[0] == '\0') {
            return gen_error_set(parse->err, GEN_EINVAL, "--%s needs a %s that is not empty",
                                 option->name, option->value);
        }
        *(const char **)((char *)parse->out + option->offset) = value;
        return GEN_OK;
    }
}

/* The value of an option that stands in the next argument. */
static enum gen_status option_next(struct option_parse *parse, const struct gen_option *option,
                                   const char **value)
{
    bool word = option->type != GEN_OPTION_NUMBER && option->type != GEN_OPTION_CHOICE;
    const char *next = parse->arguments[parse->index + 1];

    /* No number and no choice begins like that: it is the next option. */
    *value = next != NULL && !word && strncmp(next, "--", 2) == 0 ? NULL : next;
    if (*value == NULL) {
        return gen_error_set(parse->err, GEN_EINVAL, "--%s needs a value: --%s %s", option->name,
                             option->name, option->value);
    }
    parse->index++;
    return GEN_OK;
}

/* Could an option be called so? */
static bool option_named(char first)
{
    return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
}

static enum gen_status option_long(struct option_parse *parse)
{
    const char *text = parse->arguments[parse->index] + 2;
    size_t size = strcspn(text, "=");
    const struct gen_option *option = gen_option_named(parse->options, text, size);
    const char *value = text[size] == '=' ? text + size + 1 : NULL;
    enum gen_status status = GEN_OK;
    char name[GEN_NAME_LONGEST + 1];
    const char *near;

    if (option == NULL) {
        if (!option_named(text[0])) {
            return gen_error_set(parse->err, GEN_EINVAL,
                                 "there is no option --%.*s; what begins with a dash and is none "
                                 "stands after --: -- \"--%s\"",
                                 (int)size, text, text);
        }
        size = size < sizeof(name) ? size : sizeof(name) - 1;
        memcpy(name, text, size);
        name[size] = '\0';
        near = gen_name_nearest(name, option_name_at, parse->options,
                                option_count(parse->options) + GEN_COUNT(gen_option_global));
        return gen_error_set(parse->err, GEN_EINVAL, "there is no option --%s%s%s%s", name,
                             near != NULL ? "; did you mean --" : "", near != NULL ? near : "",
                             near != NULL ? "?" : "");
    }
    if (option->type == GEN_OPTION_FLAG && value != NULL) {
        return gen_error_set(parse->err, GEN_EINVAL, "--%s takes no value", option->name);
    }
    if (option->type != GEN_OPTION_FLAG && value == NULL) {
        status = option_next(parse, option, &value);
    }
    return status == GEN_OK ? option_take(parse, option, value) : status;
}

/* The first mistake stays. */
static void option_keep(enum gen_status *status, enum gen_status now)
{
    *status = *status == GEN_OK ? now : *status;
}

static enum gen_status option_letters(struct option_parse *parse)
{
    const char *text = parse->arguments[parse->index] + 1;
    enum gen_status status = GEN_OK;
    const char *value = NULL;

    while (*text != '\0') {
        const struct gen_option *option = option_lettered(parse->options, *text);

        if (option == NULL) { /* the letters behind it count all the same */
            status = gen_error_set(parse->err, GEN_EINVAL, "there is no option -%c", *text);
            parse->err = NULL;
            text++;
            continue;
        }
        text++;
        if (option->type == GEN_OPTION_FLAG) {
            (void)option_take(parse, option, NULL); /* that cannot fail */
            continue;
        }
        if (*text != '\0') {
            value = text;
        } else {
            option_keep(&status, option_next(parse, option, &value));
        }
        if (value != NULL) {
            option_keep(&status, option_take(parse, option, value));
        }
        break;
    }
    return status;
}

/* "-" alone is a name for standard input, and -1 or -(a) begin an expression. */
static bool option_begins(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0' && strchr("0123456789.(", argument[1]) == NULL;
}

enum gen_status gen_option_parse(const struct gen_option *options, enum gen_option_rest rest,
                                 const char *const *arguments, struct gen_arena *arena,
                                 struct gen_options *out, struct gen_error *err)
{
    struct option_parse parse = {options, arguments, 0, out, err};
    enum gen_status status = GEN_OK;
    bool ended = false;
    size_t count = 0;

    while (arguments[count] != NULL) {
        count++;
    }
    out->operands = gen_arena_array(arena, count + 1, sizeof(*out->operands));
    out->rest = gen_arena_array(arena, count + 1, sizeof(*out->rest));
    if (out->operands == NULL || out->rest == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the command line");
    }
    for (; arguments[parse.index] != NULL; parse.index++) {
        const char *argument = arguments[parse.index];

        if (status != GEN_OK) {
            parse.err = NULL; /* the first mistake is the one that is told */
        }
        if (ended && rest == GEN_OPTION_REST_APART) {
            out->rest[out->rest_count++] = argument;
        } else if (ended || !option_begins(argument)) {
            out->operands[out->operand_count++] = argument;
        } else if (strcmp(argument, "--") == 0) {
            ended = true;
        } else if (argument[1] == '-') {
            option_keep(&status, option_long(&parse));
        } else {
            option_keep(&status, option_letters(&parse));
        }
    }
    return status;
}
