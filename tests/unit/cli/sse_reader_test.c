/* sse_reader_test.c - streams of events, whole and in every kind of piece. */
#include "cli/sse_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

struct told {
    char text[4096]; /* "type|data;" for each event */
};

static void on_event(void *context, const char *type, const char *data, size_t size)
{
    struct told *told = context;
    size_t used = strlen(told->text);

    (void)snprintf(told->text + used, sizeof(told->text) - used, "%s|%.*s;", type, (int)size, data);
}

struct stream {
    const char *stream, *told, *id;
};

static const struct stream cases[] = {
    {"data: a\n\n", "message|a;", ""},                                /* the smallest */
    {"event: progress\ndata: {}\n\n", "progress|{};", ""},            /* with a type */
    {"id: evt_1\nevent: x\ndata: a\n\n", "x|a;", "evt_1"},            /* with an id */
    {"data: a\r\n\r\ndata: b\r\rdata: c\n\n", "message|a;message|b;message|c;", ""}, /* line ends */
    {": beat\n\ndata: a\n\n", "message|a;", ""},                      /* comments */
    {"retry: 2000\n\ndata: a\n\n", "message|a;", ""},                 /* fields that we do not need */
    {"data: a\ndata: b\ndata\n\n", "message|a\nb\n;", ""},            /* several lines */
    {"data:a\ndata:  b\n\n", "message|a\n b;", ""},                   /* one space belongs to the colon */
    {"event: x\n\ndata: a\n\n", "message|a;", ""},                    /* no data, no event */
    {"id: 1\ndata: a\n\nid: 2\ndata: b\n", "message|a;", "1"},        /* unfinished: not its id either */
    {"id: 1\n\n", "", "1"},                                           /* an id alone counts */
    {"\xef\xbb\xbf" "data: a\n\n", "message|a;", ""},                 /* a byte order mark */
    {"data: a\nfoo: b\n\n", "message|a;", ""},                        /* unknown fields */
};

Test(sse_reader, reads_in_any_pieces)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        size_t size = strlen(cases[i].stream);

        for (size_t piece = 1; piece <= size; piece++) {
            struct gen_sse_reader reader;
            struct told told = {""};

            gen_sse_init(&reader, on_event, &told);
            for (size_t at = 0; at < size; at += piece) {
                gen_sse_feed(&reader, cases[i].stream + at, at + piece < size ? piece : size - at);
            }
            cr_assert(eq(str, told.text, (char *)cases[i].told), "case %zu, pieces of %zu", i, piece);
            cr_assert(eq(str, reader.id, (char *)cases[i].id), "case %zu", i);
            gen_sse_fini(&reader);
        }
    }
}

Test(sse_reader, restarts_without_what_was_unfinished)
{
    struct gen_sse_reader reader;
    struct told told = {""};
    const char *first = "id: 1\ndata: a\n\nid: 2\ndata: half", *second = "data: b\n\n";

    gen_sse_init(&reader, on_event, &told);
    gen_sse_feed(&reader, first, strlen(first));
    gen_sse_restart(&reader);
    gen_sse_feed(&reader, second, strlen(second));
    cr_assert(eq(str, told.text, "message|a;message|b;"));
    cr_assert(eq(str, reader.id, "1"));
    gen_sse_fini(&reader);
}

Test(sse_reader, drops_what_is_too_large_and_goes_on)
{
    static char block[65536];
    const char *rest = "\n\ndata: b\n\n";
    struct gen_sse_reader reader;
    struct told told = {""};

    memset(block, 'x', sizeof(block));
    gen_sse_init(&reader, on_event, &told);
    gen_sse_feed(&reader, "data: ", 6);
    for (size_t i = 0; i <= GEN_SSE_EVENT_MOST / sizeof(block); i++) {
        gen_sse_feed(&reader, block, sizeof(block));
    }
    cr_assert(le(sz, reader.line.size, (size_t)GEN_SSE_EVENT_MOST));
    gen_sse_feed(&reader, rest, strlen(rest));
    cr_assert(eq(str, told.text, "message|b;"));
    gen_sse_fini(&reader);
}
