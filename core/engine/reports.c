/* reports.c - see reports.h. */
#include "engine/reports.h"

#include "engine/consult.h"
#include "engine/release.h"
#include "engine/reuse.h"

static void reports_hand(struct gen_open_job *open, struct gen_input *input)
{
    open->owner->on_input(open, input);
}

/* Is the report about something that the machine still wants? */
static bool reports_heard(struct gen_flight *flight)
{
    struct gen_open_job *open = flight->owner;
    const struct gen_shot *shot = &open->job->pipelines[flight->pipeline].shots[flight->shot];
    bool heard = !open->over && gen_release_heard(flight->under_way, flight->generation, shot);

    open->owner->dropped += !heard;
    return heard;
}

static void reports_on_reply(struct gen_flight *flight, const struct gen_reply *reply)
{
    if (reports_heard(flight)) {
        gen_consult_plugin(flight, reply);
    }
}

static void reports_on_unanswered(struct gen_flight *flight, enum gen_fate fate, bool costs,
                                  const char *reason)
{
    struct gen_input input = {.kind = GEN_INPUT_UNANSWERED,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .fate = fate,
                              .costs = costs,
                              .reason = reason};

    if (reports_heard(flight)) {
        reports_hand(flight->owner, &input);
    }
}

static void reports_on_failed(struct gen_flight *flight)
{
    struct gen_input input = {.kind = GEN_INPUT_STEP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .step = &flight->step};

    if (reports_heard(flight)) {
        reports_hand(flight->owner, &input);
    }
}

static void reports_on_progress(struct gen_flight *flight, int32_t progress_ppm)
{
    struct gen_input input = {.kind = GEN_INPUT_PROGRESS,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .progress_ppm = progress_ppm};

    if (reports_heard(flight)) {
        reports_hand(flight->owner, &input);
    }
}

static void reports_on_timer(struct gen_flight *flight)
{
    struct gen_open_job *open = flight->owner;
    struct gen_input input = {
        .kind = GEN_INPUT_TIMER, .pipeline = flight->pipeline, .shot = flight->shot};

    if (flight->under_way == flight->generation && !open->over) {
        reports_hand(open, &input);
    }
}

static void reports_on_clip(struct gen_flight *flight, enum gen_status status, const char *digest,
                            const char *reason)
{
    struct gen_input input = {.kind = GEN_INPUT_CLIP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .status = status,
                              .digest = digest,
                              .reason = reason};
    char order[GEN_DIGEST_TEXT_SIZE];

    if (reports_heard(flight)) {
        if (status == GEN_OK &&
            gen_reuse_keeps(flight->owner, flight->pipeline, flight->shot, order)) {
            input.order = order;
        }
        reports_hand(flight->owner, &input);
    }
}

void gen_reports_attach(struct gen_flight_world *world)
{
    world->on_reply = reports_on_reply;
    world->on_unanswered = reports_on_unanswered;
    world->on_failed = reports_on_failed;
    world->on_progress = reports_on_progress;
    world->on_timer = reports_on_timer;
    world->on_clip = reports_on_clip;
}
