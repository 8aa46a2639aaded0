/* event_stream.c - see event_stream.h. Followers hang on the channel of their job, or on that of all
 * jobs. `position` is the newest event that a follower was given or that was not for him; one who is
 * not `live` has events waiting in the store. */
#include "service/event_stream.h"

#include "base/alloc.h"
#include "base/json.h"
#include "base/map.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "model/event.h"
#include "service/jobs_api.h"
#include "service/providers_api.h"
#include "store/reading.h"

#include <string.h>

enum {
    STREAM_BATCH = 500,               /* events of one reading */
    STREAM_EVENT_MOST = 192 * 1024,   /* bytes; below the limit of a reader */
    STREAM_PROGRESS_MOST = 32 * 1024, /* unsent bytes above which progress is left out */
};

struct channel {
    char job[GEN_IDENT_SIZE]; /* "" = all jobs */
    struct gen_follower *first;
};

struct gen_follower {
    struct gen_follower *next, *previous; /* of the channel */
    struct gen_follower *next_of_all, *previous_of_all;
    struct gen_event_stream *stream;
    struct gen_call *call;
    struct channel *channel;
    int64_t position;
    bool live;
};

struct gen_event_stream {
    struct gen_loop *loop;
    const struct gen_service *service;
    struct channel all;
    struct gen_map *channels; /* job -> struct channel */
    struct gen_follower *first;
    size_t count;
    struct gen_timer *beat;
    int64_t position; /* the newest event that was told to those who are live */
};

const struct gen_parameter gen_event_stream_parameters[] = {
    {"job", "Only events of this job."},
    {"after", "Id of the event to go on after; 0 = from the first. Default: from now on."},
    {NULL, NULL},
};

enum gen_status gen_event_stream_create(struct gen_loop *loop, const struct gen_service *service,
                                        struct gen_event_stream **out, struct gen_error *err)
{
    struct gen_event_stream *stream = gen_alloc(sizeof *stream);
    enum gen_status status = GEN_OK;

    if (stream == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the event stream");
    }
    stream->loop = loop;
    stream->service = service;
    stream->channels = gen_map_create(GEN_EVENT_STREAM_MOST);
    if (stream->channels == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the event stream");
    } else {
        status = gen_read_last_event(service->store, &stream->position, err);
    }
    if (status == GEN_OK) {
        *out = stream;
    } else {
        gen_event_stream_destroy(stream);
    }
    return status;
}

void gen_event_stream_destroy(struct gen_event_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    GEN_CHECK(stream->first == NULL);
    gen_timer_cancel(&stream->beat);
    gen_map_destroy(stream->channels);
    gen_free(stream);
}

size_t gen_event_stream_count(const struct gen_event_stream *stream)
{
    return stream->count;
}

/* -------------------------------------------------------------------------------- formatting -- */

void gen_event_stream_format(const struct gen_node *event, struct gen_bytes *out)
{
    gen_bytes_printf(out, "id: %s\nevent: %s\ndata: ", gen_node_text(gen_node_get(event, "id"), ""),
                     gen_node_text(gen_node_get(event, "type"), ""));
    (void)gen_json_write(event, GEN_JSON_COMPACT, out);
    gen_bytes_text(out, "\n\n");
}

/* ----------------------------------------------------------------------------------- sending -- */

/* What may get lost: a comment, or progress that the next one overtakes. */
static void follower_hint(const struct gen_follower *follower, const char *text, size_t size)
{
    enum gen_status lost = gen_exchange_write(follower->call->exchange, text, size);

    (void)lost;
}

/* One formatted event to one follower. False: he must read it from the store later. */
static bool follower_give(struct gen_follower *follower, const struct gen_bytes *text, int64_t seq)
{
    enum gen_status status = gen_bytes_status(text);

    if (status == GEN_ELIMIT) { /* an event larger than any that we write would never get through */
        follower->position = seq;
        return true;
    }
    if (status != GEN_OK ||
        gen_exchange_write(follower->call->exchange, text->data, text->size) != GEN_OK) {
        follower->live = false;
        return false;
    }
    follower->position = seq;
    return true;
}

static bool follower_may(const struct gen_follower *follower, const struct gen_node *event)
{
    return gen_event_may(&follower->call->principal,
                         gen_event_of(gen_node_text(gen_node_get(event, "type"), "")));
}

/* Gives what the store has after the follower's position, as far as there is room. */
static void follower_catch_up(struct gen_follower *follower)
{
    const struct gen_service *service = follower->stream->service;
    const char *job = follower->channel->job[0] != '\0' ? follower->channel->job : NULL;
    bool going = true;

    while (going) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *events = NULL;
        struct gen_error err = {0};
        struct gen_bytes text;
        int64_t last = follower->position;

        if (arena == NULL || gen_read_events(service->store, follower->call->principal.organization,
                                             job, follower->position, STREAM_BATCH, arena, &events,
                                             &last, &err) != GEN_OK) {
            gen_arena_destroy(arena);
            return; /* he stays behind; the next beat tries again */
        }
        gen_bytes_init(&text, STREAM_EVENT_MOST);
        for (const struct gen_node *event = gen_node_first(events); going && event != NULL;
             event = event->next) {
            int64_t seq = gen_node_integer(gen_node_get(event, "seq"), 0);

            if (!follower_may(follower, event)) {
                follower->position = seq;
                continue;
            }
            gen_bytes_clear(&text);
            gen_event_stream_format(event, &text);
            going = follower_give(follower, &text, seq);
        }
        if (going) {
            follower->position = last;
            going = gen_node_count(events) >= STREAM_BATCH;
            follower->live = !going;
        }
        gen_bytes_fini(&text);
        gen_arena_destroy(arena);
    }
}

static void stream_arm(struct gen_event_stream *stream);

/* Is what happens in this organization his to see? */
static bool follower_entitled(const struct gen_follower *follower, const char *organization)
{
    return strcmp(follower->call->principal.organization, organization) == 0;
}

static void channel_tell(struct channel *channel, const struct gen_node *event,
                         const struct gen_bytes *text, int64_t seq)
{
    const char *organization = gen_node_text(gen_node_get(event, "organization"), "");

    for (struct gen_follower *f = channel == NULL ? NULL : channel->first; f != NULL; f = f->next) {
        if (!f->live || f->position >= seq) {
            continue;
        }
        if (follower_entitled(f, organization) && follower_may(f, event)) {
            (void)follower_give(f, text, seq);
        }
    }
}

static void stream_tell(struct gen_event_stream *stream, const struct gen_node *event,
                        struct gen_bytes *text)
{
    const char *job = gen_node_text(gen_node_get(event, "jobId"), NULL);
    struct channel *channel = job == NULL ? NULL : gen_map_get(stream->channels, job);
    int64_t seq = gen_node_integer(gen_node_get(event, "seq"), 0);

    stream->position = seq;
    if (channel == NULL && stream->all.first == NULL) {
        return;
    }
    gen_bytes_clear(text);
    gen_event_stream_format(event, text);
    channel_tell(&stream->all, event, text, seq);
    channel_tell(channel, event, text, seq);
}

/* The log cannot be read now: everybody is behind, and the beat tries again. */
static void stream_stall(struct gen_event_stream *stream, const struct gen_error *err)
{
    gen_log_error(stream->service->log, GEN_LEVEL_WARN, "event_stream", err);
    for (struct gen_follower *f = stream->first; f != NULL; f = f->next_of_all) {
        f->live = false;
    }
}

void gen_event_stream_events(struct gen_event_stream *stream, int64_t last_event)
{
    const struct gen_service *service = stream->service;

    gen_outbox_tell(service->outbox, last_event);
    if (stream->first == NULL) {
        stream->position = last_event;
    }
    stream_arm(stream);
    while (stream->position < last_event) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *events = NULL;
        struct gen_error err = {.status = GEN_ENOMEM, .message = "no memory for events"};
        struct gen_bytes text;
        int64_t last = last_event;

        if (arena == NULL || gen_read_events(service->store, NULL, NULL, stream->position,
                                             STREAM_BATCH, arena, &events, &last, &err) != GEN_OK) {
            gen_arena_destroy(arena);
            stream_stall(stream, &err);
            stream->position = last_event;
            return;
        }
        gen_bytes_init(&text, STREAM_EVENT_MOST);
        for (const struct gen_node *event = gen_node_first(events); event != NULL;
             event = event->next) {
            stream_tell(stream, event, &text);
        }
        stream->position = last;
        gen_bytes_fini(&text);
        gen_arena_destroy(arena);
    }
}

/* ---------------------------------------------------------------------------------- progress -- */

static struct gen_node *progress_node(struct gen_arena *arena, const struct gen_service *service,
                                      const struct gen_job *job,
                                      const struct gen_pipeline *pipeline)
{
    struct gen_node *node = gen_node_map(arena);
    size_t place = gen_engine_queue_position(service->engine, job, pipeline);
    const char *note = gen_providers_held(arena, service->engine, job, pipeline);

    for (size_t i = 0; i < pipeline->shot_count && place == 0; i++) {
        place = pipeline->shots[i].queue_position > 0 ? (size_t)pipeline->shots[i].queue_position
                                                      : 0; /* in the provider's own queue */
    }
    for (size_t i = 0; i < pipeline->shot_count && note == NULL; i++) {
        note = pipeline->shots[i].note != NULL && pipeline->shots[i].note[0] != '\0'
                   ? pipeline->shots[i].note
                   : NULL;
    }
    gen_node_set(arena, node, "jobId", gen_node_string(arena, job->id.text));
    gen_node_set(arena, node, "pipelineId", gen_node_string(arena, pipeline->id.text));
    gen_node_set(
        arena, node, "variation",
        gen_node_string(arena, gen_brief_variation(job->brief, pipeline->variation)->name));
    gen_node_set(arena, node, "status",
                 gen_node_string(arena, gen_pipeline_status_word(pipeline->status)));
    gen_node_set(arena, node, "stage", gen_node_string(arena, gen_stage_word(pipeline->stage)));
    gen_node_set(arena, node, "queuePosition",
                 place > 0 ? gen_node_int(arena, (int64_t)place) : gen_node_null(arena));
    gen_node_set(arena, node, "note", gen_node_string(arena, note));
    gen_jobs_horizon(arena, node, service->engine, job, pipeline);
    return node;
}

static void channel_progress(const struct channel *channel, const char *organization,
                             const struct gen_bytes *text)
{
    for (struct gen_follower *f = channel == NULL ? NULL : channel->first; f != NULL; f = f->next) {
        if (f->live && follower_entitled(f, organization) &&
            gen_exchange_unsent(f->call->exchange) < STREAM_PROGRESS_MOST) {
            follower_hint(f, text->data, text->size);
        }
    }
}

void gen_event_stream_progress(struct gen_event_stream *stream, const struct gen_job *job,
                               const struct gen_pipeline *pipeline)
{
    const struct channel *channel = gen_map_get(stream->channels, job->id.text);
    struct gen_arena *arena;
    struct gen_bytes text;

    if (channel == NULL && stream->all.first == NULL) {
        return;
    }
    arena = gen_arena_create(0);
    gen_bytes_init(&text, STREAM_EVENT_MOST);
    gen_bytes_text(&text, "event: progress\ndata: ");
    if (arena != NULL) {
        (void)gen_json_write(progress_node(arena, stream->service, job, pipeline), GEN_JSON_COMPACT,
                             &text);
        gen_bytes_text(&text, "\n\n");
    }
    if (arena != NULL && !gen_arena_failed(arena) && gen_bytes_status(&text) == GEN_OK) {
        channel_progress(&stream->all, job->organization, &text);
        channel_progress(channel, job->organization, &text);
    }
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
}

/* ------------------------------------------------------------------------ following, leaving -- */

/* He is no longer entitled: the reply ends with what he was given; he may come back and say who he is. */
static void follower_end(struct gen_follower *follower)
{
    struct gen_exchange *exchange = follower->call->exchange;

    gen_event_stream_leave(follower->call);
    gen_exchange_end(exchange);
}

void gen_event_stream_end_key(struct gen_event_stream *stream, const char *key)
{
    struct gen_follower *next;

    for (struct gen_follower *f = stream->first; f != NULL; f = next) {
        next = f->next_of_all;
        if (strcmp(f->call->principal.key.text, key) == 0) {
            follower_end(f);
        }
    }
}

/* Those whose credential has ended by now. */
static void stream_expire(struct gen_event_stream *stream)
{
    gen_moment now = gen_clock_now(stream->service->clock);
    struct gen_follower *next;

    for (struct gen_follower *f = stream->first; f != NULL; f = next) {
        next = f->next_of_all;
        if (f->call->principal.expires_at != 0 && f->call->principal.expires_at <= now) {
            follower_end(f);
        }
    }
}

static void stream_beat(void *context)
{
    struct gen_event_stream *stream = context;

    stream->beat = NULL;
    stream_expire(stream);
    for (struct gen_follower *f = stream->first; f != NULL; f = f->next_of_all) {
        if (gen_exchange_unsent(f->call->exchange) == 0) {
            follower_hint(f, ":\n\n", 3);
        }
        if (!f->live) {
            follower_catch_up(f);
        }
    }
    stream_arm(stream);
}

static void stream_arm(struct gen_event_stream *stream)
{
    if (stream->beat == NULL && stream->first != NULL) {
        stream->beat = gen_timer_start(stream->loop, GEN_EVENT_STREAM_BEAT_MS, stream_beat, stream);
    }
}

/* The channel of a job, made when it is the first follower's; NULL when there is no memory. */
static struct channel *stream_channel(struct gen_event_stream *stream, const char *job)
{
    struct channel *channel = job == NULL ? &stream->all : gen_map_get(stream->channels, job);
    struct gen_ident id;

    if (channel != NULL) {
        return channel;
    }
    channel = gen_alloc(sizeof *channel);
    if (channel == NULL || !gen_ident_copy(GEN_IDENT_JOB, job, &id) ||
        gen_map_put(stream->channels, job, channel, NULL) != GEN_OK) {
        gen_free(channel);
        return NULL;
    }
    memcpy(channel->job, id.text, sizeof channel->job);
    return channel;
}

static enum gen_status stream_join(struct gen_call *call, const char *job, int64_t position,
                                   struct gen_error *err)
{
    struct gen_event_stream *stream = call->service->stream;
    struct gen_follower *follower = gen_alloc(sizeof *follower);

    if (follower != NULL) {
        follower->channel = stream_channel(stream, job);
    }
    if (follower == NULL || follower->channel == NULL) {
        gen_free(follower);
        return gen_error_set(err, GEN_ENOMEM, "no memory for another stream; try again");
    }
    follower->stream = stream;
    follower->call = call;
    follower->position = position;
    follower->next = follower->channel->first;
    if (follower->next != NULL) {
        follower->next->previous = follower;
    }
    follower->channel->first = follower;
    follower->next_of_all = stream->first;
    if (stream->first != NULL) {
        stream->first->previous_of_all = follower;
    }
    stream->first = follower;
    stream->count++;
    call->follower = follower;
    stream_arm(stream);
    return GEN_OK;
}

void gen_event_stream_leave(struct gen_call *call)
{
    struct gen_follower *follower = call->follower;
    struct gen_event_stream *stream;

    if (follower == NULL) {
        return;
    }
    stream = follower->stream;
    call->follower = NULL;
    if (follower->next != NULL) {
        follower->next->previous = follower->previous;
    }
    if (follower->previous != NULL) {
        follower->previous->next = follower->next;
    } else {
        follower->channel->first = follower->next;
    }
    if (follower->next_of_all != NULL) {
        follower->next_of_all->previous_of_all = follower->previous_of_all;
    }
    if (follower->previous_of_all != NULL) {
        follower->previous_of_all->next_of_all = follower->next_of_all;
    } else {
        stream->first = follower->next_of_all;
    }
    stream->count--;
    if (follower->channel->first == NULL && follower->channel != &stream->all) {
        (void)gen_map_remove(stream->channels, follower->channel->job);
        gen_free(follower->channel);
    }
    gen_free(follower);
}

void gen_event_stream_drain(struct gen_call *call)
{
    if (call->follower != NULL && !call->follower->live) {
        follower_catch_up(call->follower);
    }
}

/* Where the stream begins. */
static enum gen_status follow_start(const struct gen_call *call, int64_t *position,
                                    struct gen_error *err)
{
    const char *key = "Last-Event-ID";
    const char *after = gen_exchange_header(call->exchange, key);
    enum gen_status status;

    if (after == NULL || after[0] == '\0') { /* a browser that has seen nothing yet sends none */
        key = "after";
        after = gen_exchange_query(call->exchange, key);
    }
    if (after == NULL) {
        return gen_read_last_event(call->service->store, position, err);
    }
    if (strcmp(after, "0") == 0) {
        *position = 0;
        return GEN_OK;
    }
    status = gen_ident_valid(GEN_IDENT_EVENT, after)
                 ? gen_read_event_number(call->service->store, call->principal.organization, after,
                                         position, err)
                 : GEN_ENOTFOUND;
    if (status == GEN_ENOTFOUND) {
        gen_error_set(err, GEN_EINVAL, "\"%.60s\" is no event of this daemon", after);
        gen_error_place(err, NULL, 0, 0, key);
        return GEN_EINVAL;
    }
    return status;
}

void gen_event_stream_follow(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    const char *job = gen_exchange_query(call->exchange, "job");
    struct gen_output *outputs;
    struct gen_error err = {0};
    int64_t position = 0;
    size_t count;
    enum gen_status status = GEN_OK;

    if (service->stream->count >= GEN_EVENT_STREAM_MOST) {
        status = gen_error_set(&err, GEN_ELIMIT, "%d streams are open already",
                               GEN_EVENT_STREAM_MOST);
    }
    if (status == GEN_OK && job != NULL) { /* the shortest question about a job that must exist */
        status = gen_read_outputs(service->store, call->principal.organization, job, call->arena,
                                  &outputs, &count, &err);
    }
    if (status == GEN_OK) {
        status = follow_start(call, &position, &err);
    }
    if (status == GEN_OK) {
        status = stream_join(call, job, position, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    gen_exchange_reply_header(call->exchange, "X-Accel-Buffering", "no");
    gen_call_stream(call, "text/event-stream", GEN_EVENT_STREAM_LIMIT);
    /* Something at once, so that the reader knows that it listens, and how soon to come back. */
    follower_hint(call->follower, "retry: 2000\n\n", 13);
    follower_catch_up(call->follower);
}
