/* vocabulary_test.c - texts that a fact never is. */
#include "expr/expression.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

static const struct gen_choice levels[] = {{"low", 1, ""}, {"normal", 2, ""}, {"high", 3, ""}, {0}};
static const struct gen_words level_words = {"priority", levels};
static const struct gen_type level = {.kind = GEN_KIND_STRING, .words = &level_words};
static const struct gen_type level_list = {.kind = GEN_KIND_LIST, .item = &level};
static const struct gen_type level_map = {
    .kind = GEN_KIND_MAP, .key = &level, .item = &gen_type_double};
static const struct gen_choice ranks[] = {{"1", 1, ""}, {"2", 2, ""}, {0}};
static const struct gen_words rank_words = {"rank", ranks};
static const struct gen_type rank = {.kind = GEN_KIND_INT, .words = &rank_words};
static const struct gen_choice modes[] = {{"", 1, ""}, {"one", 2, ""}, {"two", 3, ""}, {0}};
static const struct gen_words mode_words = {"mode", modes};
static const struct gen_type mode = {.kind = GEN_KIND_STRING, .words = &mode_words};
static const struct gen_shape_field job_fields[] = {{"rank", &rank, ""}, {"mode", &mode, ""},
                                                    {"priority", &level, ""},
                                                    {"needs", &level_list, ""},
                                                    {"scores", &level_map, ""},
                                                    {"title", &gen_type_string, ""},
                                                    {0}};
static const struct gen_shape job_shape = {"job", job_fields, "the job"};
static const struct gen_type job_type = {.kind = GEN_KIND_RECORD, .shape = &job_shape};
static const struct gen_variable variables[] = {{"job", &job_type, ""}, {"any", &gen_type_dyn, ""}, {0}};

#define NO_HIHG "\"hihg\" is no priority (low, normal or high); did you mean \"high\"?"

Test(vocabulary, texts_that_never_are)
{
    static const struct {
        const char *text, *says; /* "" = right */
    } rows[] = {
        {"job.priority == \"high\"", ""},
        {"job.priority == \"hihg\"", "1:17: " NO_HIHG},
        {"\"hihg\" != job.priority", "1:1: " NO_HIHG},
        {"job[\"priority\"] == \"hihg\"", "1:20: " NO_HIHG},
        {"job.priority in [\"low\", \"hihg\"]", "1:25: " NO_HIHG},
        {"\"hihg\" in job.needs", "1:1: " NO_HIHG},
        {"job.needs[0] == \"hihg\"", "1:17: " NO_HIHG},
        {"job.needs.exists(n, n == \"hihg\")", "1:26: " NO_HIHG},
        {"cel.bind(p, job.priority, p == \"hihg\")", "1:32: " NO_HIHG},
        {"job.scores.hihg > 1.0", "1:12: " NO_HIHG},
        {"has(job.scores.hihg)", "1:16: " NO_HIHG},
        {"job.scores[\"hihg\"] > 1.0", "1:12: " NO_HIHG},
        {"\"hihg\" in job.scores", "1:1: " NO_HIHG},
        {"job.scores.high > 1.0 && \"low\" in job.scores", ""},
        {"job.priority == \"\"", "1:17: \"\" is no priority (low, normal or high)"},
        {"job.priority == \"urgent\"", "1:17: \"urgent\" is no priority (low, normal or high)"},
        {"job.priority == \"high\\u0000\"", "1:17: \"high"},
        /* what may be something else is let be */
        {"job.title == \"hihg\"", ""},
        {"any.priority == \"hihg\"", ""},
        {"(any ? job.priority : \"hihg\") == \"hihg\"", ""},
        {"(any ? \"hihg\" : job.priority) == \"hihg\"", ""},
        {"\"hihg\" in (job.needs + [\"hihg\"])", ""},
        {"\"hihg\" in [job.priority, \"hihg\"]", ""},
        {"(job.priority + \"x\") == \"hihg\"", ""},
        {"job.priority < \"hihg\"", ""},
        {"job.priority == job.title", ""},
        {"job.priority == null", ""},
        /* numbers */
        {"job.rank == 2 && job.rank >= 2", ""},
        {"job.rank == 3", "1:13: 3 is no rank (1 or 2)"},
        {"job.rank in [1, 3]", "1:17: 3 is no rank (1 or 2)"},
        {"-job.rank == -1 && job.rank + 1 == 3", ""},
        {"(any ? job.rank : 5) == 5", ""},
        /* one of the words may be the empty text */
        {"job.mode == \"\" || job.mode == \"two\"", ""},
        {"job.mode == \"tow\"", "1:13: \"tow\" is no mode (one or two)"},
        {"\"titel\" in job", "1:1: job has no field \"titel\"; did you mean \"title\"?"},
        {"\"title\" in job", ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_expression *expression = NULL;
        struct gen_error err = {0};
        const char *said = "";

        if (gen_expression_compile(variables, rows[i].text, strlen(rows[i].text), 0, arena,
                                   &expression, NULL, &err) != GEN_OK) {
            said = gen_arena_printf(arena, "%u:%u: %s", err.line, err.column, err.message);
        }
        cr_expect(eq(int, strncmp(said, rows[i].says, strlen(rows[i].says)), 0), "%s\n  %s", rows[i].text,
                  said);
        cr_expect(eq(int, said[0] == '\0', rows[i].says[0] == '\0'), "%s\n  %s", rows[i].text, said);
        gen_arena_destroy(arena);
    }
}

/* Unchecked, nothing is known before it runs. */
Test(vocabulary, unchecked)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_expression *expression = NULL;
    struct gen_error err = {0};
    const char *text = "job.priority == \"hihg\" || \"titel\" in job";

    cr_expect(eq(int,
                 gen_expression_compile(variables, text, strlen(text),
                                        GEN_CHECKER_UNCHECKED, arena, &expression, NULL, &err),
                 GEN_OK),
              "%s", err.message);
    gen_arena_destroy(arena);
}
