/* setup_test.c - a provider is configured again while the daemon runs: what is under way goes on as it
 * began, a refusal changes nothing, and policies can extend the hosts. On the real fake plugin. */
#include "host/loader.h"
#include "host/plugin.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define GOOD CONTRACT_PLUGINS "/good"

static bool same(const char *a, const char *b)
{
    return a != NULL && strcmp(a, b) == 0;
}

struct telling { /* what the fake is told */
    const char *settings;
    const char *hosts[2];
    bool loopback_http;
    int asked;
};

static enum gen_status tell(void *context, const char *provider, struct gen_arena *arena,
                            struct gen_setup_terms *out, struct gen_error *err)
{
    struct telling *telling = context;

    telling->asked++;
    if (strcmp(provider, "fake") != 0) {
        return GEN_OK;
    }
    out->hosts = telling->hosts;
    out->loopback_http = telling->loopback_http;
    return gen_json_read(telling->settings, strlen(telling->settings), NULL, arena,
                         &out->settings, err);
}

static struct gen_loader *load(struct telling *telling)
{
    static const char *const folders[] = {GOOD, NULL};
    struct gen_loader_options options = {.plugin_folders = folders, .ask = tell,
                                         .context = telling, .version = "0.0.0-test"};
    struct gen_loader *loader = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    cr_assert(eq(int, gen_loader_create(&options, &loader, &err), GEN_OK));
    cr_assert(ne(ptr, (void *)gen_loader_find(loader, "fake"), NULL));
    return loader;
}

static const char sample_brief[] =
    "{\"title\": \"Ad\", \"scenes\": [{\"prompt\": \"a cat\", \"duration\": 2.5}]}";

/* The URL of the first step of submit. */
static const char *url_of(const struct gen_hosted *hosted, struct sample *sample)
{
    struct gen_task task = sample_task(sample, 0, "pay");
    struct gen_step step = {0};
    struct gen_error err = {0};

    sample->shot.parameters = "{\"durationMs\":2000}";
    cr_assert(eq(int,
                 gen_hosted_step(hosted, GEN_VERB_SUBMIT, &task, NULL, sample->arena, &step, &err),
                 GEN_OK), "%s", err.message);
    return step.as.http.url;
}

Test(setup, configured_again)
{
    struct telling telling = {.settings = "{\"baseUrl\": \"http://127.0.0.1:4001\"}"};
    struct gen_loader *loader = load(&telling);
    const struct gen_hosted *fake = gen_loader_find(loader, "fake");
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;
    struct gen_setup *held, *again;

    sample_of(sample_brief, arena, &sample);
    cr_expect(same(url_of(fake, &sample), "http://127.0.0.1:4001/jobs"));
    /* told the same: nothing happens */
    cr_expect(eq(sz, gen_loader_configure(loader, &(struct gen_loader_options){.ask = tell, .context = &telling}), 0));
    held = gen_hosted_hold(fake);
    telling.settings = "{\"baseUrl\": \"http://127.0.0.1:4002\", \"recover\": false}";
    cr_expect(eq(sz, gen_loader_configure(loader, &(struct gen_loader_options){.ask = tell, .context = &telling}), 1));
    cr_expect(same(url_of(fake, &sample), "http://127.0.0.1:4002/jobs"));
    cr_expect(not(gen_hosted_can(fake, GEN_VERB_RECOVER)));
    cr_expect(eq(int, gen_hosted_model(fake, "pay")->traits & GEN_TRAIT_CAN_RECOVER, 0));
    /* what was held is still there, as it was */
    cr_expect(same(held->catalog.hosts[0], "127.0.0.1:4001"));
    cr_expect(ne(ptr, (void *)held->recover, NULL));
    again = gen_hosted_hold(fake);
    cr_expect(ne(ptr, (void *)again, (void *)held));
    gen_hosted_leave(&held);
    gen_hosted_leave(&again);
    gen_arena_destroy(arena);
    gen_loader_destroy(loader);
}

Test(setup, a_refusal_changes_nothing)
{
    struct telling telling = {.settings = "{\"baseUrl\": \"http://127.0.0.1:4001\"}"};
    struct gen_loader *loader = load(&telling);
    const struct gen_hosted *fake = gen_loader_find(loader, "fake");
    struct gen_arena *arena = gen_arena_create(0);
    struct sample sample;

    sample_of(sample_brief, arena, &sample);
    telling.settings = "{\"baseUrl\": \"nonsense\"}";
    cr_expect(eq(sz, gen_loader_configure(loader, &(struct gen_loader_options){.ask = tell, .context = &telling}), 0));
    cr_expect(same(gen_hosted_trouble(fake), "settings: baseUrl \"nonsense\" is not a URL"));
    cr_expect(same(url_of(fake, &sample), "http://127.0.0.1:4001/jobs"));
    /* a host that is none, from the policy file */
    telling.settings = "{\"baseUrl\": \"http://127.0.0.1:4003\"}";
    telling.hosts[0] = "https://api.example/";
    cr_expect(eq(sz, gen_loader_configure(loader, &(struct gen_loader_options){.ask = tell, .context = &telling}), 0));
    cr_expect(same(gen_hosted_trouble(fake),
                   "capabilities: hosts[0] of its policy file is not \"api.vendor.com\", "
                   "\".vendor.com\" or one of these with a port"));
    cr_expect(same(url_of(fake, &sample), "http://127.0.0.1:4001/jobs"));
    telling.hosts[0] = NULL;
    cr_expect(eq(sz, gen_loader_configure(loader, &(struct gen_loader_options){.ask = tell, .context = &telling}), 1));
    cr_expect(same(gen_hosted_trouble(fake), ""));
    gen_arena_destroy(arena);
    gen_loader_destroy(loader);
}

struct declared {
    const char *url;
    bool is;
};

Test(setup, policies_extend_the_hosts)
{
    static const struct declared rows[] = {
        {"https://gateway.example/v1", true},     /* of the policy */
        {"https://gateway.example:8443/", false}, /* another port */
        {"http://127.0.0.1:4001/", true},         /* of the plugin */
        {"https://gateway.example.evil.example/", false},
        {"ftp://gateway.example/", false},
    };
    struct telling telling = {.settings = "{\"baseUrl\": \"http://127.0.0.1:4001\", "
                                          "\"credential\": \"house-key\"}",
                              .hosts = {"gateway.example", NULL},
                              .loopback_http = true};
    struct gen_loader *loader = load(&telling);
    const struct gen_hosted *fake = gen_loader_find(loader, "fake");
    const struct gen_hosted_credential *credential = gen_hosted_credential(fake, "house-key");
    size_t count = 0;

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        cr_expect(eq(int, gen_hosted_declares(fake, rows[i].url), rows[i].is), "%s", rows[i].url);
    }
    cr_expect(gen_hosted_loopback_http(fake));
    gen_hosted_credentials(fake, &count);
    cr_expect(eq(sz, count, 1));
    cr_assert(ne(ptr, (void *)credential, NULL));
    cr_expect(eq(int, credential->signing, GEN_SIGNING_BEARER));
    cr_expect(eq(i64, credential->lifetime_s, GEN_CREDENTIAL_LIFETIME_S));
    cr_expect(same(credential->hint, "any word will do"));
    cr_expect(eq(ptr, (void *)gen_hosted_credential(fake, "key"), NULL));
    gen_loader_destroy(loader);
}
