/* checkup_test.c - checks of health on the real fake plugin, over real requests: what each answer comes to,
 * who is asked at all, and what is missing for it. */
#include "engine/checkup.h"

#include "engine/readiness.h"
#include "platform/json_reader.h"
#include "scripted.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct bench {
    struct gen_arena *arena;
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_keyring *keyring;
    struct gen_signer *signer;
    struct gen_loader *loader;
    struct gen_vitals *vitals;
    struct gen_checkup *checkup;
    struct gen_engine_options engine;
    struct gen_errand_world errands;
    struct scripted server;
    const struct answer *answer;
    atomic_int keys; /* requests that were signed */
    struct gen_error err;
};

struct answer {
    int status;
    const char *headers, *body;
    enum gen_vitals_state state;
    const char *reason, *note;
};

static size_t tell(void *context, int count, const char *request, char *out)
{
    struct bench *bench = context;

    (void)count;
    cr_assert(strncmp(request, "GET /health HTTP/1.1\r\n", 22) == 0, "%s", request);
    atomic_fetch_add(&bench->keys, strstr(request, "uthorization: Bearer hush\r\n") != NULL);
    return bench->answer->status == 0
               ? 0
               : scripted_put(out, bench->answer->status, bench->answer->headers,
                              bench->answer->body);
}

static void bench_open(struct bench *bench, const char *settings, const char *const *environment)
{
    static const char *const folders[] = {GEN_BUILD_DIR "/lib/contract/good", NULL};
    struct gen_loader_options loader = {.plugin_folders = folders, .version = "0.1.0"};
    struct gen_keyring_options keyring = {.folder = "/nowhere", .environment = environment};
    struct gen_signer_options signing;
    char text[300];

    bench->arena = gen_arena_create(0);
    bench->server.answer = tell;
    bench->server.context = bench;
    scripted_open(&bench->server);
    snprintf(text, sizeof text, "{\"fake\": {\"baseUrl\": \"http://127.0.0.1:%d\", %s}}",
             bench->server.port, settings);
    cr_assert(eq(int, gen_json_read(text, strlen(text), NULL, bench->arena, &loader.settings,
                                    &bench->err), GEN_OK), "%s", bench->err.message);
    cr_assert(eq(int, gen_crypto_init(&bench->err), GEN_OK));
    cr_assert(eq(int, gen_loop_create(&bench->loop, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_http_client_create(bench->loop, &bench->http, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_keyring_create(&keyring, &bench->keyring, &bench->err), GEN_OK));
    signing = (struct gen_signer_options){.http = bench->http, .clock = gen_clock_real(),
                                          .keyring = bench->keyring};
    cr_assert(eq(int, gen_signer_create(&signing, &bench->signer, &bench->err), GEN_OK));
    cr_assert(eq(int, gen_loader_create(&loader, &bench->loader, &bench->err), GEN_OK));
    bench->vitals = gen_vitals_create();
    bench->engine = (struct gen_engine_options){.loop = bench->loop, .loader = bench->loader,
                                                .clock = gen_clock_real(),
                                                .random = gen_random_real(),
                                                .keyring = bench->keyring};
    bench->errands = (struct gen_errand_world){.loop = bench->loop, .http = bench->http,
                                               .signer = bench->signer, .clock = gen_clock_real(),
                                               .random = gen_random_real(), .allow_private = true};
}

static void bench_begin(struct bench *bench)
{
    struct gen_checkup_options options = {.engine = &bench->engine, .errands = &bench->errands,
                                          .vitals = bench->vitals, .every_ms = 3600000,
                                          .first_ms = 2};

    cr_assert(eq(int, gen_checkup_create(&options, &bench->checkup, &bench->err), GEN_OK));
}

static void bench_close(struct bench *bench)
{
    gen_checkup_destroy(bench->checkup);
    gen_loop_poll(bench->loop);
    scripted_close(&bench->server);
    gen_signer_destroy(bench->signer);
    gen_http_client_destroy(bench->http);
    gen_keyring_destroy(bench->keyring);
    gen_vitals_destroy(bench->vitals);
    gen_loader_destroy(bench->loader);
    gen_loop_destroy(bench->loop);
    gen_arena_destroy(bench->arena);
}

static const char *const nothing[] = {NULL};
static const char *const hush[] = {"GEN_CREDENTIAL_FAKE=hush", NULL};

static const struct answer answers[] = {
    {200, "", "{\"note\": \"credit left: $12.30\"}", GEN_VITALS_HEALTHY, "", "credit left: $12.30"},
    {200, "", "no json", GEN_VITALS_HEALTHY, "", ""},
    {503, "", "", GEN_VITALS_DEGRADED, "the service has a problem", ""},
    {0, "", "", GEN_VITALS_DEGRADED, "", ""}, /* the words are curl's */
    {401, "", "", GEN_VITALS_DOWN, "the credential was not accepted", ""},
    {402, "", "", GEN_VITALS_DOWN, "the credit is used up", ""},
    {429, "", "", GEN_VITALS_UNKNOWN, "", "asked too fast"}, /* not ill health */
};

Test(checkup, what_answers_come_to)
{
    for (size_t i = 0; i < GEN_COUNT(answers); i++) {
        struct bench bench = {.answer = &answers[i]};
        struct gen_vitals_view view = {0};

        bench_open(&bench, "\"health\": true, \"credential\": \"key\"", hush);
        bench_begin(&bench);
        while (view.last_check == 0) {
            gen_loop_turn(bench.loop);
            gen_vitals_look(bench.vitals, "fake", gen_clock_now(gen_clock_real()), &view);
        }
        cr_expect(eq(int, view.state, answers[i].state), "answer %d", answers[i].status);
        cr_expect(answers[i].status == 0 || strcmp(view.reason, answers[i].reason) == 0,
                  "answer %d: %s", answers[i].status, view.reason);
        cr_expect(eq(str, (char *)view.note, (char *)answers[i].note));
        cr_expect(eq(int, scripted_count(&bench.server), 1), "once is enough");
        cr_expect(eq(int, atomic_load(&bench.keys), 1));
        bench_close(&bench);
    }
}

/* Asked to wait, it asks again. */
static size_t wait_first(void *context, int count, const char *request, char *out)
{
    (void)context;
    (void)request;
    return scripted_put(out, count < 3 ? 202 : 200, "", "{\"note\":\"at last\"}");
}

Test(checkup, a_check_of_several_steps)
{
    struct bench bench = {0};
    struct gen_vitals_view view = {0};

    bench_open(&bench, "\"health\": true", nothing);
    bench.server.answer = wait_first;
    bench_begin(&bench);
    while (view.last_check == 0) {
        gen_loop_turn(bench.loop);
        gen_vitals_look(bench.vitals, "fake", gen_clock_now(gen_clock_real()), &view);
    }
    cr_expect(eq(int, view.state, GEN_VITALS_HEALTHY));
    cr_expect(eq(str, (char *)view.note, "at last"));
    cr_expect(eq(int, scripted_count(&bench.server), 3));
    bench_close(&bench);
}

struct asked {
    const char *settings;
    const char *const *environment;
    bool is_asked;
    const char *trouble; /* of readiness; NULL = none */
};

/* Only who offers it, and whom we could talk to at all. */
Test(checkup, who_is_asked)
{
    static const struct asked rows[] = {
        {"\"health\": true", nothing, true, NULL}, /* it needs no credential */
        {"\"health\": false", nothing, false, NULL},
        {"\"health\": true, \"credential\": \"key\"", hush, true, NULL},
        {"\"health\": true, \"credential\": \"key\"", nothing, false,
         "credential \"fake\" is not set: use gen secret set fake, or put the key into /nowhere/fake "
         "(chmod 600), or set GEN_CREDENTIAL_FAKE. Where to get it: any word will do"},
    };
    static const struct answer fine = {200, "", "{}", GEN_VITALS_HEALTHY, "", ""};

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct bench bench = {.answer = &fine};
        struct gen_checkup_options options;
        const char *trouble;

        bench_open(&bench, rows[i].settings, rows[i].environment);
        trouble = gen_readiness_trouble(&bench.engine, gen_loader_find(bench.loader, "fake"), NULL,
                                        bench.arena);
        cr_expect(rows[i].trouble == NULL ? trouble == NULL
                                          : trouble != NULL && strcmp(trouble, rows[i].trouble) == 0,
                  "row %zu: %s", i, trouble);
        options = (struct gen_checkup_options){.engine = &bench.engine, .errands = &bench.errands,
                                               .vitals = bench.vitals, .every_ms = 4,
                                               .first_ms = 2};
        cr_assert(eq(int, gen_checkup_create(&options, &bench.checkup, &bench.err), GEN_OK));
        for (int turn = 0; turn < 60 && scripted_count(&bench.server) < 3; turn++) {
            gen_loop_turn(bench.loop);
        }
        cr_expect(eq(int, scripted_count(&bench.server) > 0, rows[i].is_asked), "row %zu", i);
        bench_close(&bench);
    }
}

/* Stopped in the middle of a check: nothing leaks, nobody is called. */
Test(checkup, stopped_in_the_middle)
{
    static const struct answer fine = {200, "", "{}", GEN_VITALS_HEALTHY, "", ""};

    for (int turns = 0; turns < 8; turns++) {
        struct bench bench = {.answer = &fine};

        bench_open(&bench, "\"health\": true", nothing);
        bench_begin(&bench);
        for (int i = 0; i < turns; i++) {
            gen_loop_turn(bench.loop);
            if (scripted_count(&bench.server) > 0) {
                break;
            }
        }
        gen_checkup_steer(bench.checkup); /* one that is under way goes on */
        bench_close(&bench);
    }
}
