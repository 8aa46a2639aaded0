/* The rows of a price book: which one applies, and what it comes to. */
#include "sample.h"

static const char book[] = "id: heygen\n"
                           "models: {a: {}, b-one: {}, b-two: {}, clip: {}, bulk: {}, step: {}}\n"
                           "prices:\n"
                           "  - {perSecond: 0.01}\n"
                           "  - {model: a, perSecond: 0.02}\n"
                           "  - {model: a, resolution: 4k, perSecond: 0.06}\n"
                           "  - {model: a, audio: with, perSecond: 0.03}\n"
                           "  - {model: a, from: 2026-12-01, perSecond: 0.025}\n"
                           "  - {model: \"b-*\", perSecond: 0.04}\n"
                           "  - {model: b-two, until: 2026-01-01, perSecond: 0.99}\n"
                           "  - {model: clip, perClip: 0.35, clip: 5, minimum: 0.5}\n"
                           "  - {model: step, perSecond: 0.07, step: 5}\n"
                           "  - model: bulk\n"
                           "    perSecond: 0.05\n"
                           "    bulk: [{seconds: 1000, perSecond: 0.045}, {seconds: 5000, perSecond: 0.04}]\n";

#define NOVEMBER INT64_C(1795305600000) /* 2026-11-22 */
#define DECEMBER INT64_C(1796256000000) /* 2026-12-03 */

static const struct {
    struct gen_price_task task;
    gen_micros price;
} rows[] = {
    {{"other", 1280, 720, false, 1000, 0, NOVEMBER}, 10000},   /* the row for all */
    {{"a", 1280, 720, false, 1000, 0, NOVEMBER}, 20000},       /* its own model */
    {{"a", 3840, 2160, false, 1000, 0, NOVEMBER}, 60000},      /* and resolution */
    {{"a", 1280, 720, true, 1000, 0, NOVEMBER}, 30000},        /* or sound */
    {{"a", 3840, 2160, true, 1000, 0, NOVEMBER}, 60000},       /* resolution before sound */
    {{"a", 1280, 720, false, 1000, 0, DECEMBER}, 25000},       /* a later row, once in force */
    {{"b-one", 1280, 720, false, 1000, 0, NOVEMBER}, 40000},   /* the beginning of a name */
    {{"b-two", 1280, 720, false, 1000, 0, NOVEMBER}, 40000},   /* a row that has ended */
    {{"a", 1280, 720, false, 1, 0, NOVEMBER}, 20},             /* a millisecond */
    {{"clip", 1280, 720, false, 4000, 0, NOVEMBER}, 500000},   /* the minimum */
    {{"clip", 1280, 720, false, 5001, 0, NOVEMBER}, 700000},   /* a second clip */
    {{"step", 1280, 720, false, 5000, 0, NOVEMBER}, 350000},   /* a whole step */
    {{"step", 1280, 720, false, 5001, 0, NOVEMBER}, 700000},   /* a started one */
    {{"bulk", 1280, 720, false, 1000, 999, NOVEMBER}, 50000},  /* below the first volume */
    {{"bulk", 1280, 720, false, 1000, 1000, NOVEMBER}, 45000}, /* at it */
    {{"bulk", 1280, 720, false, 1000, 9000, NOVEMBER}, 40000}, /* beyond the last */
};

Test(provider_price, prices)
{
    struct sample s;
    const struct gen_provider_policy *provider;

    sample_compile(&s, "providers/heygen.yaml", NULL, book);
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    provider = gen_policy_provider(s.set, "heygen");
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const struct gen_price *price = gen_price_find(provider, &rows[i].task);
        gen_micros micros = -1;

        cr_assert(ne(ptr, (void *)price, NULL), "row %zu", i);
        cr_expect(eq(ptr, (void *)price, (void *)gen_price_pick(&provider->prices, &rows[i].task)));
        cr_assert(eq(int, gen_price_of(price, &rows[i].task, &micros, &s.err), GEN_OK));
        cr_expect(eq(i64, micros, rows[i].price), "row %zu", i);
    }
    sample_end(&s);
}

/* No row, no price: never a guess. */
Test(provider_price, no_price)
{
    struct sample s;
    struct gen_price_task task = {"avatar", 1280, 720, false, 1000, 0, 1};

    sample_compile(&s, "providers/heygen.yaml", "{perSecond: 0.05}",
                   "{from: 2026-01-01, perSecond: 0.05}");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    cr_expect(eq(ptr, (void *)gen_price_find(gen_policy_provider(s.set, "heygen"), &task), NULL));
    sample_end(&s);
}

Test(provider_price, overflow)
{
    struct sample s;
    struct gen_price_task task = {"avatar", 1280, 720, false, INT64_MAX, 0, NOVEMBER};
    gen_micros micros;

    sample_compile(&s, NULL, NULL, NULL);
    cr_expect(eq(int, gen_price_of(gen_price_find(gen_policy_provider(s.set, "heygen"), &task), &task,
                                   &micros, &s.err), GEN_EOVERFLOW));
    sample_end(&s);
}

Test(provider_price, names_of_sizes)
{
    static const struct {
        int32_t width, height;
        const char *name;
    } sizes[] = {{320, 240, "480p"},    {854, 480, "480p"},   {1280, 720, "720p"},
                 {720, 1280, "720p"},   {1080, 1080, "1080p"}, {1920, 1080, "1080p"},
                 {1080, 1920, "1080p"}, {2560, 1080, "1440p"}, {3840, 2160, "4k"},
                 {7680, 4320, "4k"}};

    for (size_t i = 0; i < GEN_COUNT(sizes); i++) {
        cr_expect(eq(str, (char *)gen_price_resolution(sizes[i].width, sizes[i].height),
                     (char *)sizes[i].name), "%dx%d", sizes[i].width, sizes[i].height);
    }
}

/* What is wrong with a row is said at the word that is wrong. */
static const struct {
    const char *row; /* stands for the whole list of prices */
    const char *expect;
} mistakes[] = {
    {"{model: avatar}", "the row has no price"},                       /* neither of the two */
    {"{perSecond: 1, resolution: 8k}", "must be 480p"},                /* not a size of ours */
    {"{perSecond: 1, from: 2026-02-01, until: 2026-01-01}", "ends before it begins"},
    {"{perSecond: 1, from: 2026-02-01, until: 2026-02-01}", "ends before it begins"},
    {"{perSecond: 1, bulk: [{seconds: 10, perSecond: 2}]}", "get cheaper"}, /* dearer */
    {"{perSecond: 1, bulk: [{seconds: 10, perSecond: 0.5}, {seconds: 10, perSecond: 0.4}]}",
     "rising order"}, /* the same volume twice */
    {"{perSecond: 1, audio: loud}", "audio"},                          /* no such word */
    {"{perSecond: -1}", "perSecond"},                                  /* money comes back */
};

Test(provider_price, mistakes)
{
    for (size_t i = 0; i < GEN_COUNT(mistakes); i++) {
        struct sample s;

        sample_compile(&s, "providers/heygen.yaml", "{perSecond: 0.05}", mistakes[i].row);
        cr_expect(eq(int, s.status, GEN_EINVAL), "%s", mistakes[i].row);
        cr_expect(strstr(sample_text(&s), mistakes[i].expect) != NULL, "%s: %s", mistakes[i].row,
                  sample_text(&s));
        sample_end(&s);
    }
}
