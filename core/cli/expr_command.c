/* expr_command.c - see expr_command.h. */
#include "cli/expr_command.h"

#include "base/json.h"
#include "cli/plain_value.h"
#include "cli/session.h"
#include "cli/typed_value.h"
#include "expr/expression.h"
#include "expr/show.h"
#include "expr/zone.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"
#include "platform/zone_files.h"

#include <string.h>

enum {
    BUDGET = 10000000,      /* steps of one evaluation: a second or two at most */
    LINE_MOST = 4 << 20,    /* bytes of one line of --jsonl */
    VARS_MOST = 16 << 20,   /* bytes of the file of variables */
    RESULT_MOST = 1000000,  /* values in one result */
    ARENA_MOST = 512 << 20, /* bytes that one evaluation may take */
};

/* One expression with its variables, in an arena of its own. */
struct evaluation {
    struct gen_arena *arena;
    const struct gen_zones *zones;
    struct gen_variable *variables;
    struct gen_value *values;
    uint32_t flags;
    bool syntax; /* the text itself could not be read */
    struct gen_expression *expression;
    struct gen_value result;
};

/* `names` is a map of variables; `typed` says in which form its values stand. A plain value that is wrong
 * has its place and its path in `err`. */
static enum gen_status bind_variables(struct evaluation *evaluation, const struct gen_node *names,
                                      bool typed, struct gen_error *err)
{
    size_t i = 0, count = gen_node_count(names);
    const struct gen_node *child;
    enum gen_status status = GEN_OK;

    evaluation->variables = gen_arena_array(evaluation->arena, count + 1,
                                            sizeof(*evaluation->variables));
    evaluation->values = gen_arena_array(evaluation->arena, count + 1, sizeof(*evaluation->values));
    if (evaluation->variables == NULL || evaluation->values == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (child = gen_node_first(names); child != NULL && status == GEN_OK; child = child->next) {
        evaluation->variables[i] = (struct gen_variable){child->key, &gen_type_dyn, NULL};
        status = typed
                     ? gen_typed_value_read(child, evaluation->arena, &evaluation->values[i], err)
                     : gen_plain_value_read(child, evaluation->arena, &evaluation->values[i], err);
        if (status != GEN_OK && typed) {
            gen_error_within(err, "%s", child->key);
        } else if (status != GEN_OK) {
            gen_plain_value_within(err, child->key);
        }
        i++;
    }
    return status;
}

/* Compiles and runs; GEN_EINVAL when it does not load (`err`), GEN_OK with a value or a fault. */
static enum gen_status evaluate(struct evaluation *evaluation, const char *text, size_t size,
                                struct gen_error *err)
{
    struct gen_run run = {evaluation->arena, evaluation->zones, BUDGET};
    enum gen_status status = gen_expression_compile(
        evaluation->variables, text, size, evaluation->flags, evaluation->arena,
        &evaluation->expression, &evaluation->syntax, err);

    if (status == GEN_OK) {
        evaluation->result = gen_expression_run(evaluation->expression, evaluation->values, &run);
    }
    return status;
}

/* {"value": ...} or {"error": "..."} */
static struct gen_node *answer_document(struct evaluation *evaluation, enum gen_status status,
                                        struct gen_error *err)
{
    struct gen_node *document = gen_node_map(evaluation->arena), *value = NULL;
    char text[GEN_ERROR_MESSAGE_SIZE + 64], said[GEN_ERROR_MESSAGE_SIZE + 128];
    size_t room = RESULT_MOST;

    if (status == GEN_OK && evaluation->result.kind != GEN_KIND_FAULT) {
        status = gen_typed_value_write(evaluation->result, evaluation->arena, &room, &value, err);
        if (status == GEN_OK) {
            gen_node_set(evaluation->arena, document, "value", value);
            return document;
        }
    }
    if (status == GEN_OK) {
        gen_expression_fault_text(evaluation->expression, evaluation->result, text, sizeof(text));
    } else {
        gen_error_text(err, text, sizeof(text));
    }
    snprintf(said, sizeof(said), "%s%s", evaluation->syntax ? "syntax: " : "", text);
    gen_node_set(evaluation->arena, document, "error", gen_node_string(evaluation->arena, said));
    return document;
}

/* ---- --jsonl ---- */

struct stream {
    struct gen_session *session;
    const struct gen_zones *zones;
    size_t line;
};

static enum gen_status evaluate_vector(struct evaluation *evaluation, const char *line, size_t size,
                                       struct gen_error *err)
{
    const struct gen_node *vector = NULL, *text;
    enum gen_status status = gen_json_read_as(line, size, NULL, GEN_JSON_NULS, evaluation->arena,
                                              &vector, err);

    if (status != GEN_OK) {
        return status;
    }
    text = gen_node_get(vector, "expr");
    if (gen_node_type_of(text) != GEN_NODE_STRING) {
        return gen_error_set(err, GEN_EINVAL, "the line has no text \"expr\"");
    }
    if (gen_node_truth(gen_node_get(vector, "disable_check"), false)) {
        evaluation->flags = GEN_CHECKER_UNCHECKED;
    }
    status = bind_variables(evaluation, gen_node_get(vector, "bindings"), true, err);
    return status == GEN_OK ? evaluate(evaluation, text->text, text->size, err) : status;
}

static enum gen_status answer_line(struct stream *stream, const char *line, size_t size,
                                   struct gen_error *err)
{
    struct evaluation evaluation = {.arena = gen_arena_create(ARENA_MOST), .zones = stream->zones};
    struct gen_error said = {0};
    enum gen_status status = GEN_OK;
    struct gen_bytes text;

    stream->line++;
    if (evaluation.arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_bytes_init(&text, SIZE_MAX);
    status = evaluate_vector(&evaluation, line, size, &said);
    gen_json_write(answer_document(&evaluation, status, &said), GEN_JSON_COMPACT, &text);
    gen_bytes_text(&text, "\n");
    status = gen_bytes_status(&text) != GEN_OK || !gen_session_write(stream->session, &text)
                 ? gen_error_set(err, GEN_EIO, "line %zu: its answer cannot be written",
                                 stream->line)
                 : GEN_OK;
    gen_bytes_fini(&text);
    gen_arena_destroy(evaluation.arena);
    return status;
}

/* Reads one line without its end; false at the end of the input. What does not fit is read and dropped:
 * `*whole` is false then. */
static bool read_line(struct gen_bytes *line, bool *whole)
{
    int byte = getc_unlocked(stdin);
    bool any = byte != EOF;

    gen_bytes_clear(line);
    *whole = true;
    for (; byte != EOF && byte != '\n'; byte = getc_unlocked(stdin)) {
        char one = (char)byte;

        *whole = *whole && gen_bytes_append(line, &one, 1) == GEN_OK;
    }
    return any;
}

static enum gen_status answer_long_line(struct stream *stream)
{
    struct gen_node *document = gen_node_map(stream->session->arena);

    stream->line++;
    gen_node_set(stream->session->arena, document, "error",
                 gen_node_string(stream->session->arena, "the line is longer than 4 MB"));
    gen_session_print_json(stream->session, document);
    return GEN_OK;
}

/* An answer for each line, at once: who asks may wait for it before the next question. */
static int run_stream(struct gen_session *session, const struct gen_zones *zones)
{
    struct stream stream = {.session = session, .zones = zones};
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;
    struct gen_bytes line;
    bool whole;

    gen_bytes_init(&line, LINE_MOST);
    while (status == GEN_OK && read_line(&line, &whole)) {
        status = whole ? answer_line(&stream, line.data != NULL ? line.data : "", line.size, &err)
                       : answer_long_line(&stream);
        if (status == GEN_OK && fflush(session->out) != 0) {
            status = gen_error_set(&err, GEN_EIO, "standard output cannot be written");
        }
    }
    gen_bytes_fini(&line);
    return status == GEN_OK ? GEN_EXIT_OK : gen_session_fail(session, &err);
}

/* ---- one expression ---- */

static enum gen_status read_vars(struct gen_session *session, const struct gen_node **out,
                                 struct gen_error *err)
{
    const char *path = session->options.vars;
    struct gen_bytes text;
    size_t length;
    enum gen_status status;

    if (path == NULL) {
        return GEN_OK;
    }
    gen_bytes_init(&text, VARS_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND) { /* the user's mistake, as with a brief; not "no such job" */
        status = gen_error_set(err, GEN_EINVAL, "there is no file %s", path);
    } else if (status == GEN_OK) {
        length = strlen(path);
        status = length > 5 && strcmp(path + length - 5, ".json") == 0
                     ? gen_json_read_as(text.data, text.size, path, GEN_JSON_NULS, session->arena,
                                        out, err)
                     : gen_yaml_read(text.data, text.size, path, session->arena, out, err);
    }
    gen_bytes_fini(&text);
    if (status == GEN_OK && gen_node_type_of(*out) != GEN_NODE_MAP) {
        status = gen_error_set(err, GEN_EINVAL, "the variables must be a map of names and values");
        gen_error_place(err, path, 1, 1, NULL);
    }
    return status;
}

/* Control characters in the spelling of the language, so that the text is whole and on one line;
 * --json has it exactly. NULL: no memory. */
static const char *without_controls(struct gen_arena *arena, const char *text, size_t size)
{
    struct gen_bytes out;
    const char *clean;

    gen_bytes_init(&out, SIZE_MAX);
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == '\n' || byte == '\r' || byte == '\t') {
            gen_bytes_text(&out, byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t");
        } else if (byte < ' ' || byte == 0x7f) {
            gen_bytes_printf(&out, "\\u%04x", (unsigned)byte);
        } else {
            gen_bytes_append(&out, text + i, 1);
        }
    }
    clean = gen_bytes_status(&out) == GEN_OK
                ? gen_arena_strndup(arena, out.data != NULL ? out.data : "", out.size)
                : NULL;
    gen_bytes_fini(&out);
    return clean;
}

static int say_value(struct gen_session *session, struct evaluation *evaluation)
{
    struct gen_run run = {evaluation->arena, evaluation->zones, BUDGET};
    struct gen_show show = {.run = &run, .optionals = true};
    const char *line = NULL;
    struct gen_value text;

    gen_show_value(&show, evaluation->result);
    text = gen_show_result(&show);
    if (text.kind == GEN_KIND_STRING) {
        line = without_controls(evaluation->arena, text.as.text, text.size);
    }
    if (line != NULL) {
        gen_session_say(session, "%s", gen_session_clean(session, line));
        return GEN_EXIT_OK;
    }
    gen_session_note(session, "the result is too large to be shown");
    return GEN_EXIT_FAILED;
}

static int run_one(struct gen_session *session, const struct gen_zones *zones)
{
    struct evaluation evaluation = {.arena = session->arena, .zones = zones};
    const char *text = session->options.operands[0];
    const struct gen_node *vars = NULL;
    struct gen_error err = {0};
    enum gen_status status = read_vars(session, &vars, &err);

    if (status == GEN_OK) {
        status = bind_variables(&evaluation, vars, false, &err);
        if (status == GEN_EINVAL) {
            gen_error_place(&err, session->options.vars, err.line, err.column, NULL);
        }
    }
    if (status == GEN_OK) {
        status = evaluate(&evaluation, text, strlen(text), &err);
    }
    if (status != GEN_OK) { /* a file that cannot be read is wrong input, too */
        (void)gen_session_fail(session, &err);
        return gen_exit_of_input(status);
    }
    if (evaluation.result.kind == GEN_KIND_FAULT) {
        uint32_t line, column;

        gen_error_set(&err, GEN_EINVAL, "%s", evaluation.result.as.fault->message);
        if (gen_expression_fault_place(evaluation.expression, evaluation.result, &line, &column)) {
            gen_error_place(&err, NULL, line, column, NULL);
        }
        gen_session_fail(session, &err);
        return GEN_EXIT_FAILED;
    }
    if (session->options.json) {
        gen_session_print_json(session, answer_document(&evaluation, GEN_OK, &err));
        return GEN_EXIT_OK;
    }
    return say_value(session, &evaluation);
}

int gen_expr_command_run(struct gen_session *session)
{
    bool jsonl = session->options.jsonl;
    struct gen_zone_files files = {0};
    struct gen_zones zones = {0};
    struct gen_error err = {0};
    int code;

    if (jsonl ? session->options.operand_count > 0 || session->options.vars != NULL
              : session->options.operand_count != 1) {
        gen_error_set(&err, GEN_EINVAL,
                      jsonl ? "--jsonl reads expressions and variables from standard input; give "
                              "it neither an expression nor --vars"
                            : "gen expr needs one expression, in quotes for the shell");
        return gen_session_fail(session, &err);
    }
    if (gen_zones_init(&zones, gen_zone_files_read, &files, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    code = jsonl ? run_stream(session, &zones) : run_one(session, &zones);
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
    return code;
}
