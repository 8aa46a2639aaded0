/* sandbox.c - see sandbox.h. */
#include "daemon/sandbox.h"

#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/process.h"

#include <stdlib.h>
#include <string.h>

enum { SANDBOX_FILE = 256 * 1024, SANDBOX_START_MS = 15000 };

#define SANDBOX_ACCOUNT "@service-account" /* the secret is a file that the simulator writes */
#define SANDBOX_ORIGIN "${origin}"

struct gen_sandbox {
    struct gen_arena *arena;
    const struct gen_log *log;
    struct gen_process *process; /* NULL once it has ended */
    struct gen_node *settings;   /* map: provider -> settings */
    const struct gen_node *description;
    const char *origin, *host, *account_path, *account, *shipped;
    struct gen_price_shelf shelf;
    bool stopping;
    const char *ended; /* what it said at its end; NULL = it runs */
};

static void sandbox_line(void *context, const char *line)
{
    struct gen_sandbox *sandbox = context;
    const char *url = strstr(line, "http://");

    if (url != NULL && sandbox->origin == NULL) {
        sandbox->origin = gen_arena_strdup(sandbox->arena, url);
        sandbox->host = sandbox->origin == NULL ? NULL : sandbox->origin + strlen("http://");
    }
}

static void sandbox_ended(void *context, const struct gen_process_end *end)
{
    struct gen_sandbox *sandbox = context;

    sandbox->process = NULL;
    sandbox->ended = gen_arena_strndup(sandbox->arena, end->errors, strcspn(end->errors, "\n"));
    if (!sandbox->stopping && sandbox->settings != NULL) {
        gen_log_line(sandbox->log, GEN_LEVEL_ERROR, "sandbox",
                     "the simulator has ended; start gend again", "reason", sandbox->ended, NULL);
    }
}

static enum gen_status sandbox_run(struct gen_sandbox *sandbox,
                                   const struct gen_sandbox_options *options, struct gen_error *err)
{
    const char *arguments[] = {
        options->program, "--state",           options->folder,       "--speed", "20",
        "--with-parent",  "--service-account", sandbox->account_path, NULL};
    const char *path = getenv("PATH");
    const char *environment[] = {
        gen_arena_printf(sandbox->arena, "PATH=%s", path == NULL ? "/usr/bin:/bin" : path), NULL};
    struct gen_process_spec spec = {.arguments = arguments,
                                    .environment = environment,
                                    .on_line = sandbox_line,
                                    .on_exit = sandbox_ended,
                                    .context = sandbox};
    enum gen_status status = gen_process_start(options->loop, &spec, &sandbox->process, err);

    while (status == GEN_OK && sandbox->origin == NULL && sandbox->ended == NULL) {
        gen_loop_turn(options->loop);
    }
    if (status == GEN_OK && sandbox->origin == NULL) {
        return gen_error_set(err, GEN_EIO, "the simulator of the sandbox did not start: %.300s",
                             sandbox->ended);
    }
    return status;
}

/* A copy of a value with ${origin} filled in. */
static struct gen_node *sandbox_fill(const struct gen_sandbox *sandbox, const struct gen_node *from)
{
    struct gen_arena *arena = sandbox->arena;
    const char *text = gen_node_text(from, "");
    struct gen_node *map;

    if (gen_node_type_of(from) == GEN_NODE_STRING &&
        strncmp(text, SANDBOX_ORIGIN, strlen(SANDBOX_ORIGIN)) == 0) {
        return gen_node_string(
            arena, gen_arena_printf(arena, "%s%s", sandbox->origin, text + strlen(SANDBOX_ORIGIN)));
    }
    if (gen_node_type_of(from) != GEN_NODE_MAP) {
        return gen_node_copy(arena, from);
    }
    map = gen_node_map(arena);
    for (const struct gen_node *item = gen_node_first(from); item != NULL; item = item->next) {
        gen_node_set(arena, map, item->key, sandbox_fill(sandbox, item));
    }
    return map;
}

static enum gen_status sandbox_settle(struct gen_sandbox *sandbox, struct gen_error *err)
{
    struct gen_node *settings = gen_node_map(sandbox->arena);

    for (const struct gen_node *item = gen_node_first(sandbox->description); item != NULL;
         item = item->next) {
        gen_node_set(sandbox->arena, settings, item->key,
                     sandbox_fill(sandbox, gen_node_get(item, "settings")));
    }
    if (gen_arena_failed(sandbox->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_log_line(sandbox->log, GEN_LEVEL_INFO, "sandbox", "the providers are simulated", "address",
                 sandbox->origin, NULL);
    sandbox->settings = settings;
    return GEN_OK;
}

static enum gen_status sandbox_file(struct gen_sandbox *sandbox, const char *path, const char **out,
                                    struct gen_error *err)
{
    struct gen_bytes bytes;
    enum gen_status status;

    gen_bytes_init(&bytes, SANDBOX_FILE);
    status = gen_files_read(path, &bytes, err);
    if (status == GEN_OK) {
        *out = gen_arena_strndup(sandbox->arena, bytes.data == NULL ? "" : bytes.data, bytes.size);
        status = *out == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
    }
    gen_bytes_fini(&bytes);
    return status;
}

static enum gen_status sandbox_describe(struct gen_sandbox *sandbox, const char *path,
                                        struct gen_error *err)
{
    const char *text = NULL;
    enum gen_status status = sandbox_file(sandbox, path, &text, err);

    return status == GEN_OK
               ? gen_json_read(text, strlen(text), path, sandbox->arena, &sandbox->description, err)
               : status;
}

enum gen_status gen_sandbox_start(const struct gen_sandbox_options *options,
                                  struct gen_sandbox **out, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_sandbox *sandbox = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof *sandbox);
    enum gen_status status;

    if (sandbox == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    sandbox->arena = arena;
    sandbox->log = options->log;
    sandbox->account_path = gen_arena_printf(arena, "%s/service-account.json", options->folder);
    sandbox->shipped = gen_arena_strndup(
        arena, options->description,
        strrchr(options->description, '/') == NULL
            ? 0
            : (size_t)(strrchr(options->description, '/') - options->description));
    status = gen_files_make_folder(options->folder, 0700, err);
    if (status == GEN_OK) {
        status = sandbox_describe(sandbox, options->description, err);
    }
    if (status == GEN_OK) {
        status = sandbox_run(sandbox, options, err);
    }
    if (status == GEN_OK) {
        status = sandbox_file(sandbox, sandbox->account_path, &sandbox->account, err);
    }
    if (status == GEN_OK) {
        status = sandbox_settle(sandbox, err);
    }
    *out = sandbox;
    return status;
}

void gen_sandbox_stop(struct gen_sandbox *sandbox)
{
    if (sandbox == NULL) {
        return;
    }
    sandbox->stopping = true;
    if (sandbox->process != NULL) {
        gen_process_kill(sandbox->process);
    }
}

void gen_sandbox_destroy(struct gen_sandbox *sandbox)
{
    if (sandbox != NULL) {
        gen_arena_destroy(sandbox->arena);
    }
}

const struct gen_node *gen_sandbox_settings(const struct gen_sandbox *sandbox)
{
    return sandbox->settings;
}

enum gen_status gen_sandbox_prices(struct gen_sandbox *sandbox, const char *policies,
                                   const struct gen_price_shelf **out, struct gen_error *err)
{
    const char *folders[] = {
        gen_arena_printf(sandbox->arena, "%s/prices/real", policies),
        gen_arena_printf(sandbox->arena, "%s/policies/prices/real", sandbox->shipped)};
    struct gen_policy_problems problems;
    enum gen_status status = GEN_OK;

    *out = NULL;
    for (size_t i = 0; i < GEN_COUNT(folders) && status == GEN_OK && *out == NULL; i++) {
        if (folders[i] == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        gen_policy_problems_init(&problems);
        status = gen_price_shelf_read(folders[i], sandbox->arena, &problems, &sandbox->shelf, err);
        gen_policy_problems_log(&problems, sandbox->log);
        gen_policy_problems_fini(&problems);
        if (status == GEN_OK && sandbox->shelf.count > 0) {
            *out = &sandbox->shelf;
            gen_log_line(sandbox->log, GEN_LEVEL_INFO, "sandbox",
                         "planning with the prices that the providers published", "folder",
                         folders[i], NULL);
        }
    }
    return status;
}

const char *gen_sandbox_host(const struct gen_sandbox *sandbox)
{
    return sandbox->host;
}

/* Does the policy file of a provider put the stored secret `name` behind this part? */
static bool sandbox_put(const struct gen_provider_policy *policy, const char *part,
                        const char *name)
{
    const struct gen_provider_credential *rows = policy == NULL ? NULL : policy->credentials.items;

    for (size_t i = 0; policy != NULL && i < policy->credentials.count; i++) {
        const char *role = rows[i].named.name;
        size_t extra = strlen(role) > strlen(part) ? strlen(role) - strlen(part) : 0;

        if (strcmp(rows[i].credential, name) == 0 && strcmp(role + extra, part) == 0 &&
            (extra == 0 || role[extra - 1] == '-')) {
            return true;
        }
    }
    return false;
}

static bool sandbox_usual(const char *provider, const char *part, const char *name)
{
    size_t size = strlen(provider);

    if (strncmp(name, provider, size) != 0) {
        return false;
    }
    return strcmp(part, "key") == 0 ? name[size] == '\0'
                                    : name[size] == '-' && strcmp(name + size + 1, part) == 0;
}

const char *gen_sandbox_named(const struct gen_sandbox *sandbox, const struct gen_policy_set *set,
                              const char *name)
{
    for (const struct gen_node *one = gen_node_first(sandbox->description); one != NULL;
         one = one->next) {
        const struct gen_provider_policy *policy = gen_policy_provider(set, one->key);
        const struct gen_node *secrets = gen_node_get(one, "secrets");

        for (const struct gen_node *part = gen_node_first(secrets); part != NULL;
             part = part->next) {
            if (sandbox_put(policy, part->key, name) || sandbox_usual(one->key, part->key, name)) {
                const char *text = gen_node_text(part, "");

                return strcmp(text, SANDBOX_ACCOUNT) == 0 ? sandbox->account : text;
            }
        }
    }
    return NULL;
}
