/* stream_test.c - the live stream of a real gend: complete, in order, resumable, filtered. */
#include "house.h"
#include "schema.h"

#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { EVENTS_MOST = 500 };

struct seen {
    struct gen_arena *arena;
    const struct gen_node *page;
    struct {
        char id[64], type[64], job[64];
        int64_t seq;
    } events[EVENTS_MOST];
    size_t count, progress;
};

/* Takes a stream apart; each data line is held against its schema. */
static void read_stream(struct seen *seen, const char *text)
{
    char id[64] = "", type[64] = "";

    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        const struct gen_node *data = NULL;
        struct gen_error err = {0};

        if (strncmp(text, "id: ", 4) == 0) {
            (void)snprintf(id, sizeof id, "%.*s", (int)size - 4, text + 4);
        } else if (strncmp(text, "event: ", 7) == 0) {
            (void)snprintf(type, sizeof type, "%.*s", (int)size - 7, text + 7);
        } else if (strncmp(text, "data: ", 6) == 0) {
            bool progress = strcmp(type, "progress") == 0;
            const char *why;

            cr_assert(gen_json_read(text + 6, size - 6, NULL, seen->arena, &data, &err) == GEN_OK,
                      "%s", err.message);
            why = schema_check(seen->page,
                               gen_node_find(seen->page,
                                             progress ? "components.schemas.Progress"
                                                      : "components.schemas.Event",
                                             NULL),
                               data, "data", seen->arena);
            cr_expect(why == NULL, "%s: %s", type, why);
            cr_expect((id[0] == '\0') == progress, "%s: id %s", type, id);
            if (progress) {
                seen->progress++;
            } else {
                cr_assert(seen->count < EVENTS_MOST);
                (void)snprintf(seen->events[seen->count].id, 64, "%s", id);
                (void)snprintf(seen->events[seen->count].type, 64, "%s", type);
                (void)snprintf(seen->events[seen->count].job, 64, "%s",
                               gen_node_text(gen_node_get(data, "jobId"), ""));
                cr_expect(strcmp(gen_node_text(gen_node_get(data, "id"), ""), id) == 0);
                cr_expect(strcmp(gen_node_text(gen_node_get(data, "type"), ""), type) == 0);
                seen->events[seen->count++].seq =
                    gen_node_integer(gen_node_get(data, "seq"), 0);
            }
        } else if (size == 0) {
            id[0] = type[0] = '\0';
        }
        text += size + (text[size] == '\n');
    }
    for (size_t i = 1; i < seen->count; i++) {
        cr_expect(seen->events[i].seq > seen->events[i - 1].seq, "event %zu is not in order", i);
    }
}

static void seen_init(struct seen *seen, struct gen_arena *arena)
{
    struct gen_error err = {0};
    struct gen_bytes text;

    memset(seen, 0, sizeof *seen);
    seen->arena = arena;
    gen_bytes_init(&text, 1024 * 1024);
    cr_assert(gen_files_read(GEN_SOURCE_DIR "/docs/openapi.yaml", &text, &err) == GEN_OK);
    cr_assert(gen_yaml_read(text.data, text.size, NULL, arena, &seen->page, &err) == GEN_OK);
    gen_bytes_fini(&text);
}

static bool has(const struct seen *seen, const char *type)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (strcmp(seen->events[i].type, type) == 0) {
            return true;
        }
    }
    return false;
}

/* From the first event to the end of a job, then again from the middle: nothing twice, nothing lost;
 * also after a restart. */
Test(stream, is_complete_and_resumes, .timeout = 120)
{
    static struct seen whole, rest;
    struct house house = {.hold = true};
    struct house_stream stream;
    const char *job;
    size_t middle;

    house_open(&house);
    house_start(&house, NULL);
    seen_init(&whole, house.arena);
    seen_init(&rest, house.arena);
    house_follow(&house, &stream, "/v1/events?after=0", NULL);
    job = house_submit(&house, "followed");
    house_await_text(&stream, "event: progress");
    house.hold = false;
    house_await_text(&stream, "event: job.completed");
    read_stream(&whole, stream.text.data);
    house_leave(&stream);
    cr_expect(has(&whole, "job.admitted") && has(&whole, "ledger.entry") &&
              has(&whole, "output.ready") && has(&whole, "daemon.started"));
    cr_expect(whole.progress > 0);
    cr_expect(strcmp(whole.events[whole.count - 1].type, "job.completed") == 0);
    house_await(&house, job, "completed");

    house_stop(&house);
    house_start(&house, NULL);
    middle = whole.count / 2;
    house_follow(&house, &stream, "/v1/events?after=0", whole.events[middle].id);
    house_await_text(&stream, whole.events[whole.count - 1].id);
    house_await_text(&stream, "event: daemon.started");
    read_stream(&rest, stream.text.data);
    house_leave(&stream);
    cr_expect(has(&rest, "policy.loaded"));
    cr_assert(rest.count == whole.count - middle + 1, "%zu events, not %zu", rest.count,
              whole.count - middle + 1); /* what was left, and the two of the start */
    for (size_t i = 0; i + 2 < rest.count; i++) {
        cr_expect(strcmp(rest.events[i].id, whole.events[middle + 1 + i].id) == 0,
                  "event %zu of the rest", i);
    }
    house_close(&house);
}

/* Two jobs, a stream for one of them: it has no word of the other. */
Test(stream, is_filtered, .timeout = 120)
{
    static struct seen seen;
    struct house house = {.hold = true};
    struct house_stream stream;
    const char *mine, *other;

    house_open(&house);
    house_start(&house, NULL);
    seen_init(&seen, house.arena);
    mine = house_submit(&house, "mine");
    house_follow(&house, &stream, gen_arena_printf(house.arena, "/v1/events?job=%s&after=0", mine),
                 NULL);
    other = house_submit(&house, "other");
    house.hold = false;
    house_await(&house, other, "completed");
    house_await_text(&stream, "event: job.completed");
    read_stream(&seen, stream.text.data);
    house_leave(&stream);
    cr_expect(has(&seen, "job.admitted"));
    for (size_t i = 0; i < seen.count; i++) {
        cr_expect(strcmp(seen.events[i].job, mine) == 0, "%s is of %s", seen.events[i].type,
                  seen.events[i].job);
    }
    cr_expect(strstr(stream.text.data == NULL ? "" : stream.text.data, other) == NULL);
    house_close(&house);
}
