/* flight_test.c - a paid video that arrives damaged is fetched again, and never bought again. A real
 * engine, plugin and connection; the provider is a small server of the test that counts. */
#include "engine/engine.h"

#include "unit/engine/world.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

enum damage {
    CUT_OFF = 1,    /* Content-Length promises more than arrives */
    ENDS_EARLY,     /* no length: half of it, and then the connection ends as if that were all */
    NO_VIDEO,       /* a page of words */
    EMPTY,          /* nothing at all, promised and kept */
    SERVER_TROUBLE, /* 500 */
};

struct shop {
    int listener, port;
    pthread_t thread;
    enum damage damage;   /* of the first file that is fetched */
    int damaged;          /* how many of them */
    const char *clip;
    size_t size;
    bool endless;         /* the first question leads to another, and that to itself */
    atomic_int orders, fetches, questions, more;
    atomic_bool closing;
};

static void shop_send(int fd, const void *data, size_t size)
{
    const char *at = data;

    while (size > 0) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);

        if (sent <= 0) {
            return;
        }
        at += sent;
        size -= (size_t)sent;
    }
}

static void shop_answer(int fd, int status, const void *body, size_t size, size_t promised)
{
    char head[200];
    int length = snprintf(head, sizeof(head),
                          "HTTP/1.1 %d Answer\r\nContent-Type: application/octet-stream\r\n"
                          "Content-Length: %zu\r\nConnection: close\r\n\r\n", status, promised);

    shop_send(fd, head, (size_t)length);
    shop_send(fd, body, size);
}

static void shop_file(struct shop *shop, int fd)
{
    static const char open_end[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    static const char words[] = "<html>please come back later</html>";

    if (atomic_fetch_add(&shop->fetches, 1) >= shop->damaged) {
        shop_answer(fd, 200, shop->clip, shop->size, shop->size);
        return;
    }
    switch (shop->damage) {
    case CUT_OFF:
        shop_answer(fd, 200, shop->clip, shop->size / 2, shop->size);
        break;
    case ENDS_EARLY:
        shop_send(fd, open_end, sizeof(open_end) - 1);
        shop_send(fd, shop->clip, shop->size / 2);
        break;
    case NO_VIDEO:
        shop_answer(fd, 200, words, sizeof(words) - 1, sizeof(words) - 1);
        break;
    case EMPTY:
        shop_answer(fd, 200, "", 0, 0);
        break;
    case SERVER_TROUBLE:
        shop_answer(fd, 500, "{}", 2, 2);
        break;
    }
}

/* Reads the head and whatever body comes with it. */
static bool shop_read(int fd, char *text, size_t size)
{
    size_t used = 0;
    const char *body = NULL, *length;

    for (;;) {
        ssize_t got = recv(fd, text + used, size - used - 1, 0);

        if (got <= 0) {
            return false;
        }
        used += (size_t)got;
        text[used] = '\0';
        body = strstr(text, "\r\n\r\n");
        length = strcasestr(text, "\r\nContent-Length:");
        if (body != NULL && (length == NULL || length > body ||
                             strlen(body + 4) >= (size_t)atoll(length + 17))) {
            return true;
        }
    }
}

static void shop_serve(struct shop *shop, int fd)
{
    static const char ordered[] = "{\"id\": \"job1\"}";
    static const char more[] = "{\"status\": \"more\"}";
    static const char ready[] = "{\"status\": \"done\", \"cost\": 0.06}";
    char text[16384];

    if (!shop_read(fd, text, sizeof(text))) {
        return;
    }
    if (strncmp(text, "POST /jobs ", 11) == 0) {
        atomic_fetch_add(&shop->orders, 1);
        shop_answer(fd, 201, ordered, sizeof(ordered) - 1, sizeof(ordered) - 1);
    } else if (strstr(text, "/video HTTP") != NULL) {
        shop_file(shop, fd);
    } else if (strstr(text, "/more HTTP") != NULL) {
        atomic_fetch_add(&shop->more, 1);
        shop_answer(fd, 200, more, sizeof(more) - 1, sizeof(more) - 1);
    } else if (shop->endless && atomic_fetch_add(&shop->questions, 1) == 0) {
        shop_answer(fd, 200, more, sizeof(more) - 1, sizeof(more) - 1);
    } else {
        shop_answer(fd, 200, ready, sizeof(ready) - 1, sizeof(ready) - 1);
    }
}

static void *shop_run(void *context)
{
    struct shop *shop = context;

    for (;;) {
        int fd = accept(shop->listener, NULL, NULL);

        if (atomic_load(&shop->closing)) {
            if (fd >= 0) {
                close(fd);
            }
            return NULL;
        }
        if (fd >= 0) {
            shop_serve(shop, fd);
            shutdown(fd, SHUT_WR);
            close(fd);
        }
    }
}

static void shop_open(struct shop *shop)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    shop->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(bind(shop->listener, (struct sockaddr *)&address, size) == 0);
    cr_assert(listen(shop->listener, 16) == 0);
    cr_assert(getsockname(shop->listener, (struct sockaddr *)&address, &size) == 0);
    shop->port = ntohs(address.sin_port);
    cr_assert(pthread_create(&shop->thread, NULL, shop_run, shop) == 0);
}

static void shop_close(struct shop *shop)
{
    atomic_store(&shop->closing, true);
    shutdown(shop->listener, SHUT_RDWR);
    pthread_join(shop->thread, NULL);
    close(shop->listener);
}

static void on_admitted(void *context, enum gen_status status, const struct gen_error *err,
                        const char *job, bool existing)
{
    (void)existing;
    cr_assert(status == GEN_OK, "%s", err->message);
    snprintf(context, GEN_IDENT_SIZE, "%s", job);
}

static void play_job(struct world *world, char *job)
{
    struct gen_request request = {
        .organization = "org_1", .user = "usr_1",
        .brief = world_node(world, "{\"models\": [\"fake/pay\"], \"budget\": 1, \"scenes\": "
                                   "[{\"prompt\": \"a\", \"duration\": 2}], \"variations\": "
                                   "[{\"resolution\": \"160x90\"}]}")};

    WORLD_OK(world, gen_http_client_create(world->loop, &world->http, &world->err));
    world_options(world);
    WORLD_OK(world, gen_engine_create(&world->options, &world->engine, &world->err));
    gen_engine_admit(world->engine, &request, on_admitted, job);
    while (job[0] == '\0' || gen_engine_job(world->engine, job) != NULL) {
        gen_loop_turn(world->loop);
    }
}

/* The clip that the provider has made: two seconds, as ordered. */
static char *clip_of(const struct world *world, size_t *size)
{
    char path[128], command[500];
    struct gen_bytes bytes;
    char *clip;

    snprintf(path, sizeof(path), "%s/clip.mp4", world->folder);
    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -loglevel error -f lavfi -i testsrc=s=160x90:r=30:d=2 -f lavfi -i "
             "anullsrc=r=48000:cl=stereo -shortest -c:v libx264 -preset ultrafast -pix_fmt yuv420p "
             "-c:a aac -movflags +faststart %s", path);
    cr_assert(system(command) == 0, "%s", command);
    gen_bytes_init(&bytes, 10 << 20);
    cr_assert(gen_files_read(path, &bytes, NULL) == GEN_OK);
    clip = malloc(bytes.size);
    cr_assert(clip != NULL);
    memcpy(clip, bytes.data, bytes.size);
    *size = bytes.size;
    gen_bytes_fini(&bytes);
    return clip;
}

/* The number of the job's attempts, and what they cost together. */
static void check_bill(struct world *world, const char *job, size_t damage)
{
    struct gen_node *document = NULL;
    struct gen_balance balance;

    WORLD_OK(world, gen_read_job(world->store, "org_1", job, world->arena, &document,
                                 &world->err));
    cr_assert(strcmp(gen_node_text(gen_node_get(document, "status"), "?"), "completed") == 0,
              "damage %zu: %s", damage, gen_node_text(gen_node_get(document, "status"), "?"));
    WORLD_OK(world, gen_read_balance(world->store, job, &balance, &world->err));
    cr_assert(eq(i64, balance.spent, 60000), "damage %zu", damage);
    cr_assert(eq(i64, balance.held, 0), "damage %zu", damage);
    cr_assert(eq(i64, balance.unverified, 0), "damage %zu", damage);
}

Test(flight, a_video_that_arrives_damaged_is_fetched_again_and_bought_once, .timeout = 120)
{
    for (enum damage damage = CUT_OFF; damage <= SERVER_TROUBLE; damage++) {
        struct world world;
        struct shop shop = {.damage = damage, .damaged = 1};
        char job[GEN_IDENT_SIZE] = "";
        char *clip;

        shop_open(&shop);
        world_open_at(&world, shop.port);
        shop.clip = clip = clip_of(&world, &shop.size);
        play_job(&world, job);
        cr_assert(eq(int, atomic_load(&shop.orders), 1), "damage %d", damage);
        cr_assert(eq(int, atomic_load(&shop.fetches), 2), "damage %d", damage);
        check_bill(&world, job, damage);
        gen_engine_destroy(world.engine);
        gen_http_client_destroy(world.http);
        shop_close(&shop);
        world_close(&world);
        free(clip);
    }
}

/* A plugin that asks for one request after the other is stopped, and asked anew after a pause: what it has
 * ordered is paid for. */
Test(flight, questions_without_an_end, .timeout = 120)
{
    struct world world;
    struct shop shop = {.damage = CUT_OFF, .endless = true};
    char job[GEN_IDENT_SIZE] = "";
    char *clip;

    shop_open(&shop);
    world_open_at(&world, shop.port);
    shop.clip = clip = clip_of(&world, &shop.size);
    play_job(&world, job);
    cr_assert(eq(int, atomic_load(&shop.orders), 1));
    cr_assert(eq(int, atomic_load(&shop.more), 500));
    cr_assert(eq(int, atomic_load(&shop.questions), 2));
    check_bill(&world, job, 0);
    gen_engine_destroy(world.engine);
    gen_http_client_destroy(world.http);
    shop_close(&shop);
    world_close(&world);
    free(clip);
}
