/* problem_test.c - core/service/problem.c: every status has its HTTP status, and places survive. */
#include <criterion/criterion.h>

#include "base/alloc.h"
#include "base/json.h"
#include "service/problem.h"

#include <string.h>

/* All statuses of the table but OK lead to an error of HTTP. */
Test(problem, every_status)
{
#define STATUS(name, word, text) name,
    static const enum gen_status all[] = {GEN_STATUS_TABLE(STATUS)};

    for (size_t i = 1; i < GEN_COUNT(all); i++) {
        int http = gen_problem_http(all[i]);

        cr_expect(http >= 400 && http < 600, "%s: %d", gen_status_word(all[i]), http);
        cr_expect(strcmp(gen_problem_phrase(http), "Error") != 0, "%d has no phrase", http);
    }
    cr_expect(gen_problem_http((enum gen_status)999) == 500);
}

static const struct {
    struct gen_error err;
    int http;
    const char *text;
} cases[] = {
    /* nothing is known but the message: no list */
    {{.status = GEN_EBUDGET, .message = "too dear"}, 402,
     "{\"type\":\"urn:genengine:problem:budget_exceeded\",\"title\":\"The budget does not allow it\","
     "\"status\":402,\"code\":\"budget_exceeded\",\"detail\":\"too dear\"}"},
    /* a place in the body */
    {{.status = GEN_EINVAL, .line = 3, .column = 7, .path = "scenes[0].duration", .message = "no"},
     422,
     "{\"type\":\"urn:genengine:problem:invalid\",\"title\":\"The input is wrong\",\"status\":422,"
     "\"code\":\"invalid\",\"detail\":\"no\",\"errors\":[{\"path\":\"scenes[0].duration\",\"line\":3,"
     "\"column\":7,\"detail\":\"no\"}]}"},
    /* another HTTP status than the table's: its phrase is the title */
    {{.status = GEN_EINVAL, .path = "limit", .message = "no"}, 400,
     "{\"type\":\"urn:genengine:problem:invalid\",\"title\":\"Bad Request\",\"status\":400,"
     "\"code\":\"invalid\",\"detail\":\"no\",\"errors\":[{\"path\":\"limit\",\"detail\":\"no\"}]}"},
};

Test(problem, documents)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const char *text = gen_json_text(
            arena, gen_problem_document(arena, cases[i].http, &cases[i].err), NULL);

        cr_expect(strcmp(text, cases[i].text) == 0, "%s", text);
        gen_arena_destroy(arena);
    }
}

/* Without memory there is no document, and no half of one. */
Test(problem, no_memory)
{
    for (long nth = 1; nth < 50; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *node;

        gen_alloc_fail_at(nth);
        node = gen_problem_document(arena, 422, &cases[1].err);
        gen_alloc_fail_at(0);
        cr_expect((node == NULL) == gen_arena_failed(arena));
        gen_arena_destroy(arena);
    }
}
