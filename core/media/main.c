/* main.c - gen-media: the only program that opens media from outside, and the launcher in front of
 * every other program that does.
 *
 * One command a call; one line of JSON on standard output. It is stateless and knows no daemon.
 * Thread: one. Floor: media. Tests: tests/media/media_test.sh, tests/media/launch_test.sh
 */
#include "base/json.h"
#include "base/name.h"
#include "media/launch.h"
#include "media/media_commands.h"
#include "media/ward.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_LIMIT = 4,
    EXIT_FILES = 5,
};

static const char exit_help[] =
    "\nExit codes:\n"
    "  0 done   1 our own failure   2 wrong command line\n"
    "  3 the file is damaged, hostile, or of a kind that cannot be used\n"
    "  4 a limit was reached (too_large, limit, timeout, no_memory)\n"
    "  5 a file is missing, may not be used, or the disk failed or is full\n"
    "  run: the program's own, 128 + n when a shell reports signal n; 125 it could not be "
    "confined,\n"
    "  126 it cannot be executed, 127 there is no such program\n";

/* A status as exit code; those not listed are our own failures. */
static const struct {
    enum gen_status status;
    int code;
} exit_codes[] = {
    {GEN_EINVAL, EXIT_INPUT},    {GEN_EUNSUPPORTED, EXIT_INPUT}, {GEN_ECORRUPT, EXIT_INPUT},
    {GEN_ETOOLARGE, EXIT_LIMIT}, {GEN_ELIMIT, EXIT_LIMIT},       {GEN_ETIMEOUT, EXIT_LIMIT},
    {GEN_ENOMEM, EXIT_LIMIT},    {GEN_ENOTFOUND, EXIT_FILES},    {GEN_EDENIED, EXIT_FILES},
    {GEN_EIO, EXIT_FILES},       {GEN_ENOSPACE, EXIT_FILES},     {GEN_OK, 0},
};

static int print(struct gen_bytes *text)
{
    fwrite(text->data != NULL ? text->data : "", 1, text->size, stdout);
    return fflush(stdout) == 0 ? 0 : 1;
}

static int print_node(const struct gen_node *node)
{
    struct gen_bytes text;
    int code = 1;

    gen_bytes_init(&text, GEN_WARD_ANSWER_MAX);
    if (gen_json_write(node, GEN_JSON_COMPACT, &text) == GEN_OK &&
        gen_bytes_text(&text, "\n") == GEN_OK) {
        code = print(&text);
    }
    gen_bytes_fini(&text);
    return code;
}

/* {"error":{"code","message","file"}}; gives back the exit code. */
static int print_error(const struct gen_error *err, const char *file, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *body = gen_node_map(arena);
    size_t index = 0;

    gen_node_set(arena, body, "code", gen_node_string(arena, gen_status_word(err->status)));
    gen_node_set(arena, body, "message", gen_node_string(arena, err->message));
    if (file != NULL) {
        gen_node_set(arena, body, "file", gen_node_string(arena, file));
    }
    gen_node_set(arena, map, "error", body);
    (void)print_node(map);
    while (exit_codes[index].status != GEN_OK && exit_codes[index].status != err->status) {
        index++;
    }
    return exit_codes[index].status == GEN_OK ? EXIT_FAILURE : exit_codes[index].code;
}

struct command { /* a table of these ends with name NULL */
    const char *name, *operands, *help;
    const struct gen_record *options;
    size_t operand_min, operand_max;
    /* NULL = run, which becomes another program */
    gen_media_command *work;
};

static const struct command commands[] = {
    {"probe", "FILE", "say what a file is, by its content", &gen_media_options_probe, 1, 1,
     gen_media_command_probe},
    {"thumbnail", "FILE", "write one frame as JPEG", &gen_media_options_thumbnail, 1, 1,
     gen_media_command_thumbnail},
    {"sheet", "FILE", "write a contact sheet of a video as JPEG", &gen_media_options_sheet, 1, 1,
     gen_media_command_sheet},
    {"run", "-- PROGRAM ARGUMENTS...", "start a program on files from outside, confined",
     &gen_media_options_run, 1, SIZE_MAX, NULL},
    {"doctor", "", "say what confines programs on this machine", &gen_media_options_none, 0, 0,
     gen_media_command_doctor},
    {"version", "", "say which gen-media this is", &gen_media_options_none, 0, 0,
     gen_media_command_version},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};

static const char *command_name(const void *context, size_t index)
{
    return ((const struct command *)context)[index].name;
}

static int print_help(const struct command *command)
{
    struct gen_bytes text;
    const struct command *row;
    int code;

    gen_bytes_init(&text, GEN_WARD_ANSWER_MAX);
    if (command != NULL) {
        gen_bytes_printf(&text, "gen-media %s [options] %s\n%s\n\n", command->name,
                         command->operands, command->help);
        gen_media_options_help(command->options, &text);
    } else {
        gen_bytes_text(&text, "gen-media COMMAND [options] ...: looks into media that came from "
                              "outside, confined\n\n");
        for (row = commands; row->name != NULL; row++) {
            gen_bytes_printf(&text, "  %-10s %s\n", row->name, row->help);
        }
        gen_bytes_text(&text,
                       "\ngen-media COMMAND --help lists a command's options. Each prints "
                       "one line of JSON;\nan error is {\"error\":{\"code\",\"message\"}}.\n");
    }
    gen_bytes_text(&text, exit_help);
    code = print(&text);
    gen_bytes_fini(&text);
    return code;
}

__attribute__((noreturn)) static void run(const struct gen_media_options *options)
{
    struct gen_launch launch = {
        .limits = {.cpu_seconds = options->cpu_seconds,
                   .file_mb = options->file_mb,
                   .processes = options->processes},
        .memory_mb = options->memory_mb,
        .parent = (pid_t)options->parent,
        .read = options->read,
        .write = options->write,
        .unconfined_ok = options->unconfined_ok,
        .arguments = options->operands,
    };
    struct gen_error err = {.status = GEN_OK};
    int code = gen_launch_exec(&launch, &err);

    fprintf(stderr, "gen-media run: %s\n", err.message); /* standard output is the program's */
    _exit(code); /* confined already: what else runs at exit may not be allowed any more */
}

static int perform(const struct command *command, const struct gen_media_options *options,
                   struct gen_arena *arena)
{
    struct gen_error err = {.status = GEN_OK};
    struct gen_bytes out;
    int code;

    gen_bytes_init(&out, GEN_WARD_ANSWER_MAX + 1);
    if (command->work(options, arena, &out, &err) != GEN_OK) {
        code = print_error(&err, options->operand_count > 0 ? options->operands[0] : NULL, arena);
    } else {
        code = gen_bytes_text(&out, "\n") == GEN_OK ? print(&out) : EXIT_FAILURE;
    }
    gen_bytes_fini(&out);
    return code;
}

static const struct command *find_command(const char *name, struct gen_error *err)
{
    const struct command *command;
    const char *nearest = gen_name_nearest(name, command_name, commands, GEN_COUNT(commands) - 1);

    for (command = commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0) {
            return command;
        }
    }
    gen_error_set(err, GEN_EINVAL,
                  nearest != NULL ? "unknown command %s; did you mean %s?"
                                  : "unknown command %s; see gen-media --help",
                  name, nearest);
    return NULL;
}

static int dispatch(char **arguments, struct gen_arena *arena)
{
    struct gen_media_options options = {0};
    struct gen_error err = {.status = GEN_OK};
    const struct command *command = find_command(arguments[0], &err);
    enum gen_status status = GEN_EINVAL;
    bool runs = command != NULL && command->work == NULL;

    if (command != NULL) {
        status = gen_media_options_parse(command->options,
                                         runs ? GEN_MEDIA_OPTIONS_LEADING : GEN_MEDIA_OPTIONS_MIXED,
                                         arguments + 1, arena, &options, &err);
        if (status == GEN_OK && options.help) {
            return print_help(command);
        }
        if (status == GEN_OK && (options.operand_count < command->operand_min ||
                                 options.operand_count > command->operand_max)) {
            status = gen_error_set(&err, GEN_EINVAL, "usage: gen-media %s [options] %s",
                                   command->name, command->operands);
        }
    }
    if (status != GEN_OK && runs) {
        fprintf(stderr, "gen-media run: %s%s%s\n", err.path, err.path[0] != '\0' ? ": " : "",
                err.message);
        return GEN_LAUNCH_FAILED;
    }
    if (status != GEN_OK) {
        if (err.path[0] != '\0') { /* the record calls the option a key */
            char option[GEN_ERROR_PATH_SIZE];

            memcpy(option, err.path, sizeof(option));
            gen_error_within(&err, "--%s", option);
        }
        (void)print_error(&err, NULL, arena);
        return EXIT_USAGE;
    }
    if (runs) {
        run(&options);
    }
    return perform(command, &options, arena);
}

int main(int argc, char **argv)
{
    struct gen_arena *arena = gen_arena_create(GEN_WARD_ANSWER_MAX);
    int code;

    if (arena == NULL) {
        return EXIT_FAILURE;
    }
    if (argc < 2) {
        (void)print_help(NULL);
        code = EXIT_USAGE;
    } else if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        code = print_help(NULL);
    } else {
        code = dispatch(argv[1][0] == '-' && strcmp(argv[1], "--version") == 0
                            ? (char *[]){(char *)(uintptr_t) "version", NULL}
                            : argv + 1,
                        arena);
    }
    gen_arena_destroy(arena);
    return code;
}
