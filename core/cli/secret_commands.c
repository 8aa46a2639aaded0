/* secret_commands.c - see secret_commands.h. */
#include "cli/secret_commands.h"

#include "cli/columns.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SECRET_MOST = 64 * 1024, SECRETS_TEXT_MOST = 16 * 1024 * 1024 };

/* ------------------------------------------------------------------------------- reading a secret -- */

static enum gen_status secret_fill(int fd, char *out, bool line, size_t *size,
                                   struct gen_error *err)
{
    *size = 0;
    while (*size <= SECRET_MOST) {
        ssize_t got = read(fd, out + *size, SECRET_MOST + 1 - *size);

        if (got < 0) {
            return errno == EINTR
                       ? gen_error_set(err, GEN_ECANCELED, "interrupted; nothing was changed")
                       : gen_error_set(err, GEN_EINVAL, "it cannot be read: %s", strerror(errno));
        }
        *size += (size_t)got;
        if (got == 0 || (line && memchr(out, '\n', *size) != NULL)) {
            break;
        }
    }
    while (*size > 0 && (out[*size - 1] == '\n' || out[*size - 1] == '\r')) {
        --*size;
    }
    if (*size == 0) {
        return gen_error_set(err, GEN_EINVAL, "nothing was given");
    }
    return *size <= SECRET_MOST
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "a secret has at most %d bytes", (int)SECRET_MOST);
}

/* Asked for at the terminal, which does not show it. */
static enum gen_status secret_prompt(struct gen_session *session, const char *question, char *out,
                                     size_t *size, struct gen_error *err)
{
    struct termios before, hidden;
    enum gen_status status;

    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return gen_error_set(err, GEN_EIO, "the terminal cannot be told to hide what is typed");
    }
    hidden = before;
    hidden.c_lflag &= (tcflag_t)~ECHO;
    hidden.c_lflag &= (tcflag_t)~ISIG; /* Ctrl-C is then a character, which no secret has */
    (void)fprintf(session->errors, "%s: ", question);
    (void)fflush(session->errors);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    status = secret_fill(STDIN_FILENO, out, true, size, err);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    (void)fputs("\n", session->errors);
    if (status == GEN_OK && memchr(out, 3, *size) != NULL) {
        status = gen_error_set(err, GEN_ECANCELED, "interrupted; nothing was changed");
    }
    return status;
}

static enum gen_status secret_read(struct gen_session *session, const char *question, char *out,
                                   size_t *size, struct gen_error *err)
{
    const char *path = session->options.file;
    enum gen_status status;
    int fd;

    if (path == NULL && isatty(STDIN_FILENO) == 1) {
        return secret_prompt(session, question, out, size, err);
    }
    if (path == NULL || strcmp(path, "-") == 0) {
        return secret_fill(STDIN_FILENO, out, false, size, err);
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return gen_error_set(err, GEN_EINVAL, "%s cannot be read: %s", path, strerror(errno));
    }
    status = secret_fill(fd, out, false, size, err);
    (void)close(fd);
    return status;
}

/* ------------------------------------------------------------------------------------- the verbs -- */

/* The path of a secret's route, with its team and more for the query; NULL without memory. */
static const char *secret_path(struct gen_session *session, const char *verb, const char *more)
{
    const char *name = gen_session_escape(session, session->options.operands[0]);
    const char *team = session->options.team == NULL
                           ? NULL
                           : gen_session_escape(session, session->options.team);

    return gen_arena_printf(session->arena, "/v1/secrets/%s%s%s%s%s%s", name, verb,
                            team != NULL || more != NULL ? "?" : "", more != NULL ? more : "",
                            team != NULL && more != NULL ? "&team="
                            : team != NULL               ? "team="
                                                         : "",
                            team != NULL ? team : "");
}

static int secret_refuse(struct gen_session *session, const char *message)
{
    struct gen_error err = {0};

    gen_error_set(&err, GEN_EINVAL, "%s", message);
    return gen_session_fail(session, &err);
}

/* Is what was typed fit to go on with? Else it has been told why not. */
static bool secret_arguments(struct gen_session *session, int *code)
{
    const struct gen_options *options = &session->options;

    if (options->operand_count == 0) {
        *code = secret_refuse(session, "name the secret, as in: gen secret rotate runway");
        return false;
    }
    if (options->operand_count > 1 || strchr(options->operands[0], '=') != NULL) {
        *code = secret_refuse(session,
                              "a secret is never given on the command line, where other users of "
                              "this machine can see it and your shell keeps it: leave it out to be "
                              "asked for it, or use --file or standard input. If what you typed "
                              "was the real one, change it at the provider");
        return false;
    }
    return true;
}

static int secret_put(struct gen_session *session, const char *account)
{
    char *text = gen_crypto_hide(SECRET_MOST + 2);
    struct gen_client_request request = {
        .method = "PUT", .content_type = "text/plain", .body = text};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status = text == NULL ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                          : gen_session_connect(session, &err);

    if (status == GEN_OK) {
        status = secret_read(
            session,
            gen_arena_printf(session->arena, "%s (not shown)", session->options.operands[0]), text,
            &request.body_size, &err);
    }
    if (status == GEN_OK) {
        request.path = secret_path(session, "", account);
        status = request.path == NULL
                     ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                     : gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    gen_crypto_unhide(text);
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(
            session, "%s is set, version %" PRId64 "; try it: %s %s%s%s",
            gen_session_clean(session, session->options.operands[0]),
            gen_node_integer(gen_node_get(answer.document, "version"), 1),
            gen_session_again(session, "gen secret test"),
            gen_session_clean(session, session->options.operands[0]),
            session->options.team != NULL ? " --team " : "",
            session->options.team != NULL ? gen_session_clean(session, session->options.team) : "");
    }
    return GEN_EXIT_OK;
}

int gen_secret_commands_set(struct gen_session *session)
{
    int code = GEN_EXIT_OK;

    return secret_arguments(session, &code)
               ? secret_put(session, session->options.other_account ? "account=other" : NULL)
               : code;
}

static int secret_rotate_master(struct gen_session *session)
{
    struct gen_client_request request = {.method = "POST", .path = "/v1/master-key/rotate"};
    char *text = gen_crypto_hide(SECRET_MOST + 2);
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *source;
    enum gen_status status = text == NULL
                                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                 : gen_session_get(session, &answer, &err, "/v1/master-key");

    source = gen_node_text(gen_node_get(answer.document, "source"), "");
    if (status == GEN_OK && strcmp(source, "passphrase") == 0) {
        status = secret_read(session, "new passphrase (not shown)", text, &request.body_size, &err);
        request.body = text;
        request.content_type = "text/plain";
    }
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    gen_crypto_unhide(text);
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(
            session, "the master key is now %s; %" PRId64 " secrets are under it. Back it up: %s",
            gen_session_clean(session,
                              gen_node_text(gen_node_get(answer.document, "masterKeyId"), "?")),
            gen_node_integer(gen_node_get(answer.document, "secrets"), 0),
            gen_session_clean(session, gen_node_text(gen_node_get(answer.document, "place"), "?")));
    }
    return GEN_EXIT_OK;
}

int gen_secret_commands_rotate(struct gen_session *session)
{
    int code = GEN_EXIT_OK;

    if (session->options.master) {
        return session->options.operand_count == 0
                   ? secret_rotate_master(session)
                   : secret_refuse(session, "--master is for all secrets: name none");
    }
    return secret_arguments(session, &code) ? secret_put(session, "account=same") : code;
}

int gen_secret_commands_remove(struct gen_session *session)
{
    struct gen_client_request request = {.method = "DELETE"};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    enum gen_status status = gen_session_connect(session, &err);

    if (status == GEN_OK) {
        request.path = secret_path(session, "", session->options.force ? "force=true" : NULL);
        status = request.path == NULL
                     ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                     : gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else {
        gen_session_say(session, "%s is removed",
                        gen_session_clean(session, session->options.operands[0]));
    }
    return GEN_EXIT_OK;
}

/* ------------------------------------------------------------------------------------ what is told -- */

static const char *secret_result(struct gen_session *session, const struct gen_node *test)
{
    if (gen_node_type_of(test) != GEN_NODE_MAP) {
        return "-";
    }
    return gen_node_truth(gen_node_get(test, "ok"), false)
               ? "works"
               : gen_arena_printf(session->arena, "failed: %s",
                                  gen_node_text(gen_node_get(test, "detail"), "?"));
}

static const char *secret_providers(struct gen_session *session, const struct gen_node *list)
{
    const char *text = "";

    for (const struct gen_node *item = gen_node_first(list); item != NULL && text != NULL;
         item = item->next) {
        text = gen_arena_printf(session->arena, "%s%s%s", text, text[0] != '\0' ? ", " : "",
                                gen_node_text(item, "?"));
    }
    return text != NULL && text[0] != '\0' ? text : "-";
}

static void secret_table(struct gen_session *session, const struct gen_node *secrets)
{
    static const char *const heads[] = {"SECRET", "TEAM", "PROVIDERS", ">VERSION",
                                        "SET",    "BY",   "LAST TEST", NULL};
    struct gen_columns columns;
    struct gen_bytes out;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(secrets); item != NULL; item = item->next) {
        const char *created = gen_node_text(gen_node_get(item, "createdAt"), "?");
        const char *cells[] = {
            gen_node_text(gen_node_get(item, "name"), "?"),
            gen_node_text(gen_node_get(item, "team"), "-"),
            secret_providers(session, gen_node_get(item, "providers")),
            gen_arena_printf(session->arena, "%" PRId64,
                             gen_node_integer(gen_node_get(item, "version"), 0)),
            gen_node_text(gen_node_get(item, "rotatedAt"), created),
            gen_node_text(gen_node_get(item, "rotatedBy"),
                          gen_node_text(gen_node_get(item, "createdBy"), "-")),
            secret_result(session, gen_node_get(item, "lastTest")),
        };

        gen_columns_add(&columns, cells);
    }
    gen_bytes_init(&out, SECRETS_TEXT_MOST);
    gen_columns_write(&columns, 0, &out);
    if (!gen_session_write(session, &out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
    gen_bytes_fini(&out);
}

int gen_secret_commands_list(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *secrets;

    if (gen_session_get(session, &answer, &err, "/v1/secrets") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    secrets = gen_node_get(answer.document, "secrets");
    if (gen_node_count(secrets) == 0) {
        gen_session_note(session, "no secrets are stored; gen secret set NAME stores one");
        return GEN_EXIT_OK;
    }
    secret_table(session, secrets);
    for (const struct gen_node *item = gen_node_first(secrets); item != NULL; item = item->next) {
        if (!gen_node_truth(gen_node_get(item, "readable"), true)) {
            gen_session_note(
                session, "%s",
                gen_session_clean(session, gen_node_text(gen_node_get(item, "trouble"), "?")));
        }
    }
    return GEN_EXIT_OK;
}

int gen_secret_commands_test(struct gen_session *session)
{
    struct gen_client_request request = {.method = "POST"};
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *list;
    enum gen_status status = gen_session_connect(session, &err);

    if (status == GEN_OK) {
        request.path = secret_path(session, "/test", NULL);
        status = request.path == NULL
                     ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                     : gen_client_send(session->client, &request, session->arena, &answer, &err);
    }
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    list = gen_node_get(answer.document, "providers");
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
    } else if (gen_node_count(list) == 0) {
        gen_session_note(session, "no loaded provider uses this secret");
    }
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const struct gen_node *ok = gen_node_get(item, "ok");

        gen_session_say(
            session, "%s: %s%s",
            gen_session_clean(session, gen_node_text(gen_node_get(item, "provider"), "?")),
            gen_node_type_of(ok) != GEN_NODE_BOOL ? "not tested: "
            : gen_node_truth(ok, false)           ? "works"
                                                  : "does not work: ",
            gen_node_truth(ok, false)
                ? ""
                : gen_session_clean(session, gen_node_text(gen_node_get(item, "detail"), "?")));
    }
    return gen_node_truth(gen_node_get(answer.document, "ok"), false) ? GEN_EXIT_OK
                                                                      : GEN_EXIT_FAILED;
}

void gen_secret_commands_examine(struct gen_findings *findings)
{
    struct gen_session *session = findings->session;
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const char *trouble;
    int64_t unreadable;

    if (gen_session_get(session, &answer, &err, "/v1/master-key") != GEN_OK) {
        return; /* an older gend, or somebody who may not know */
    }
    trouble = gen_node_text(gen_node_get(answer.document, "trouble"), NULL);
    unreadable = gen_node_integer(gen_node_get(answer.document, "unreadable"), 0);
    if (trouble != NULL || unreadable > 0) {
        gen_findings_add(findings, GEN_GRADE_FAIL, "secrets",
                         "put the right master key back and start gend again; or set the secrets "
                         "anew (gen secret rotate NAME)",
                         "%" PRId64 " stored secrets cannot be read: %s", unreadable,
                         trouble != NULL ? trouble : "they are under another master key");
    } else {
        gen_findings_add(findings, GEN_GRADE_OK, "secrets", NULL,
                         "%" PRId64 " stored, master key from %s",
                         gen_node_integer(gen_node_get(answer.document, "secrets"), 0),
                         gen_node_text(gen_node_get(answer.document, "place"), "?"));
    }
}
