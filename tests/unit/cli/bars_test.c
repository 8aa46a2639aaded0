/* bars_test.c - a job as one watches it: read from documents and messages, drawn at every width. */
#include "cli/bars.h"

#include "base/alloc.h"
#include "base/utf8.h"
#include "cli/printable.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

static const char job[] =
    "{\"jobId\":\"gen_01m81qqjc2h1m667q3j8md7c1b\",\"status\":\"in_progress\","
    "\"createdAt\":\"2026-11-22T12:00:00Z\",\"costs\":{\"spent\":1.25,\"held\":0.5},"
    "\"metadata\":{\"budget\":10},\"pipelines\":["
    "{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"provider\":\"local\",\"model\":\"studio\","
    "\"variation\":\"wide\",\"status\":\"processing\",\"stage\":\"poll\",\"progress\":0.5,"
    "\"startTime\":\"2026-11-22T12:00:00Z\",\"estimatedCompletion\":\"2026-11-22T12:02:00Z\","
    "\"cost\":1.25,\"attempts\":1,\"failure\":null},"
    "{\"pipelineId\":\"pip_01m81qqjc2044hwsby9xv9evck\",\"provider\":\"local\",\"model\":\"studio\","
    "\"variation\":\"a very long name \\u001b[31m of a variation\",\"status\":\"failed\","
    "\"stage\":\"poll\",\"progress\":0,\"startTime\":\"2026-11-22T12:00:00Z\","
    "\"endTime\":\"2026-11-22T12:00:30Z\",\"cost\":0,\"attempts\":3,"
    "\"failure\":{\"kind\":\"moderated\",\"message\":\"refused\\nby \\u202ethe provider\"}},"
    "{\"pipelineId\":\"pip_01m81qqjc2te91722wcn057d0n\",\"provider\":\"local\",\"model\":\"studio\","
    "\"variation\":\"square\",\"status\":\"queued\",\"stage\":\"submit\",\"progress\":0,"
    "\"queuePosition\":12,\"cost\":0,\"attempts\":0,\"failure\":null}]}";

static const gen_moment noon = INT64_C(1795348800000); /* 2026-11-22T12:00:00Z */

static const struct gen_node *parse(struct gen_arena *arena, const char *text)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_json_read(text, strlen(text), NULL, arena, &node, &err), GEN_OK), "%s", err.message);
    return node;
}

static void read_job(struct gen_board *board)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};

    *board = (struct gen_board){0};
    cr_assert(eq(int, gen_board_read(board, parse(arena, job), &err), GEN_OK), "%s", err.message);
    gen_arena_destroy(arena);
}

Test(board, reads_a_job_and_makes_its_texts_harmless)
{
    struct gen_board board;

    read_job(&board);
    cr_assert(eq(sz, board.count, 3));
    cr_assert(eq(int, board.status, GEN_JOB_IN_PROGRESS));
    cr_assert(eq(i64, board.spent, 1250000));
    cr_assert(eq(i64, board.held, 500000));
    cr_assert(eq(str, board.rows[0].model, "local/studio"));
    cr_assert(eq(i64, board.rows[0].estimated_at, noon + 120000));
    cr_assert(strchr(board.rows[1].name, '\033') == NULL);
    cr_assert(eq(str, board.rows[1].note, "refused by \xef\xbf\xbdthe provider"));
    cr_assert(eq(i64, board.rows[2].place, 12));
    cr_assert(not(gen_board_over(&board)));
    cr_assert(eq(sz, gen_board_ready(&board), 0));
    gen_board_fini(&board);
}

struct message {
    const char *text;
    bool known;
    double progress;
    enum gen_stage stage;
};

static const struct message messages[] = {
    {"{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"progress\":0.75,\"stage\":\"fetch\"}", true, 0.75,
     GEN_STAGE_FETCH},                                                          /* moves on */
    {"{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"stage\":\"dance\"}", true, 0.5,
     GEN_STAGE_POLL},                                                           /* an unknown stage */
    {"{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"progress\":7}", true, 1.0,
     GEN_STAGE_POLL},                                                           /* more than all */
    {"{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",\"progress\":-1}", true, 0.5,
     GEN_STAGE_POLL},                                                           /* less than nothing */
    {"{\"pipelineId\":\"pip_01m81qqjc2044hwsby9xv9evck\",\"progress\":0.9}", false, 0.5,
     GEN_STAGE_POLL},                                                           /* that one is over */
    {"{\"pipelineId\":\"pip_other\"}", false, 0.5, GEN_STAGE_POLL},             /* of another job */
    {"[]", false, 0.5, GEN_STAGE_POLL},                                         /* no message at all */
};

Test(board, takes_progress)
{
    for (size_t i = 0; i < GEN_COUNT(messages); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_board board;

        read_job(&board);
        cr_assert(eq(int, gen_board_progress(&board, parse(arena, messages[i].text)), messages[i].known),
                  "case %zu", i);
        cr_assert(epsilon_eq(dbl, board.rows[0].progress, messages[i].progress, 1e-9), "case %zu", i);
        cr_assert(eq(int, board.rows[0].stage, messages[i].stage), "case %zu", i);
        gen_board_fini(&board);
        gen_arena_destroy(arena);
    }
}

/* What is said beside progress, and what is drawn of it. */
Test(bars, estimates)
{
    static const struct {
        const char *text;          /* of the message */
        const char *row, *summary; /* what the lines show of it; NULL = no mark, no time */
    } cases[] = {
        /* estimated, with an end: marked, and by the clock on the wall, an hour east of Greenwich */
        {"\"progress\":0.62,\"progressBasis\":\"estimated\",\"phase\":\"rendering\","
         "\"estimatedLatest\":\"2026-11-22T12:10:00Z\"", "  ~62 %  rendering ",
         "done about 13:02 (by 13:10)"},
        /* measured */
        {"\"progress\":0.62,\"progressBasis\":\"measured\",\"phase\":\"rendering\"",
         "   62 %  rendering ", NULL},
        /* in the provider's queue */
        {"\"progress\":0,\"progressBasis\":\"estimated\",\"phase\":\"waiting\"",
         "    0 %  at provider", NULL},
        {"\"progress\":0,\"phase\":\"waiting\",\"queuePosition\":3", "at prov. (3)", NULL},
        {"\"progress\":0,\"phase\":\"waiting\",\"queuePosition\":12000", "at provider", NULL},
        {"\"progress\":0.7,\"phase\":\"stuck\"", "   70 %  stuck ", NULL},
        {"\"progress\":0.9,\"phase\":\"assembling\",\"stage\":\"deliver\"", "delivering", NULL},
        {"\"progress\":0.9,\"phase\":\"assembling\"", "assembling", NULL},
        /* a word of tomorrow */
        {"\"progress\":0.9,\"phase\":\"dancing\"", "rendering", NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_bars_style style = {.width = 160, .lines = 24, .zone_ms = 3600000};
        struct gen_arena *arena = gen_arena_create(0);
        char text[512];
        struct gen_bytes out;
        struct gen_board board;

        read_job(&board);
        board.count = 1;
        (void)snprintf(text, sizeof text, "{\"pipelineId\":\"pip_01m81qqjc24z92sbgyey44xa7q\",%s}",
                       cases[i].text);
        cr_assert(gen_board_progress(&board, parse(arena, text)));
        gen_bytes_init(&out, 65536);
        cr_assert(eq(sz, gen_bars_draw(&board, noon + 60000, &style, &out), 2));
        cr_expect(strstr(out.data, cases[i].row) != NULL, "case %zu: %s", i, out.data);
        cr_expect(eq(int, strstr(out.data, "done about") != NULL, cases[i].summary != NULL), "case %zu: %s",
                  i, out.data);
        if (cases[i].summary != NULL) {
            cr_expect(strstr(out.data, cases[i].summary) != NULL, "case %zu: %s", i, out.data);
        }
        gen_bytes_fini(&out);
        gen_board_fini(&board);
        gen_arena_destroy(arena);
    }
}

Test(board, every_stage_has_a_word_for_people)
{
    for (int stage = GEN_STAGE_NONE; stage <= GEN_STAGE_DELIVER; stage++) {
        const char *word = gen_board_stage_word((enum gen_stage)stage);

        cr_assert(word != NULL && strlen(word) <= 12, "stage %d", stage); /* a column of the bars */
        for (int other = GEN_STAGE_NONE; other < stage; other++) {
            cr_assert(strcmp(word, gen_board_stage_word((enum gen_stage)other)) != 0, "%s", word);
        }
    }
    cr_assert(eq(str, (char *)gen_board_stage_word(GEN_STAGE_POLL), "rendering"));
}

Test(board, refuses_what_is_no_job)
{
    static const char *const texts[] = {"{}", "[]", "{\"jobId\":\"gen_x\",\"status\":\"failed\"}",
                                        "{\"jobId\":\"gen_01m81qqjc2h1m667q3j8md7c1b\",\"status\":\"?\"}"};

    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_board board = {0};
        struct gen_error err = {0};

        cr_assert(eq(int, gen_board_read(&board, parse(arena, texts[i]), &err), GEN_EIO));
        cr_assert(board.rows == NULL);
        gen_arena_destroy(arena);
    }
}

Test(board, survives_every_failing_allocation)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = parse(arena, job);
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; status != GEN_OK || gen_alloc_count() >= nth; nth++) {
        struct gen_board board = {0};
        struct gen_error err = {0};

        gen_alloc_fail_at(nth);
        status = gen_board_read(&board, node, &err);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        if (gen_alloc_count() < nth) {
            gen_board_fini(&board);
            break;
        }
        gen_board_fini(&board);
    }
    gen_alloc_fail_at(0);
    cr_assert(eq(int, status, GEN_OK));
    gen_arena_destroy(arena);
}

/* Columns of a line, colours left out. */
static size_t width_of(const char *line, size_t size)
{
    size_t width = 0;

    for (size_t at = 0; at < size;) {
        uint32_t codepoint = 0;
        size_t taken;

        if (line[at] == '\033') {
            at += strcspn(line + at, "m") + 1;
            continue;
        }
        taken = gen_utf8_next(line + at, size - at, &codepoint);
        cr_assert(taken > 0);
        width += gen_printable_columns(codepoint);
        at += taken;
    }
    return width;
}

Test(bars, no_line_is_wider_than_the_window)
{
    struct gen_board board;

    read_job(&board);
    for (size_t width = 8; width <= 200; width++) {
        struct gen_bars_style style = {.width = width, .lines = 24, .colors = width % 2, .unicode = width % 3};
        struct gen_bytes out;
        size_t lines = 0;

        gen_bytes_init(&out, 65536);
        cr_assert(eq(sz, gen_bars_draw(&board, noon + 60000, &style, &out), 4));
        for (const char *line = out.data; *line != '\0'; line += strcspn(line, "\n") + 1, lines++) {
            size_t size = strcspn(line, "\n");

            cr_assert(width < 11 || width_of(line, size) <= width, "%zu columns: %.*s", width, (int)size, line);
        }
        cr_assert(eq(sz, lines, 4));
        gen_bytes_fini(&out);
    }
    gen_board_fini(&board);
}

Test(bars, say_what_matters)
{
    struct gen_bars_style style = {.width = 100, .lines = 24};
    struct gen_board board;
    struct gen_bytes out;

    read_job(&board);
    gen_bytes_init(&out, 65536);
    gen_bars_draw(&board, noon + 60000, &style, &out);
    cr_assert(strstr(out.data, " 50 %  rendering     1:00     eta 1:00     $1.25") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "failed        refused by") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "queued (12)") != NULL, "%s", out.data);
    cr_assert(strstr(out.data, "0 of 3 ready  1:00  $1.25 spent, $0.50 held\n") != NULL, "%s", out.data);
    cr_assert(strchr(out.data, '\033') == NULL); /* no colours unless they were asked for */
    cr_assert(strstr(out.data, "\xe2\x94") == NULL); /* nor lines that are not ASCII */
    gen_bytes_fini(&out);
    gen_board_fini(&board);
}

Test(bars, a_low_window_shows_some_rows)
{
    struct gen_bars_style style = {.width = 60, .lines = 3};
    struct gen_board board;
    struct gen_bytes out;

    read_job(&board);
    gen_bytes_init(&out, 65536);
    cr_assert(eq(sz, gen_bars_draw(&board, noon, &style, &out), 3));
    cr_assert(strstr(out.data, "... and 2 more") != NULL, "%s", out.data);
    gen_bytes_fini(&out);
    gen_board_fini(&board);
}

struct duration {
    int64_t ms;
    const char *text;
};

static const struct duration durations[] = {
    {0, "0:00"},          {999, "0:00"},        {7000, "0:07"},
    {750000, "12:30"},    {3723000, "1:02:03"}, {-5000, "0:00"},
    {INT64_MAX, NULL}, /* does not fit: only that it stays in its memory */
};

Test(bars, durations)
{
    for (size_t i = 0; i < GEN_COUNT(durations); i++) {
        char out[GEN_BARS_TIME_SIZE];

        if (durations[i].ms == INT64_MAX) {
            cr_assert(strncmp(gen_bars_time(durations[i].ms, out), "9999:", 5) == 0);
        } else {
            cr_assert(eq(str, (char *)gen_bars_time(durations[i].ms, out), (char *)durations[i].text));
        }
    }
}
