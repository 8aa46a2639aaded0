/* horizon.c - see horizon.h. */
#include "engine/horizon.h"

#include "base/alloc.h"

#include <string.h>

struct leg { /* of a shot: till its clip is here */
    struct gen_foresight_span span;
    bool known, over;
};

struct view { /* what one look needs at hand */
    const struct gen_open_owner *owner;
    struct gen_open_pipeline *open;
    struct gen_pipeline *pipeline;
    struct leg *legs; /* one a shot */
    gen_moment now;
    size_t beside; /* shots that can be under way at once, but for one */
    struct gen_horizon *out;
};

static bool shot_over(const struct gen_shot *shot)
{
    return shot->clip != NULL && shot->clip[0] != '\0';
}

/* Does it wait for another shot? */
static bool shot_blocked(const struct view *view, const struct gen_shot *shot)
{
    for (size_t i = 0; i < view->pipeline->shot_count; i++) {
        const struct gen_shot *earlier = &view->pipeline->shots[i];

        if (!shot_over(earlier) && gen_shot_follows(view->pipeline, shot, earlier)) {
            return true;
        }
    }
    return false;
}

static bool shot_accepted(const struct gen_shot *shot)
{
    return (shot->attempt.state == GEN_ATTEMPT_ACCEPTED ||
            shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS) &&
           shot->attempt.accepted_at != 0;
}

static double shot_declared(const struct view *view, const struct gen_shot *shot)
{
    const struct gen_loader *loader = view->owner->options->loader;
    const struct gen_hosted *hosted = loader == NULL ? NULL
                                                     : gen_loader_find(loader, shot->provider);
    const struct gen_model *model = hosted == NULL ? NULL : gen_hosted_model(hosted, shot->model);

    return model == NULL ? 0 : model->seconds_per_second;
}

static const struct gen_foresight_past *shot_past(const struct view *view,
                                                  const struct gen_shot *shot)
{
    return view->owner->outlook == NULL
               ? NULL
               : gen_durations_past(gen_outlook_durations(view->owner->outlook), shot->provider,
                                    shot->model);
}

static enum gen_phase shot_rendering(const struct gen_shot *shot,
                                     const struct gen_foresight_past *past,
                                     const struct gen_foresight_render *render, gen_moment now)
{
    bool still = shot->moved_at == 0 || now - shot->moved_at > render->elapsed_ms / 4;

    if (shot->attempt.state == GEN_ATTEMPT_AMBIGUOUS ||
        (gen_foresight_overdue(past, render) && still)) {
        return GEN_PHASE_STUCK;
    }
    if (shot->role == GEN_SHOT_FINISH) {
        return GEN_PHASE_ASSEMBLING;
    }
    return shot->queue_position >= 0 && shot->progress_ppm <= 0 ? GEN_PHASE_WAITING
                                                                : GEN_PHASE_RENDERING;
}

static enum gen_phase shot_phase(const struct view *view, const struct gen_shot *shot,
                                 const struct gen_foresight_past *past,
                                 const struct gen_foresight_render *render)
{
    switch (shot->attempt.state) {
    case GEN_ATTEMPT_ACCEPTED:
    case GEN_ATTEMPT_AMBIGUOUS:
        return shot_rendering(shot, past, render, view->now);
    case GEN_ATTEMPT_RENDERED:
    case GEN_ATTEMPT_FETCHED:
    case GEN_ATTEMPT_SETTLED:
        return GEN_PHASE_FETCHING;
    case GEN_ATTEMPT_SUBMITTING:
        return GEN_PHASE_SUBMITTING;
    default:
        return shot->has_slot ? GEN_PHASE_SUBMITTING : GEN_PHASE_QUEUED;
    }
}

/* The wait for its turn here, of a shot that waits for nothing else. */
static struct gen_foresight_span shot_queue(const struct view *view, const struct gen_shot *shot,
                                            const struct gen_ticket *ticket,
                                            struct gen_foresight_span work)
{
    struct gen_foresight_span held = {0}, turn = {0};
    gen_moment until = 0;

    if (gen_lanes_position(ticket) == 0) {
        return turn;
    }
    turn = gen_foresight_queue(gen_lanes_position(ticket),
                               gen_lanes_inside_at(view->owner->lanes, shot->provider), work);
    if (gen_lanes_held(ticket, view->now, &until) != GEN_LANES_FREE && until > view->now) {
        held.middle = held.late = until - view->now;
    }
    return gen_foresight_both(turn, held);
}

/* By what its time says, where its provider does not. */
static void shot_guess(const struct view *view, struct gen_shot *shot,
                       const struct gen_foresight_past *past,
                       const struct gen_foresight_render *render)
{
    int32_t guess;

    if (shot->progress_ppm > 0 || !shot_accepted(shot)) {
        return;
    }
    guess = gen_foresight_progress(past, render);
    if (guess > shot->guessed_ppm && shot->queue_position < 0) {
        shot->guessed_ppm = guess; /* who stands in a queue there is not being rendered */
    }
    view->out->measured = false;
}

static void view_shot(struct view *view, size_t index)
{
    struct gen_shot *shot = &view->pipeline->shots[index];
    struct leg *leg = &view->legs[index];
    const struct gen_foresight_past *past = shot_past(view, shot);
    struct gen_foresight_render render = {.video_ms = shot->duration_ms,
                                          .declared = shot_declared(view, shot),
                                          .measured_ppm = shot->progress_ppm};
    bool blocked = shot_blocked(view, shot);
    enum gen_phase phase;

    if (shot_over(shot)) {
        *leg = (struct leg){.known = true, .over = true};
        return;
    }
    if (shot_accepted(shot) && view->now > shot->attempt.accepted_at) {
        render.elapsed_ms = view->now - shot->attempt.accepted_at;
    }
    render.beside = blocked ? 0 : view->beside;
    shot_guess(view, shot, past, &render);
    phase = blocked ? GEN_PHASE_QUEUED : shot_phase(view, shot, past, &render);
    view->out->phase = phase > view->out->phase ? phase : view->out->phase;
    if (phase == GEN_PHASE_FETCHING) {
        leg->span = (struct gen_foresight_span){GEN_FORESIGHT_HANDOVER_MS / 2,
                                                GEN_FORESIGHT_HANDOVER_MS * 2};
        leg->known = true;
        return;
    }
    leg->known = gen_foresight_left(past, &render, &leg->span);
    if (leg->known && phase == GEN_PHASE_QUEUED && !blocked) {
        leg->span = gen_foresight_then(
            shot_queue(view, shot, &view->open->flights[index].ticket, leg->span), leg->span);
    }
}

/* Shots come after those that they follow, so their spans stand when they are needed. */
static void view_end(struct view *view)
{
    struct gen_foresight_span end = {0};
    static const struct gen_foresight_span handover = {GEN_FORESIGHT_HANDOVER_MS,
                                                       GEN_FORESIGHT_HANDOVER_MS * 3};

    for (size_t i = 0; i < view->pipeline->shot_count; i++) {
        struct gen_foresight_span before = {0};

        if (!view->legs[i].known) {
            return;
        }
        for (size_t k = 0; k < i && !view->legs[i].over; k++) {
            if (gen_shot_follows(view->pipeline, &view->pipeline->shots[i],
                                 &view->pipeline->shots[k])) {
                before = gen_foresight_both(before, view->legs[k].span);
            }
        }
        view->legs[i].span = gen_foresight_then(before, view->legs[i].span);
        end = gen_foresight_both(end, view->legs[i].span);
    }
    end = gen_foresight_then(end, handover);
    view->out->done = view->now + end.middle;
    view->out->late = view->now + end.late;
}

static void view_beside(struct view *view)
{
    size_t at_once = 0;

    for (size_t i = 0; i < view->pipeline->shot_count; i++) {
        const struct gen_shot *shot = &view->pipeline->shots[i];

        at_once += !shot_over(shot) && !shot_blocked(view, shot);
    }
    view->beside = at_once > 0 ? at_once - 1 : 0;
}

void gen_horizon_look(const struct gen_open_owner *owner, const char *job, size_t pipeline,
                      gen_moment now, struct gen_horizon *out)
{
    const struct gen_open_job *open = gen_map_get(owner->jobs, job);
    struct view view = {.owner = owner, .now = now, .out = out};

    *out = (struct gen_horizon){0};
    if (open == NULL) {
        return;
    }
    view.pipeline = &open->job->pipelines[pipeline];
    view.open = &open->pipelines[pipeline];
    out->measured = true;
    if (!gen_pipeline_status_terminal(view.pipeline->status)) {
        view_beside(&view);
        view.legs = gen_alloc((view.pipeline->shot_count + 1) * sizeof *view.legs);
        for (size_t i = 0; view.legs != NULL && i < view.pipeline->shot_count; i++) {
            view_shot(&view, i);
        }
        if (view.legs != NULL && view.pipeline->shot_count > 0) {
            out->phase = out->phase == GEN_PHASE_NONE ? GEN_PHASE_ASSEMBLING : out->phase;
            view_end(&view);
        }
        gen_free(view.legs);
    }
    if (view.pipeline->started_at == 0) {
        out->measured = false; /* nobody measures what has not begun */
    }
    out->progress_ppm = gen_pipeline_progress(view.pipeline);
    view.pipeline->shown_ppm = out->progress_ppm;
}
