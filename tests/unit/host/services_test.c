/* services_test.c - the host's table as a plugin sees it: each service, and each with nonsense. */
#include "host/services.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "platform/clock.h"
#include "platform/crypto.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void set_up(struct gen_services *services)
{
    struct gen_error err = {0};

    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    gen_services_init(services, "tester", "9.9", NULL);
}

Test(services, table_is_complete)
{
    struct gen_services services;
    void *slots[(sizeof(struct gen_host) - offsetof(struct gen_host, alloc)) / sizeof(void *)];

    set_up(&services);
    memcpy(slots, &services.host.alloc, sizeof(slots));
    for (size_t i = 0; i < GEN_COUNT(slots); i++) {
        cr_expect(ne(ptr, slots[i], NULL), "service %zu", i);
    }
    cr_expect(eq(sz, services.host.size, sizeof(struct gen_host)));
    cr_expect(eq(int, services.host.major, 1));
    cr_expect(eq(str, (char *)services.host.version, "9.9"));
}

Test(services, json_reading)
{
    static const char text[] = "{\"a\": [1, 2.5, \"x\", true, null, {}], \"m\": 0.05}";
    struct gen_services services;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_host *host = &services.host;
    const struct gen_node *root;
    const struct gen_node *list;
    static const int32_t types[] = {GEN_JSON_NUMBER, GEN_JSON_NUMBER, GEN_JSON_STRING,
                                    GEN_JSON_BOOL,   GEN_JSON_NULL,   GEN_JSON_MAP,
                                    GEN_JSON_ABSENT};

    set_up(&services);
    root = host->json_parse(arena, text, sizeof(text) - 1);
    cr_assert(ne(ptr, (void *)root, NULL));
    list = host->json_get(root, "a");
    cr_expect(eq(int, host->json_type(list), GEN_JSON_LIST));
    cr_expect(eq(sz, host->json_count(list), 6));
    cr_expect(eq(str, (char *)host->json_key(list), "a"));
    cr_expect(eq(str, (char *)host->json_key(root), ""));
    for (size_t i = 0; i < GEN_COUNT(types); i++) {
        cr_expect(eq(int, host->json_type(host->json_at(list, i)), types[i]), "%zu", i);
    }
    cr_expect(eq(i64, host->json_integer(host->json_at(list, 0), -1), 1));
    cr_expect(eq(dbl, host->json_number(host->json_at(list, 1), -1), 2.5));
    cr_expect(eq(str, (char *)host->json_text(host->json_at(list, 2), "-"), "x"));
    cr_expect(eq(int, host->json_truth(host->json_at(list, 3), 7), 1));
    cr_expect(eq(int, host->json_truth(host->json_at(list, 0), 7), 7));
    cr_expect(eq(i64, host->json_dollars(host->json_get(root, "m"), -1), 50000));
    cr_expect(eq(i64, host->json_dollars(host->json_at(list, 2), -1), -1));
    gen_arena_destroy(arena);
}

Test(services, nothing_is_accepted_everywhere)
{
    struct gen_services services;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_host *host = &services.host;
    size_t size = 99;

    set_up(&services);
    cr_expect(eq(ptr, (void *)host->json_parse(arena, NULL, 5), NULL));
    cr_expect(eq(ptr, (void *)host->json_parse(arena, "{", 1), NULL));
    cr_expect(eq(ptr, (void *)host->json_parse(arena, "1 2", 3), NULL));
    cr_expect(eq(int, host->json_type(NULL), GEN_JSON_ABSENT));
    cr_expect(eq(ptr, (void *)host->json_get(NULL, "a"), NULL));
    cr_expect(eq(ptr, (void *)host->json_get(NULL, NULL), NULL));
    cr_expect(eq(ptr, (void *)host->json_at(NULL, 3), NULL));
    cr_expect(eq(sz, host->json_count(NULL), 0));
    cr_expect(eq(str, (char *)host->json_key(NULL), ""));
    cr_expect(eq(str, (char *)host->json_text(NULL, "f"), "f"));
    cr_expect(eq(i64, host->json_integer(NULL, 4), 4));
    cr_expect(eq(dbl, host->json_number(NULL, 4.5), 4.5));
    cr_expect(eq(i64, host->json_dollars(NULL, 4), 4));
    cr_expect(eq(ptr, host->json_copy(arena, NULL), NULL));
    cr_expect(eq(ptr, host->json_set(arena, NULL, "a", NULL), NULL));
    cr_expect(eq(ptr, host->json_push(NULL, NULL), NULL));
    cr_expect(eq(str, (char *)host->json_write(arena, NULL, &size), "null"));
    cr_expect(eq(ptr, (void *)host->base64_encode(arena, NULL, 5), NULL));
    cr_expect(eq(str, (char *)host->base64_encode(arena, NULL, 0), ""));
    cr_expect(eq(ptr, (void *)host->base64_decode(arena, NULL, &size), NULL));
    cr_expect(eq(ptr, (void *)host->base64_decode(arena, "!!", &size), NULL));
    cr_expect(eq(ptr, (void *)host->url_encode(arena, NULL), NULL));
    cr_expect(eq(ptr, (void *)host->hash(arena, NULL, 5), NULL));
    cr_expect(eq(int, host->has_program(host, NULL), 0));
    cr_expect(not(gen_arena_failed(arena))); /* a refusal is no lack of memory */
    gen_arena_destroy(arena);
}

Test(services, json_building)
{
    struct gen_services services;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_host *host = &services.host;
    struct gen_node *map;
    struct gen_node *copy;
    size_t size = 0;

    set_up(&services);
    map = host->json_map(arena);
    host->json_set(arena, map, "t", host->json_new_text(arena, "a\"b"));
    host->json_set(arena, map, "n", host->json_new_null(arena));
    host->json_set(arena, map, "x", host->json_new_number(arena, 0.1));
    host->json_set(arena, map, "y", host->json_new_truth(arena, 5));
    host->json_set(arena, map, "i", host->json_new_integer(arena, INT64_MIN));
    host->json_push(host->json_set(arena, map, "l", host->json_list(arena)),
                    host->json_new_text(arena, NULL));
    copy = host->json_copy(arena, map);
    host->json_set(arena, copy, "t", host->json_copy(arena, map)); /* a copy can be added to */
    cr_expect(eq(str, (char *)host->json_write(arena, map, &size),
                 "{\"t\":\"a\\\"b\",\"n\":null,\"x\":0.1,\"y\":true,\"i\":-9223372036854775808,"
                 "\"l\":[null]}"));
    cr_expect(eq(sz, size, strlen(host->json_write(arena, map, NULL))));
    cr_expect(eq(str, (char *)host->json_text(
                          host->json_get(host->json_get(copy, "t"), "t"), ""), "a\"b"));
    gen_arena_destroy(arena);
}

Test(services, text_and_bytes)
{
    struct gen_services services;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_host *host = &services.host;
    size_t size = 0;
    const char *back;

    set_up(&services);
    cr_expect(eq(str, host->print(arena, "%s-%d", "a", 7), "a-7"));
    cr_expect(eq(str, (char *)host->base64_encode(arena, "\0\xFF\x10", 3), "AP8Q"));
    back = host->base64_decode(arena, "AP8Q", &size);
    cr_assert(ne(ptr, (void *)back, NULL));
    cr_expect(eq(sz, size, 3));
    cr_expect(eq(int, memcmp(back, "\0\xFF\x10", 4), 0)); /* and a NUL behind it */
    cr_expect(eq(str, (char *)host->url_encode(arena, "a b/\xC3\xA4~-._&"), "a%20b%2F%C3%A4~-._%26"));
    cr_expect(eq(str, (char *)host->url_encode(arena, ""), ""));
    /* BLAKE2b-256 of the empty text */
    cr_expect(eq(str, (char *)host->hash(arena, "", 0),
                 "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"));
    gen_arena_destroy(arena);
}

/* Memory that runs out outside the arena fails the arena, so that no plugin takes it for an answer. */
Test(services, no_memory_is_not_an_answer)
{
    struct gen_services services;
    bool finished = false;

    set_up(&services);
    for (long nth = 2; !finished && nth < 1000; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node;
        const void *data;
        const char *text;
        size_t size = 0;

        gen_alloc_fail_at(nth - 1);
        node = services.host.json_parse(arena, "[1,\"x\"]", 7);
        data = services.host.base64_decode(arena, "AP8Q", &size);
        text = services.host.base64_encode(arena, "abc", 3);
        finished = gen_alloc_count() < nth - 1;
        gen_alloc_fail_at(0);
        cr_expect(eq(int, node != NULL && data != NULL && text != NULL, finished), "%ld", nth);
        cr_expect(eq(int, gen_arena_failed(arena), !finished), "%ld", nth);
        gen_arena_destroy(arena);
    }
    cr_expect(finished);
}

static gen_moment noon(void *context)
{
    (void)context;
    return 0;
}

Test(services, log_carries_the_name)
{
    struct gen_services services;
    struct gen_clock clock = {.now = noon};
    struct gen_log log;
    char line[2000] = "";
    int ends[2];

    cr_assert(eq(int, pipe(ends), 0));
    gen_log_init(&log, &clock, GEN_LEVEL_INFO, ends[1]);
    gen_services_init(&services, "tester", "9.9", &log);
    services.host.log(&services.host, GEN_LOG_DEBUG, "not shown");
    services.host.log(&services.host, GEN_LOG_WARN, "%d things\nin two lines", 2);
    services.host.log(&services.host, 99, "a level of the future");
    close(ends[1]);
    cr_assert(gt(int, (int)read(ends[0], line, sizeof(line) - 1), 0));
    close(ends[0]);
    cr_expect(ne(ptr, strstr(line, "level=warn"), NULL), "%s", line);
    cr_expect(ne(ptr, strstr(line, "plugin=tester"), NULL), "%s", line);
    cr_expect(ne(ptr, strstr(line, "2 things\\nin two lines"), NULL), "%s", line);
    cr_expect(ne(ptr, strstr(line, "a level of the future"), NULL), "%s", line);
    cr_expect(eq(ptr, strstr(line, "not shown"), NULL), "%s", line);
}

Test(services, programs)
{
    static const struct gen_service_program programs[] = {{"ffmpeg", "hint", "/usr/bin/ffmpeg"},
                                                          {"absent", "hint", NULL}};
    struct gen_services services;

    gen_services_init(&services, "tester", NULL, NULL);
    cr_expect(eq(int, services.host.has_program(&services.host, "ffmpeg"), 0)); /* not known yet */
    services.programs = programs;
    services.program_count = GEN_COUNT(programs);
    cr_expect(eq(int, services.host.has_program(&services.host, "ffmpeg"), 1));
    cr_expect(eq(int, services.host.has_program(&services.host, "absent"), 0));
    cr_expect(eq(int, services.host.has_program(&services.host, "sh"), 0));
    cr_expect(eq(str, (char *)services.host.version, ""));
    services.host.log(&services.host, GEN_LOG_ERROR, "into no log");
}
