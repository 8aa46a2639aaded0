/* tell_settings_test.c - alerts, Stripe, mail and webhooks of gend.yaml, right and wrong. */
#include "daemon/settings.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static enum gen_status read_settings(const char *text, struct gen_arena *arena,
                                     struct gen_settings *out, struct gen_error *err)
{
    const struct gen_node *node;

    cr_assert(gen_yaml_read(text, strlen(text), NULL, arena, &node, err) == GEN_OK);
    return gen_record_bind(&gen_settings_record, node, "", arena, out, err);
}

static const struct gen_tell_settings *parts_of(const struct gen_settings *settings)
{
    static struct gen_tell_settings parts;

    parts = (struct gen_tell_settings){&settings->alerts, &settings->stripe, &settings->mail,
                                       &settings->webhooks, settings->allow_private};
    return &parts;
}

Test(tell_settings, all_of_it)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_outbox_options options = {0};
    struct gen_settings settings;
    struct gen_error err = {0};

    cr_assert(read_settings("alerts:\n"
                            "  - {events: [budget.*, ledger.drift], to: [log, \"mail:a@b.example\"]}\n"
                            "  - {events: [job.failed], to: [log]}\n"
                            "mail: {from: gend@b.example}\n"
                            "webhooks: {parkAfter: 2}\n"
                            "stripe: {event: spend, unit: cents, customers: ["
                            "{organization: acme, customer: cus_1}]}\n",
                            arena, &settings, &err) == GEN_OK, "%s", err.message);
    cr_assert(gen_tell_settings_apply(parts_of(&settings), arena, &options, &err) == GEN_OK);
    cr_assert(eq(sz, options.alert_count, 3));
    cr_assert(eq(str, (char *)options.alerts[0].kinds, "budget.* ledger.drift"));
    cr_assert(eq(str, (char *)options.alerts[1].to, "mail:a@b.example"));
    cr_assert(options.messenger.meter->unit == GEN_METER_CENTS);
    cr_assert(eq(str, (char *)options.messenger.meter->credential, "stripe"));
    cr_assert(eq(str, (char *)options.messenger.meter->customers[0].team, ""));
    cr_assert(eq(i64, options.park_ms, 7200000));
    cr_assert(not(options.messenger.allow_private));
    gen_arena_destroy(arena);
}

/* Nothing said: alerts go to the log, and nobody is billed. */
Test(tell_settings, nothing)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_outbox_options options = {0};
    struct gen_settings settings;
    struct gen_error err = {0};

    cr_assert(read_settings("listen: none\n", arena, &settings, &err) == GEN_OK, "%s", err.message);
    cr_assert(gen_tell_settings_apply(parts_of(&settings), arena, &options, &err) == GEN_OK);
    cr_assert(eq(sz, options.alert_count, 1));
    cr_assert(eq(str, (char *)options.alerts[0].to, "log"));
    cr_assert(options.messenger.meter == NULL);
    gen_arena_destroy(arena);
}

static const char *const wrong[] = {
    "alerts: [{events: [budget.*], to: [\"mail:-oQ/tmp@x\"]}]\n", /* an option of sendmail */
    "alerts: [{events: [budget.*], to: [\"mail:a b@x\"]}]\n",
    "alerts: [{events: [budget.*], to: [\"mail:a@x\\nBcc: c@y\"]}]\n",
    "alerts: [{events: [budget.*], to: [pager]}]\n",
    "alerts: [{events: [], to: [log]}]\n",
    "alerts: [{to: [log]}]\n",
    "mail: {from: \"a@b\\nBcc: c@d\"}\n",
    "stripe: {unit: micros}\n",
    "stripe: {event: a, unit: euros}\n",
    "stripe: {event: a, customers: [{customer: cus_1}]}\n",
    "webhooks: {parkAfter: 0}\n",
};

Test(tell_settings, what_is_wrong)
{
    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_settings settings;
        struct gen_error err = {0};

        cr_assert(read_settings(wrong[i], arena, &settings, &err) == GEN_EINVAL, "%s", wrong[i]);
        gen_arena_destroy(arena);
    }
}
