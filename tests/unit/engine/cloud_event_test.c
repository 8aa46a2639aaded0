/* cloud_event_test.c - the document, word by word; and without memory. */
#include "base/alloc.h"
#include "engine/cloud_event.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct gen_outbox_event event = {
    .seq = 4711, .id = {"evt_1"}, .at = 1795389660425, .kind = "pipeline.completed",
    .organization = "org_1", .job = "gen_1", .pipeline = "pip_1", .actor = "provider:kling",
    .data = "{\"message\":\"a \\\"quote\\\"\"}", .project = "", .team = "emea"};

Test(cloud_event, document)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *text;
    size_t size;

    cr_assert(gen_cloud_event_text(&event, arena, &text, &size, NULL) == GEN_OK);
    cr_assert(eq(str, (char *)text,
                 "{\"specversion\":\"1.0\",\"id\":\"evt_1\","
                 "\"source\":\"/genengine/organizations/org_1\","
                 "\"type\":\"genengine.pipeline.completed\",\"subject\":\"jobs/gen_1/pipelines/pip_1\","
                 "\"time\":\"2026-11-22T23:21:00.425Z\",\"datacontenttype\":\"application/json\","
                 "\"sequence\":\"00000000000000004711\",\"data\":{\"organization\":\"org_1\","
                 "\"team\":\"emea\",\"jobId\":\"gen_1\",\"pipelineId\":\"pip_1\","
                 "\"actor\":\"provider:kling\",\"details\":{\"message\":\"a \\\"quote\\\"\"}}}"));
    cr_assert(eq(sz, size, strlen(text)));
    gen_arena_destroy(arena);
}

Test(cloud_event, damaged_data_and_no_memory)
{
    struct gen_outbox_event damaged = event;
    struct gen_arena *arena = gen_arena_create(0);
    const char *text;
    size_t size;

    damaged.data = "{";
    cr_assert(gen_cloud_event_text(&damaged, arena, &text, &size, NULL) == GEN_ECORRUPT);
    gen_arena_destroy(arena);
    for (long nth = 1;; nth++) {
        enum gen_status status;

        arena = gen_arena_create(0);
        gen_alloc_fail_at(nth);
        status = gen_cloud_event_text(&event, arena, &text, &size, NULL);
        if (gen_alloc_count() < nth) {
            gen_alloc_fail_at(0);
            gen_arena_destroy(arena);
            cr_assert(status == GEN_OK);
            break;
        }
        cr_assert(status == GEN_ENOMEM, "%ld: %s", nth, gen_status_word(status));
        gen_arena_destroy(arena);
    }
}
