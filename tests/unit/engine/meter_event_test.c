/* meter_event_test.c - charges as Stripe's usage events: amounts, customers, the form, and what answers mean. */
#include "engine/meter_event.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct gen_meter_customer customers[] = {
    {"acme", "", "cus_acme"}, {"acme", "emea", "cus_emea"}, {"solo", "a", "cus_a"}};

static const struct {
    const char *what, *data, *organization, *team;
    enum gen_meter_unit unit;
    int64_t ordered_ms, value; /* value 0 = nothing to bill */
    const char *customer;
    enum gen_status status;
} cases[] = {
    {"micros are exact", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":1.234567}", "acme", "",
     GEN_METER_MICROS, 0, 1234567, "cus_acme", GEN_OK},
    {"of a team", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":1}", "acme", "emea",
     GEN_METER_MICROS, 0, 1000000, "cus_emea", GEN_OK},
    {"of another team", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":1}", "acme", "apac",
     GEN_METER_MICROS, 0, 1000000, "cus_acme", GEN_OK},
    {"cents are rounded", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":0.125}", "acme", "",
     GEN_METER_CENTS, 0, 13, "cus_acme", GEN_OK},
    {"less than half a cent", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":0.004}", "acme", "",
     GEN_METER_CENTS, 0, 0, NULL, GEN_OK},
    {"seconds are rounded up", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":9}", "acme", "",
     GEN_METER_SECONDS, 4001, 5, "cus_acme", GEN_OK},
    {"a refund", "{\"entryId\":\"led_1\",\"kind\":\"refund\",\"amount\":0.5}", "acme", "",
     GEN_METER_MICROS, 0, -500000, "cus_acme", GEN_OK},
    {"a refund of seconds", "{\"entryId\":\"led_1\",\"kind\":\"refund\",\"amount\":0.5}", "acme", "",
     GEN_METER_SECONDS, 4000, 0, NULL, GEN_OK},
    {"a hold", "{\"entryId\":\"led_1\",\"kind\":\"hold\",\"amount\":0.5}", "acme", "",
     GEN_METER_MICROS, 0, 0, NULL, GEN_OK},
    {"nobody pays", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":1}", "none", "",
     GEN_METER_MICROS, 0, 0, NULL, GEN_ENOTFOUND},
    {"nobody pays for this team", "{\"entryId\":\"led_1\",\"kind\":\"charge\",\"amount\":1}", "solo", "b",
     GEN_METER_MICROS, 0, 0, NULL, GEN_ENOTFOUND},
    {"no amount", "{\"entryId\":\"led_1\",\"kind\":\"charge\"}", "acme", "", GEN_METER_MICROS, 0, 0,
     NULL, GEN_ECORRUPT},
    {"no JSON", "{", "acme", "", GEN_METER_MICROS, 0, 0, NULL, GEN_ECORRUPT},
};

Test(meter_event, usage)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_meter_settings settings = {.unit = cases[i].unit, .customers = customers,
                                              .customer_count = GEN_COUNT(customers)};
        struct gen_outbox_event event = {.id = {"evt_1"}, .data = cases[i].data, .at = 1000,
                                         .organization = cases[i].organization,
                                         .team = cases[i].team};
        struct gen_meter_usage usage;
        struct gen_error err = {0};
        enum gen_status status = gen_meter_event_read(&settings, &event, cases[i].ordered_ms, arena,
                                                      &usage, &err);

        cr_assert(status == cases[i].status, "%s: %s", cases[i].what, err.message);
        if (status == GEN_OK) {
            cr_assert(usage.none == (cases[i].value == 0), "%s", cases[i].what);
        }
        if (status == GEN_OK && !usage.none) {
            cr_assert(usage.value == cases[i].value, "%s", cases[i].what);
            cr_assert(strcmp(usage.customer, cases[i].customer) == 0, "%s", cases[i].what);
            cr_assert(strcmp(usage.identifier, "led_1") == 0);
        }
        gen_arena_destroy(arena);
    }
}

Test(meter_event, form)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_meter_settings settings = {.event_name = "a b&c"};
    struct gen_meter_usage usage = {.identifier = "led_1", .customer = "cus_1", .value = -5,
                                    .at = 1795389660123};

    cr_assert(eq(str, (char *)gen_meter_event_form(&settings, &usage, arena),
                 "event_name=a%20b%26c&identifier=led_1&timestamp=1795389660"
                 "&payload[stripe_customer_id]=cus_1&payload[value]=-5"));
    gen_arena_destroy(arena);
}

static const struct {
    int status;
    const char *body;
    enum gen_meter_verdict verdict;
} answers[] = {
    {200, "{}", GEN_METER_TAKEN},
    {400, "{\"error\":{\"message\":\"An event already exists with identifier led_1.\"}}",
     GEN_METER_TAKEN},
    {400, "{\"error\":{\"code\":\"duplicate_meter_event\"}}", GEN_METER_TAKEN},
    {400, "{\"error\":{\"message\":\"No such customer\"}}", GEN_METER_NEVER},
    {400, "not json", GEN_METER_NEVER},
    {404, "", GEN_METER_NEVER},
    {401, "{\"error\":{\"message\":\"Invalid API Key\"}}", GEN_METER_AGAIN},
    {403, "", GEN_METER_AGAIN},
    {409, "{\"error\":{\"code\":\"idempotency_key_in_use\"}}", GEN_METER_AGAIN},
    {429, "{\"error\":{\"code\":\"rate_limit\"}}", GEN_METER_AGAIN},
    {500, "<html>", GEN_METER_AGAIN},
    {302, "", GEN_METER_AGAIN},
};

Test(meter_event, answers)
{
    for (size_t i = 0; i < GEN_COUNT(answers); i++) {
        char note[GEN_SUBSCRIBER_NOTE_MOST];

        cr_assert(gen_meter_event_judge(answers[i].status, answers[i].body,
                                        strlen(answers[i].body), note) == answers[i].verdict,
                  "%d %s", answers[i].status, answers[i].body);
        cr_assert(eq(int, note[0] == '\0', answers[i].verdict == GEN_METER_TAKEN));
    }
}
