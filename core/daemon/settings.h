/* settings.h - what gend can be told: gend.yaml, the environment, the command line.
 *
 * One table declares each setting with its key, its option and its variable; help, messages and
 * reference come from the rows. The command line wins over the environment, that over the file.
 *
 * Thread: [any]; reads the file. Floor: daemon. Tests: tests/unit/daemon/settings_test.c
 */
#ifndef GEN_DAEMON_SETTINGS_H
#define GEN_DAEMON_SETTINGS_H

#include "base/record.h"
#include "daemon/clerk_settings.h"
#include "daemon/tell_settings.h"

struct gen_settings {    /* everything in the arena it was read into */
    const char *state;   /* folder */
    const char *socket;  /* path */
    const char *listen;  /* "127.0.0.1:8377" or "none"; NULL = not said: the usual one, if free */
    const char *address; /* of it, NULL = no TCP */
    int port;
    const char
        *own_plugins; /* folder of the user, searched after the installed ones; NULL = none */
    struct gen_texts plugins; /* folders, searched after that */
    struct gen_texts replace; /* provider ids that plugins of those may take from ours */
    const char *policies;     /* folder; NULL = the usual one */
    struct gen_texts hosts;   /* names in Host headers, beside the loopback ones */
    int log_level;            /* enum gen_level */
    gen_micros job_budget;    /* 0 = what budget.yaml says */
    int64_t least_free_mb;
    int64_t programs;                 /* at once, 0 = processors */
    int64_t recover_s;                /* see engine/patience.h; 0 = what retry.yaml says */
    int64_t uploads_h;                /* the same */
    const struct gen_node *providers; /* map: id -> {settings, prices}; NULL = none */
    bool allow_private;
    bool sandbox;      /* against simulated providers, in a state of its own */
    const char *proxy; /* for requests to providers, NULL = none */
    int64_t health_s;  /* between two checks of a provider; 0 = never */
    int master_key;    /* enum gen_master_source: where the master key of the secrets comes from */
    const char *passphrase_file; /* a passphrase for it is read there, NULL = not */
    struct gen_texts proxies;    /* addresses whose X-Forwarded-For is believed */
    struct gen_clerk_settings clerk;
    struct gen_records alerts; /* struct gen_tell_alert */
    struct gen_tell_stripe stripe;
    struct gen_tell_mail mail;
    struct gen_tell_webhooks webhooks;
    const char *config; /* the file that was read, NULL = none */
};

extern const struct gen_record gen_settings_record;

enum gen_settings_wish { /* what the command line asks for */
                         GEN_SETTINGS_RUN = 1,
                         GEN_SETTINGS_HELP,
                         GEN_SETTINGS_VERSION,
};

/* `arguments` without the program's name and `environment` are NULL-terminated. `*wish` is set even
 * when nothing else is read (help, version). GEN_EINVAL: names the option, variable, or place in the
 * file. Statuses of reading the file; a missing one is only an error when it was asked for by
 * name. */
GEN_MUST_CHECK enum gen_status gen_settings_read(const char *const *arguments,
                                                 const char *const *environment,
                                                 struct gen_arena *arena, struct gen_settings *out,
                                                 enum gen_settings_wish *wish,
                                                 struct gen_error *err);

/* The members `settings` or `prices` of every provider, as a map by its id; NULL when there is
 * none, or no memory. */
const struct gen_node *gen_settings_of_providers(const struct gen_settings *settings,
                                                 const char *member, struct gen_arena *arena);

/* The text of --help. */
void gen_settings_help(struct gen_bytes *out);

#endif
