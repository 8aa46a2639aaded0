/* provider_policy.h - providers/NAME.yaml: price book, limits, hosts, credentials by name, end of life.
 *
 * The rows of the price book are provider_price. It is NOT the provider's plugin: what a model can
 * render comes from there, and `models` here only corrects it.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/provider_policy_test.c
 */
#ifndef GEN_POLICY_PROVIDER_POLICY_H
#define GEN_POLICY_PROVIDER_POLICY_H

#include "policy/provider_price.h"

struct gen_provider_model {
    struct gen_named named;  /* id without the provider */
    int64_t tier;            /* 0 = what the plugin says */
    double quality, speed;   /* 0 = what the plugin says */
    struct gen_texts needs;  /* empty = what the plugin says */
    gen_moment end_of_life;  /* 0 = unknown */
    const char *replacement; /* model id */
    const char *like; /* id of a model that the plugin knows, for one that came later; NULL */
    bool enabled;
    const char *note;
};

struct gen_provider_limits { /* 0 = what the plugin says */
    int64_t parallel, per_minute, per_day, file_bytes;
};

struct gen_provider_credential {
    struct gen_named named; /* role that the plugin names: "key" */
    const char *credential; /* name in the credential store */
};

struct gen_provider_invoice { /* names of its columns, or paths in its JSON; NULL = guessed */
    const char *id, *reference, *model, *seconds, *amount, *currency, *at;
    gen_micros tolerance; /* a difference that is none */
};

struct gen_provider_policy {
    const char *id, *name; /* id = name of the file */
    const char *plugin;    /* whose code serves this provider; NULL = that of the id */
    bool enabled;
    struct gen_texts hosts; /* that get credentials, beside those of the plugin */
    const char *base_url, *token_url, *storage_url;
    bool allow_loopback_http;
    struct gen_records credentials; /* struct gen_provider_credential */
    struct gen_provider_limits limits;
    struct gen_records models; /* struct gen_provider_model */
    struct gen_records prices; /* struct gen_price */
    struct gen_provider_invoice invoice;
    const char *currency;            /* USD */
    const struct gen_node *settings; /* handed to the plugin; NULL */
    const char *source;
    const struct gen_node *document; /* the whole file: the plugin's price book */
};

extern const struct gen_record gen_provider_record, gen_provider_invoice_record;

const struct gen_provider_model *gen_provider_model_of(const struct gen_provider_policy *provider,
                                                       const char *model); /* NULL = not named */

/* gen_price_pick among its rows. */
const struct gen_price *gen_price_find(const struct gen_provider_policy *provider,
                                       const struct gen_price_task *task);

#endif
