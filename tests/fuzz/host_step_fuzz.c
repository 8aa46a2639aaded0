/* host_step_fuzz.c - whatever a service answers, the fake provider's verbs and the host's checks end in
 * a step or in an error, and money is only ever spent where it may be.
 *
 * Input: one byte each for verb, status and flags, then the answer's body; a first line
 * "retry-after: VALUE" becomes a header. */
/* fuzz-links: host */
/* fuzz-runs: 100000 */
#include "host/provider.h"

#include "host/plugin.h"
#include "model/brief.h"
#include "platform/crypto.h"

#include <stdlib.h>
#include <string.h>

/* The fake provider, linked in: tests/contract/plugins/fake.c. */
#include "../contract/plugins/fake.c"

enum { FUZZ_EXCHANGE = 4 * 1024 * 1024 };

static const int fuzz_statuses[] = {200, 201, 204, 302, 400, 401, 402, 404, 410, 422, 429, 500, 503};

/* The plugin as the loader would have left it. */
static void fuzz_host(struct gen_hosted *hosted, struct gen_arena *arena)
{
    const char *message = NULL;
    struct gen_error err = {0};

    GEN_CHECK(gen_crypto_init(&err) == GEN_OK);
    gen_services_init(&hosted->services, "fake", "fuzz", NULL);
    hosted->arena = arena;
    hosted->path = "fake";
    hosted->provider = *gen_provider_entry_1(&hosted->services.host);
    GEN_CHECK(hosted->provider.configure(NULL, arena, &hosted->self, &message) == GEN_VERDICT_OK);
    GEN_CHECK(gen_catalog_read(&hosted->provider, hosted->self, NULL, arena, &hosted->catalog,
                               &err) == GEN_OK);
    hosted->recover = fake_recover;
    hosted->cancel = fake_cancel;
}

/* What must hold of every step that came through, whatever was answered. */
static void fuzz_check(const struct gen_step *step, enum gen_verb verb)
{
    GEN_CHECK(step->note != NULL);
    switch (step->type) {
    case GEN_STEP_IS_HTTP:
        abort(); /* an answer never makes the fake ask again */
    case GEN_STEP_IS_WAIT:
        GEN_CHECK(verb != GEN_VERB_SUBMIT && step->wait_ms >= 200 && step->wait_ms <= 3600000);
        break;
    case GEN_STEP_IS_DONE:
        GEN_CHECK(verb != GEN_VERB_SUBMIT || step->as.done.handle[0] != '\0');
        GEN_CHECK(step->as.done.cost >= -1);
        break;
    case GEN_STEP_IS_FAIL:
        GEN_CHECK(step->as.fail.kind >= GEN_FAILURE_TRANSIENT &&
                  step->as.fail.kind <= GEN_FAILURE_PROVIDER);
        GEN_CHECK(step->as.fail.cost >= -1 && step->as.fail.retry_after_ms >= 0);
        break;
    case GEN_STEP_IS_RUN:
    default:
        abort();
    }
}

static void fuzz_ask(const struct gen_hosted *hosted, enum gen_verb verb,
                     const struct gen_reply *reply)
{
    static struct gen_scene scene = {.id = "s", .prompt = "p", .duration_ms = 2000};
    static struct gen_brief brief = {.title = "t", .scenes = {&scene, 1}};
    static const struct gen_variation variation = {.width = 640, .height = 360,
                                                   .frame_rate_milli = 30000};
    struct gen_shot shot = {.scene_count = 1, .parameters = "{\"durationMs\":2000}"};
    struct gen_task task = {.brief = &brief, .variation = &variation, .shot = &shot,
                            .model = "pay"};
    struct gen_arena *arena = gen_arena_create(FUZZ_EXCHANGE);
    struct gen_step step;
    struct gen_error err = {0};
    enum gen_status status;

    shot.attempt.handle = "j1";
    status = gen_hosted_step(hosted, verb, &task, reply, arena, &step, &err);
    if (status == GEN_OK) {
        fuzz_check(&step, verb);
    } else {
        GEN_CHECK(err.message[0] != '\0' && err.status == status);
    }
    gen_arena_destroy(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char prefix[] = "retry-after: ";
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_hosted *hosted = gen_arena_alloc(arena, sizeof(*hosted));
    struct gen_step_header header = {"retry-after", ""};
    struct gen_reply reply = {.type = GEN_REPLY_HTTP, .headers = &header};
    char *body;
    char *end;

    if (size >= 3) {
        fuzz_host(hosted, arena);
        reply.status = fuzz_statuses[data[1] % GEN_COUNT(fuzz_statuses)];
        reply.body_complete = (data[2] & 1) == 0;
        body = gen_arena_strndup(arena, (const char *)data + 3, size - 3);
        reply.body = body;
        reply.body_size = size - 3;
        end = strchr(body, '\n');
        if (end != NULL && strncmp(body, prefix, sizeof(prefix) - 1) == 0) {
            *end = '\0';
            header.value = body + sizeof(prefix) - 1;
            reply.header_count = 1;
            reply.body = end + 1;
            reply.body_size = size - 3 - (size_t)(end + 1 - body);
        }
        fuzz_ask(hosted, (enum gen_verb)(GEN_VERB_SUBMIT + data[0] % 5), &reply);
    }
    gen_arena_destroy(arena);
    return 0;
}
