/* sample.h - a small policy set in memory, and a way to break it in one place. */
#ifndef GEN_TESTS_POLICY_SAMPLE_H
#define GEN_TESTS_POLICY_SAMPLE_H

#include "policy/policy_set.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE_FILES = 9 };

static const struct gen_policy_source sample_files[SAMPLE_FILES] = {
    {"routing.yaml",
     "tiers:\n" /* 1 */
     "  simple: {tier: 1, from: 1}\n"
     "  complex: {tier: 3, from: 6}\n"
     "complexity:\n"
     "  signals:\n" /* 5 */
     "    presenter: {value: job.presenterShare, weight: 3}\n"
     "scores:\n"
     "  thrift: -candidate.price\n"
     "  mixed: 0.5 * score.thrift + score.quality\n"
     "  quality: candidate.quality / 10.0\n" /* 10 */
     "strategies:\n"
     "  balanced: {score: mixed, parallel: 2}\n"
     "  cheapest: {extends: balanced, score: thrift}\n"
     "rules:\n"
     "  presenters:\n" /* 15 */
     "    when: >-\n"
     "      \"avatar\" in job.needs\n"
     "      && job.duration > 5.0\n"
     "    prefer: [heygen]\n"
     "    weight: 2\n" /* 20 */
     "  weak: {exclude: model.quality < 5.0}\n",
     0},
    {"retry.yaml", "kinds:\n  default: 3\n  moderated: 0\n", 0},
    {"budget.yaml", "limits:\n  all: {scope: organization, hard: 500, soft: 400}\n", 0},
    {"quality.yaml",
     "weights: {compression: 1.5, motion: 1}\n"
     "rules:\n"
     "  black: {when: output.longestBlack > 2.0, verdict: reject}\n",
     0},
    {"schedule.yaml", "priorities: {high: 8, normal: 4, low: 1}\n", 0},
    {"access.yaml",
     "plan: all\nplans:\n  all: {}\n  small: {extends: all, mostTier: 1, strategies: [cheapest]}\n"
     "members: {org_1: small}\n",
     0},
    {"providers/heygen.yaml",
     "id: heygen\nmodels:\n  avatar: {tier: 2}\nprices:\n  - {perSecond: 0.05}\n", 0},
    {"delivery/tiktok.yaml",
     "id: tiktok\nsources: [{url: a.example, date: 2024-10, trust: A}]\ncheckedOn: \"2026-11-22\"\n"
     "duration: {min: 5, max: 60}\n",
     0},
    {"brands/acme.yaml", "id: acme\nname: Acme\ncolours: {primary: \"#102030\"}\n", 0},
};

/* Copies of the files; in `file` the first `find` becomes `put`. find NULL: the whole text does, and
 * put NULL leaves the file out. Texts are the caller's arena's. */
static inline size_t sample_sources(const char *file, const char *find, const char *put,
                                    struct gen_arena *arena, struct gen_policy_source *out)
{
    size_t count = 0;

    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        struct gen_policy_source source = sample_files[i];

        if (file != NULL && strcmp(file, source.name) == 0) {
            const char *at = find != NULL ? strstr(source.text, find) : NULL;

            if (find == NULL && put == NULL) {
                continue;
            }
            if (find != NULL) {
                cr_assert(ne(ptr, (void *)at, NULL), "%s is not in %s", find, file);
                source.text = gen_arena_printf(arena, "%.*s%s%s", (int)(at - source.text),
                                               source.text, put, at + strlen(find));
            } else {
                source.text = put;
            }
        }
        source.size = strlen(source.text);
        out[count++] = source;
    }
    return count;
}

struct sample {
    struct gen_arena *arena;
    struct gen_policy_problems problems;
    struct gen_policy_set *set;
    struct gen_error err;
    struct gen_bytes text; /* of the problems */
    enum gen_status status;
};

static inline void sample_compile(struct sample *sample, const char *file, const char *find,
                                  const char *put)
{
    static const struct gen_policy_terms terms = {.now = 1795305600000};
    struct gen_policy_source sources[SAMPLE_FILES];
    size_t count;

    memset(sample, 0, sizeof(*sample));
    sample->arena = gen_arena_create(0);
    gen_policy_problems_init(&sample->problems);
    gen_bytes_init(&sample->text, 1 << 20);
    cr_assert(eq(int, gen_crypto_init(&sample->err), GEN_OK));
    count = sample_sources(file, find, put, sample->arena, sources);
    sample->status = gen_policy_compile("p", sources, count, &terms, &sample->problems,
                                        &sample->set, &sample->err);
    gen_policy_problems_text(&sample->problems, &sample->text);
}

static inline const char *sample_text(const struct sample *sample)
{
    return sample->text.data != NULL ? sample->text.data : "";
}

static inline void sample_end(struct sample *sample)
{
    gen_policy_destroy(sample->set);
    gen_policy_problems_fini(&sample->problems);
    gen_bytes_fini(&sample->text);
    gen_arena_destroy(sample->arena);
}

#endif
