/* http_answer_test.c - core/platform/http_answer.c: lines and pieces as a server may send them. The
 * sink file and what a whole transfer does with it are tested in http_client_test.c. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/http_answer.h"

#include <string.h>

struct answer_case {
    const char *lines; /* cut after each \n */
    int status;        /* 0: refused */
    bool ended;
    size_t count;
    const char *name, *value; /* one of the fields */
};

static const struct answer_case CASES[] = {
    {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", 200, true, 1, "a", "b"},
    {"HTTP/1.1 200\r\n\r\n", 200, true, 0, NULL, NULL},
    {"HTTP/2 204 \r\n\r\n", 204, true, 0, NULL, NULL},
    {"HTTP/1.0  404 No\r\n\r\n", 404, true, 0, NULL, NULL},
    {"HTTP/1.1 200 OK\nA: b\n\n", 200, true, 1, "a", "b"},
    /* names in lower case, blanks trimmed, empty values, colons in values */
    {"HTTP/1.1 200 OK\r\nCONTENT-Type:\t a: b ; c \t\r\nX:\r\n\r\n", 200, true, 2, "content-type",
     "a: b ; c"},
    {"HTTP/1.1 200 OK\r\nX:\r\n\r\n", 200, true, 1, "x", ""},
    /* the first of two counts */
    {"HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\n\r\n", 200, true, 2, "x", "1"},
    /* old folded lines */
    {"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\n\tc\r\n\r\n", 200, true, 1, "x", "a b c"},
    {"HTTP/1.1 200 OK\r\n folded\r\nX: a\r\n \r\n\r\n", 200, true, 1, "x", "a"},
    /* lines that are no fields */
    {"HTTP/1.1 200 OK\r\nnonsense\r\n: b\r\nX: 1\r\n\r\n", 200, true, 1, "x", "1"},
    {"HTTP/1.1 200 OK\r\nHTTP/1.1: 500\r\n\r\n", 200, true, 1, "http/1.1", "500"},
    /* interim responses are forgotten, trailers dropped */
    {"HTTP/1.1 103 Hint\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\nB: 2\r\n\r\n", 200, true, 1, "b", "2"},
    {"HTTP/1.1 100 Go on\r\n\r\n", 100, false, 0, NULL, NULL},
    {"HTTP/1.1 200 OK\r\nA: 1\r\n\r\nB: 2\r\nHTTP/1.1 500 x\r\n\r\n", 200, true, 1, "a", "1"},
    /* not yet whole */
    {"HTTP/1.1 200 OK\r\nA: 1\r\n", 200, false, 1, "a", "1"},
    /* no status line */
    {"HTTP/1.1\r\n", 0, false, 0, NULL, NULL},
    {"HTTP/1.1 20 x\r\n", 0, false, 0, NULL, NULL},
    {"HTTP/1.1 2000 x\r\n", 0, false, 0, NULL, NULL},
    {"HTTP/1.1 099 x\r\n", 0, false, 0, NULL, NULL},
    {"\r\n", 0, false, 0, NULL, NULL},
    {"", 0, false, 0, NULL, NULL},
    {NULL, 0, false, 0, NULL, NULL},
};

static bool feed(struct gen_http_answer *answer, const char *lines)
{
    while (*lines != '\0') {
        size_t size = (size_t)(strchr(lines, '\n') - lines) + 1;

        if (!gen_http_answer_line(answer, lines, size)) {
            return false;
        }
        lines += size;
    }
    return true;
}

Test(http_answer, reads_heads)
{
    for (const struct answer_case *row = CASES; row->lines != NULL; row++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_http_answer answer;
        const char *value;
        bool good;

        gen_http_answer_init(&answer, arena, NULL, 0, NULL, NULL);
        good = feed(&answer, row->lines);
        cr_expect(good == (row->status != 0 || row->lines[0] == '\0'), "%s", row->lines);
        cr_expect(good || answer.error.status == GEN_EINVAL);
        cr_expect(answer.status == row->status, "%s: %d", row->lines, answer.status);
        cr_expect(answer.headers_ended == row->ended, "%s", row->lines);
        cr_expect(answer.header_count == row->count, "%s: %zu", row->lines, answer.header_count);
        value = row->name == NULL ? NULL : gen_http_answer_header(&answer, row->name);
        cr_expect(row->name == NULL || strcmp(value, row->value) == 0, "%s: %s", row->lines, value);
        cr_expect(gen_http_answer_header(&answer, "no-such") == NULL);
        gen_http_answer_fini(&answer);
        gen_arena_destroy(arena);
    }
}

Test(http_answer, fails_well_without_memory)
{
    bool more = true;

    for (long nth = 1; more; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_http_answer answer;
        bool good;

        gen_http_answer_init(&answer, arena, NULL, 0, NULL, NULL);
        gen_alloc_fail_at(nth);
        good = feed(&answer, "HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nY: c\r\n\r\n") &&
               gen_http_answer_body(&answer, "hello", 5);
        more = gen_alloc_count() >= nth;
        gen_alloc_fail_at(0);
        cr_expect(good == !more);
        cr_expect(good || answer.error.status == GEN_ENOMEM);
        gen_http_answer_fini(&answer);
        gen_arena_destroy(arena);
    }
}
