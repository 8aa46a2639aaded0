/* public_test.c - nothing listens to the world before somebody can be told apart from anybody; and who fails too
 * often waits. */
#include "house.h"

#include "platform/files.h"
#include "service/gate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static void add_config(struct house *house, const char *more)
{
    struct gen_error err = {0};
    struct gen_bytes text;
    char path[160];

    (void)snprintf(path, sizeof path, "%s/gend.yaml", house->folder);
    gen_bytes_init(&text, 4096);
    cr_assert(gen_files_read(path, &text, &err) == GEN_OK);
    gen_bytes_text(&text, more);
    cr_assert(gen_files_write(path, text.data, text.size, 0600, &err) == GEN_OK);
    gen_bytes_fini(&text);
}

/* Asked to listen on every address: refused without names, refused without anybody who could sign in, and
 * done when there is both. */
Test(public, refuses_to_start, .timeout = 120)
{
    static const char *const everywhere[][3] = {{"--listen", "0.0.0.0:0", NULL},
                                                {"--listen", "[::]:0", NULL}};
    struct house house = {0};

    house_open(&house);
    for (size_t i = 0; i < 2; i++) {
        house_start(&house, everywhere[i]);
        cr_assert(house.ended && house.exit_code != 0, "%zu: it listens", i);
        cr_expect(strstr(house.last_words, "set `hosts` in gend.yaml") != NULL, "%s",
                  house.last_words);
    }
    add_config(&house, "hosts: [gen.example]\n");
    house_start(&house, everywhere[0]);
    cr_assert(house.ended && house.exit_code != 0, "it listens");
    cr_expect(strstr(house.last_words, "gen key create") != NULL, "%s", house.last_words);
    house_start(&house, NULL);
    cr_assert(!house.ended, "%s", house.last_words);
    cr_assert(house_post(&house, "/v1/keys", "{\"name\":\"first\",\"role\":\"viewer\"}").status ==
              201);
    house_stop(&house);
    house_start(&house, everywhere[0]);
    cr_assert(!house.ended, "%s", house.last_words);
    /* a key that ends takes the right to listen with it */
    cr_assert(house_ask(&house, &(struct house_ask){.method = "DELETE",
                                                    .path = "/v1/keys/first"}).status == 200);
    house_stop(&house);
    house_start(&house, everywhere[0]);
    cr_expect(house.ended && house.exit_code != 0);
    house_close(&house);
}

static struct house_reply try_from(struct house *house, const char *token, const char *forwarded)
{
    return house_ask(house, &(struct house_ask){.method = "GET", .path = "/v1/me",
                                                .way = HOUSE_NO_KEY, .bearer = token,
                                                .name = forwarded == NULL ? NULL : "x-forwarded-for",
                                                .value = forwarded});
}

/* Failures count for whom a proxy of ours forwards for: that one waits, and nobody else. What somebody says
 * in front of the proxy's own word is not believed. */
Test(public, slows_down_who_fails, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply = {0};

    house_open(&house);
    add_config(&house, "proxies: [127.0.0.1]\n");
    house_start(&house, NULL);
    cr_assert(!house.ended, "%s", house.last_words);
    for (int i = 0; i < GEN_GATE_BURST; i++) {
        reply = try_from(&house, "wrong", gen_arena_printf(house.arena, "10.0.0.%d, 203.0.113.5", i));
        cr_assert(reply.status == 401, "try %d: %d", i, reply.status);
    }
    reply = try_from(&house, "wrong", "203.0.113.5");
    cr_expect(reply.status == 429 && reply.retry != NULL, "%d: %s", reply.status, reply.body);
    cr_expect(try_from(&house, house.key, "203.0.113.5").status == 429, "not with the right one");
    cr_expect(try_from(&house, house.key, "203.0.113.6").status == 200);
    cr_expect(try_from(&house, house.key, NULL).status == 200, "nor this machine");
    cr_expect(try_from(&house, "wrong", "not an address").status == 401);
    reply = try_from(&house, house.key, "198.51.100.9, 203.0.113.77");
    cr_expect(strstr(reply.body, "\"address\":\"203.0.113.77\"") != NULL, "%s", reply.body);
    house_close(&house);
}
