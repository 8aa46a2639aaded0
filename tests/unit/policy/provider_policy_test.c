/* What ops say of a provider: its addresses, its credentials by name, its models. */
#include "sample.h"

/* One line more in the file; what is said of it, NULL = it is in order. */
static const struct {
    const char *line;
    const char *expect;
} lines[] = {
    {"baseUrl: https://gateway.example/v1", NULL},
    {"baseUrl: https:///v1", "2:10: baseUrl: must begin with https://"}, /* no host */
    {"baseUrl: http://gateway.example", "2:10: baseUrl: must begin with https://"},
    {"baseUrl: \"http://[::1]:9/\"", "needs allowLoopbackHttp: true"}, /* this machine, not allowed */
    {"baseUrl: \"http://[::1]:9/\"\nallowLoopbackHttp: true", NULL},
    {"baseUrl: http://localhost:9\nallowLoopbackHttp: true", NULL},
    {"baseUrl: http://127.0.0.1.evil.example\nallowLoopbackHttp: true",
     "baseUrl: must begin with https://"}, /* only looks like this machine */
    {"tokenUrl: http://127.0.0.1:9", "tokenUrl: http:// to this machine needs"},
    {"storageUrl: ftp://files.example", "storageUrl: must begin with https://"},
    {"currency: USD", NULL},
    {"currency: EUR", "2:11: currency: prices are in USD"}, /* nothing converts it */
    {"credentials: {key: heygen.main-key_2}", NULL},
    {"credentials: {key: {credential: heygen}}", NULL}, /* the long form */
    {"credentials: {key: \"sk live\"}", "never the secret itself"}, /* no name has a space */
    {"credentials: {key: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", /* nor 41 letters */
     "never the secret itself"},
    {"limits: {parallel: 3, perMinute: 60}", NULL},
    {"limits: {paralel: 3}", "parallel"}, /* misspelt: the right word is named */
};

Test(provider_policy, lines)
{
    for (size_t i = 0; i < GEN_COUNT(lines); i++) {
        struct sample s;
        char text[300];

        snprintf(text, sizeof(text), "id: heygen\n%s", lines[i].line);
        sample_compile(&s, "providers/heygen.yaml", "id: heygen", text);
        cr_expect(eq(int, s.status, lines[i].expect == NULL ? GEN_OK : GEN_EINVAL), "%s: %s",
                  lines[i].line, sample_text(&s));
        cr_expect(lines[i].expect == NULL || strstr(sample_text(&s), lines[i].expect) != NULL,
                  "%s: %s", lines[i].line, sample_text(&s));
        sample_end(&s);
    }
}

Test(provider_policy, what_is_kept)
{
    struct sample s;
    const struct gen_provider_policy *provider;
    const struct gen_provider_credential *credential;
    const struct gen_provider_model *model;

    sample_compile(&s, "providers/heygen.yaml", NULL,
                   "id: heygen\n"
                   "credentials: {key: main}\n"
                   "limits: {parallel: 3}\n"
                   "models: {avatar: {tier: 2, like: old}, off: {enabled: false}}\n"
                   "prices: [{perSecond: 0.05}]\n"
                   "settings: {free: [form]}\n");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    provider = gen_policy_provider(s.set, "heygen");
    cr_assert(ne(ptr, (void *)provider, NULL));
    cr_assert(eq(sz, provider->credentials.count, 1));
    credential = provider->credentials.items;
    cr_expect(eq(str, (char *)credential->named.name, "key"));
    cr_expect(eq(str, (char *)credential->credential, "main"));
    cr_expect(eq(i64, provider->limits.parallel, 3));
    cr_expect(eq(i64, provider->limits.per_day, 0)); /* not said: the plugin's */
    cr_expect(provider->enabled && !provider->allow_loopback_http);
    cr_expect(eq(str, (char *)provider->currency, "USD"));
    cr_expect(ne(ptr, (void *)gen_node_get(provider->settings, "free"), NULL));
    cr_expect(ne(ptr, (void *)gen_node_get(provider->document, "prices"), NULL));

    model = gen_provider_model_of(provider, "avatar");
    cr_assert(ne(ptr, (void *)model, NULL));
    cr_expect(eq(i64, model->tier, 2));
    cr_expect(eq(str, (char *)model->like, "old"));
    cr_expect(model->enabled);
    model = gen_provider_model_of(provider, "off");
    cr_assert(ne(ptr, (void *)model, NULL));
    cr_expect(not(model->enabled));
    cr_expect(eq(ptr, (void *)gen_provider_model_of(provider, "avata"), NULL)); /* whole names only */
    sample_end(&s);
}
