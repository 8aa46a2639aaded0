/* house.c - see house.h. */
#include "house.h"

#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "store/database.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000, FILE_MOST = 1024 * 1024 };

/* ----------------------------------------------------------------------------- the render service -- */

static void service_json(struct gen_exchange *exchange, int status, const char *text)
{
    gen_exchange_reply(exchange, status, "application/json", text, strlen(text));
}

static void service_on_head(void *context, struct gen_exchange *exchange)
{
    (void)context;
    if (strcmp(gen_exchange_method(exchange), "POST") == 0) {
        gen_exchange_accept(exchange, GEN_HTTP_BODY_MEMORY, FILE_MOST);
    }
}

/* An order: every one is a job of its own, and is paid. */
static void service_take(struct house *house, struct gen_exchange *exchange, char *out,
                         size_t out_size)
{
    const struct gen_node *order = NULL;
    struct gen_error err = {0};
    const char *body;
    size_t size;

    body = gen_exchange_body(exchange, &size);
    cr_assert(gen_json_read(body, size, NULL, gen_exchange_arena(exchange), &order, &err) ==
              GEN_OK);
    cr_assert(house->orders < HOUSE_ORDERS);
    (void)snprintf(house->references[house->orders], sizeof house->references[0], "%s",
                   gen_node_text(gen_node_get(order, "reference"), ""));
    (void)snprintf(out, out_size, "{\"id\":\"order-%d\"}", ++house->orders);
}

/* Which job belongs to a reference. */
static void service_find(const struct house *house, const char *reference, char *out, size_t size)
{
    (void)snprintf(out, size, "{\"jobs\":[]}");
    for (int i = 0; i < house->orders; i++) {
        if (reference != NULL && strcmp(house->references[i], reference) == 0) {
            (void)snprintf(out, size, "{\"jobs\":[{\"id\":\"order-%d\"}]}", i + 1);
        }
    }
}

static void service_on_body(void *context, struct gen_exchange *exchange)
{
    struct house *house = context;
    const char *path = gen_exchange_path(exchange);
    const char *key = gen_exchange_header(exchange, "Authorization");
    char text[128];

    if (key != NULL && strstr(house->authorization, key) == NULL &&
        strlen(house->authorization) + strlen(key) + 2 < sizeof house->authorization) {
        strcat(strcat(house->authorization, key), " ");
    }
    if (house->answer != NULL && house->answer(house, exchange)) {
        return;
    }
    if (strcmp(gen_exchange_method(exchange), "POST") == 0) {
        service_take(house, exchange, text, sizeof text);
        service_json(exchange, 201, text);
    } else if (strcmp(gen_exchange_method(exchange), "DELETE") == 0) {
        service_json(exchange, 200, "{\"cost\":0}");
    } else if (strstr(path, "/video") != NULL) {
        int fd = open(house->video, O_RDONLY | O_CLOEXEC);

        cr_assert(fd >= 0);
        gen_exchange_reply_file(exchange, fd, "video/mp4", NULL);
    } else if (strcmp(path, "/jobs") == 0) {
        service_find(house, gen_exchange_query(exchange, "reference"), text, sizeof text);
        service_json(exchange, 200, text);
    } else {
        snprintf(text, sizeof text, "{\"status\":\"done\",\"progress\":1,\"cost\":%s}",
                 house->bill == NULL ? "0.05" : house->bill);
        service_json(exchange, 200,
                     house->hold ? "{\"status\":\"running\",\"progress\":0.25,\"queuePosition\":3}"
                                 : text);
    }
}

static void service_on_end(void *context, struct gen_exchange *exchange)
{
    (void)context;
    (void)exchange;
}

/* --------------------------------------------------------------------------------------- processes -- */

static void gend_on_exit(void *context, const struct gen_process_end *end)
{
    struct house *house = context;

    house->ended = true;
    house->gend = NULL;
    house->exit_code = end->exit_code;
    house->signal = end->signal;
    (void)snprintf(house->last_words, sizeof house->last_words, "%s", end->errors);
}

static void house_make_video(struct house *house)
{
    const char *const arguments[] = {"/usr/bin/ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                                     "testsrc2=s=320x320:r=30:d=1", "-pix_fmt", "yuv420p",
                                     house->video, NULL};
    struct gen_process_spec spec = {.arguments = arguments, .on_exit = gend_on_exit,
                                    .context = house};
    struct gen_error err = {0};

    cr_assert(gen_process_start(house->loop, &spec, &house->gend, &err) == GEN_OK, "%s",
              err.message);
    while (!house->ended) {
        gen_loop_turn(house->loop);
    }
    cr_assert(house->exit_code == 0, "ffmpeg: %s", house->last_words);
    house->ended = false;
}

static void house_write_config(struct house *house)
{
    char path[160], text[512];
    struct gen_error err = {0};

    (void)snprintf(path, sizeof path, "%s/gend.yaml", house->folder);
    (void)snprintf(text, sizeof text,
                   "listen: 127.0.0.1:0\nallowPrivate: true\nleastFree: %s\nproviders:\n"
                   "  fake:\n    settings:\n      baseUrl: http://127.0.0.1:%d\n"
                   "      pollMs: 200\n      pricePerSecond: 0.05\n%s",
                   house->least_free == NULL ? "1" : house->least_free,
                   gen_http_server_port(house->service),
                   house->settings == NULL ? "" : house->settings);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
}

void house_open(struct house *house)
{
    struct gen_http_handler handler = {service_on_head, service_on_body, service_on_end, NULL,
                                       house};
    struct gen_http_listen listen = {.address = "127.0.0.1"};
    struct gen_error err = {0};

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    strcpy(house->folder, "/tmp/gen-api-XXXXXX");
    cr_assert(mkdtemp(house->folder) != NULL);
    (void)snprintf(house->state, sizeof house->state, "%s/state", house->folder);
    (void)snprintf(house->socket, sizeof house->socket, "%s/gend.sock", house->state);
    (void)snprintf(house->video, sizeof house->video, "%s/video.mp4", house->folder);
    (void)snprintf(house->plugins, sizeof house->plugins, "%s/lib/contract/good", GEN_BUILD_DIR);
    house->arena = gen_arena_create(0);
    cr_assert(gen_loop_create(&house->loop, &err) == GEN_OK);
    cr_assert(gen_http_client_create(house->loop, &house->client, &err) == GEN_OK);
    cr_assert(gen_http_server_create(house->loop, &listen, &handler, &house->service, &err) ==
                  GEN_OK,
              "%s", err.message);
    house_make_video(house);
    house_write_config(house);
}

void house_close(struct house *house)
{
    struct gen_error err = {0};

    if (house->gend != NULL) {
        house_stop(house);
    }
    gen_http_client_destroy(house->client);
    gen_http_server_destroy(house->service);
    gen_loop_destroy(house->loop);
    gen_arena_destroy(house->arena);
    cr_assert(gen_files_remove_tree(house->folder, &err) == GEN_OK, "%s", err.message);
}

static void house_read_key(struct house *house)
{
    struct gen_error err = {0};
    struct gen_bytes text;
    char path[160];

    (void)snprintf(path, sizeof path, "%s/api-key", house->state);
    gen_bytes_init(&text, sizeof house->key - 1);
    cr_assert(gen_files_read(path, &text, &err) == GEN_OK, "%s", err.message);
    (void)snprintf(house->key, sizeof house->key, "%.*s", (int)strcspn(text.data, "\n"),
                   text.data);
    gen_bytes_fini(&text);
}

/* A free port of this machine, so that the test knows it; listen on 0 tells only the log. */
static int free_port(struct house *house)
{
    struct gen_http_handler handler = {service_on_head, service_on_body, service_on_end, NULL,
                                       house};
    struct gen_http_listen listen = {.address = "127.0.0.1"};
    struct gen_http_server *server = NULL;
    struct gen_error err = {0};
    int port;

    cr_assert(gen_http_server_create(house->loop, &listen, &handler, &server, &err) == GEN_OK);
    port = gen_http_server_port(server);
    gen_http_server_destroy(server);
    return port;
}

void house_start(struct house *house, const char *const *more)
{
    char config[160], listen[64];
    /* A test that fails must not leave its daemon behind. */
    const char *arguments[24] = {"/bin/sh", "-c", "exec 2>>\"$0\" \"$@\"", house->log, "/usr/bin/setpriv", "--pdeathsig", "KILL", GEN_BUILD_DIR "/bin/gend", "--state", house->state, "--config",
                                 config, "--plugins", house->plugins, "--listen", listen};
    const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/nonexistent",
                                       "ASAN_OPTIONS=detect_leaks=1", NULL};
    struct gen_process_spec spec = {.arguments = house->log != NULL ? arguments : arguments + 4,
                                    .environment = environment,
                                    .on_exit = gend_on_exit, .context = house};
    struct gen_error err = {0};
    size_t count = 16;

    house->port = free_port(house);
    (void)snprintf(config, sizeof config, "%s/gend.yaml", house->folder);
    (void)snprintf(listen, sizeof listen, "127.0.0.1:%d", house->port);
    for (; more != NULL && *more != NULL; more++) {
        arguments[count++] = *more;
    }
    house->ended = false;
    house->last_words[0] = '\0';
    cr_assert(gen_process_start(house->loop, &spec, &house->gend, &err) == GEN_OK, "%s",
              err.message);
    while (!house->ended && house_get(house, "/healthz").status != 200) {
        usleep(2000); /* nobody listens yet, so the loop has nothing to wait for */
    }
    if (!house->ended) {
        house_read_key(house);
    }
}

static void house_wait_end(struct house *house)
{
    while (!house->ended) {
        gen_loop_turn(house->loop);
    }
    cr_assert(strstr(house->last_words, "Sanitizer") == NULL &&
                  strstr(house->last_words, "runtime error") == NULL,
              "%s", house->last_words);
}

void house_stop(struct house *house)
{
    cr_assert(kill(gen_process_pid(house->gend), SIGTERM) == 0);
    house_wait_end(house);
    cr_assert(house->exit_code == 0, "exit code %d, signal %d: %s", house->exit_code,
              house->signal, house->last_words);
}

void house_kill(struct house *house)
{
    cr_assert(kill(gen_process_pid(house->gend), SIGKILL) == 0);
    house_wait_end(house);
}

/* ------------------------------------------------------------------------------------------- asking -- */

struct asking {
    struct house *house;
    struct house_reply reply;
    bool done;
};

static const char *asking_header(struct asking *asking, const struct gen_http_response *response,
                                 const char *name)
{
    return gen_arena_strdup(asking->house->arena, gen_http_header(response, name));
}

static void asking_on_end(void *context, const struct gen_http_response *response)
{
    struct asking *asking = context;
    struct house_reply *reply = &asking->reply;
    struct gen_error err = {0};

    asking->done = true;
    reply->status = response->status;
    reply->type = asking_header(asking, response, "content-type");
    reply->location = asking_header(asking, response, "location");
    reply->allow = asking_header(asking, response, "allow");
    reply->request = asking_header(asking, response, "x-request-id");
    reply->disposition = asking_header(asking, response, "content-disposition");
    reply->etag = asking_header(asking, response, "etag");
    reply->retry = asking_header(asking, response, "retry-after");
    reply->authenticate = asking_header(asking, response, "www-authenticate");
    reply->body = gen_arena_strndup(asking->house->arena, response->body, response->body_size);
    reply->size = response->body_size;
    if (reply->type != NULL && strstr(reply->type, "json") != NULL && reply->size > 0) {
        cr_assert(gen_json_read(response->body, response->body_size, NULL, asking->house->arena,
                                &reply->document, &err) == GEN_OK,
                  "%s: %s", err.message, response->body);
    }
}

static void asking_begin(struct asking *asking, const struct house_ask *ask)
{
    struct house *house = asking->house;
    struct gen_http_header headers[6];
    char url[512], host[64], key[16384];
    struct gen_http_request request = {.method = ask->method, .url = url, .headers = headers,
                                       .allow_private = true, .timeout_ms = PATIENCE_MS,
                                       .on_end = asking_on_end, .context = asking};
    struct gen_error err = {0};

    (void)snprintf(host, sizeof host, "127.0.0.1:%d", house->port);
    (void)snprintf(url, sizeof url, "http://%s%s", ask->way == HOUSE_SOCKET ? "gend" : host,
                   ask->path);
    (void)snprintf(key, sizeof key, "Bearer %s", ask->bearer != NULL ? ask->bearer : house->key);
    request.unix_socket = ask->way == HOUSE_SOCKET ? house->socket : NULL;
    if (ask->bearer != NULL || ask->way == HOUSE_KEY || ask->way == HOUSE_WRONG_HOST || ask->way == HOUSE_WRONG_ORIGIN) {
        headers[request.header_count++] = (struct gen_http_header){"authorization", key};
    } else if (ask->way == HOUSE_WRONG_KEY) {
        headers[request.header_count++] = (struct gen_http_header){"authorization", "Bearer no"};
    }
    if (ask->way == HOUSE_WRONG_HOST) {
        headers[request.header_count++] = (struct gen_http_header){"host", "evil.example"};
    } else if (ask->way == HOUSE_WRONG_ORIGIN) {
        headers[request.header_count++] =
            (struct gen_http_header){"origin", "http://evil.example"};
    }
    if (ask->type != NULL) {
        headers[request.header_count++] = (struct gen_http_header){"content-type", ask->type};
    }
    if (ask->name != NULL) {
        headers[request.header_count++] = (struct gen_http_header){ask->name, ask->value};
    }
    request.body = ask->body;
    request.body_size = ask->body == NULL ? 0 : ask->size > 0 ? ask->size : strlen(ask->body);
    request.body_file = ask->file;
    cr_assert(gen_http_send(house->client, &request, NULL, &err) == GEN_OK, "%s", err.message);
}

struct house_reply house_ask(struct house *house, const struct house_ask *ask)
{
    struct asking asking = {.house = house};

    asking_begin(&asking, ask);
    while (!asking.done) {
        gen_loop_turn(house->loop);
    }
    return asking.reply;
}

void house_ask_all(struct house *house, const struct house_ask *asks, struct house_reply *replies,
                   size_t count)
{
    struct asking *asking = gen_arena_alloc(house->arena, count * sizeof *asking);

    for (size_t i = 0; i < count; i++) {
        asking[i].house = house;
        asking_begin(&asking[i], &asks[i]);
    }
    for (size_t i = 0; i < count; i++) {
        while (!asking[i].done) {
            gen_loop_turn(house->loop);
        }
        replies[i] = asking[i].reply;
    }
}

struct house_reply house_get(struct house *house, const char *path)
{
    return house_ask(house, &(struct house_ask){.method = "GET", .path = path});
}

struct house_reply house_post(struct house *house, const char *path, const char *json)
{
    return house_ask(house, &(struct house_ask){.method = "POST", .path = path,
                                                .type = json == NULL ? NULL : "application/json",
                                                .body = json});
}

const char *house_submit(struct house *house, const char *title)
{
    const char *brief = gen_arena_printf(
        house->arena,
        "{\"title\":\"%s\",\"models\":[\"fake/pay\"],\"tags\":[\"api\"],\"project\":\"tests\","
        "\"scenes\":[{\"prompt\":\"a test\",\"duration\":1}],"
        "\"variations\":[{\"resolution\":\"320x320\"}]}",
        title);
    struct house_reply reply = house_post(house, "/v1/jobs", brief);

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return gen_node_text(gen_node_get(reply.document, "jobId"), "");
}

void house_await(struct house *house, const char *job, const char *statuses)
{
    const char *path = gen_arena_printf(house->arena, "/v1/jobs/%s", job);

    struct house_reply reply;

    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        const char *status;

        reply = house_get(house, path);
        status = gen_node_text(gen_node_get(reply.document, "status"), "?");
        if (strstr(statuses, status) != NULL) {
            return;
        }
        cr_assert(!house->ended, "gend ended: %d, %d: %s", house->exit_code, house->signal,
                  house->last_words);
        cr_assert(strstr("completed failed canceled partially_completed", status) == NULL,
                  "the job is %s: %s\n%s", status, strstr(reply.body, "\"pipelines\""), reply.body);
        usleep(10000);
        gen_loop_poll(house->loop);
    }
    cr_assert(false, "job %s does not come to %s: %s", job, statuses, reply.body);
}

/* ---------------------------------------------------------------------------------------- following -- */

static void stream_on_data(void *context, const char *data, size_t size)
{
    struct house_stream *stream = context;

    cr_assert(gen_bytes_append(&stream->text, data, size) == GEN_OK);
}

static void stream_on_end(void *context, const struct gen_http_response *response)
{
    struct house_stream *stream = context;

    (void)response;
    stream->ended = true;
}

void house_follow(struct house *house, struct house_stream *stream, const char *path,
                  const char *last_event)
{
    house_follow_as(house, stream, path, last_event, NULL);
}

void house_follow_as(struct house *house, struct house_stream *stream, const char *path,
                     const char *last_event, const char *token)
{
    struct gen_http_header headers[2];
    char url[512];
    struct gen_http_request request = {.method = "GET", .url = url, .headers = headers,
                                       .allow_private = true, .stall_timeout_ms = -1,
                                       .on_data = stream_on_data, .on_end = stream_on_end,
                                       .context = stream};
    struct gen_error err = {0};

    *stream = (struct house_stream){.house = house};
    gen_bytes_init(&stream->text, 64 * FILE_MOST);
    if (last_event != NULL) {
        headers[request.header_count++] = (struct gen_http_header){"last-event-id", last_event};
    }
    if (token != NULL) {
        headers[request.header_count++] = (struct gen_http_header){
            "authorization", gen_arena_printf(house->arena, "Bearer %s", token)};
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%d%s", house->port, path);
    } else {
        request.unix_socket = house->socket;
        (void)snprintf(url, sizeof url, "http://gend%s", path);
    }
    cr_assert(gen_http_send(house->client, &request, &stream->call, &err) == GEN_OK);
    house_await_text(stream, "retry:");
}

void house_leave(struct house_stream *stream)
{
    if (!stream->ended) {
        gen_http_cancel(stream->call);
    }
    while (!stream->ended) {
        gen_loop_turn(stream->house->loop);
    }
    gen_bytes_fini(&stream->text);
}

void house_await_text(struct house_stream *stream, const char *text)
{
    struct gen_loop *loop = stream->house->loop;
    int64_t until = gen_loop_now(loop) + PATIENCE_MS;

    while (!stream->ended && gen_loop_now(loop) < until &&
           (stream->text.data == NULL || strstr(stream->text.data, text) == NULL)) {
        gen_loop_turn(loop); /* at least the stream's heart beats */
    }
    cr_assert(stream->text.data != NULL && strstr(stream->text.data, text) != NULL,
              "the stream has no %s: %s", text, stream->text.data);
}

/* --------------------------------------------------------------------------------------- the books -- */

int64_t house_number(const struct house *house, const char *sql)
{
    struct gen_database *database = NULL;
    struct gen_error err = {0};
    char path[160];
    int64_t number = -1;

    snprintf(path, sizeof path, "%s/genengine.db", house->state);
    cr_assert(gen_database_open(path, GEN_DATABASE_READER, &database, &err) == GEN_OK, "%s",
              err.message);
    cr_assert(gen_database_number(database, sql, &number, &err) == GEN_OK, "%s: %s", sql,
              err.message);
    gen_database_close(database);
    return number;
}

/* What must hold at any moment, whatever has happened: each is a count of what is wrong. Money is in dollars
 * in the log, of six digits: 1e6 of it is whole. */
void house_check_books(const struct house *house)
{
#define LOG(account) \
    "COALESCE((SELECT SUM(CAST(ROUND(1e6 * (e.data ->> '$.accounts." account "')) AS INTEGER)) FROM " \
    "event e WHERE e.kind = 'ledger.entry' AND e.data ->> '$.attemptId' = a.id), 0)"
    static const char *const wrong[] = {
        "SELECT COUNT(*) FROM (SELECT 1 FROM posting GROUP BY entry HAVING SUM(amount) <> 0)",
        "SELECT COUNT(*) FROM ledger_entry e WHERE e.amount > 0 AND NOT EXISTS (SELECT 1 FROM posting p "
        "WHERE p.entry = e.id)",
        "SELECT COUNT(*) FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM attempt a WHERE a.id = "
        "e.attempt AND a.job = e.job AND a.pipeline = e.pipeline AND a.provider = e.provider)",
        "SELECT COUNT(*) FROM attempt a LEFT JOIN ledger_by_attempt l ON l.attempt = a.id WHERE a.held <> "
        "COALESCE(l.held, 0) OR a.unverified <> COALESCE(l.unverified, 0) OR a.spent <> "
        "COALESCE(l.spent, 0)",
        "SELECT COUNT(*) FROM job j WHERE j.held <> (SELECT SUM(a.held) FROM attempt a WHERE a.job = j.id) "
        "OR j.spent <> (SELECT SUM(a.spent) FROM attempt a WHERE a.job = j.id) OR j.unverified <> (SELECT "
        "SUM(a.unverified) FROM attempt a WHERE a.job = j.id)",
        "SELECT COUNT(*) FROM job WHERE held + spent + unverified > budget",
        /* the log alone gives the same */
        "SELECT COUNT(*) FROM attempt a WHERE a.held <> " LOG("held") " OR a.spent <> " LOG("spent")
        " OR a.unverified <> " LOG("unverified") " OR 0 <> " LOG("held") " + " LOG("spent") " + "
        LOG("unverified") " + " LOG("funds"),
        "SELECT COUNT(*) <> (SELECT COUNT(*) FROM ledger_entry) FROM event WHERE kind = 'ledger.entry'",
    };
#undef LOG

    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        int64_t count = house_number(house, wrong[i]);

        cr_assert(count == 0, "%lld: %s", (long long)count, wrong[i]);
    }
    cr_assert(house_number(house, "SELECT COALESCE(SUM(amount), 0) FROM posting") == 0);
}
