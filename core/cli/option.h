/* option.h - the options of gen: one row each, one struct for all, and the parser.
 *
 * `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`; flags may be joined (-jq); options may stand
 * after operands; `--` ends them. Which options a command takes is its table and the global one.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/option_test.c
 */
#ifndef GEN_CLI_OPTION_H
#define GEN_CLI_OPTION_H

#include "base/arena.h"
#include "base/choice.h"
#include "base/error.h"

#include <stdbool.h>

struct gen_options { /* texts are borrowed from the arguments or live in the arena */
    bool sandbox, help, version, json, quiet, system, man, markdown, no_wait, jsonl, coverage,
        check, strict;
    const char *server, *key, *socket, *state; /* NULL = not given */
    const char *out, *idempotency_key, *status, *project, *tag, *after, *listen, *vars;
    const char *snapshot, *briefs, *junit, *strategy, *organization, *recordings, *settings;
    bool other_account, master, force; /* of gen secret */
    const char *team, *file;
    const char *role, *permissions, *user, *most_priority, *spend_limit,
        *spend_period; /* gen key */
    const char *rename, *lift;
    const char *database, *export_file; /* of gen audit */
    int64_t expires_days, requests_per_minute, jobs_per_day, seconds_per_day, parallel;
    const char *period, *by, *provider, *format, *output; /* of gen costs, gen report */
    const char *hard, *soft, *alerts, *rollover, *throttle_from, *note; /* of gen budget */
    bool ended;
    const char *columns, *from, *until; /* of gen invoice */
    bool dry_run, settle;
    const char *reason, *model, *as, *handle, *cost,
        *attempt;                                          /* of gen pause, retry, resolve, ... */
    const char *actor, *kind, *since, *job, *head, *title; /* of gen audit, gen webhook */
    int64_t limit;
    const char **operands; /* what is no option, NULL-terminated */
    size_t operand_count;
    const char **rest; /* after `--`, for commands that pass it on; NULL-terminated */
    size_t rest_count;
};

enum gen_option_type {
    GEN_OPTION_END = 0, /* ends a table */
    GEN_OPTION_FLAG,    /* bool */
    GEN_OPTION_TEXT,    /* const char * */
    GEN_OPTION_FILE,    /* the same; completion offers files */
    GEN_OPTION_FOLDER,  /* the same; completion offers folders */
    GEN_OPTION_NUMBER,  /* int64_t within [min, max] */
    GEN_OPTION_CHOICE,  /* const char *, one of `choices` */
};

struct gen_option {
    const char *name; /* without the dashes */
    char letter;      /* 0 = none */
    enum gen_option_type type;
    size_t offset;     /* of the member of struct gen_options */
    const char *value; /* what help calls the value: "DIR"; NULL for a flag */
    int64_t min, max;
    const struct gen_choice *choices;
    const char *help; /* one sentence without its full stop */
};

extern const struct gen_option gen_option_global[]; /* every command takes these */

enum gen_option_rest {
    GEN_OPTION_REST_OPERANDS = 1, /* what stands after `--` are operands too */
    GEN_OPTION_REST_APART,        /* it is kept apart, for another program */
};

/* `arguments` are NULL-terminated and stand after the command's name. `out` is filled on top of what
 * it holds. GEN_EINVAL: names the option, and the nearest known one; what follows is read all the
 * same, since a --json there says how the mistake is to be told. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_option_parse(const struct gen_option *options,
                                                enum gen_option_rest rest,
                                                const char *const *arguments,
                                                struct gen_arena *arena, struct gen_options *out,
                                                struct gen_error *err);

/* The row of this name (without dashes) in the table or in the global one; NULL = unknown. */
const struct gen_option *gen_option_named(const struct gen_option *options, const char *name,
                                          size_t size);

#endif
