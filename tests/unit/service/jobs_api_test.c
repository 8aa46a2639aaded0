/* jobs_api_test.c - core/service/jobs_api.c: bodies and their digests, keys, and what memory adds to
 * a stored document. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "base/json.h"
#include "model/job.h"
#include "platform/crypto.h"
#include "service/jobs_api.h"

#include <string.h>

static enum gen_status read_body(const char *type, const char *body, char *digest,
                                 struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    enum gen_status status =
        arena == NULL ? GEN_ENOMEM
                      : gen_jobs_read(type, body, strlen(body), arena, &node, digest, err);

    gen_arena_destroy(arena);
    return status;
}

/* A body with nothing in it says so, at its place, in both forms. */
Test(jobs_api, empty_bodies)
{
    static const struct {
        const char *type, *body;
    } cases[] = {
        {"application/yaml", ""},  {"application/yaml", "# later\n"}, {"application/yaml", "---\n"},
        {"application/json", ""},  {"application/json", "null"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char digest[GEN_DIGEST_TEXT_SIZE];
        struct gen_error err = {0};

        cr_assert(read_body(cases[i].type, cases[i].body, digest, &err) == GEN_EINVAL, "case %zu", i);
        cr_assert(strstr(err.message, "empty") != NULL, "case %zu: %s", i, err.message);
        cr_assert(err.line == 1 && err.column == 1, "case %zu", i);
    }
}

/* The digest is of what the body says: spacing and form do not matter, content and order do. */
Test(jobs_api, digests)
{
    static const struct {
        const char *type, *body;
        bool same;
    } cases[] = {
        {"application/json", " { \"a\" : [ 1 , 2.50 ] ,\n\"b\": \"\\u0041\" } ", true},
        {"application/yaml", "a: [1, 2.50]\nb: A\n", true},
        {"application/json", "{\"a\":[1,2.51],\"b\":\"A\"}", false},
        {"application/json", "{\"a\":[2.50,1],\"b\":\"A\"}", false},
        {"application/json", "{\"a\":[1,2.50],\"b\":\"a\"}", false},
        {"application/json", "{\"a\":[1,2.50],\"b\":\"A\",\"c\":null}", false},
    };
    char first[GEN_DIGEST_TEXT_SIZE], other[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err = {0};

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    cr_assert(read_body("application/json", "{\"a\":[1,2.50],\"b\":\"A\"}", first, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_assert(read_body(cases[i].type, cases[i].body, other, &err) == GEN_OK, "%s",
                  err.message);
        cr_expect((strcmp(first, other) == 0) == cases[i].same, "%s", cases[i].body);
    }
}

/* Broken bodies say where. */
Test(jobs_api, broken)
{
    static const struct {
        const char *type, *body;
        uint32_t line;
    } cases[] = {
        {"application/json", "{\n\"a\": }", 2},
        {"application/json", "{\"a\":1,\n\"a\":2}", 2},
        {"application/yaml", "a: 1\nb: [\n", 3},
        {"application/yaml; charset=utf-8", "a: &x 1\nb: *x\n", 1},
    };
    char digest[GEN_DIGEST_TEXT_SIZE];

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};

        cr_expect(read_body(cases[i].type, cases[i].body, digest, &err) == GEN_EINVAL);
        cr_expect(err.line == cases[i].line, "%s: line %u", cases[i].body, err.line);
    }
}

Test(jobs_api, no_memory)
{
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_error err;
    enum gen_status status = GEN_ENOMEM;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
    for (long nth = 1; status == GEN_ENOMEM && nth < 500; nth++) {
        gen_alloc_fail_at(nth);
        status = read_body("application/json", "{\"a\":[1,{\"b\":\"c\"}]}", digest, &err);
        gen_alloc_fail_at(0);
    }
    cr_expect(status == GEN_OK);
}

Test(jobs_api, keys)
{
    char longest[GEN_JOBS_KEY_MOST + 2];

    memset(longest, 'k', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    cr_expect(!gen_jobs_key_valid(longest));
    cr_expect(gen_jobs_key_valid(longest + 1));
    cr_expect(gen_jobs_key_valid("a b~"));
    cr_expect(!gen_jobs_key_valid(""));
    cr_expect(!gen_jobs_key_valid("a\tb"));
    cr_expect(!gen_jobs_key_valid("\xc3\xa9"));
}

/* A job that is over: the keys are there, and say nothing. */
Test(jobs_api, overlay_of_none)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *document = gen_node_map(arena);
    struct gen_node *list = gen_node_set(arena, document, "pipelines", gen_node_list(arena));
    struct gen_node *item = gen_node_push(list, gen_node_map(arena));
    const char *text;

    gen_node_set(arena, item, "pipelineId", gen_node_string(arena, "pip_1"));
    gen_node_set(arena, item, "progress", gen_node_real(arena, 0.5));
    gen_jobs_overlay(arena, document, NULL, NULL);
    text = gen_json_text(arena, document, NULL);
    cr_expect(strcmp(text, "{\"pipelines\":[{\"pipelineId\":\"pip_1\",\"progress\":0.5,"
                           "\"queuePosition\":null,\"note\":null,\"estimatedLatest\":null,"
                           "\"progressBasis\":null,\"phase\":null}]}") == 0,
              "%s", text);
    gen_arena_destroy(arena);
}
