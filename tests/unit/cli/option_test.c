/* option_test.c - the parser of options, on tables of its own. */
#include "cli/option.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define AT(member) offsetof(struct gen_options, member)

static const struct gen_choice words[] = {{"queued", 1, NULL}, {"failed", 2, NULL}, {NULL, 0, NULL}};

static const struct gen_option rows[] = {
    {.name = "out", .letter = 'o', .type = GEN_OPTION_FOLDER, .offset = AT(out), .value = "DIR"},
    {.name = "limit", .letter = 'n', .type = GEN_OPTION_NUMBER, .offset = AT(limit),
     .value = "NUMBER", .min = 1, .max = 200},
    {.name = "status", .type = GEN_OPTION_CHOICE, .offset = AT(status), .value = "STATUS",
     .choices = words},
    {.name = "quiet", .letter = 'q', .type = GEN_OPTION_FLAG, .offset = AT(quiet)},
    {0},
};

enum { ARGUMENTS = 8 };

struct right {
    const char *arguments[ARGUMENTS];
    const char *out, *status;
    int64_t limit;
    bool quiet, json;
    const char *operands; /* joined by spaces */
    const char *rest;     /* likewise, with REST_APART */
};

static const struct right rights[] = {
    {{"brief.yaml"}, .operands = "brief.yaml"},                        /* nothing but an operand */
    {{"--out", "d", "b"}, .out = "d", .operands = "b"},                /* value apart */
    {{"--out=d=e", "b"}, .out = "d=e", .operands = "b"},               /* value joined, with a = */
    {{"-od", "b"}, .out = "d", .operands = "b"},                       /* letter joined */
    {{"b", "-o", "d"}, .out = "d", .operands = "b"},                   /* after an operand */
    {{"-jqn", "7"}, .limit = 7, .quiet = true, .json = true},          /* letters together */
    {{"-", "--json"}, .operands = "-", .json = true},                  /* - is standard input */
    {{"--status", "failed"}, .status = "failed"},                      /* a choice */
    {{"a", "--", "--plugins", "x"}, .operands = "a", .rest = "--plugins x"}, /* kept apart */
    {{"--limit", "1", "--limit", "200"}, .limit = 200},                /* the last one wins */
};

static const char *joined(const char **list, char *out)
{
    out[0] = '\0';
    for (; *list != NULL; list++) {
        strcat(out, out[0] != '\0' ? " " : "");
        strcat(out, *list);
    }
    return out;
}

Test(option, parses_what_is_right)
{
    for (size_t i = 0; i < GEN_COUNT(rights); i++) {
        const struct right *c = &rights[i];
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_options got = {0};
        struct gen_error err = {0};
        char text[256];

        cr_assert(eq(int, gen_option_parse(rows, GEN_OPTION_REST_APART, c->arguments, arena, &got, &err), GEN_OK),
                  "case %zu: %s", i, err.message);
        cr_assert(eq(str, (char *)(got.out ? got.out : ""), (char *)(c->out ? c->out : "")));
        cr_assert(eq(str, (char *)(got.status ? got.status : ""), (char *)(c->status ? c->status : "")));
        cr_assert(eq(i64, got.limit, c->limit));
        cr_assert(eq(int, got.quiet, c->quiet));
        cr_assert(eq(int, got.json, c->json));
        cr_assert(eq(str, (char *)joined(got.operands, text), (char *)(c->operands ? c->operands : "")));
        cr_assert(eq(str, (char *)joined(got.rest, text), (char *)(c->rest ? c->rest : "")));
        gen_arena_destroy(arena);
    }
}

struct wrong {
    const char *arguments[ARGUMENTS];
    const char *message; /* part of it */
};

static const struct wrong wrongs[] = {
    {{"--lmit", "3"}, "did you mean --limit?"},           /* the command's own name is suggested */
    {{"--jsn"}, "did you mean --json?"},                  /* a global one too */
    {{"--xyzzy"}, "there is no option --xyzzy"},          /* nothing is near */
    {{"-z"}, "there is no option -z"},                    /* unknown letter */
    {{"--out"}, "--out needs a value: --out DIR"},        /* value missing */
    {{"-o"}, "--out needs a value"},                      /* the same for a letter */
    {{"--out", ""}, "not empty"},                         /* an empty value */
    {{"--quiet=yes"}, "--quiet takes no value"},          /* value for a flag */
    {{"--limit", "0"}, "from 1 to 200"},                  /* below */
    {{"--limit", "201"}, "from 1 to 200"},                /* above */
    {{"--limit", "7x"}, "whole number"},                  /* not a number */
    {{"--limit", "99999999999999999999"}, "whole number"}, /* does not fit */
    {{"--status", "faild"}, "did you mean \"failed\"?"},  /* near a choice */
};

Test(option, names_what_is_wrong)
{
    for (size_t i = 0; i < GEN_COUNT(wrongs); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_options got = {0};
        struct gen_error err = {0};

        cr_assert(eq(int, gen_option_parse(rows, GEN_OPTION_REST_OPERANDS, wrongs[i].arguments, arena, &got, &err),
                     GEN_EINVAL));
        cr_assert(strstr(err.message, wrongs[i].message) != NULL, "case %zu: %s", i, err.message);
        gen_arena_destroy(arena);
    }
}
