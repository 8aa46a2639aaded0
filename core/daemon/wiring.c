/* wiring.c - see wiring.h. */
#include "daemon/wiring.h"

#include "daemon/api_key.h"
#include "daemon/doorway.h"
#include "daemon/notify.h"
#include "daemon/paths.h"
#include "daemon/premises.h"
#include "daemon/safe.h"
#include "daemon/sandbox.h"
#include "daemon/vetting.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "engine/provider_terms.h"
#include "engine/rulebook.h"
#include "engine/signet.h"
#include "platform/files.h"
#include "service/api.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POLICY_QUIET_MS = 300 };

static const char organization[] = "local"; /* until there are several */

struct wiring { /* all zero = nothing is there yet */
    const struct gen_settings *settings;
    const char *const *environment;
    struct gen_arena *arena;
    struct gen_log log;
    const char *key, *executable;
    struct gen_premises premises;
    struct gen_paths paths;
    const struct gen_node *provider_settings; /* of gend.yaml, by provider; NULL = none */
    bool unusable;                            /* the policies have mistakes */
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_quarantine *quarantine;
    struct gen_loader *loader;
    struct gen_rulebook *rules;
    struct gen_http_client *http;
    struct gen_sandbox *sandbox; /* NULL = the real providers */
    struct gen_lockbox *lockbox;
    struct gen_signet signet;
    struct gen_subscriber_secrets signing;
    struct gen_keyring *keyring;
    struct gen_engine *engine;
    struct gen_outbox *outbox;
    struct gen_doorway doorway;
    struct gen_api *api;
    struct gen_signal *terminate, *interrupt, *hangup;
    int64_t began_ms;
};

static enum gen_status wiring_clear(struct wiring *w, struct gen_error *err)
{
    return gen_premises_clear(&w->premises, err);
}

static enum gen_status wiring_key(struct wiring *w, struct gen_error *err)
{
    return gen_api_key_read(w->premises.state, w->arena, &w->key, err);
}

/* -------------------------------------------------------------------------------- the floors -- */

static enum gen_status wiring_program(struct wiring *w, struct gen_error *err)
{
    return gen_paths_executable(w->arena, &w->executable, err);
}

static enum gen_status wiring_store(struct wiring *w, struct gen_error *err)
{
    struct gen_store_options options = {
        .path = gen_arena_printf(w->arena, "%s/genengine.db", w->premises.state),
        .loop = w->loop,
        .log = &w->log,
        .patient = true,
    };

    if (options.path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return gen_store_open(&options, &w->store, err);
}

/* A list of texts as the NULL-terminated array that lower floors take; NULL when there is no memory. */
static const char *const *wiring_list(struct wiring *w, const struct gen_texts *texts)
{
    const char **list = gen_arena_array(w->arena, texts->count + 1, sizeof *list);

    for (size_t i = 0; list != NULL && i < texts->count; i++) {
        list[i] = texts->items[i];
    }
    return list;
}

static struct gen_provider_terms wiring_terms(const struct wiring *w)
{
    return (struct gen_provider_terms){
        .set = gen_rulebook_set(w->rules),
        .settings = w->provider_settings,
        .simulated = w->sandbox == NULL ? NULL : gen_sandbox_settings(w->sandbox),
        .simulator = w->sandbox == NULL ? NULL : gen_sandbox_host(w->sandbox),
    };
}

/* What the last gend died in. */
static enum gen_status wiring_quarantine(struct wiring *w, struct gen_error *err)
{
    const char *path = gen_arena_printf(w->arena, "%s/plugins.calls", w->premises.state);

    return path == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                        : gen_quarantine_open(path, &w->log, &w->quarantine, err);
}

static enum gen_status wiring_loader(struct wiring *w, struct gen_error *err)
{
    struct gen_provider_terms terms = wiring_terms(w);
    struct gen_probation probation = {.loop = w->loop, .version = GEN_VERSION};
    struct gen_loader_options options = {
        .probation = &probation,
        .ask = gen_provider_terms_ask,
        .aliases = gen_provider_terms_aliases,
        .context = &terms,
        .log = &w->log,
        .version = GEN_VERSION,
    };
    enum gen_status status = gen_paths_find(w->executable, w->settings->own_plugins,
                                            wiring_list(w, &w->settings->plugins), w->arena,
                                            &w->paths, err);

    if (status == GEN_OK) {
        probation.program = w->paths.trial;
        probation.memory = gen_arena_printf(w->arena, "%s/plugins.tried", w->premises.state);
        status = wiring_quarantine(w, err);
    }
    if (status == GEN_OK) {
        options.quarantine = w->quarantine;
        options.plugin_folders = w->paths.plugin_folders;
        options.replace = wiring_list(w, &w->settings->replace);
        options.program_folders = w->paths.program_folders;
        status = gen_loader_create(&options, &w->loader, err);
    }
    return status;
}

/* Without policies that are right from end to end nothing is decided: with a folder that is broken gend goes
 * on with the set that was in force when it stopped, or, never having had one, does not start. */
static enum gen_status wiring_rules(struct wiring *w, struct gen_error *err)
{
    struct gen_rulebook_options options = {
        .loop = w->loop,
        .clock = gen_clock_real(),
        .random = gen_random_real(),
        .log = &w->log,
        .store = w->store,
        .organization = organization,
        .folder = w->settings->policies,
        .standby = gen_arena_printf(w->arena, "%s/policies.kept", w->premises.state),
        .watch_ms = POLICY_QUIET_MS,
    };
    enum gen_status status = GEN_OK;

    if (options.folder == NULL) {
        status = gen_paths_policies(w->executable, w->environment, w->arena, &options.folder, err);
    }
    if (status == GEN_OK && w->sandbox != NULL) {
        status = gen_sandbox_prices(w->sandbox, options.folder, &options.shelf, err);
    }
    if (status == GEN_OK) {
        status = gen_rulebook_create(&options, &w->rules, err);
        w->unusable = status == GEN_EINVAL;
        if (w->unusable) {
            gen_log_line(&w->log, GEN_LEVEL_ERROR, "gend",
                         "the policies have mistakes, and no earlier ones were in force here: mend "
                         "them (gen policy check lists all), then start gend again",
                         "folder", options.folder, NULL);
        }
    }
    return status;
}

/* The secret of this name in a sandbox: that of the simulated provider whose policy file, or whose id,
 * names it so. The user's own are never looked at. */
static enum gen_status wiring_test_key(void *context, const char *name, char *out, size_t room,
                                       size_t *size, struct gen_error *err)
{
    const struct wiring *w = context;
    const char *secret = gen_sandbox_named(w->sandbox, gen_rulebook_set(w->rules), name);

    if (secret == NULL) {
        return gen_error_set(err, GEN_EDENIED, "there is no such key in a sandbox");
    }
    *size = strlen(secret);
    if (*size > room) {
        return gen_error_set(err, GEN_EINVAL, "the key is too long");
    }
    memcpy(out, secret, *size);
    return GEN_OK;
}

static enum gen_status wiring_sandbox(struct wiring *w, struct gen_error *err)
{
    struct gen_sandbox_options options = {
        .loop = w->loop,
        .log = &w->log,
        .folder = gen_arena_printf(w->arena, "%s/simulator", w->premises.state),
    };
    enum gen_status status = options.folder == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                 : gen_premises_apart(&w->premises, w->settings->sandbox,
                                                      options.folder, w->arena, err);

    if (status != GEN_OK || !w->settings->sandbox) {
        return status;
    }
    status = gen_paths_simulator(w->executable, w->arena, &options.program, &options.description,
                                 err);
    return status == GEN_OK ? gen_sandbox_start(&options, &w->sandbox, err) : status;
}

/* What requests to providers stand on: the way out, and what they are signed with. */
static enum gen_status wiring_outside(struct wiring *w, struct gen_error *err)
{
    struct gen_keyring_source test_keys = {wiring_test_key, w};
    struct gen_safe_options options = {.settings = w->settings,
                                       .environment = w->environment,
                                       .state = w->premises.state,
                                       .store = w->store,
                                       .log = &w->log,
                                       .first = w->sandbox == NULL ? NULL : &test_keys};
    enum gen_status status = gen_safe_open(&options, &w->lockbox, &w->keyring, err);

    if (status == GEN_OK) {
        status = gen_http_client_create(w->loop, &w->http, err);
    }
    if (status == GEN_OK && w->settings->proxy != NULL) {
        status = gen_http_client_proxy(w->http, w->settings->proxy, err);
    }
    return status;
}

static void on_secret_gone(void *context, const char *label)
{
    gen_engine_forget_secret(((struct wiring *)context)->engine, label);
}

static enum gen_status wiring_engine(struct wiring *w, struct gen_error *err)
{
    struct gen_engine_options options = {
        .rules = w->rules,
        .recover_ms = w->settings->recover_s * 1000,
        .asset_ms = w->settings->uploads_h * 3600000,
        .loop = w->loop,
        .store = w->store,
        .loader = w->loader,
        .http = w->http,
        .keyring = w->keyring,
        .clock = gen_clock_real(),
        .random = gen_random_real(),
        .log = &w->log,
        .media = w->paths.media,
        .blobs = w->premises.blobs,
        .scratch = w->premises.scratch,
        .most_programs = (int32_t)w->settings->programs,
        .job_budget = w->settings->job_budget,
        .least_free = w->settings->least_free_mb * 1024 * 1024,
        .prices = gen_settings_of_providers(w->settings, "prices", w->arena),
        .allow_private = w->settings->allow_private,
        .health_ms = w->settings->health_s * 1000,
        .sandbox = w->sandbox != NULL,
    };
    enum gen_status status = gen_engine_create(&options, &w->engine, err);

    return status == GEN_OK ? gen_engine_resume(w->engine, err) : status;
}

static void on_outbox_events(void *context, int64_t last_event)
{
    struct wiring *w = context;

    if (w->api != NULL) {
        gen_api_tell(w->api, last_event);
    }
}

/* In a sandbox nobody is billed: what was simulated is no usage. */
static enum gen_status wiring_outbox(struct wiring *w, struct gen_error *err)
{
    struct gen_outbox_options options = {
        .messenger = {.loop = w->loop,
                      .http = w->http,
                      .store = w->store,
                      .keyring = w->keyring,
                      .clock = gen_clock_real(),
                      .log = &w->log,
                      .secrets = &w->signing,
                      .scratch = w->premises.scratch},
        .random = gen_random_real(),
        .organization = organization,
        .on_events = on_outbox_events,
        .context = w,
    };
    struct gen_tell_settings settings = {&w->settings->alerts, &w->settings->stripe,
                                         &w->settings->mail, &w->settings->webhooks,
                                         w->settings->allow_private};
    enum gen_status status = gen_tell_settings_apply(&settings, w->arena, &options, err);

    w->signet = (struct gen_signet){w->lockbox, gen_random_real()};
    w->signing = (struct gen_subscriber_secrets){gen_signet_keep, gen_signet_open, &w->signet};
    if (w->sandbox != NULL) {
        options.messenger.meter = NULL;
    }
    return status == GEN_OK ? gen_outbox_create(&options, &w->outbox, err) : status;
}

static enum gen_status wiring_api(struct wiring *w, struct gen_error *err)
{
    struct gen_api_options options = {
        .loop = w->loop,
        .engine = w->engine,
        .store = w->store,
        .loader = w->loader,
        .rules = w->rules,
        .lockbox = w->lockbox,
        .signet = &w->signet,
        .outbox = w->outbox,
        .clock = gen_clock_real(),
        .random = gen_random_real(),
        .log = &w->log,
        .blobs = w->premises.blobs,
        .version = GEN_VERSION,
        .sandbox = w->sandbox != NULL,
    };
    struct gen_http_listen listen = {
        .unix_socket = w->settings->socket,
        .address = w->settings->address,
        .port = w->settings->port,
        .upload_folder = w->premises.uploads,
    };
    const char *slash = strrchr(w->settings->socket, '/');
    const char *folder = slash == NULL ? "."
                                       : gen_arena_strndup(w->arena, w->settings->socket,
                                                           (size_t)(slash - w->settings->socket));
    enum gen_status status;

    if (folder == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_doorway_open(&(struct gen_doorway_options){w->settings, w->key, w->store, w->http,
                                                            gen_clock_real(), gen_random_real(),
                                                            &w->log, w->arena},
                              &w->doorway, err);
    options.access = w->doorway.access;
    if (status == GEN_OK) {
        status = gen_api_create(&options, &w->api, err);
    }
    if (status == GEN_OK && folder[0] != '\0') {
        status = gen_files_make_folder(folder, 0700, err);
    }
    if (status == GEN_OK) {
        status = gen_api_listen(w->api, &listen, err);
    }
    if (status == GEN_EBUSY && w->settings->listen == NULL && listen.address != NULL) {
        /* Nobody asked for the port, so that somebody else has it is no reason not to work. */
        listen.address = NULL;
        gen_log_error(&w->log, GEN_LEVEL_WARN, "gend", err);
        gen_log_line(&w->log, GEN_LEVEL_WARN, "gend",
                     "going on with the Unix socket only; choose another port with --listen", NULL);
        status = gen_api_listen(w->api, &listen, err);
    }
    return status;
}

/* ----------------------------------------------------------------------------------- signals -- */

static void on_stop(void *context)
{
    struct wiring *w = context;

    gen_log_line(&w->log, GEN_LEVEL_INFO, "gend", "stopping as asked", NULL);
    gen_notify(w->environment, "STOPPING=1");
    gen_loop_stop(w->loop);
}

static void on_hangup(void *context)
{
    struct wiring *w = context;

    gen_log_line(&w->log, GEN_LEVEL_INFO, "gend",
                 "policies and credentials are read again; restart to read gend.yaml", NULL);
    gen_engine_forget_secrets(w->engine);
    if (gen_rulebook_reload(w->rules, GEN_RELOAD_SIGNAL, NULL, NULL, NULL) != GEN_OK) {
        gen_log_line(&w->log, GEN_LEVEL_ERROR, "gend", "no memory to load the policies", NULL);
    }
}

static void on_rules(void *context)
{
    struct wiring *w = context;
    struct gen_provider_terms terms = wiring_terms(w);

    (void)gen_loader_configure(w->loader,
                               &(struct gen_loader_options){.ask = gen_provider_terms_ask,
                                                            .aliases = gen_provider_terms_aliases,
                                                            .context = &terms});
    gen_engine_steer(w->engine);
}

/* What only the plugins know. */
static void on_judge(void *context, const struct gen_policy_set *set,
                     struct gen_policy_problems *problems)
{
    struct wiring *w = context;
    struct gen_provider_terms terms = wiring_terms(w);
    struct gen_rulebook_facts facts;

    terms.set = set;
    gen_rulebook_facts(w->rules, &facts);
    gen_vetting_judge(w->loader, &terms, facts.folder, problems);
}

static void on_rules_events(void *context, int64_t last_event)
{
    struct wiring *w = context;

    if (w->api != NULL) {
        gen_api_tell(w->api, last_event);
    }
}

static enum gen_status wiring_signals(struct wiring *w, struct gen_error *err)
{
    enum gen_status status = gen_signal_open(w->loop, SIGTERM, on_stop, w, &w->terminate, err);

    if (status == GEN_OK) {
        status = gen_signal_open(w->loop, SIGINT, on_stop, w, &w->interrupt, err);
    }
    return status == GEN_OK ? gen_signal_open(w->loop, SIGHUP, on_hangup, w, &w->hangup, err)
                            : status;
}

/* ------------------------------------------------------------------------ ready, and the end -- */

static void on_started(void *context, enum gen_status status, const struct gen_error *err,
                       int64_t last_event)
{
    struct wiring *w = context;

    if (status != GEN_OK) {
        gen_log_error(&w->log, GEN_LEVEL_WARN, "gend", err);
    } else if (w->api != NULL) {
        gen_api_tell(w->api, last_event);
    }
}

/* The log of events knows when a daemon came up. Without it things go on. */
static void wiring_tell_log(struct wiring *w)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *change = changes == NULL ? NULL : gen_changes_add(changes, GEN_CHANGE_EVENT);
    gen_moment now = gen_clock_now(gen_clock_real());
    struct gen_error err = {0};

    if (change != NULL) {
        change->as.event.kind = GEN_EVENT_DAEMON_STARTED;
        change->as.event.organization = organization;
        change->as.event.at = now;
        change->as.event.data = gen_arena_printf(changes->arena, "{\"version\":\"%s\"}",
                                                 GEN_VERSION);
        gen_random_ident(gen_random_real(), GEN_IDENT_EVENT, now, &change->as.event.id);
        if (gen_store_commit(w->store, &changes, on_started, w, &err) != GEN_OK) {
            gen_log_error(&w->log, GEN_LEVEL_WARN, "gend", &err);
        }
    }
    gen_changes_destroy(changes);
}

static void wiring_ready(struct wiring *w)
{
    const char *address = gen_api_address(w->api);
    char took[32];

    (void)snprintf(took, sizeof took, "%lld",
                   (long long)(gen_clock_monotonic(gen_clock_real()) - w->began_ms));
    gen_log_line(&w->log, GEN_LEVEL_INFO, "gend", "ready", "version", GEN_VERSION, "socket",
                 w->settings->socket, "address", address, "state", w->premises.state, "ms", took,
                 NULL);
    gen_notify(w->environment, "READY=1");
    (void)malloc_trim(0); /* what starting up needed is not needed again */
}

/* What is on its way to the disk gets there, and is answered, while everybody is still there. */
static void wiring_drain(struct wiring *w)
{
    gen_loop_poll(w->loop);
    while (gen_store_waiting(w->store) > 0) {
        gen_loop_turn(w->loop);
    }
    gen_loop_poll(w->loop);
}

static enum gen_status wiring_open(struct wiring *w, struct gen_error *err)
{
    static enum gen_status (*const steps[])(struct wiring *, struct gen_error *) = {
        wiring_clear, wiring_key,   wiring_program, wiring_sandbox,
        wiring_store, wiring_rules, wiring_loader,
    };
    enum gen_status status = GEN_OK;

    w->provider_settings = gen_settings_of_providers(w->settings, "settings", w->arena);
    for (size_t i = 0; i < GEN_COUNT(steps) && status == GEN_OK; i++) {
        status = steps[i](w, err);
    }
    if (status == GEN_OK) {
        status = wiring_outside(w, err);
    }
    if (status == GEN_OK) {
        status = wiring_engine(w, err);
    }
    if (status == GEN_OK) {
        status = wiring_outbox(w, err);
    }
    if (status == GEN_OK) {
        status = wiring_api(w, err);
    }
    if (status == GEN_OK) {
        gen_rulebook_listen(
            w->rules, &(struct gen_rulebook_listener){on_rules, on_judge, on_rules_events, w});
        gen_lockbox_listen(w->lockbox,
                           &(struct gen_lockbox_listener){on_secret_gone, on_rules_events, w});
        status = wiring_signals(w, err);
    }
    return status;
}

static void wiring_close(struct wiring *w)
{
    gen_api_destroy(w->api);
    w->api = NULL;
    gen_doorway_close(&w->doorway);
    gen_outbox_destroy(w->outbox);
    if (w->engine != NULL) {
        wiring_drain(w);
    }
    gen_engine_destroy(w->engine);
    w->engine = NULL;
    if (w->http != NULL) {
        gen_http_client_destroy(w->http);
    }
    gen_keyring_destroy(w->keyring);
    gen_rulebook_destroy(w->rules);
    gen_store_close(w->store);
    gen_lockbox_destroy(w->lockbox);
    gen_loader_destroy(w->loader);
    gen_quarantine_close(w->quarantine);
    gen_sandbox_stop(w->sandbox);
    gen_loop_destroy(w->loop);
    gen_sandbox_destroy(w->sandbox);
    gen_premises_leave(&w->premises);
    gen_arena_destroy(w->arena);
}

enum gen_wiring_exit gen_wiring_run(const struct gen_settings *settings,
                                    const char *const *environment, struct gen_error *err)
{
    struct wiring w = {.settings = settings, .environment = environment};
    enum gen_wiring_exit result = GEN_EXIT_FAILED;
    enum gen_status status;

    w.began_ms = gen_clock_monotonic(gen_clock_real());
    gen_log_init(&w.log, gen_clock_real(), (enum gen_level)settings->log_level, STDERR_FILENO);
    w.arena = gen_arena_create(0);
    if (w.arena == NULL) {
        (void)gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    status = gen_premises_enter(settings->state, w.arena, &w.premises, err);
    if (status != GEN_OK) {
        result = status == GEN_EBUSY ? GEN_EXIT_IN_USE : GEN_EXIT_FAILED;
        goto done;
    }
    if (gen_loop_create(&w.loop, err) != GEN_OK || wiring_open(&w, err) != GEN_OK) {
        result = w.unusable ? GEN_EXIT_USAGE : GEN_EXIT_FAILED;
        goto done;
    }
    wiring_tell_log(&w);
    wiring_ready(&w);
    gen_loop_run(w.loop);
    result = GEN_EXIT_FINE;
done:
    wiring_close(&w);
    return result;
}
