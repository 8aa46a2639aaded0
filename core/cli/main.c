/* main.c - gen, the command line: reads its arguments and runs the command. */
#include "cli/catalogue.h"
#include "cli/help_document.h"
#include "cli/manual.h"
#include "cli/session.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { JOBS_LIMIT = 20, HELP_MOST = 1024 * 1024 };

static int help_print(struct gen_session *session, const struct gen_command *command, FILE *out)
{
    struct gen_bytes text;
    bool written;

    if (session->options.json) {
        return gen_help_document_print(session, command);
    }
    gen_bytes_init(&text, HELP_MOST);
    if (command != NULL) {
        gen_manual_command(command, &text);
    } else {
        gen_manual_overview(session->commands, &text);
    }
    session->out = out;
    written = gen_session_write(session, &text);
    gen_bytes_fini(&text);
    return written ? GEN_EXIT_OK : GEN_EXIT_FAILED;
}

static int command_run(struct gen_session *session, const char *const *arguments)
{
    struct gen_error err = {0};
    enum gen_status status;

    session->commands = gen_catalogue;
    session->options.limit = JOBS_LIMIT;
    status = gen_command_parse(gen_catalogue, arguments, session->arena, &session->command,
                               &session->options, &err);
    if (status != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (!session->options.help &&
        gen_target_sandbox(&session->options, session->arena, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.help) {
        return help_print(session, session->command, stdout);
    }
    if (session->command == NULL && session->options.json) {
        (void)gen_error_set(&err, GEN_EINVAL, "gen needs a command; gen help --json lists them");
        return gen_session_fail(session, &err);
    }
    if (session->command == NULL) {
        (void)help_print(session, NULL, stderr);
        return GEN_EXIT_USAGE;
    }
    return session->command->run(session);
}

/* Where 0, 1 or 2 is closed (`>&-`), the next file opened would be taken for it. */
static void main_streams(void)
{
    int fd;

    do {
        fd = open("/dev/full", O_RDWR); /* writing there fails, as it does when it is closed */
    } while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0) {
        (void)close(fd);
    }
}

int main(int argc, char **argv)
{
    struct gen_session session;
    struct gen_error err = {0};
    int code;

    main_streams();
    if (gen_session_init(&session, &err) != GEN_OK) {
        (void)fprintf(stderr, "gen: %s\n", err.message);
        return GEN_EXIT_FAILED;
    }
    code = command_run(&session, (const char *const *)(argc > 0 ? argv + 1 : argv));
    if (fflush(stdout) != 0 && (code == GEN_EXIT_OK || code == GEN_EXIT_FAILED)) {
        (void)gen_error_set(&err, GEN_EIO, "standard output cannot be written");
        code = gen_session_fail(&session, &err);
    }
    gen_session_fini(&session);
    return code;
}
