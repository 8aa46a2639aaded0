/* policies_test.c - policies change under a running gend: a broken edit, SIGHUP, a swap while jobs are
 * open, a power cut. What was decided says under which set; nothing that is wrong ever gets in force. */
#include "house.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BRIEF \
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]}"

struct office {
    struct house house;
    char folder[96];
};

static const char *read_text(struct office *office, const char *path)
{
    struct gen_bytes text;
    struct gen_error err = {0};
    const char *copy;

    gen_bytes_init(&text, 1 << 20);
    cr_assert(gen_files_read(path, &text, &err) == GEN_OK, "%s", err.message);
    copy = gen_arena_strndup(office->house.arena, text.data == NULL ? "" : text.data, text.size);
    gen_bytes_fini(&text);
    return copy;
}

static void put(struct office *office, const char *name, const char *text)
{
    const char *path = gen_arena_printf(office->house.arena, "%s/%s", office->folder, name);
    struct gen_error err = {0};

    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK, "%s", err.message);
}

/* A shipped file, with `more` after it. */
static void put_shipped(struct office *office, const char *name, const char *more)
{
    struct gen_arena *arena = office->house.arena;
    const char *text = read_text(office, gen_arena_printf(arena, GEN_SOURCE_DIR "/policies/%s",
                                                          name));

    put(office, name, gen_arena_printf(arena, "%s%s", text, more));
}

static void copy_folder(struct office *office, const char *name)
{
    struct gen_arena *arena = office->house.arena;
    DIR *list = opendir(gen_arena_printf(arena, GEN_SOURCE_DIR "/policies/%s", name));

    cr_assert(list != NULL);
    cr_assert(mkdir(gen_arena_printf(arena, "%s/%s", office->folder, name), 0700) == 0);
    for (struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
        if (strstr(entry->d_name, ".yaml") != NULL && entry->d_name[0] != '.') {
            put_shipped(office, gen_arena_printf(arena, "%s%s%s", name, name[0] ? "/" : "",
                                                 entry->d_name), "");
        }
    }
    closedir(list);
}

static void office_start(struct office *office)
{
    const char *const more[] = {"--policies", office->folder, NULL};

    house_start(&office->house, more);
}

static void office_furnish(struct office *office)
{
    house_open(&office->house);
    (void)snprintf(office->folder, sizeof office->folder, "%s/policies", office->house.folder);
    copy_folder(office, "");
    copy_folder(office, "providers");
    copy_folder(office, "brands");
    copy_folder(office, "delivery");
}

static void office_open(struct office *office)
{
    office_furnish(office);
    office_start(office);
    cr_assert(!office->house.ended, "%s", office->house.last_words);
}

static const char *in_force(struct office *office)
{
    struct house_reply reply = house_get(&office->house, "/v1/policies");

    cr_assert(reply.status == 200, "%s", reply.body);
    return gen_node_text(gen_node_get(reply.document, "version"), "?");
}

/* Turns the loop until gend has another set in force, or (with another NULL) has refused one. */
static void await_policies(struct office *office, const char *another)
{
    for (int i = 0; i < 3000; i++) {
        struct house_reply reply = house_get(&office->house, "/v1/policies");
        const struct gen_node *refusal = gen_node_get(reply.document, "lastError");

        if (another == NULL ? gen_node_type_of(refusal) == GEN_NODE_MAP
                            : strcmp(another, gen_node_text(gen_node_get(reply.document, "version"),
                                                            "?")) != 0) {
            return;
        }
        usleep(10000);
        gen_loop_poll(office->house.loop);
    }
    cr_assert(false, "gend does not notice");
}

static const char *decided_under(struct office *office, const char *job)
{
    struct house_reply reply = house_get(&office->house, gen_arena_printf(office->house.arena,
                                                                          "/v1/jobs/%s", job));

    return gen_node_text(gen_node_find(reply.document, "routing.policyVersion", NULL), "?");
}

static bool event_came(struct office *office, const char *word, const char *version)
{
    struct house_stream stream = {0};
    bool came;

    house_follow(&office->house, &stream, "/v1/events?after=0", NULL);
    house_await_text(&stream, word);
    came = strstr(stream.text.data, version) != NULL;
    house_leave(&stream);
    return came;
}

/* A mistake in a file: the running set decides, the place of the mistake is told; mended, it is gone. */
Test(policies, a_broken_edit, .timeout = 120)
{
    struct office office = {0};
    struct house_reply reply;
    const struct gen_node *problem;
    const char *before, *job;

    office_open(&office);
    before = in_force(&office);
    put_shipped(&office, "routing.yaml", "\nnonsense: {a: candidate.prise}\n");
    await_policies(&office, NULL);
    reply = house_get(&office.house, "/v1/policies");
    problem = gen_node_find(reply.document, "lastError.problems[0]", NULL);
    cr_assert(strstr(gen_node_text(gen_node_get(problem, "file"), ""), "routing.yaml") != NULL,
              "%s", reply.body);
    cr_assert(gen_node_integer(gen_node_get(problem, "line"), 0) > 1);
    cr_assert(strcmp(in_force(&office), before) == 0);
    reply = house_post(&office.house, "/v1/policies/reload", NULL);
    cr_assert(reply.status == 422, "%d", reply.status);
    cr_assert(gen_node_count(gen_node_get(reply.document, "errors")) == 1, "%s", reply.body);
    job = house_submit(&office.house, "under the old ones");
    cr_assert(strcmp(decided_under(&office, job), before) == 0);
    house_await(&office.house, job, "completed");
    put_shipped(&office, "routing.yaml", "");
    reply = house_post(&office.house, "/v1/policies/reload", NULL);
    cr_assert(reply.status == 200, "%s", reply.body);
    cr_assert(gen_node_type_of(gen_node_get(reply.document, "lastError")) == GEN_NODE_NULL);
    cr_assert(event_came(&office, "policy.refused", before));
    house_close(&office.house);
}

/* SIGHUP and a swap while a job is at work: it is finished, and keeps what was decided for it. */
Test(policies, a_swap_with_open_jobs, .timeout = 120)
{
    struct office office = {.house = {.hold = true}};
    const char *before, *after, *first, *second;

    office_open(&office);
    before = in_force(&office);
    first = house_submit(&office.house, "before");
    while (office.house.orders == 0) {
        gen_loop_turn(office.house.loop);
    }
    put_shipped(&office, "budget.yaml", "\n# another\n");
    cr_assert(kill(gen_process_pid(office.house.gend), SIGHUP) == 0);
    await_policies(&office, before);
    after = in_force(&office);
    second = house_submit(&office.house, "after");
    office.house.hold = false;
    house_await(&office.house, first, "completed");
    house_await(&office.house, second, "completed");
    cr_assert(strcmp(decided_under(&office, first), before) == 0);
    cr_assert(strcmp(decided_under(&office, second), after) == 0);
    cr_assert(office.house.orders == 2, "%d orders", office.house.orders);
    cr_assert(event_came(&office, "policy.loaded", after));
    house_close(&office.house);
}

/* Where nothing was in force before there is nothing to go on with. */
Test(policies, a_first_start_with_a_mistake, .timeout = 120)
{
    struct office office = {0};

    office_furnish(&office);
    put_shipped(&office, "routing.yaml", "\nnonsense: 1\n");
    office_start(&office);
    cr_assert(office.house.ended && office.house.exit_code == 2, "exit code %d",
              office.house.exit_code);
    cr_assert(strstr(office.house.last_words, "routing.yaml:") != NULL &&
                  strstr(office.house.last_words, "nonsense") != NULL,
              "%s", office.house.last_words);
    put_shipped(&office, "routing.yaml", "");
    office_start(&office);
    cr_assert(!office.house.ended, "%s", office.house.last_words);
    house_close(&office.house);
}

/* A power cut in the middle of everything, and broken policies when it comes back: what was in force goes
 * on, and what is paid for is not paid for again. */
Test(policies, a_power_cut, .timeout = 120)
{
    struct office office = {.house = {.hold = true}};
    struct house_reply reply;
    const struct gen_node *problem;
    const char *before, *job;

    office_open(&office);
    before = in_force(&office);
    job = house_submit(&office.house, "cut");
    while (office.house.orders == 0) {
        gen_loop_turn(office.house.loop);
    }
    put_shipped(&office, "routing.yaml", "\nnonsense: 1\n");
    house_kill(&office.house);
    office.house.hold = false;
    office_start(&office);
    cr_assert(!office.house.ended, "%s", office.house.last_words);
    cr_assert(strcmp(in_force(&office), before) == 0);
    reply = house_get(&office.house, "/v1/policies");
    problem = gen_node_find(reply.document, "lastError.problems[0]", NULL);
    cr_assert(strstr(gen_node_text(gen_node_get(problem, "file"), ""), "routing.yaml") != NULL &&
                  strstr(gen_node_text(gen_node_get(problem, "message"), ""), "nonsense") != NULL,
              "%s", reply.body);
    put_shipped(&office, "routing.yaml", "\n# another\n");
    await_policies(&office, before);
    house_await(&office.house, job, "completed");
    cr_assert(strcmp(decided_under(&office, job), before) == 0);
    cr_assert(office.house.orders == 1, "%d orders", office.house.orders);
    house_close(&office.house);
}

/* Explaining leaves nothing behind, and says what would then be decided. */
Test(policies, explains_without_a_trace, .timeout = 120)
{
    struct office office = {0};
    struct house_reply reply;
    const char *job;

    office_open(&office);
    for (int i = 0; i < 5; i++) {
        reply = house_post(&office.house, "/v1/explain", BRIEF);
        cr_assert(reply.status == 200, "%s", reply.body);
    }
    cr_assert(strcmp(gen_node_text(gen_node_find(reply.document, "selectedModels[0]", NULL), "?"),
                     "fake/pay") == 0,
              "%s", reply.body);
    reply = house_get(&office.house, "/v1/jobs");
    cr_assert(gen_node_count(gen_node_get(reply.document, "jobs")) == 0, "%s", reply.body);
    cr_assert(office.house.orders == 0);
    job = house_submit(&office.house, "for real");
    house_await(&office.house, job, "completed");
    reply = house_get(&office.house, "/v1/snapshot");
    cr_assert(reply.body[strlen(reply.body) - 1] == '\n', "saved, it is a text file");
    cr_assert(gen_node_integer(gen_node_get(gen_node_get(gen_node_get(gen_node_get(reply.document,
                                                                                   "models"),
                                                                      "fake/pay"),
                                                         "history"),
                                            "attempts"), 0) == 1,
              "%s", reply.body);
    house_close(&office.house);
}
