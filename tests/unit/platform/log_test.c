/* log_test.c - core/platform/log.c: one line an event whatever the values hold. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "platform/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAD "time=2026-11-22T12:00:00.123Z level=info room=store msg="

static gen_moment fixed_now(void *context)
{
    (void)context;
    return 1795348800123; /* 2026-11-22T12:00:00.123Z */
}

static const struct gen_clock fixed = {fixed_now, NULL, NULL};

struct sink {
    struct gen_log log;
    FILE *file;
};

static void sink_init(struct sink *sink, enum gen_level least)
{
    sink->file = tmpfile();
    cr_assert(sink->file != NULL);
    gen_log_init(&sink->log, &fixed, least, fileno(sink->file));
}

/* What was written; ends the sink. The caller frees it. */
static char *sink_take(struct sink *sink)
{
    char *text = calloc(1, 1 << 20);

    cr_assert(lseek(fileno(sink->file), 0, SEEK_SET) == 0);
    cr_assert(read(fileno(sink->file), text, (1 << 20) - 1) >= 0);
    fclose(sink->file);
    return text;
}

Test(log, values_are_quoted_and_escaped_where_they_need_it)
{
    static const struct {
        const char *value, *text;
    } cases[] = {
        {"plain", "plain"},
        {"/a/path-1.2:3,4", "/a/path-1.2:3,4"},
        {"", "\"\""},
        {"two words", "\"two words\""},
        {"a=b", "\"a=b\""},
        {"say \"x\"", "\"say \\\"x\\\"\""},
        {"back\\slash", "\"back\\\\slash\""},
        /* a forged second line stays in the first */
        {"x\nlevel=error", "\"x\\nlevel=error\""},
        {"\t\r\x1b[31m", "\"\\t\\u000d\\u001b[31m\""},
        {"\x7f", "\"\\u007f\""},
        {"caf\xc3\xa9 \xf0\x9f\x8e\x89", "\"caf\xc3\xa9 \xf0\x9f\x8e\x89\""},
        /* a C1 control, a line separator, broken UTF-8 */
        {"\xc2\x9b", "\"\\u009b\""},
        {"\xe2\x80\xa8", "\"\\u2028\""},
        {"\xff\xc3", "\"\\xff\\xc3\""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char wanted[256];
        struct sink sink;
        char *text;

        sink_init(&sink, GEN_LEVEL_DEBUG);
        gen_log_line(&sink.log, GEN_LEVEL_INFO, "store", "opened the database", "key",
                     cases[i].value, NULL);
        text = sink_take(&sink);
        snprintf(wanted, sizeof(wanted), HEAD "\"opened the database\" key=%s\n", cases[i].text);
        cr_expect(eq(str, text, wanted));
        free(text);
    }
}

Test(log, lines_below_the_level_null_values_and_no_log_are_left_out)
{
    struct sink sink;
    char *text;

    sink_init(&sink, GEN_LEVEL_WARN);
    gen_log_line(NULL, GEN_LEVEL_ERROR, "store", "nobody listens", NULL);
    gen_log_line(&sink.log, GEN_LEVEL_DEBUG, "store", "no", NULL);
    gen_log_line(&sink.log, GEN_LEVEL_INFO, "store", "no", NULL);
    gen_log_line(&sink.log, GEN_LEVEL_WARN, "store", "yes", "a", (char *)NULL, "b", "2", NULL);
    gen_log_line(&sink.log, GEN_LEVEL_ERROR, "store", "yes", NULL);
    text = sink_take(&sink);
    cr_expect(eq(str, text,
                 (char *)"time=2026-11-22T12:00:00.123Z level=warn room=store msg=yes b=2\n"
                         "time=2026-11-22T12:00:00.123Z level=error room=store msg=yes\n"));
    free(text);
}

Test(log, an_error_is_one_line_with_its_place)
{
    struct gen_error err;
    struct sink sink;
    char *text;

    gen_error_set(&err, GEN_EINVAL, "unknown key");
    gen_error_place(&err, "brief.yaml", 3, 5, "scenes[0]");
    sink_init(&sink, GEN_LEVEL_DEBUG);
    gen_log_error(&sink.log, GEN_LEVEL_INFO, "store", &err);
    text = sink_take(&sink);
    cr_expect(
        eq(str, text, (char *)HEAD "\"brief.yaml:3:5: scenes[0]: unknown key\" code=invalid\n"));
    free(text);
}

Test(log, a_long_line_is_cut_on_a_character_closed_and_marked)
{
    static const char *const fillers[] = {"x", "\xc3\xa9", "\xf0\x9f\x8e\x89", "\n", "\xff", "\""};

    for (size_t f = 0; f < GEN_COUNT(fillers); f++) {
        for (size_t shift = 0; shift < 16; shift++) { /* the border falls anywhere in a character */
            size_t step = strlen(fillers[f]);
            char *value = calloc(1, 8000 + 16 + 1);
            struct sink sink;
            size_t size;
            char *text;

            memset(value, 'a', shift);
            for (size_t at = shift; at + step <= 8000; at += step) {
                memcpy(value + at, fillers[f], step);
            }
            sink_init(&sink, GEN_LEVEL_DEBUG);
            gen_log_line(&sink.log, GEN_LEVEL_INFO, "store", "m", "long", value, "after", "1",
                         NULL);
            text = sink_take(&sink);
            size = strlen(text);
            cr_expect(le(sz, size, (size_t)4096));
            cr_expect(ge(sz, size, (size_t)4000));
            cr_expect(strchr(text, '\n') == text + size - 1);
            cr_expect(strcmp(text + size - 11, "\" cut=true\n") == 0, "%s", text + size - 20);
            cr_expect(strstr(text, "after=") == NULL);
            cr_expect(gen_utf8_valid(text, size, NULL));
            free(text);
            free(value);
        }
    }
}

Test(log, many_pairs_end_between_two_pairs)
{
    for (size_t width = 1; width < 40; width++) {
        char value[64] = "";
        struct sink sink;
        char *text;
        char *end;

        memset(value, 'v', width);
        sink_init(&sink, GEN_LEVEL_DEBUG);
#define FOUR "k", value, "k", value, "k", value, "k", value
#define SIXTEEN FOUR, FOUR, FOUR, FOUR
#define SIXTY SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN
        gen_log_line(&sink.log, GEN_LEVEL_INFO, "store", "m", SIXTY, SIXTY, SIXTY, SIXTY, SIXTY,
                     SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY, SIXTY,
                     NULL);
        text = sink_take(&sink);
        end = strstr(text, " cut=true\n");
        cr_assert(end != NULL);
        cr_expect(le(sz, strlen(text), (size_t)4096));
        *end = '\0';
        /* every pair is whole, but for a quoted rest of the last one */
        for (char *pair = strstr(text, " k="); pair != NULL; pair = strstr(pair + 1, " k=")) {
            size_t length = strcspn(pair + 1, " ");

            cr_expect(length == 2 + width || pair[1 + length - 1] == '"', "%s", pair);
        }
        free(text);
    }
}

static void *write_lines(void *context)
{
    for (int i = 0; i < 200; i++) {
        gen_log_line(context, GEN_LEVEL_INFO, "store", "m", "k", "a rather long value", NULL);
    }
    return NULL;
}

Test(log, lines_of_threads_do_not_mix)
{
    const char *wanted = HEAD "m k=\"a rather long value\"\n";
    char path[] = "/tmp/gen-log-test-XXXXXX";
    pthread_t threads[4];
    struct gen_log log;
    size_t count = 0;
    char line[256];
    FILE *file;
    int fd = mkostemp(path, O_APPEND);

    cr_assert(fd >= 0);
    gen_log_init(&log, &fixed, GEN_LEVEL_DEBUG, fd);
    for (size_t i = 0; i < GEN_COUNT(threads); i++) {
        cr_assert(pthread_create(&threads[i], NULL, write_lines, &log) == 0);
    }
    for (size_t i = 0; i < GEN_COUNT(threads); i++) {
        pthread_join(threads[i], NULL);
    }
    file = fopen(path, "r");
    while (fgets(line, sizeof(line), file) != NULL) {
        cr_assert(eq(str, line, (char *)wanted));
        count++;
    }
    cr_expect(eq(sz, count, (size_t)800));
    fclose(file);
    close(fd);
    unlink(path);
}

Test(log, it_needs_no_memory_keeps_errno_and_survives_a_closed_descriptor)
{
    struct gen_log log;

    gen_log_init(&log, &fixed, GEN_LEVEL_DEBUG, -1);
    errno = ENOSPC;
    gen_alloc_fail_at(1);
    gen_log_line(&log, GEN_LEVEL_ERROR, "store", "m", "k", "v w", NULL);
    cr_expect(eq(long, gen_alloc_count(), 0));
    gen_alloc_fail_at(0);
    cr_expect(eq(int, errno, ENOSPC));
}
