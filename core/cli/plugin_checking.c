/* plugin_checking.c - see plugin_checking.h. */
#include "cli/plugin_checking.h"

#include "cli/whereabouts.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/process.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHECKING_ARGUMENTS = 8, CHECKING_MS = 120000 };

struct checking {
    struct gen_session *session;
    bool over;
    int exit_code;
    const char *output, *errors;
};

static void checking_ended(void *context, const struct gen_process_end *end)
{
    struct checking *checking = context;

    checking->over = true;
    checking->exit_code = end->exit_code;
    checking->output = gen_arena_strndup(checking->session->arena, end->output, end->output_size);
    checking->errors = gen_arena_strdup(checking->session->arena, end->errors);
}

/* Beside gen in a build tree, in libexec when installed. */
static const char *checking_program(struct gen_arena *arena)
{
    const char *own = gen_whereabouts_own_folder(arena);
    const char *folders[] = {
        own, own == NULL ? NULL : gen_arena_printf(arena, "%s/../libexec/genengine", own), NULL};

    return gen_files_find_program(folders, 0, "gen-trial", arena);
}

static enum gen_status checking_start(struct checking *checking, const char *const *arguments,
                                      struct gen_error *err)
{
    struct gen_process_spec spec = {.arguments = arguments,
                                    .timeout_ms = CHECKING_MS,
                                    .on_exit = checking_ended,
                                    .context = checking};
    struct gen_process *process = NULL;
    struct gen_loop *loop = NULL;
    enum gen_status status = gen_loop_create(&loop, err);

    if (status == GEN_OK) {
        status = gen_process_start(loop, &spec, &process, err);
    }
    while (status == GEN_OK && !checking->over) {
        gen_loop_turn(loop);
    }
    gen_loop_destroy(loop);
    return status;
}

struct checking_order { /* NULL = none of it */
    const char *file, *recordings, *settings;
    bool settings_only;
};

static enum gen_status checking_ask(struct gen_session *session, const struct checking_order *order,
                                    const struct gen_node **out, struct gen_error *err)
{
    const char *file = order->file;
    struct checking checking = {.session = session, .output = "", .errors = ""};
    const char *arguments[CHECKING_ARGUMENTS] = {checking_program(session->arena)};
    size_t count = 1;
    enum gen_status status;

    if (access(file, R_OK) != 0) {
        return gen_error_set(err, GEN_ENOTFOUND, "%s: there is no such file, or it is unreadable",
                             file);
    }
    if (arguments[0] == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "gen-trial is not installed beside gen; install genengine-dev");
    }
    if (order->recordings != NULL) {
        arguments[count++] = "--recordings";
        arguments[count++] = order->recordings;
    }
    if (order->settings != NULL) {
        arguments[count++] = "--settings";
        arguments[count++] = order->settings;
    }
    if (order->settings_only) {
        arguments[count++] = "--settings-only";
    }
    arguments[count++] = gen_arena_printf(session->arena, "%s%s", file[0] == '-' ? "./" : "", file);
    status = gen_arena_failed(session->arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                              : checking_start(&checking, arguments, err);
    if (status == GEN_OK && checking.exit_code != 0 && checking.exit_code != 1) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "it cannot be tried out: %.400s",
                             checking.errors == NULL ? "?" : checking.errors);
    }
    if (status == GEN_OK && checking.output != NULL) {
        status = gen_json_read(checking.output, strlen(checking.output), NULL, session->arena, out,
                               err);
    }
    return status;
}

enum gen_status gen_plugin_checking_try(struct gen_session *session, const char *file,
                                        const char *recordings, const char *settings,
                                        const struct gen_node **out, struct gen_error *err)
{
    return checking_ask(session, &(struct checking_order){file, recordings, settings, false}, out,
                        err);
}

enum gen_status gen_plugin_checking_settings(struct gen_session *session, const char *file,
                                             const char *settings, const struct gen_node **out,
                                             struct gen_error *err)
{
    return checking_ask(session, &(struct checking_order){file, NULL, settings, true}, out, err);
}

/* The folder `recordings` beside the plugin, where there is one. */
static const char *checking_recordings(struct gen_session *session, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *path = gen_arena_printf(session->arena, "%.*srecordings",
                                        slash == NULL ? 0 : (int)(slash - file + 1), file);
    struct stat facts;

    return path != NULL && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode) ? path : NULL;
}

static const char *checking_count(struct gen_session *session, int64_t count, const char *what)
{
    return gen_arena_printf(session->arena, ", %lld %s%s", (long long)count, what,
                            count == 1 ? "" : "s");
}

/* The last line. What could not be loaded has no name, and what was stopped no count of calls. */
static void checking_sum(struct gen_session *session, const struct gen_node *document, bool fits)
{
    const struct gen_node *plugin = gen_node_get(document, "plugin");
    const char *id = gen_node_text(gen_node_get(plugin, "id"), NULL);
    int64_t models = strtoll(gen_node_text(gen_node_get(plugin, "models"), "0"), NULL, 10);
    int64_t calls = gen_node_integer(gen_node_get(document, "calls"), 0);
    int64_t recordings = gen_node_integer(gen_node_get(document, "recordings"), 0);
    const char *file = gen_node_text(gen_node_get(document, "file"), "?");

    gen_session_say(session, "%s: %s%s%s%s%s%s%s%s", gen_session_clean(session, file),
                    fits ? "it fits" : "it does not fit", id == NULL ? "" : "; ",
                    id == NULL ? "" : gen_session_clean(session, id), id == NULL ? "" : " ",
                    gen_session_clean(session, gen_node_text(gen_node_get(plugin, "version"), "")),
                    id == NULL ? "" : checking_count(session, models, "model"),
                    calls == 0 ? "" : checking_count(session, calls, "call"),
                    recordings == 0 ? "" : checking_count(session, recordings, "recording"));
}

static void checking_tell(struct gen_session *session, const struct gen_node *document)
{
    const char *file = gen_session_clean(session,
                                         gen_node_text(gen_node_get(document, "file"), "?"));
    const struct gen_node *findings = gen_node_get(document, "findings");

    for (const struct gen_node *item = gen_node_first(findings); item != NULL; item = item->next) {
        gen_session_say(
            session, "%s: %s: %s", file,
            gen_session_clean(session, gen_node_text(gen_node_get(item, "where"), "")),
            gen_session_clean(session, gen_node_text(gen_node_get(item, "message"), "")));
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(document, "advice"));
         item != NULL; item = item->next) {
        gen_session_say(
            session, "%s: advice: %s: %s", file,
            gen_session_clean(session, gen_node_text(gen_node_get(item, "where"), "")),
            gen_session_clean(session, gen_node_text(gen_node_get(item, "message"), "")));
    }
    checking_sum(session, document, gen_node_first(findings) == NULL);
}

int gen_plugin_checking_run(struct gen_session *session)
{
    const struct gen_options *options = &session->options;
    const char *file = options->operands[0];
    const char *recordings = options->recordings != NULL ? options->recordings
                                                         : checking_recordings(session, file);
    const struct gen_node *document = NULL;
    struct gen_error err = {0};

    if (gen_plugin_checking_try(session, file, recordings, options->settings, &document, &err) !=
        GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (options->json) {
        gen_session_print_json(session, document);
    } else {
        checking_tell(session, document);
    }
    return gen_node_first(gen_node_get(document, "findings")) == NULL ? GEN_EXIT_OK
                                                                      : GEN_EXIT_FAILED;
}
