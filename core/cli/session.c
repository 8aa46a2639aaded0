/* session.c - see session.h. */
#include "cli/session.h"

#include "base/json.h"
#include "cli/printable.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SESSION_PATIENCE_MS = 3000, /* for what may be asked again */
    SESSION_TEXT_MOST = 64 * 1024 * 1024,
};

/* Never with NO_COLOR (no-color.org) or on a dumb terminal. */
static bool session_colors(FILE *out)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return isatty(fileno(out)) == 1 && (refused == NULL || refused[0] == '\0') &&
           terminal != NULL && terminal[0] != '\0' && strcmp(terminal, "dumb") != 0;
}

enum gen_status gen_session_init(struct gen_session *session, struct gen_error *err)
{
    *session = (struct gen_session){.out = stdout, .errors = stderr};
    session->arena = gen_arena_create(0);
    if (session->arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    session->clock = gen_clock_real();
    session->random = gen_random_real();
    session->colors = session_colors(session->out);
    return gen_crypto_init(err);
}

void gen_session_fini(struct gen_session *session)
{
    if (session->client != NULL && gen_client_sandbox(session->client)) {
        gen_session_note(session, "SANDBOX: the providers are simulated; nothing was really made, "
                                  "bought or paid");
    }
    gen_client_destroy(session->client);
    gen_arena_destroy(session->arena);
    *session = (struct gen_session){0};
}

enum gen_status gen_session_connect(struct gen_session *session, struct gen_error *err)
{
    enum gen_status status;

    if (session->client != NULL) {
        return GEN_OK;
    }
    status = gen_target_find(&session->options, session->arena, &session->target, err);
    return status == GEN_OK ? gen_client_create(&session->target, &session->client, err) : status;
}

enum gen_status gen_session_get(struct gen_session *session, struct gen_client_answer *out,
                                struct gen_error *err, const char *path, ...)
{
    struct gen_client_request request = {.patience_ms = SESSION_PATIENCE_MS};
    enum gen_status status = gen_session_connect(session, err);
    va_list values;

    if (status != GEN_OK) {
        return status;
    }
    if (access(session->target.socket != NULL ? session->target.socket : "/", F_OK) != 0) {
        request.patience_ms = 0; /* no gend was ever here: nothing to wait for */
    }
    va_start(values, path);
    request.path = gen_arena_vprintf(session->arena, path, values);
    va_end(values);
    if (request.path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a request");
    }
    return gen_client_send(session->client, &request, session->arena, out, err);
}

void gen_session_say(struct gen_session *session, const char *format, ...)
{
    va_list values;

    if (session->options.json) {
        return;
    }
    va_start(values, format);
    (void)vfprintf(session->out, format, values);
    va_end(values);
    (void)fputc('\n', session->out);
}

static void session_line(struct gen_session *session, const char *line)
{
    (void)fflush(session->out);
    (void)fprintf(session->errors, "%s\n", line);
}

void gen_session_note(struct gen_session *session, const char *format, ...)
{
    struct gen_arena *arena = session->arena;
    struct gen_node *map;
    const char *text;
    va_list values;

    va_start(values, format);
    text = gen_arena_vprintf(arena, format, values);
    va_end(values);
    if (text != NULL && session->options.json) {
        map = gen_node_map(arena);
        gen_node_set(arena, map, "note", gen_node_string(arena, text));
        text = gen_json_text(arena, map, NULL);
    }
    if (text != NULL) {
        session_line(session, text);
    }
}

bool gen_session_write(struct gen_session *session, const struct gen_bytes *bytes)
{
    return gen_bytes_status(bytes) == GEN_OK && fwrite(bytes->data != NULL ? bytes->data : "", 1,
                                                       bytes->size, session->out) == bytes->size;
}

void gen_session_print_json(struct gen_session *session, const struct gen_node *node)
{
    struct gen_error err = {0};
    struct gen_bytes text;

    gen_bytes_init(&text, SESSION_TEXT_MOST);
    (void)gen_json_write(node, GEN_JSON_COMPACT, &text);
    (void)gen_bytes_text(&text, "\n");
    if (!gen_session_write(session, &text)) {
        (void)gen_error_set(&err, GEN_EIO, "the document cannot be printed");
        (void)gen_session_fail(session, &err);
    }
    (void)fflush(session->out); /* whoever follows sees each line at once */
    gen_bytes_fini(&text);
}

static struct gen_node *session_error_node(struct gen_arena *arena, const struct gen_error *err,
                                           const struct gen_node *more)
{
    struct gen_node *root = gen_node_map(arena);
    struct gen_node *error = gen_node_map(arena);

    gen_node_set(arena, error, "code", gen_node_string(arena, gen_status_word(err->status)));
    gen_node_set(arena, error, "message", gen_node_string(arena, err->message));
    if (err->file[0] != '\0') {
        gen_node_set(arena, error, "file", gen_node_string(arena, err->file));
    }
    if (err->line != 0) {
        gen_node_set(arena, error, "line", gen_node_int(arena, err->line));
        gen_node_set(arena, error, "column", gen_node_int(arena, err->column));
    }
    if (err->path[0] != '\0') {
        gen_node_set(arena, error, "path", gen_node_string(arena, err->path));
    }
    for (const struct gen_node *item = gen_node_first(more); item != NULL; item = item->next) {
        gen_node_set(arena, error, item->key, gen_node_copy(arena, item));
    }
    gen_node_set(arena, root, "error", error);
    return root;
}

int gen_session_fail(struct gen_session *session, const struct gen_error *err)
{
    return gen_session_fail_with(session, err, NULL);
}

int gen_session_fail_with(struct gen_session *session, const struct gen_error *err,
                          const struct gen_node *more)
{
    enum { LINE = GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 64 };
    struct gen_bytes text;
    char line[LINE];

    gen_bytes_init(&text, SESSION_TEXT_MOST);
    if (session->options.json) {
        (void)gen_json_write(session_error_node(session->arena, err, more), GEN_JSON_COMPACT,
                             &text);
    } else {
        (void)gen_bytes_text(&text, err->file[0] != '\0' ? "" : "gen: ");
        gen_printable_add(&text, gen_error_text(err, line, sizeof(line)));
    }
    if (session->options.json && gen_arena_failed(session->arena)) {
        session_line(session, "{\"error\":{\"code\":\"no_memory\",\"message\":\"out of memory\"}}");
    } else {
        session_line(session, gen_bytes_status(&text) == GEN_OK && text.data != NULL
                                  ? text.data
                                  : err->message);
    }
    gen_bytes_fini(&text);
    return gen_exit_of(err->status);
}

const char *gen_session_again(struct gen_session *session, const char *command)
{
    const char *text = gen_target_command(&session->options, command,
                                          GEN_TARGET_STATE | GEN_TARGET_SOCKET | GEN_TARGET_SERVER,
                                          session->arena);

    return text != NULL ? gen_session_clean(session, text) : command;
}

const char *gen_session_clean(struct gen_session *session, const char *text)
{
    struct gen_bytes out;
    const char *clean;

    gen_bytes_init(&out, SESSION_TEXT_MOST);
    gen_printable_add(&out, text);
    clean = gen_arena_strndup(session->arena, out.data != NULL ? out.data : "", out.size);
    gen_bytes_fini(&out);
    return clean != NULL ? clean : "";
}

const char *gen_session_escape(struct gen_session *session, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = gen_arena_alloc(session->arena, strlen(text) * 3 + 1);
    char *end = out;

    if (out == NULL) {
        return NULL;
    }
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if ((byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
            (byte >= 'a' && byte <= 'z') || strchr("-._~", byte) != NULL) {
            *end++ = (char)byte;
        } else {
            *end++ = '%';
            *end++ = digits[byte >> 4];
            *end++ = digits[byte & 15];
        }
    }
    *end = '\0';
    return out;
}
