/* settings.c - see settings.h. The three sources are put into one map, which is bound like any other
 * document; an error about a value then gets the name of where it came from. */
#include "daemon/settings.h"

#include "base/number.h"
#include "daemon/paths.h"
#include "platform/files.h"
#include "platform/http_client.h"
#include "platform/log.h"
#include "platform/master_key.h"
#include "platform/yaml_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS_FILE_MOST = 1024 * 1024 };

#define FIELD(member) .offset = offsetof(struct gen_settings, member)

static const struct gen_choice level_choices[] = {
    {"debug", GEN_LEVEL_DEBUG, "everything, each request too"},
    {"info", GEN_LEVEL_INFO, "what happens"},
    {"warn", GEN_LEVEL_WARN, "what should not happen often"},
    {"error", GEN_LEVEL_ERROR, "what somebody must look at"},
    {NULL, 0, NULL},
};

static const struct gen_field settings_fields[] = {
    {.key = "state",
     .type = GEN_FIELD_TEXT,
     FIELD(state),
     .min = 1,
     .max = 900,
     .help = "Folder of everything that lasts: database, files, key."},
    {.key = "socket",
     .type = GEN_FIELD_TEXT,
     FIELD(socket),
     .min = 1,
     .max = 107,
     .help = "Path of the Unix socket."},
    {.key = "listen",
     .type = GEN_FIELD_TEXT,
     FIELD(listen),
     .help = "Address and port of the API, or none; 127.0.0.1:8377 where that is free."},
    {.key = "plugins",
     .type = GEN_FIELD_TEXTS,
     FIELD(plugins),
     .max = 32,
     .help = "Folders of plugins, searched after the installed ones and those of the user "
             "(~/.local/share/genengine/plugins)."},
    {.key = "replace",
     .type = GEN_FIELD_TEXTS,
     FIELD(replace),
     .max = 32,
     .help =
         "Ids of providers whose plugin may be replaced by one of `plugins`; without it the second "
         "plugin of an id is refused."},
    {.key = "policies",
     .type = GEN_FIELD_TEXT,
     FIELD(policies),
     .min = 1,
     .max = 900,
     .help = "Folder of policies; /etc/genengine/policies, the user's or the shipped ones else."},
    {.key = "hosts",
     .type = GEN_FIELD_TEXTS,
     FIELD(hosts),
     .max = 32,
     .help = "Names this daemon answers to in Host headers, beside localhost."},
    {.key = "logLevel",
     .type = GEN_FIELD_CHOICE,
     FIELD(log_level),
     .choices = level_choices,
     .preset = "info",
     .help = "Least level of the log."},
    {.key = "jobBudget",
     .type = GEN_FIELD_MONEY,
     FIELD(job_budget),
     .min = 0,
     .max = INT64_C(1000000) * GEN_MICROS_PER_DOLLAR,
     .help =
         "Dollars that a job may cost whose brief names no budget, if less than budget.yaml says."},
    {.key = "leastFree",
     .type = GEN_FIELD_INT,
     FIELD(least_free_mb),
     .preset = "512",
     .min = 1,
     .max = 1 << 30,
     .help = "Megabytes of free disk below which no job is admitted."},
    {.key = "programs",
     .type = GEN_FIELD_INT,
     FIELD(programs),
     .preset = "0",
     .min = 0,
     .max = 1024,
     .help = "Renders on this machine at once; 0 = one a processor."},
    {.key = "recoverWindow",
     .type = GEN_FIELD_INT,
     FIELD(recover_s),
     .preset = "0",
     .min = 0,
     .max = 86400,
     .help =
         "Seconds of asking a provider about an order whose fate is unknown before its \"no such "
         "job\" is believed; 0 = what retry.yaml says. Shorter can buy twice from one that books "
         "orders late."},
    {.key = "keepUploads",
     .type = GEN_FIELD_INT,
     FIELD(uploads_h),
     .preset = "0",
     .min = 0,
     .max = 87600,
     .help =
         "Hours that an uploaded file is kept which no job has used; 0 = what retry.yaml says."},
    {.key = "providers",
     .type = GEN_FIELD_NODE,
     FIELD(providers),
     .help = "For each provider: settings, and its price book as prices."},
    {.key = "proxy",
     .type = GEN_FIELD_TEXT,
     FIELD(proxy),
     .min = 1,
     .max = 400,
     .help = "Requests to providers go through it: http://, https:// or socks5h://HOST:PORT."},
    {.key = "healthEvery",
     .type = GEN_FIELD_INT,
     FIELD(health_s),
     .preset = "300",
     .min = 0,
     .max = 86400,
     .help = "Seconds between two checks of a provider's health (they cost nothing); 0 = never."},
    {.key = "sandbox",
     .type = GEN_FIELD_BOOL,
     FIELD(sandbox),
     .help = "Work against simulated providers: nothing is bought. Needs a state of its own."},
    {.key = "proxies",
     .type = GEN_FIELD_TEXTS,
     FIELD(proxies),
     .max = 32,
     .help = "Addresses of proxies in front of this daemon: whom they forward for is believed."},
    {.key = "clerk",
     .type = GEN_FIELD_RECORD,
     FIELD(clerk),
     .record = &gen_clerk_settings_record,
     .help = "People sign in with Clerk."},
    {.key = "allowPrivate",
     .type = GEN_FIELD_BOOL,
     FIELD(allow_private),
     .help = "Providers may live at private addresses, over plain http (tests only)."},
    {.key = "masterKey",
     .type = GEN_FIELD_CHOICE,
     FIELD(master_key),
     .choices = gen_master_choices,
     .preset = "auto",
     .help = "Where the master key of stored secrets comes from."},
    {.key = "passphraseFile",
     .type = GEN_FIELD_TEXT,
     FIELD(passphrase_file),
     .min = 1,
     .max = 900,
     .help = "A passphrase for the master key is read there: a file, or /dev/fd/3."},
    {.key = "alerts",
     .type = GEN_FIELD_RECORDS,
     FIELD(alerts),
     .record = &gen_tell_alert_record,
     .max = 32,
     .help = "Which events people are told of, and where; to the log by default."},
    {.key = "stripe",
     .type = GEN_FIELD_RECORD,
     FIELD(stripe),
     .record = &gen_tell_stripe_record,
     .help = "Charges become usage events of a billing meter at Stripe."},
    {.key = "mail",
     .type = GEN_FIELD_RECORD,
     FIELD(mail),
     .record = &gen_tell_mail_record,
     .help = "The program that alerts are mailed with."},
    {.key = "webhooks",
     .type = GEN_FIELD_RECORD,
     FIELD(webhooks),
     .record = &gen_tell_webhooks_record,
     .help = "When deliveries rest, and where they may go."},
    {.type = GEN_FIELD_END},
};

static enum gen_status settings_check(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err);

const struct gen_record gen_settings_record = {.name = "gend.yaml",
                                               .size = sizeof(struct gen_settings),
                                               .fields = settings_fields,
                                               .check = settings_check,
                                               .help = "Settings of the daemon."};

struct option {           /* a way to say something without the file; ends with name NULL */
    const char *name;     /* "--state" */
    const char *value;    /* what follows it, for help; NULL = nothing */
    const char *variable; /* NULL = none */
    const char *key;      /* of the record; NULL = treated here */
    const char *help;     /* NULL = that of the key */
};

static const struct option options[] = {
    {"--state", "DIR", "GEN_STATE", "state", NULL},
    {"--socket", "PATH", "GEN_SOCKET", "socket", NULL},
    {"--listen", "ADDRESS:PORT", "GEN_LISTEN", "listen", NULL},
    {"--plugins", "DIR", "GEN_PLUGINS", "plugins",
     "Folder of plugins, searched after the installed ones and those of the user "
     "(~/.local/share/genengine/plugins); may be given again."},
    {"--policies", "DIR", "GEN_POLICIES", "policies", NULL},
    {"--log-level", "LEVEL", "GEN_LOG_LEVEL", "logLevel", NULL},
    {"--sandbox", NULL, "GEN_SANDBOX", "sandbox", NULL},
    {"--config", "FILE", "GEN_CONFIG", NULL, "Read this file instead of the usual gend.yaml."},
    {"--system", NULL, NULL, NULL, "Use the folders of a system service (/var/lib, /etc, /run)."},
    {"--master-key", "SOURCE", NULL, "masterKey", NULL},
    {"--passphrase-file", "FILE", NULL, "passphraseFile", NULL},
    {"--version", NULL, NULL, NULL, "Print the version and exit."},
    {"--help", NULL, NULL, NULL, "Print this text and exit."},
    {NULL, NULL, NULL, NULL, NULL},
};

enum { OPTIONS = sizeof options / sizeof options[0] - 1, OPTION_CONFIG = 7, OPTION_SYSTEM = 8 };

struct sources {
    struct gen_arena *arena;
    struct gen_node *said[OPTIONS]; /* on the command line, or in the environment; else NULL */
    bool on_line[OPTIONS];          /* on the command line */
    const struct gen_node *file;    /* a map; NULL = none */
    const char *config;
};

/* --------------------------------------------------------------------- the address to listen -- */

static enum gen_status settings_listen(struct gen_settings *settings, struct gen_arena *arena,
                                       struct gen_error *err)
{
    const char *text = settings->listen == NULL ? "127.0.0.1:8377" : settings->listen;
    const char *colon = strrchr(text, ':');
    int64_t port = 0;
    size_t size;

    settings->address = NULL;
    if (strcmp(text, "none") == 0) {
        return GEN_OK;
    }
    if (colon == NULL || colon == text || !gen_number_integer(colon + 1, &port) || port < 0 ||
        port > 65535) {
        gen_error_set(err, GEN_EINVAL,
                      "must be an address and a port, such as 127.0.0.1:8377, or none");
        gen_error_place(err, NULL, 0, 0, "listen");
        return GEN_EINVAL;
    }
    size = (size_t)(colon - text);
    if (text[0] == '[' && colon[-1] == ']') {
        text++;
        size -= 2;
    }
    settings->address = gen_arena_strndup(arena, text, size);
    settings->port = (int)port;
    return settings->address != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

static enum gen_status settings_providers(const struct gen_node *providers, struct gen_error *err)
{
    static const char *const members[] = {"settings", "prices"};

    if (providers != NULL && providers->type != GEN_NODE_MAP && providers->type != GEN_NODE_NULL) {
        gen_error_set(err, GEN_EINVAL, "must be a map of providers");
        gen_error_place(err, NULL, providers->line, providers->column, "providers");
        return GEN_EINVAL;
    }
    for (const struct gen_node *one = gen_node_first(providers); one != NULL; one = one->next) {
        for (const struct gen_node *item = gen_node_first(one); item != NULL; item = item->next) {
            if (item->key == NULL ||
                (strcmp(item->key, members[0]) != 0 && strcmp(item->key, members[1]) != 0)) {
                gen_error_set(err, GEN_EINVAL,
                              "a provider has `settings` and `prices`, nothing else");
                gen_error_place(err, NULL, item->line, item->column, "providers");
                return GEN_EINVAL;
            }
        }
        if (one->type != GEN_NODE_MAP) {
            gen_error_set(err, GEN_EINVAL, "must be a map with `settings` and `prices`");
            gen_error_place(err, NULL, one->line, one->column, "providers");
            return GEN_EINVAL;
        }
    }
    return GEN_OK;
}

static enum gen_status settings_proxy(const char *proxy, const struct gen_node *node,
                                      struct gen_error *err)
{
    enum gen_status status = gen_http_client_proxy_check(proxy, err);

    if (status != GEN_OK && node != NULL) {
        gen_error_place(err, NULL, node->line, node->column, "proxy");
    }
    return status;
}

static enum gen_status settings_check(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    struct gen_settings *settings = object;
    const struct gen_node *listen = gen_node_get(node, "listen");
    enum gen_status status = settings_listen(settings, arena, err);

    if (status == GEN_EINVAL && listen != NULL) {
        gen_error_place(err, NULL, listen->line, listen->column, NULL);
    }
    if (status == GEN_OK && settings->proxy != NULL) {
        status = settings_proxy(settings->proxy, gen_node_get(node, "proxy"), err);
    }
    return status == GEN_OK ? settings_providers(settings->providers, err) : status;
}

const struct gen_node *gen_settings_of_providers(const struct gen_settings *settings,
                                                 const char *member, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    for (const struct gen_node *one = gen_node_first(settings->providers); one != NULL;
         one = one->next) {
        gen_node_set(arena, map, one->key, gen_node_copy(arena, gen_node_get(one, member)));
    }
    return gen_arena_failed(arena) || gen_node_count(map) == 0 ? NULL : map;
}

/* ------------------------------------------------------------------------------- the sources -- */

static const char *option_name(const void *context, size_t index)
{
    (void)context;
    return options[index].name;
}

static const struct gen_field *field_of(const char *key)
{
    const struct gen_field *field = settings_fields;

    while (field->type != GEN_FIELD_END && strcmp(field->key, key) != 0) {
        field++;
    }
    return field;
}

/* Adds a value to what an option has said: lists grow, other values are replaced. */
static void source_say(struct sources *sources, size_t row, const char *text, size_t size)
{
    struct gen_node *value = gen_node_string_sized(sources->arena, text, size);

    if (options[row].key != NULL && field_of(options[row].key)->type == GEN_FIELD_BOOL) {
        sources->said[row] = gen_node_bool(sources->arena, true);
        return;
    }
    if (options[row].key == NULL || field_of(options[row].key)->type != GEN_FIELD_TEXTS) {
        sources->said[row] = value;
        return;
    }
    if (sources->said[row] == NULL) {
        sources->said[row] = gen_node_list(sources->arena);
    }
    gen_node_push(sources->said[row], value);
}

static enum gen_status unknown_option(const char *argument, struct gen_error *err)
{
    const char *nearest = gen_name_nearest(argument, option_name, NULL, OPTIONS);

    if (nearest != NULL) {
        return gen_error_set(err, GEN_EINVAL, "there is no option %.80s; did you mean %s?",
                             argument, nearest);
    }
    return gen_error_set(err, GEN_EINVAL, "there is no option %.80s; see gend --help", argument);
}

static enum gen_status read_arguments(struct sources *sources, const char *const *arguments,
                                      enum gen_settings_wish *wish, struct gen_error *err)
{
    for (; *arguments != NULL; arguments++) {
        size_t row = 0, size = strcspn(*arguments, "=");
        const char *value = (*arguments)[size] == '=' ? *arguments + size + 1 : NULL;

        while (row < OPTIONS && (strncmp(options[row].name, *arguments, size) != 0 ||
                                 options[row].name[size] != '\0')) {
            row++;
        }
        if (row == OPTIONS) {
            return unknown_option(*arguments, err);
        }
        if (options[row].value == NULL && value != NULL) {
            return gen_error_set(err, GEN_EINVAL, "%s takes no value", options[row].name);
        }
        if (options[row].value != NULL && value == NULL) {
            value = *++arguments;
        }
        if (options[row].value != NULL && (value == NULL || value[0] == '\0')) {
            return gen_error_set(err, GEN_EINVAL, "%s needs a value: %s %s", options[row].name,
                                 options[row].name, options[row].value);
        }
        source_say(sources, row, value == NULL ? "" : value, value == NULL ? 0 : strlen(value));
        sources->on_line[row] = true;
        if (strcmp(options[row].name, "--help") == 0) {
            *wish = GEN_SETTINGS_HELP;
        } else if (strcmp(options[row].name, "--version") == 0 && *wish == GEN_SETTINGS_RUN) {
            *wish = GEN_SETTINGS_VERSION;
        }
    }
    return GEN_OK;
}

static void read_environment(struct sources *sources, const char *const *environment)
{
    for (size_t row = 0; row < OPTIONS; row++) {
        const char *value = options[row].variable == NULL || sources->on_line[row]
                                ? NULL
                                : gen_paths_variable(environment, options[row].variable);
        bool list = options[row].key != NULL && field_of(options[row].key)->type == GEN_FIELD_TEXTS;

        while (value != NULL) { /* a list is written like PATH */
            size_t size = list ? strcspn(value, ":") : strlen(value);

            if (size > 0) {
                source_say(sources, row, value, size);
            }
            value = value[size] == '\0' ? NULL : value + size + 1;
        }
    }
}

/* Reads the file, and binds it alone first: its errors then have its line and column. */
static enum gen_status read_file(struct sources *sources, const char *path, bool asked,
                                 struct gen_error *err)
{
    struct gen_settings settings;
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, SETTINGS_FILE_MOST);
    status = gen_files_read(path, &text, err);
    if (status == GEN_ENOTFOUND && !asked) {
        gen_bytes_fini(&text);
        return GEN_OK;
    }
    if (status == GEN_OK) {
        sources->config = gen_arena_strdup(sources->arena, path);
        status = gen_yaml_read(text.data == NULL ? "" : text.data, text.size, path, sources->arena,
                               &sources->file, err);
    }
    if (status == GEN_OK && gen_node_type_of(sources->file) == GEN_NODE_NULL) {
        sources->file = NULL; /* an empty file */
    }
    if (status == GEN_OK && sources->file != NULL) {
        status = gen_record_bind(&gen_settings_record, sources->file, "", sources->arena, &settings,
                                 err);
        if (status != GEN_OK) {
            gen_error_place(err, path, err->line, err->column, NULL);
        }
    }
    gen_bytes_fini(&text);
    return status;
}

/* ------------------------------------------------------------------------------ all together -- */

static const struct gen_node *source_value(const struct sources *sources, const char *key,
                                           size_t *row)
{
    for (*row = 0; *row < OPTIONS; (*row)++) {
        if (options[*row].key != NULL && strcmp(options[*row].key, key) == 0 &&
            sources->said[*row] != NULL) {
            return sources->said[*row];
        }
    }
    return gen_node_get(sources->file, key);
}

static enum gen_status bind_all(const struct sources *sources, struct gen_settings *out,
                                struct gen_error *err)
{
    struct gen_node *map = gen_node_map(sources->arena);
    enum gen_status status;
    size_t row;

    for (const struct gen_field *field = settings_fields; field->type != GEN_FIELD_END; field++) {
        gen_node_set(sources->arena, map, field->key,
                     gen_node_copy(sources->arena, source_value(sources, field->key, &row)));
    }
    if (gen_arena_failed(sources->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_record_bind(&gen_settings_record, map, "", sources->arena, out, err);
    if (status == GEN_EINVAL) { /* the file alone was right, so it is an option or a variable */
        char key[GEN_ERROR_PATH_SIZE];

        (void)snprintf(key, sizeof key, "%.*s", (int)strcspn(err->path, ".["), err->path);
        if (source_value(sources, key, &row) != NULL && row < OPTIONS) {
            char message[GEN_ERROR_MESSAGE_SIZE];

            memcpy(message, err->message, sizeof message);
            (void)gen_error_set(err, GEN_EINVAL, "%s: %.600s",
                                sources->on_line[row] ? options[row].name : options[row].variable,
                                message);
        }
    }
    return status;
}

/* What the places of the user or the system give where nobody said. */
static enum gen_status fill_places(const struct sources *sources, const char *const *environment,
                                   struct gen_settings *out, struct gen_error *err)
{
    struct gen_places places;

    gen_paths_places(environment, sources->said[OPTION_SYSTEM] != NULL, out->state, sources->arena,
                     &places);
    out->state = places.state;
    out->own_plugins = places.plugins;
    if (out->socket == NULL) {
        out->socket = places.socket;
    }
    out->config = sources->config;
    if (gen_arena_failed(sources->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (out->state == NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "neither HOME nor XDG_STATE_HOME says where to keep things; use "
                             "--state DIR");
    }
    return GEN_OK;
}

enum gen_status gen_settings_read(const char *const *arguments, const char *const *environment,
                                  struct gen_arena *arena, struct gen_settings *out,
                                  enum gen_settings_wish *wish, struct gen_error *err)
{
    struct sources sources = {.arena = arena};
    struct gen_places places;
    const char *config;
    enum gen_status status;

    *wish = GEN_SETTINGS_RUN;
    status = read_arguments(&sources, arguments, wish, err);
    if (status != GEN_OK || *wish != GEN_SETTINGS_RUN) {
        return status;
    }
    read_environment(&sources, environment);
    gen_paths_places(environment, sources.said[OPTION_SYSTEM] != NULL, NULL, arena, &places);
    config = gen_node_text(sources.said[OPTION_CONFIG], NULL);
    if (config != NULL || places.config != NULL) {
        status = read_file(&sources, config != NULL ? config : places.config, config != NULL, err);
    }
    if (status == GEN_OK) {
        status = bind_all(&sources, out, err);
    }
    return status == GEN_OK ? fill_places(&sources, environment, out, err) : status;
}

void gen_settings_help(struct gen_bytes *out)
{
    gen_bytes_text(out, "gend - the daemon of Generation Engine\n\nusage: gend [OPTION]...\n\n");
    for (const struct option *option = options; option->name != NULL; option++) {
        char left[40];

        (void)snprintf(left, sizeof left, "%s%s%s", option->name, option->value != NULL ? " " : "",
                       option->value != NULL ? option->value : "");
        gen_bytes_printf(out, "  %-24s  %s\n", left,
                         option->help != NULL ? option->help : field_of(option->key)->help);
        if (option->variable != NULL) {
            gen_bytes_printf(out, "  %-24s  (or the environment variable %s)\n", "",
                             option->variable);
        }
    }
    gen_bytes_text(out, "\ngend.yaml may have these keys, all optional:\n\n");
    for (const struct gen_field *field = settings_fields; field->type != GEN_FIELD_END; field++) {
        gen_bytes_printf(out, "  %-24s  %s\n", field->key, field->help);
    }
    gen_bytes_text(out,
                   "\nexit codes: 0 stopped as asked, 1 failed while running, 2 wrong usage or "
                   "settings,\n3 the state folder is in use by another gend.\n");
}
