/* expr.c - nanoseconds per evaluation of six policy-like expressions, once compiled.
 * usage: expr ROUNDS; prints "name nanoseconds" for the median of nine timings. */
#include "expr/expression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TIMINGS = 9 };

static const struct gen_type maps = {.kind = GEN_KIND_LIST, .item = &gen_type_map};

static const struct gen_shape_field job_fields[] = {
    {"budget", &gen_type_double, NULL},   {"tier", &gen_type_int, NULL},
    {"needs", &gen_type_strings, NULL},   {"complexity", &gen_type_double, NULL},
    {"title", &gen_type_string, NULL},    {"presenterShare", &gen_type_double, NULL},
    {"quality", &gen_type_double, NULL},  {"price", &gen_type_double, NULL},
    {"highest", &gen_type_double, NULL},  {"reliability", &gen_type_double, NULL},
    {"provider", &gen_type_string, NULL}, {0}};
static const struct gen_shape job = {"job", job_fields, NULL};
static const struct gen_type job_type = {.kind = GEN_KIND_RECORD, .shape = &job};
static const struct gen_variable variables[] = {
    {"job", &job_type, NULL}, {"providers", &maps, NULL}, {0}};

static const struct {
    const char *name, *text;
} rows[] = {
    {"guard", "job.budget < 50.0 && job.tier >= 2 && 'lip_sync' in job.needs"},
    {"score", "0.5 * job.quality / 10.0 + 0.3 * (1.0 - job.price / job.highest) + 0.2 * "
              "job.reliability"},
    {"route", "job.provider == 'heygen' && (job.presenterShare > 0.5 || 'avatar' in job.needs) ? "
              "'presenter' : job.complexity >= 7.0 ? 'premium' : 'standard'"},
    {"tier", "job.complexity < 4.0 ? 1 : job.complexity < 7.0 ? 2 : 3"},
    {"exists", "providers.exists(p, p.healthy && p.queue < 3 && p.name == 'local')"},
    {"strings", "job.title.lowerAscii().contains('winter') || "
                "job.title.matches('(Summer|Winter) [A-Za-z]+ [0-9]{4}')"},
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    return *(const double *)a < *(const double *)b ? -1 : 1;
}

static struct gen_value providers(struct gen_arena *arena)
{
    static const char *const names[] = {"heygen", "kling", "veo", "runway", "local"};
    struct gen_value *items = gen_arena_array(arena, 5, sizeof(*items));

    for (int i = 0; i < 5; i++) {
        struct gen_table *table = gen_table_create(arena, 3);

        if (gen_table_put(table, gen_value_text("name"), gen_value_text(names[i])) != GEN_OK ||
            gen_table_put(table, gen_value_text("healthy"), gen_value_bool(true)) != GEN_OK ||
            gen_table_put(table, gen_value_text("queue"), gen_value_int(i == 2 ? 7 : 1)) !=
                GEN_OK) {
            abort();
        }
        items[i] = gen_value_map(table);
    }
    return gen_value_list(items, 5);
}

static double measure(const struct gen_expression *expression, const struct gen_value *values,
                      long rounds)
{
    struct gen_arena *arena = gen_arena_create(0);
    double timings[TIMINGS];

    for (int i = 0; i < TIMINGS; i++) {
        double begin = now();

        for (long round = 0; round < rounds; round++) {
            struct gen_run run = {arena, NULL, 1000000};
            struct gen_value value = gen_expression_run(expression, values, &run);

            if (value.kind == GEN_KIND_FAULT) {
                abort();
            }
            if (gen_arena_used(arena) > 0) {
                gen_arena_clear(arena);
            }
        }
        timings[i] = (now() - begin) / (double)rounds;
    }
    gen_arena_destroy(arena);
    qsort(timings, TIMINGS, sizeof(timings[0]), by_value);
    return timings[TIMINGS / 2];
}

int main(int argc, char **argv)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value needs[] = {gen_value_text("text_overlay"), gen_value_text("lip_sync")};
    struct gen_value fields[] = {
        gen_value_double(20), gen_value_int(2), gen_value_list(needs, 2), gen_value_double(5.5),
        gen_value_text("The Summer Sale 2026 of Sunny Grove"), gen_value_double(0.25),
        gen_value_double(8.7), gen_value_double(1.5), gen_value_double(2.4), gen_value_double(0.98),
        gen_value_text("heygen")};
    struct gen_record_value record = {&job, fields};
    struct gen_value values[] = {gen_value_record(&record), providers(arena)};
    long rounds = argc > 1 ? atol(argv[1]) : 200000;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_expression *expression = NULL;
        struct gen_error err;

        if (argc > 2) { /* the texts, for the other engines */
            printf("%s\t%s\n", rows[i].name, rows[i].text);
            continue;
        }
        if (gen_expression_compile(variables, rows[i].text, strlen(rows[i].text), 0, arena,
                                   &expression, NULL, &err) != GEN_OK) {
            fprintf(stderr, "%s: %s\n", rows[i].name, err.message);
            return 1;
        }
        printf("%s %.1f\n", rows[i].name, measure(expression, values, rounds));
    }
    gen_arena_destroy(arena);
    return 0;
}
