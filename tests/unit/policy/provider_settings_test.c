/* provider_settings_test.c - what a provider's file tells its plugin, and the place in it that a plugin means. */
#include "policy/provider_settings.h"

#include "base/json.h"
#include "sample.h"

#define PROVIDER \
    "id: heygen\n" \
    "baseUrl: https://api.example\n" \
    "storageUrl: https://files.example\n" \
    "models:\n" \
    "  avatar: {tier: 2}\n" \
    "  newer: {tier: 2, like: avatar}\n" \
    "prices:\n" \
    "  - {perSecond: 0.05}\n" \
    "settings:\n" \
    "  pollSeconds: 5\n" \
    "  submit:\n" \
    "    url: jobs\n" \
    "    body: {a: [1, 2]}\n"

Test(provider_settings, what_the_plugin_is_told)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *to = gen_node_map(arena);
    const struct gen_provider_policy *policy;
    const char *addresses[GEN_PROVIDER_ADDRESSES];
    struct sample s;

    sample_compile(&s, "providers/heygen.yaml", NULL, PROVIDER);
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    policy = gen_policy_provider(s.set, "heygen");
    cr_assert(gen_provider_file(s.set, "heygen") != NULL && gen_provider_file(s.set, "veo") == NULL);
    cr_assert(gen_provider_addresses(policy, addresses) == 2);
    cr_expect(eq(str, (char *)addresses[0], "https://api.example"));
    cr_expect(eq(str, (char *)addresses[1], "https://files.example"));
    /* what is said already stays, and the rest comes with it */
    gen_node_set(arena, to, "pollSeconds", gen_node_int(arena, 9));
    gen_provider_settings_add(policy, arena, to);
    cr_expect(eq(str, (char *)gen_json_text(arena, to, NULL),
                 "{\"pollSeconds\":9,\"baseUrl\":\"https://api.example\",\"storageUrl\":"
                 "\"https://files.example\",\"models\":{\"newer\":{\"like\":\"avatar\"}},\"submit\":"
                 "{\"url\":\"jobs\",\"body\":{\"a\":[1,2]}}}"));
    sample_end(&s);
    gen_arena_destroy(arena);
}

/* What a plugin may say, and where that leads. */
Test(provider_settings, where_it_stands)
{
    static const struct {
        const char *says, *path;
        unsigned line;
        const char *words;
    } cases[] = {
        /* a key path in front */
        {"submit.url: a URL begins with /", "settings.submit.url", 12, "a URL begins with /"},
        {"settings: submit.url: a URL begins with /", "settings.submit.url", 12, "a URL begins with /"},
        {"submit.body.a[1]: must be a text", "settings.submit.body.a[1]", 13, "must be a text"},
        {"submit.method: is missing", "settings.submit.method", 12, "is missing"}, /* its map */
        {"baseUrl: must be https", "baseUrl", 2, "must be https"}, /* beside the settings */
        /* a name in quotes, or the first word */
        {"there is no setting \"pollSeconds\"", "settings.pollSeconds", 10, "there is no setting"},
        {"pollSeconds must be below 3", "settings.pollSeconds", 10, "pollSeconds must be below 3"},
        /* nothing of it: the settings as a whole */
        {"they are all wrong", "settings", 10, "they are all wrong"},
        {"a \"quote that never ends", "settings", 10, "a \"quote"},
        {"", "settings", 10, "its plugin says"},
    };
    struct sample s;

    sample_compile(&s, "providers/heygen.yaml", NULL, PROVIDER);
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};

        gen_provider_settings_place(gen_provider_file(s.set, "heygen"), "policies", cases[i].says,
                                    &err);
        cr_expect(strcmp(err.path, cases[i].path) == 0 && err.line == cases[i].line &&
                      strstr(err.message, cases[i].words) != NULL,
                  "%s: %s:%u %s", cases[i].says, err.path, (unsigned)err.line, err.message);
        cr_expect(eq(str, err.file, "policies/providers/heygen.yaml"));
    }
    sample_end(&s);
}
