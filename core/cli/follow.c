/* follow.c - see follow.h. */
#include "cli/follow.h"

#include "cli/sse_reader.h"
#include "platform/json_reader.h"

#include <string.h>

enum {
    FOLLOW_TICK_MS = 250,       /* how often something is drawn */
    FOLLOW_POLL_MS = 5000,      /* the document is read at least so often */
    FOLLOW_AGAIN_MS = 500,      /* before the stream is opened again */
    FOLLOW_PATIENCE_MS = 90000, /* without any answer of gend */
    FOLLOW_ATTENTION_MS = 2000, /* it needs a person: some of that is over at once */
};

struct follow {
    struct gen_session *session;
    const char *job;
    struct gen_board board;
    struct gen_ticker ticker;
    struct gen_sse_reader reader;
    struct gen_client_stream *stream;
    struct gen_arena *arena; /* of the newest document */
    const struct gen_node *document;
    int64_t open_at, read_at, answered_at; /* on the loop's clock */
    int64_t waits_at;                      /* since when it needs a person, 0 = it does not */
    bool dirty;                            /* the document may say something new */
    bool lost;                             /* the user was told that the connection is gone */
};

/* A gen_sse_event. */
static void follow_on_event(void *context, const char *type, const char *data, size_t size)
{
    struct follow *follow = context;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *read = NULL;
    struct gen_node *line;

    if (arena != NULL && gen_json_read(data, size, NULL, arena, &read, NULL) == GEN_OK &&
        gen_node_type_of(read) == GEN_NODE_MAP) {
        line = gen_node_map(arena);
        gen_node_set(arena, line, "event", gen_node_string(arena, type));
        for (const struct gen_node *item = gen_node_first(read); item != NULL; item = item->next) {
            if (strcmp(item->key, "event") != 0) {
                gen_node_set(arena, line, item->key, gen_node_copy(arena, item));
            }
        }
        if (!gen_arena_failed(arena)) {
            gen_ticker_event(&follow->ticker, line);
        }
        if (strcmp(type, "progress") == 0) {
            (void)gen_board_progress(&follow->board, read);
        } else {
            follow->dirty = true;
        }
    }
    gen_arena_destroy(arena);
}

static void follow_on_data(void *context, const char *data, size_t size)
{
    struct follow *follow = context;

    gen_sse_feed(&follow->reader, data, size);
}

/* The document as it is now. */
static enum gen_status follow_read(struct follow *follow, struct gen_error *err)
{
    struct gen_client *client = follow->session->client;
    struct gen_client_answer answer = {0};
    struct gen_client_request request = {.timeout_ms = 30000};
    struct gen_arena *arena = gen_arena_create(0);
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a job");
    }
    follow->dirty = false;
    request.path = gen_arena_printf(arena, "/v1/jobs/%s", follow->job);
    status = request.path == NULL ? gen_error_set(err, GEN_ENOMEM, "no memory for a job")
                                  : gen_client_send(client, &request, arena, &answer, err);
    if (status == GEN_OK) {
        status = gen_board_read(&follow->board, answer.document, err);
    }
    if (status != GEN_OK) {
        gen_arena_destroy(arena);
        return status;
    }
    gen_arena_destroy(follow->arena);
    follow->arena = arena;
    follow->document = answer.document;
    follow->answered_at = gen_loop_now(gen_client_loop(client));
    follow->read_at = follow->answered_at + FOLLOW_POLL_MS;
    return GEN_OK;
}

/* Is this gend away for a moment, or is there no point in asking again? */
static bool follow_may_return(enum gen_status status)
{
    return status == GEN_EUNREACHABLE || status == GEN_EIO || status == GEN_EBUSY ||
           status == GEN_ETIMEOUT || status == GEN_ELIMIT;
}

/* gend did not answer: go on, or give up? */
static enum gen_status follow_miss(struct follow *follow, enum gen_status status,
                                   struct gen_error *err)
{
    int64_t now = gen_loop_now(gen_client_loop(follow->session->client));

    if (!follow_may_return(status) || now - follow->answered_at > FOLLOW_PATIENCE_MS) {
        return status;
    }
    if (!follow->lost) {
        gen_ticker_note(&follow->ticker, "gen: %s; trying again",
                        gen_session_clean(follow->session, err->message));
        follow->lost = true;
    }
    follow->dirty = true;
    follow->read_at = now + FOLLOW_AGAIN_MS;
    return GEN_OK;
}

static enum gen_status follow_open(struct follow *follow, struct gen_error *err)
{
    const char *after = follow->reader.id[0] != '\0'
                            ? gen_session_escape(follow->session, follow->reader.id)
                            : "0";
    const char *path = gen_arena_printf(follow->session->arena, "/v1/events?job=%s&after=%s",
                                        follow->job, after != NULL ? after : "0");

    gen_sse_restart(&follow->reader);
    if (path == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a stream");
    }
    return gen_client_stream_open(follow->session->client, path, follow_on_data, follow,
                                  &follow->stream, err);
}

/* Keeps a stream open. That it cannot be is no failure: the document is read anyway. */
static void follow_stream(struct follow *follow)
{
    int64_t now = gen_loop_now(gen_client_loop(follow->session->client));
    struct gen_error err = {0};

    if (follow->stream != NULL && gen_client_stream_ended(follow->stream, &err)) {
        gen_client_stream_close(&follow->stream);
        follow->dirty = true;
        follow->open_at = now + FOLLOW_AGAIN_MS;
        if (err.status == GEN_EINVAL) {
            follow->reader.id[0] = '\0'; /* gend does not know the event: from the first again */
            gen_sse_restart(&follow->reader);
        }
    }
    if (follow->stream == NULL && now >= follow->open_at) {
        follow->open_at = now + FOLLOW_AGAIN_MS;
        (void)follow_open(follow, &err);
    }
}

/* Is there no more to follow? */
static bool follow_ended(struct follow *follow)
{
    int64_t now = gen_loop_now(gen_client_loop(follow->session->client));

    if (!gen_board_waits(&follow->board)) {
        follow->waits_at = 0;
        return gen_board_over(&follow->board);
    }
    follow->waits_at = follow->waits_at == 0 ? now : follow->waits_at;
    return now - follow->waits_at >= FOLLOW_ATTENTION_MS;
}

/* One round: look, draw, wait. */
static enum gen_status follow_turn(struct follow *follow, struct gen_error *err)
{
    struct gen_client *client = follow->session->client;
    enum gen_status status = GEN_OK;

    follow_stream(follow);
    if (gen_loop_now(gen_client_loop(client)) >= follow->read_at ||
        (follow->dirty && !follow->lost)) {
        status = follow_read(follow, err);
        if (status == GEN_OK) {
            follow->lost = false;
        } else if (status != GEN_ECANCELED) {
            status = follow_miss(follow, status, err);
        }
    }
    if (status == GEN_OK) {
        gen_ticker_show(&follow->ticker, &follow->board);
        if (!follow_ended(follow) && !gen_client_wait(client, FOLLOW_TICK_MS, NULL)) {
            status = gen_error_set(err, GEN_ECANCELED, "interrupted");
        }
    }
    return status;
}

enum gen_status gen_follow_job(struct gen_session *session, const char *job,
                               const struct gen_node **out, struct gen_error *err)
{
    struct follow follow = {.session = session, .job = job};
    enum gen_status status = gen_session_connect(session, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_ticker_init(&follow.ticker, session);
    gen_sse_init(&follow.reader, follow_on_event, &follow);
    status = follow_read(&follow, err);
    while (status == GEN_OK && !follow_ended(&follow)) {
        status = follow_turn(&follow, err);
    }
    if (status == GEN_OK) {
        gen_ticker_show(&follow.ticker, &follow.board);
        *out = gen_node_copy(session->arena, follow.document);
        if (*out == NULL || gen_arena_failed(session->arena)) { /* a copy may be one in part */
            status = gen_error_set(err, GEN_ENOMEM, "no memory for a job");
        }
    }
    gen_ticker_fini(&follow.ticker);
    gen_client_stream_close(&follow.stream);
    gen_sse_fini(&follow.reader);
    gen_board_fini(&follow.board);
    gen_arena_destroy(follow.arena);
    return status;
}
