/* pricing_test.c - the row that is in force for a formatted shot, as plugins get it and as a price. */
#include "engine/pricing.h"

#include "base/json.h"
#include "platform/json_reader.h"
#include "provider_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char book[] =
    "id: studio\n"
    "prices:\n"
    "  - {model: \"*\", perSecond: 0.05, source: list}\n"
    "  - {model: m, audio: with, perSecond: 0.1, minimum: 0.3, step: 5}\n"
    "  - {model: clip, perClip: 0.2, clip: 5, estimate: true}\n"
    "  - {model: m, resolution: 4k, perSecond: 0.75}\n"
    "  - {model: old, from: \"2020-01-01\", until: \"2021-01-01\", perSecond: 9}\n";

struct asked {
    const char *model;
    int32_t width, height;
    bool audio;
    int64_t duration_ms, most_ms;
    const char *document;
    gen_micros price, most;
    bool exact;
};

static const struct asked rows[] = {
    /* the general row */
    {"x", 1280, 720, false, 6000, 6000,
     "{\"perSecond\":0.05,\"estimate\":false,\"source\":\"list\"}", 300000, 300000, true},
    /* sound makes another row; time in started steps; what speech can become is held */
    {"m", 1280, 720, true, 6000, 11000,
     "{\"perSecond\":0.1,\"minimum\":0.3,\"stepSeconds\":5,\"estimate\":false,\"source\":\"\"}",
     1000000, 1500000, true},
    /* size makes another row */
    {"m", 3840, 2160, false, 1000, 1000,
     "{\"perSecond\":0.75,\"estimate\":false,\"source\":\"\"}", 750000, 750000, true},
    {"clip", 640, 360, false, 6000, 6000,
     "{\"perClip\":0.2,\"clipSeconds\":5,\"estimate\":true,\"source\":\"\"}", 400000, 400000,
     false},
    /* a row that has ended does not count */
    {"old", 640, 360, false, 1000, 1000,
     "{\"perSecond\":0.05,\"estimate\":false,\"source\":\"list\"}", 50000, 50000, true},
};

Test(pricing, rows)
{
    struct provider_file file;
    struct gen_engine_options options = {0};

    provider_file_open(&file, book);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_model model = {.provider = "studio", .id = rows[i].model};
        struct gen_formatted formatted = {.width = rows[i].width, .height = rows[i].height,
                                          .audio = rows[i].audio,
                                          .duration_ms = rows[i].duration_ms,
                                          .most_duration_ms = rows[i].most_ms};
        struct gen_pricing pricing;
        struct gen_priced priced = {0};
        struct gen_error err = {0};

        gen_pricing_find(&options, &file.set, &model, &formatted, 1800000000000, 0, file.arena,
                         &pricing);
        cr_expect(eq(str, (char *)gen_json_text(file.arena, pricing.document, NULL),
                     (char *)rows[i].document));
        cr_assert(eq(int, gen_pricing_by_row(&pricing, file.arena, &priced, &err), GEN_OK));
        cr_expect(priced.known && priced.exact == rows[i].exact, "row %zu", i);
        cr_expect(eq(i64, priced.price, rows[i].price), "row %zu", i);
        cr_expect(eq(i64, priced.most, rows[i].most), "row %zu", i);
    }
    provider_file_close(&file);
}

/* No rows in the policies: what gend.yaml says; nothing at all: no price. */
Test(pricing, without_a_book)
{
    static const char gend[] = "{\"studio\": {\"perSecond\": 0.07}}";
    struct provider_file file;
    struct gen_model model = {.provider = "studio", .id = "m"};
    struct gen_formatted formatted = {.width = 640, .height = 360, .duration_ms = 1000,
                                      .most_duration_ms = 1000};
    struct gen_engine_options options = {0};
    struct gen_pricing pricing;
    struct gen_priced priced = {0};
    struct gen_error err = {0};

    provider_file_open(&file, "id: studio\n");
    gen_pricing_find(&options, &file.set, &model, &formatted, 0, 0, file.arena, &pricing);
    cr_expect(eq(ptr, (void *)pricing.document, NULL));
    cr_assert(eq(int, gen_json_read(gend, sizeof gend - 1, NULL, file.arena, &options.prices, &err),
                 GEN_OK));
    gen_pricing_find(&options, NULL, &model, &formatted, 0, 0, file.arena, &pricing);
    cr_expect(eq(str, (char *)gen_json_text(file.arena, pricing.document, NULL),
                 "{\"perSecond\":0.07}"));
    cr_expect(eq(int, gen_pricing_by_row(&pricing, file.arena, &priced, &err), GEN_OK));
    cr_expect(not(priced.known)); /* only the plugin knows what this means */
    provider_file_close(&file);
}

/* What waited for its turn starts at another hour, or on another day, than it was quoted for: it is billed as
 * it starts, and never more than was held. */
Test(pricing, when_it_starts)
{
    static const char yaml[] =
        "id: studio\n"
        "prices:\n"
        "  - {model: m, perSecond: 0.10}\n"
        "  - {model: m, perSecond: 0.04, hours: \"22:00-06:00\"}\n"
        "  - {model: loud, audio: with, perSecond: 0.20}\n"
        "  - {model: loud, audio: without, perSecond: 0.10}\n"
        "  - {model: loud, audio: without, perSecond: 0.05, hours: \"22:00-06:00\"}\n"
        "  - {model: deal, until: \"2027-01-01\", perSecond: 0.07}\n"
        "  - {model: deal, from: \"2027-01-01\", perSecond: 0.09}\n";
    static const struct {
        const char *model, *quoted, *now;
        gen_micros price, most, expect;
    } cases[] = {
        {"m", "2026-06-01T12:00:00Z", "2026-06-01T13:00:00Z", 400000, 400000, 0},
        {"m", "2026-06-01T12:00:00Z", "2026-06-01T23:00:00Z", 400000, 400000, 160000},
        {"m", "2026-06-01T23:00:00Z", "2026-06-02T06:00:00Z", 160000, 400000, 400000},
        /* the plugin's own figure moves with the row */
        {"m", "2026-06-01T23:00:00Z", "2026-06-02T06:00:00Z", 80000, 400000, 200000},
        /* quoted without sound on a model that can make it */
        {"loud", "2026-06-01T12:00:00Z", "2026-06-01T23:00:00Z", 400000, 400000, 200000},
        {"loud", "2026-06-01T12:00:00Z", "2026-06-01T23:00:00Z", 800000, 800000, 0},
        {"deal", "2026-12-31T23:59:00Z", "2027-01-01T00:01:00Z", 280000, 300000, 300000},
        {"other", "2026-06-01T12:00:00Z", "2026-06-01T23:00:00Z", 400000, 400000, 0},
    };
    struct gen_engine_options options = {0};
    struct provider_file file;

    provider_file_open(&file, yaml);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_shot shot = {.provider = "studio", .model = cases[i].model, .width = 640,
                                .height = 360, .duration_ms = 4000, .model_flags = GEN_TRAIT_AUDIO,
                                .price = cases[i].price, .most = cases[i].most};
        gen_moment quoted, now;

        cr_assert(gen_moment_parse(cases[i].quoted, strlen(cases[i].quoted), &quoted, NULL) == GEN_OK);
        cr_assert(gen_moment_parse(cases[i].now, strlen(cases[i].now), &now, NULL) == GEN_OK);
        cr_expect(eq(i64, gen_pricing_start(&options, &file.set, &shot, quoted, now),
                     cases[i].expect), "case %zu", i);
    }
    provider_file_close(&file);
}

/* What was bought this month decides on the rate, in the plugin's row and in the price, and names the next one;
 * negotiated prices hold from and until their dates. */
Test(pricing, volume_and_dates)
{
    static const char yaml[] =
        "id: studio\n"
        "prices:\n"
        "  - model: m\n"
        "    perSecond: 0.10\n"
        "    bulk: [{seconds: 1000, perSecond: 0.08}, {seconds: 5000, perSecond: 0.05}]\n"
        "  - {model: deal, perSecond: 0.10}\n"
        "  - {model: deal, from: \"2026-01-01\", until: \"2027-01-01\", perSecond: 0.07}\n";
    static const struct {
        const char *model;
        const char *now;
        int64_t volume_s;
        gen_micros price; /* of a second */
        int64_t next;     /* of the first row; 0 = none */
    } cases[] = {
        {"m", "2026-06-01", 0, 100000, 1000},
        {"m", "2026-06-01", 999, 100000, 1000},
        {"m", "2026-06-01", 1000, 80000, 5000},
        {"m", "2026-06-01", 5000, 50000, 0},
        {"deal", "2025-12-31", 0, 100000, 1000},
        {"deal", "2026-01-01", 0, 70000, 1000},
        {"deal", "2026-12-31T23:59:59Z", 0, 70000, 1000},
        {"deal", "2027-01-01", 0, 100000, 1000},
    };
    struct gen_engine_options options = {0};
    struct provider_file file;

    provider_file_open(&file, yaml);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_model model = {.provider = "studio", .id = cases[i].model};
        struct gen_formatted formatted = {.width = 640, .height = 360, .duration_ms = 1000,
                                          .most_duration_ms = 1000};
        const struct gen_price_bulk *next;
        struct gen_pricing pricing;
        struct gen_priced priced = {0};
        gen_moment now = 0;

        cr_assert(gen_moment_parse(cases[i].now, strlen(cases[i].now), &now, NULL) == GEN_OK);
        gen_pricing_find(&options, &file.set, &model, &formatted, now, cases[i].volume_s, file.arena,
                         &pricing);
        cr_assert(gen_pricing_by_row(&pricing, file.arena, &priced, NULL) == GEN_OK);
        cr_expect(eq(i64, priced.price, cases[i].price), "case %zu", i);
        cr_expect(gen_node_number(gen_node_get(pricing.document, "perSecond"), 0) * 1e6 ==
                      (double)cases[i].price, "case %zu", i);
        next = gen_price_next(file.policy.prices.items, cases[i].volume_s, now);
        cr_expect(eq(i64, next == NULL ? 0 : next->seconds, cases[i].next), "case %zu", i);
    }
    provider_file_close(&file);
}

/* What must be held as bills were of late, in millionths of the price list. */
Test(pricing, needed)
{
    static const struct {
        gen_micros estimate, book, most;
        int64_t bill_ppm;
        gen_micros price, needed;
    } cases[] = {
        {100, 0, 150, 0, 0, 0},             /* as the list says */
        {100, 0, 150, 2000000, 200, 300},   /* twice that */
        {100, 0, 100, 1500001, 151, 151},   /* never rounded in our favour */
        {200, 100, 300, 2000000, 0, 0},     /* it was quoted so already */
        {200, 100, 300, 3000000, 300, 450}, /* and is more by now */
        {200, 100, 300, 1000000, 0, 0},     /* or less: what is held stays */
        {0, 0, 500, 2000000, 0, 0},         /* a ceiling without a price */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_shot shot = {.most = cases[i].most,
                                .attempt = {.estimate = cases[i].estimate, .book = cases[i].book}};
        gen_micros price = -1, needed = gen_pricing_needed(&shot, cases[i].bill_ppm, &price);

        cr_expect(price == cases[i].price && needed == cases[i].needed, "%zu: %lld, %lld", i,
                  (long long)price, (long long)needed);
    }
}
