/* provider_terms_test.c - what a provider's policy file and gend.yaml come to, as its plugin is told. */
#include "engine/provider_terms.h"

#include "base/json.h"
#include "platform/json_reader.h"
#include "provider_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

struct told {
    const char *policy;    /* providers/studio.yaml; NULL = no such file */
    const char *gend;      /* settings of gend.yaml, by provider; NULL = none */
    const char *settings;  /* what the plugin gets */
    const char *hosts[4];  /* beside its own */
    bool loopback_http;
};

static const struct told rows[] = {
    {NULL, NULL, "{}", {NULL}, false},
    /* everything that the file may say */
    {"id: studio\nbaseUrl: https://gateway.example/v2\n"
     "tokenUrl: https://token.example:8443/t\n"
     "hosts: [upload.example]\n"
     "models: {m9: {like: m8}, m8: {tier: 1}}\n"
     "settings: {region: eu, depth: {a: 1}}\n",
     NULL,
     "{\"baseUrl\":\"https://gateway.example/v2\",\"tokenUrl\":\"https://token.example:8443/t\","
     "\"models\":{\"m9\":{\"like\":\"m8\"}},\"region\":\"eu\",\"depth\":{\"a\":1}}",
     {"upload.example", "gateway.example", "token.example:8443"},
     false},
    /* a server on this machine */
    {"id: studio\nstorageUrl: http://127.0.0.1:9000\nallowLoopbackHttp: true\n", NULL,
     "{\"storageUrl\":\"http://127.0.0.1:9000\"}", {"127.0.0.1:9000"}, true},
    /* gend.yaml stands above the file, member by member */
    {"id: studio\nbaseUrl: https://gateway.example\nsettings: {region: eu, speed: 2}\n",
     "{\"studio\": {\"region\": \"us\", \"baseUrl\": \"https://other.example\"}, \"x\": {}}",
     "{\"region\":\"us\",\"baseUrl\":\"https://other.example\",\"speed\":2}",
     {"gateway.example"}, false},
    /* the addresses of the file are not for a key of `settings` to move */
    {"id: studio\nbaseUrl: https://gateway.example\nsettings: {baseUrl: \"https://sly.example\"}\n", NULL,
     "{\"baseUrl\":\"https://gateway.example\"}", {"gateway.example"}, false},
    {NULL, "{\"studio\": [1]}", "[1]", {NULL}, false}, /* refused by the host */
};

Test(provider_terms, told)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_provider_terms terms = {0};
        struct gen_setup_terms out = {0};
        struct gen_error err = {0};
        struct provider_file file = {0};
        size_t hosts = 0;

        if (rows[i].policy != NULL) {
            provider_file_open(&file, rows[i].policy);
            terms.set = &file.set;
        }
        if (rows[i].gend != NULL) {
            cr_assert(eq(int,
                         gen_json_read(rows[i].gend, strlen(rows[i].gend), NULL, arena,
                                       &terms.settings, &err),
                         GEN_OK));
        }
        cr_assert(eq(int, gen_provider_terms_ask(&terms, "studio", arena, &out, &err), GEN_OK));
        cr_expect(eq(str, (char *)gen_json_text(arena, out.settings, NULL),
                     (char *)rows[i].settings), "row %zu", i);
        for (; out.hosts != NULL && out.hosts[hosts] != NULL; hosts++) {
            cr_assert(lt(sz, hosts, 4));
            cr_expect(eq(str, (char *)out.hosts[hosts], (char *)rows[i].hosts[hosts]), "row %zu", i);
        }
        cr_expect(hosts == 4 || rows[i].hosts[hosts] == NULL, "row %zu", i);
        cr_expect(eq(int, out.loopback_http, rows[i].loopback_http), "row %zu", i);
        provider_file_close(&file);
        gen_arena_destroy(arena);
    }
}
