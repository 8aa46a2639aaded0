/* no_media.c - of the pipelines bench: the rooms engine/programs and engine/delivery without video work.
 *
 * Linked before the engine's library, so that these stand in for its two rooms: every file is a video, and
 * the only clip is the output as it came. Answers come in a later turn, as they do from a process. */
#include "engine/delivery.h"

#include "base/alloc.h"
#include "base/json.h"
#include "platform/crypto.h"

#include <string.h>

struct gen_programs {
    struct gen_loop *loop;
};

struct gen_run {
    struct gen_timer *timer;
    gen_media_answer *answer;
    void *context;
};

enum gen_status gen_programs_create(const struct gen_programs_options *options,
                                    struct gen_programs **out, struct gen_error *err)
{
    *out = gen_alloc(sizeof(**out));
    if (*out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    (*out)->loop = options->loop;
    return GEN_OK;
}

void gen_programs_destroy(struct gen_programs *programs)
{
    gen_free(programs);
}

enum gen_status gen_programs_start(struct gen_programs *programs, const struct gen_run_spec *spec,
                                   struct gen_run **out, struct gen_error *err)
{
    (void)programs;
    (void)spec;
    *out = NULL;
    return gen_error_set(err, GEN_EUNSUPPORTED, "there are no programs here");
}

static void run_answer(void *context)
{
    struct gen_run *run = context;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *document = gen_node_map(arena);
    struct gen_error none = {0};

    gen_node_set(arena, document, "kind", gen_node_string(arena, "video"));
    gen_node_set(arena, document, "mediaType", gen_node_string(arena, "video/mp4"));
    run->answer(run->context, GEN_OK, document, &none);
    gen_arena_destroy(arena);
    gen_free(run);
}

enum gen_status gen_programs_ask(struct gen_programs *programs, const char *const *arguments,
                                 gen_media_answer *answer, void *context, struct gen_run **out,
                                 struct gen_error *err)
{
    struct gen_run *run = gen_alloc(sizeof(*run));

    (void)arguments;
    if (run != NULL) {
        *run = (struct gen_run){.answer = answer, .context = context};
        run->timer = gen_timer_start(programs->loop, 0, run_answer, run);
    }
    if (run == NULL || run->timer == NULL) {
        gen_free(run);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = run;
    return GEN_OK;
}

void gen_run_stop(struct gen_run **run)
{
    if (*run != NULL) {
        gen_timer_cancel(&(*run)->timer);
        gen_free(*run);
        *run = NULL;
    }
}

void gen_programs_figures(const struct gen_programs *programs, struct gen_programs_figures *out)
{
    (void)programs;
    memset(out, 0, sizeof(*out));
}

size_t gen_programs_running(const struct gen_programs *programs)
{
    (void)programs;
    return 0;
}

size_t gen_programs_waiting(const struct gen_programs *programs)
{
    (void)programs;
    return 0;
}

/* --------------------------------------------------------------------------------- delivery -- */

struct gen_delivery {
    struct gen_delivery_spec spec;
    struct gen_timer *timer;
    char digest[GEN_DIGEST_TEXT_SIZE];
    int64_t duration_ms;
};

static void delivery_end(void *context)
{
    struct gen_delivery *delivery = context;
    struct gen_output output = {.digest = delivery->digest,
                                .thumbnail = delivery->digest,
                                .sheet = delivery->digest,
                                .format = "mp4",
                                .probe = "{}",
                                .size = 65536,
                                .thumbnail_size = 65536,
                                .sheet_size = 65536,
                                .width = delivery->spec.width,
                                .height = delivery->spec.height,
                                .frame_rate_milli = delivery->spec.frame_rate_milli,
                                .duration_ms = delivery->duration_ms};

    delivery->spec.on_end(delivery->spec.context, GEN_OK, &output, "");
    gen_free(delivery);
}

enum gen_status gen_delivery_start(const struct gen_delivery_spec *spec, struct gen_delivery **out,
                                   struct gen_error *err)
{
    struct gen_delivery *delivery = gen_alloc(sizeof(*delivery));

    if (delivery != NULL) {
        *delivery = (struct gen_delivery){.spec = *spec, .duration_ms = spec->clips[0].duration_ms};
        strncpy(delivery->digest, spec->clips[0].digest, sizeof(delivery->digest) - 1);
        delivery->timer = gen_timer_start(spec->loop, 0, delivery_end, delivery);
    }
    if (delivery == NULL || delivery->timer == NULL) {
        gen_free(delivery);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = delivery;
    return GEN_OK;
}

void gen_delivery_stop(struct gen_delivery **delivery)
{
    if (*delivery != NULL) {
        gen_timer_cancel(&(*delivery)->timer);
        gen_free(*delivery);
        *delivery = NULL;
    }
}
