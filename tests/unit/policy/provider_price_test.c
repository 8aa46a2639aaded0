/* The rows of a price book: which one applies, and what it comes to. */
#include "sample.h"

static const char book[] = "id: heygen\n"
                           "models: {a: {}, b-one: {}, b-two: {}, clip: {}, bulk: {}, step: {}, night: {}}\n"
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
                           "  - {model: night, perSecond: 0.08}\n"
                           "  - {model: night, hours: \"22:00-06:00\", timeZone: \"+08:00\", perSecond: 0.03}\n"
                           "  - {model: night, hours: \"12:00-13:00\", days: [sat], perSecond: 0.09}\n"
                           "  - model: bulk\n"
                           "    perSecond: 0.05\n"
                           "    bulk: [{seconds: 1000, perSecond: 0.045}, {seconds: 5000, perSecond: 0.04}]\n";

#define NOVEMBER INT64_C(1795305600000) /* 2026-11-22 */
#define HOUR INT64_C(3600000)
#define DECEMBER INT64_C(1796256000000) /* 2026-12-03 */

static const struct {
    struct gen_price_task task;
    gen_micros price;
} rows[] = {
    {{"other", 1280, 720, false, 1000, 0, NOVEMBER, NULL, false}, 10000},   /* the row for all */
    {{"a", 1280, 720, false, 1000, 0, NOVEMBER, NULL, false}, 20000},       /* its own model */
    {{"a", 3840, 2160, false, 1000, 0, NOVEMBER, NULL, false}, 60000},      /* and resolution */
    {{"a", 1280, 720, true, 1000, 0, NOVEMBER, NULL, false}, 30000},        /* or sound */
    {{"a", 3840, 2160, true, 1000, 0, NOVEMBER, NULL, false}, 60000},       /* resolution before sound */
    {{"a", 1280, 720, false, 1000, 0, DECEMBER, NULL, false}, 25000},       /* a later row, once in force */
    {{"b-one", 1280, 720, false, 1000, 0, NOVEMBER, NULL, false}, 40000},   /* the beginning of a name */
    {{"b-two", 1280, 720, false, 1000, 0, NOVEMBER, NULL, false}, 40000},   /* a row that has ended */
    {{"a", 1280, 720, false, 1, 0, NOVEMBER, NULL, false}, 20},             /* a millisecond */
    {{"clip", 1280, 720, false, 4000, 0, NOVEMBER, NULL, false}, 500000},   /* the minimum */
    {{"clip", 1280, 720, false, 5001, 0, NOVEMBER, NULL, false}, 700000},   /* a second clip */
    {{"step", 1280, 720, false, 5000, 0, NOVEMBER, NULL, false}, 350000},   /* a whole step */
    {{"step", 1280, 720, false, 5001, 0, NOVEMBER, NULL, false}, 700000},   /* a started one */
    /* off peak, 22:00 to 06:00 at +08:00, is 14:00 to 22:00 in UTC */
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER, NULL, false}, 80000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 14 * HOUR - 1, NULL, false}, 80000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 14 * HOUR, NULL, false}, 30000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 22 * HOUR - 1, NULL, false}, 30000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 22 * HOUR, NULL, false}, 80000},
    /* dearer at noon, but only on Saturdays (the 28th; the 22nd is a Sunday) */
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 12 * HOUR, NULL, false}, 80000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + (6 * 24 + 12) * HOUR, NULL, false}, 90000},
    {{"night", 1280, 720, false, 1000, 0, NOVEMBER + 14 * HOUR, NULL, true}, 80000},
    {{"bulk", 1280, 720, false, 1000, 999, NOVEMBER, NULL, false}, 50000},  /* below the first volume */
    {{"bulk", 1280, 720, false, 1000, 1000, NOVEMBER, NULL, false}, 45000}, /* at it */
    {{"bulk", 1280, 720, false, 1000, 9000, NOVEMBER, NULL, false}, 40000}, /* beyond the last */
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

/* The dearest row whatever the hour, which is what is held; none where the hour makes no difference. */
Test(provider_price, dearest)
{
    static const struct {
        const char *model;
        gen_micros price; /* 0 = none */
    } cases[] = {{"night", 90000}, {"a", 0}, {"b-one", 0}};
    struct sample s;

    sample_compile(&s, "providers/heygen.yaml", NULL, book);
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_price_task task = {cases[i].model, 1280, 720, false, 1000, 0, NOVEMBER + 15 * HOUR,
                                      NULL, false};
        const struct gen_price *row =
            gen_price_dearest(&gen_policy_provider(s.set, "heygen")->prices, &task);

        cr_expect(eq(i64, row == NULL ? 0 : row->per_second, cases[i].price), "%s", cases[i].model);
    }
    sample_end(&s);
}

/* No row, no price: never a guess. */
Test(provider_price, no_price)
{
    struct sample s;
    struct gen_price_task task = {"avatar", 1280, 720, false, 1000, 0, 1, NULL, false};

    sample_compile(&s, "providers/heygen.yaml", "{perSecond: 0.05}",
                   "{from: 2026-01-01, perSecond: 0.05}");
    cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
    cr_expect(eq(ptr, (void *)gen_price_find(gen_policy_provider(s.set, "heygen"), &task), NULL));
    sample_end(&s);
}

Test(provider_price, overflow)
{
    struct sample s;
    struct gen_price_task task = {"avatar", 1280, 720, false, INT64_MAX, 0, NOVEMBER, NULL, false};
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
    {"{perSecond: 1, hours: 22-06}", "are written"},                   /* not a time of day */
    {"{perSecond: 1, hours: \"22:00-24:00\"}", "are written"},         /* no such hour */
    {"{perSecond: 1, hours: \"22:00-22:00\"}", "end when they begin"},
    {"{perSecond: 1, days: [mon]}", "the row has none"},               /* days of nothing */
    {"{perSecond: 1, hours: \"22:00-06:00\", timeZone: \"../Mars\"}", "no time zone"},
    {"{perSecond: 1, hours: \"22:00-06:00\"}\n  - {perSecond: 2, hours: \"22:00-06:00\"}", "same model"},
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
