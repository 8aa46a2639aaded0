/* event_stream_test.c - core/service/event_stream.c on a real store and a real server: a reader who
 * does not read, one who resumes, and what it costs nobody. Server, store and peers share one thread;
 * nothing here measures time. Progress is tested in tests/api/stream_test.c. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "platform/files.h"
#include "platform/http_server.h"
#include "service/event_stream.h"
#include "store/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TURNS = 200000, READ_MOST = 16 * 1024 * 1024 };

struct house {
    char folder[64], socket[96], path[96];
    struct gen_loop *loop;
    struct gen_store *store;
    struct gen_http_server *server;
    struct gen_service service;
    struct gen_event_stream *stream;
    uint64_t counts[GEN_CALL_CLASSES];
    int64_t written, told;
    struct gen_ident job;
};

static const struct gen_route routes[] = {{.method = NULL}};

static void on_head(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;

    struct gen_call *call = gen_call_begin(&house->service, exchange);

    cr_assert(call != NULL);
    call->principal = gen_principal_owner;
    gen_exchange_accept(exchange, GEN_HTTP_BODY_NONE, 0);
}

static void on_body(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_event_stream_follow(gen_exchange_state(exchange));
}

static void on_drain(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_event_stream_drain(gen_exchange_state(exchange));
}

static void on_end(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_event_stream_leave(gen_exchange_state(exchange));
    gen_call_end(gen_exchange_state(exchange));
}

static void house_open(struct house *house)
{
    struct gen_store_options options = {.path = house->path, .volatile_ok = true};
    struct gen_http_handler handler = {on_head, on_body, on_end, on_drain, house};
    struct gen_http_listen listen = {.unix_socket = house->socket};
    struct gen_error err = {0};

    memset(house, 0, sizeof *house);
    cr_assert(gen_crypto_init(&err) == GEN_OK);
    strcpy(house->folder, "/tmp/gen-stream-XXXXXX");
    cr_assert(mkdtemp(house->folder) != NULL);
    snprintf(house->socket, sizeof house->socket, "%s/socket", house->folder);
    snprintf(house->path, sizeof house->path, "%s/db", house->folder);
    cr_assert(gen_loop_create(&house->loop, &err) == GEN_OK);
    cr_assert(gen_store_open(&options, &house->store, &err) == GEN_OK, "%s", err.message);
    house->service = (struct gen_service){.store = house->store,
                                          .clock = gen_clock_real(),
                                          .random = gen_random_real(),
                                          .counts = house->counts,
                                          .routes = routes};
    cr_assert(gen_event_stream_create(house->loop, &house->service, &house->stream, &err) ==
              GEN_OK);
    house->service.stream = house->stream;
    cr_assert(gen_http_server_create(house->loop, &listen, &handler, &house->server, &err) ==
              GEN_OK);
}

static void house_close(struct house *house)
{
    struct gen_error err = {0};

    gen_http_server_destroy(house->server);
    cr_expect(gen_event_stream_count(house->stream) == 0);
    gen_event_stream_destroy(house->stream);
    gen_store_close(house->store);
    gen_loop_destroy(house->loop);
    cr_assert(gen_files_remove_tree(house->folder, &err) == GEN_OK);
}

/* Writes `count` events into the log, in one commit. */
static void house_write(struct house *house, int count)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_error err = {0};

    for (int i = 0; i < count; i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);

        gen_random_ident(gen_random_real(), GEN_IDENT_EVENT, 1, &change->as.event.id);
        change->as.event.kind = GEN_EVENT_ATTEMPT_STATE;
        change->as.event.organization = "local";
        change->as.event.at = 1;
        change->as.event.data = gen_arena_printf(
            changes->arena, "{\"number\":%d,\"filling\":\"%0200d\"}", (int)++house->written, 0);
    }
    cr_assert(gen_store_apply(house->store, changes, &err) == GEN_OK, "%s", err.message);
    gen_changes_destroy(changes);
}

static void house_tell(struct house *house)
{
    house->told = house->written;
    gen_event_stream_events(house->stream, house->told);
    for (int i = 0; i < 5; i++) {
        gen_loop_poll(house->loop);
    }
}

struct peer {
    struct house *house;
    int fd;
    struct gen_bytes text;
};

static void peer_open(struct peer *peer, struct house *house, const char *target,
                      const char *header)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[512];
    int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, header);

    peer->house = house;
    gen_bytes_init(&peer->text, READ_MOST);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", house->socket);
    peer->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(connect(peer->fd, (struct sockaddr *)&address, sizeof address) == 0);
    cr_assert(write(peer->fd, text, (size_t)size) == size);
    cr_assert(fcntl(peer->fd, F_SETFL, O_NONBLOCK) == 0);
    for (int i = 0; i < 100; i++) {
        gen_loop_poll(house->loop);
    }
}

static void peer_close(struct peer *peer)
{
    close(peer->fd);
    gen_bytes_fini(&peer->text);
    for (int i = 0; i < 20; i++) {
        gen_loop_poll(peer->house->loop);
    }
}

static bool peer_has(const struct peer *peer, const char *text)
{
    return peer->text.data != NULL && strstr(peer->text.data, text) != NULL;
}

/* Reads until the text is there. */
static void peer_await(struct peer *peer, const char *text)
{
    char data[65536];

    bool found = peer_has(peer, text);

    for (int i = 0; i < TURNS && !found; i++) {
        ssize_t size = read(peer->fd, data, sizeof data);

        if (size > 0) {
            size_t from = peer->text.size > 100 ? peer->text.size - 100 : 0;

            gen_bytes_append(&peer->text, data, (size_t)size);
            found = strstr(peer->text.data + from, text) != NULL;
        }
        gen_loop_poll(peer->house->loop);
    }
    cr_assert(found, "no %s in %.500s", text, peer->text.data);
}

/* The events that came are `first`, first + 1, ... up to `last`, each once. Chunks of the transfer
 * coding may break a line, so the numbers are looked for without them. */
static void peer_check(struct peer *peer, int first, int last)
{
    struct gen_bytes plain;
    const char *at, *whole = peer->text.data + peer->text.size;
    int next = first;

    gen_bytes_init(&plain, READ_MOST);
    at = strstr(peer->text.data, "\r\n\r\n") + 4;
    while (*at != '\0') {
        char *end;
        unsigned long size = strtoul(at, &end, 16);
        size_t left = end + 2 < whole ? (size_t)(whole - end - 2) : 0;

        gen_bytes_append(&plain, end + 2, size < left ? size : left);
        at = size + 2 <= left ? end + 2 + size + 2 : "";
    }
    for (at = plain.data; at < plain.data + plain.size; at++) {
        if (*at == '"' && strncmp(at, "\"number\":", 9) == 0) {
            cr_assert(atoi(at + 9) == next, "%d comes where %d should", atoi(at + 9), next);
            next++;
        }
    }
    cr_assert(next == last + 1, "%d events came, not %d", next - first, last + 1 - first);
    gen_bytes_fini(&plain);
}

/* Told as they come, from now on: what was there before is not. */
Test(event_stream, from_now_on)
{
    struct house house;
    struct peer peer;

    house_open(&house);
    house_write(&house, 10);
    house_tell(&house);
    peer_open(&peer, &house, "/", "");
    cr_assert(gen_event_stream_count(house.stream) == 1);
    for (int i = 0; i < 30; i++) {
        house_write(&house, 3);
        house_tell(&house);
    }
    peer_await(&peer, "\"number\":100,");
    peer_check(&peer, 11, 100);
    peer_close(&peer);
    house_write(&house, 1); /* a stream that says nothing does not notice that nobody listens */
    house_tell(&house);
    cr_expect(gen_event_stream_count(house.stream) == 0);
    house_close(&house);
}

/* Somebody who reads nothing while megabytes are written gets all of it when he reads again, and
 * disturbs nobody; no more than the limit waits for him meanwhile. */
Test(event_stream, slow_reader)
{
    struct house house;
    struct peer slow, quick;

    house_open(&house);
    peer_open(&slow, &house, "/", "");
    peer_open(&quick, &house, "/", "");
    for (int i = 0; i < 60; i++) {
        char last[32];

        house_write(&house, 200);
        house_tell(&house);
        snprintf(last, sizeof last, "\"number\":%d,", (int)house.written);
        peer_await(&quick, last);
    }
    peer_check(&quick, 1, 12000);
    cr_expect(!peer_has(&slow, "number"));
    peer_await(&slow, "\"number\":12000,");
    peer_check(&slow, 1, 12000);
    house_write(&house, 1); /* he is up to date again */
    house_tell(&house);
    peer_await(&slow, "\"number\":12001,");
    peer_check(&slow, 1, 12001);
    peer_close(&slow);
    peer_close(&quick);
    house_close(&house);
}

/* From the first event, and from one in the middle; a reader joins between a commit and its news. */
Test(event_stream, resumes)
{
    struct house house;
    struct peer peer;
    char id[64], header[128];

    house_open(&house);
    house_write(&house, 1200); /* more than one reading */
    house_tell(&house);
    house_write(&house, 5); /* written, not told yet */
    peer_open(&peer, &house, "/?after=0", "");
    house_tell(&house);
    peer_await(&peer, "\"number\":1205,");
    peer_check(&peer, 1, 1205);
    snprintf(id, sizeof id, "%.30s", strstr(strstr(peer.text.data, "\"number\":99,"), "id: ") + 4);
    peer_close(&peer);
    snprintf(header, sizeof header, "Last-Event-ID: %s\r\n", id);
    peer_open(&peer, &house, "/?after=0", header); /* the header wins */
    peer_await(&peer, "\"number\":1205,");
    peer_check(&peer, 101, 1205);
    peer_close(&peer);
    house_close(&house);
}

/* No memory at some point: the reader is behind for a while, and loses nothing. */
Test(event_stream, no_memory)
{
    struct house house;
    struct peer peer;

    house_open(&house);
    peer_open(&peer, &house, "/", "");
    for (long nth = 1; nth < 40; nth++) {
        house_write(&house, 1);
        gen_alloc_fail_at(nth);
        gen_event_stream_events(house.stream, house.written);
        gen_alloc_fail_at(0);
        house_write(&house, 1);
        house_tell(&house);
    }
    /* Whoever is behind is looked after by the beat; a new reader from the first has all at once. */
    peer_close(&peer);
    peer_open(&peer, &house, "/?after=0", "");
    peer_await(&peer, "\"number\":78,");
    peer_check(&peer, 1, 78);
    peer_close(&peer);
    house_close(&house);
}
