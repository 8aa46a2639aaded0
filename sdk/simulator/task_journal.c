/* task_journal.c - a task as a line of the journal and of the books, and back. */
#include "simulator/tasks.h"

#include "base/choice.h"

#include <string.h>

static const struct gen_choice tasks_states[] = {
    {"queued", SIM_QUEUED, ""}, {"throttled", SIM_THROTTLED, ""}, {"running", SIM_RUNNING, ""},
    {"done", SIM_DONE, ""},     {"filtered", SIM_FILTERED, ""},   {"refused", SIM_REFUSED, ""},
    {"failed", SIM_FAILED, ""}, {"cancelled", SIM_CANCELLED, ""}, {NULL, 0, NULL},
};

const char *sim_tasks_state_word(enum sim_state state)
{
    return gen_choice_word(tasks_states, (int)state);
}

/* ------------------------------------------------------------------------------------- writing */

static void tasks_write_look(const struct sim_task *task, struct gen_arena *arena,
                             struct gen_node *map)
{
    gen_node_set(arena, map, "width", gen_node_int(arena, task->clip.width));
    gen_node_set(arena, map, "height", gen_node_int(arena, task->clip.height));
    gen_node_set(arena, map, "fps", gen_node_int(arena, task->clip.fps));
    gen_node_set(arena, map, "durationMs", gen_node_int(arena, task->clip.duration_ms));
    gen_node_set(arena, map, "sound", gen_node_bool(arena, task->clip.sound));
    gen_node_set(arena, map, "firstFrame", gen_node_string(arena, task->clip.first_frame));
    gen_node_set(arena, map, "clips", gen_node_int(arena, task->clips));
}

static const char *const tasks_bill_keys[] = {"done", "filtered", "refused", "failed", "cancelled"};

static gen_micros *tasks_bill_at(struct sim_bill *bill, size_t index)
{
    gen_micros *const at[] = {&bill->done, &bill->filtered, &bill->refused, &bill->failed,
                              &bill->cancelled};

    return at[index];
}

void sim_life_write(const struct sim_life *life, struct gen_arena *arena, struct gen_node *map)
{
    const struct sim_task *task = &life->task;
    struct sim_bill bill = task->bill;
    struct gen_node *bills = gen_node_map(arena);

    gen_node_set(arena, map, "serial", gen_node_int(arena, task->serial));
    gen_node_set(arena, map, "provider", gen_node_string(arena, task->provider));
    gen_node_set(arena, map, "account", gen_node_string(arena, task->account));
    gen_node_set(arena, map, "id", gen_node_string(arena, task->id));
    gen_node_set(arena, map, "kind", gen_node_string(arena, task->kind));
    gen_node_set(arena, map, "model", gen_node_string(arena, task->model));
    gen_node_set(arena, map, "reference", gen_node_string(arena, task->reference));
    gen_node_set(arena, map, "lane", gen_node_string(arena, task->lane));
    gen_node_set(arena, map, "laneMax", gen_node_int(arena, task->lane_max));
    gen_node_set(arena, map, "state", gen_node_string(arena, sim_tasks_state_word(task->state)));
    gen_node_set(arena, map, "fate", gen_node_string(arena, sim_tasks_state_word(life->fate)));
    tasks_write_look(task, arena, map);
    gen_node_set(arena, map, "estimateUsd", gen_node_money(arena, task->estimate));
    gen_node_set(arena, map, "billedUsd", gen_node_money(arena, task->billed));
    for (size_t i = 0; i < GEN_COUNT(tasks_bill_keys); i++) {
        gen_node_set(arena, bills, tasks_bill_keys[i],
                     gen_node_money(arena, *tasks_bill_at(&bill, i)));
    }
    gen_node_set(arena, map, "billIfUsd", bills);
    gen_node_set(arena, map, "createdAt", gen_node_moment(arena, task->created));
    gen_node_set(arena, map, "startedAt", gen_node_moment(arena, task->started));
    gen_node_set(arena, map, "endedAt", gen_node_moment(arena, task->ended));
    gen_node_set(arena, map, "odd", gen_node_bool(arena, task->odd));
    gen_node_set(arena, map, "hidden", gen_node_bool(arena, task->hidden));
    gen_node_set(arena, map, "faultCode", gen_node_string(arena, task->fault_code));
    gen_node_set(arena, map, "faultMessage", gen_node_string(arena, task->fault_message));
    gen_node_set(arena, map, "requestNumber", gen_node_int(arena, life->number));
    gen_node_set(arena, map, "request",
                 task->request == NULL ? gen_node_null(arena)
                                       : gen_node_copy(arena, task->request));
    gen_node_set(arena, map, "extra",
                 task->extra == NULL ? gen_node_null(arena) : gen_node_copy(arena, task->extra));
}

void sim_life_journal(struct sim_world *world, const struct sim_life *life)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *line = gen_node_map(arena);

    if (arena == NULL) {
        return;
    }
    sim_life_write(life, arena, line);
    gen_node_set(arena, line, "createdReal", gen_node_int(arena, life->created_real));
    gen_node_set(arena, line, "startedReal", gen_node_int(arena, life->started_real));
    gen_node_set(arena, line, "changed", gen_node_moment(arena, life->task.changed));
    gen_node_set(arena, line, "queueMs", gen_node_int(arena, life->queue_ms));
    gen_node_set(arena, line, "runMs", gen_node_int(arena, life->run_ms));
    sim_world_journal(world, "task", arena, line);
    gen_arena_destroy(arena);
}

/* ------------------------------------------------------------------------------------- reading */

static gen_moment tasks_moment(const struct gen_node *line, const char *key)
{
    const char *text = gen_node_text(gen_node_get(line, key), "");
    gen_moment moment = 0;
    struct gen_error ignored;

    if (gen_moment_parse(text, strlen(text), &moment, &ignored) != GEN_OK) {
        return 0;
    }
    return moment;
}

static gen_micros tasks_money(const struct gen_node *line, const char *key)
{
    gen_micros amount = 0;
    struct gen_error ignored;

    return gen_node_dollars(gen_node_get(line, key), &amount, &ignored) == GEN_OK ? amount : 0;
}

static void tasks_read_texts(struct gen_arena *arena, const struct gen_node *line,
                             struct sim_task *task)
{
    const struct {
        const char *key;
        const char **member;
    } texts[] = {
        {"id", &task->id},
        {"provider", &task->provider},
        {"account", &task->account},
        {"kind", &task->kind},
        {"model", &task->model},
        {"reference", &task->reference},
        {"lane", &task->lane},
        {"firstFrame", &task->clip.first_frame},
        {"faultCode", &task->fault_code},
        {"faultMessage", &task->fault_message},
    };

    for (size_t i = 0; i < GEN_COUNT(texts); i++) {
        *texts[i].member = gen_arena_strdup(arena,
                                            gen_node_text(gen_node_get(line, texts[i].key), NULL));
    }
}

void sim_life_read(struct gen_arena *arena, const struct gen_node *line, struct sim_life *life)
{
    struct sim_task *task = &life->task;
    const struct gen_node *bills = gen_node_get(line, "billIfUsd");

    tasks_read_texts(arena, line, task);
    task->serial = gen_node_integer(gen_node_get(line, "serial"), 0);
    task->lane_max = (int32_t)gen_node_integer(gen_node_get(line, "laneMax"), 0);
    task->clip.width = (int32_t)gen_node_integer(gen_node_get(line, "width"), 0);
    task->clip.height = (int32_t)gen_node_integer(gen_node_get(line, "height"), 0);
    task->clip.fps = (int32_t)gen_node_integer(gen_node_get(line, "fps"), 0);
    task->clip.duration_ms = gen_node_integer(gen_node_get(line, "durationMs"), 0);
    task->clip.sound = gen_node_truth(gen_node_get(line, "sound"), false);
    task->clips = (int32_t)gen_node_integer(gen_node_get(line, "clips"), 1);
    task->estimate = tasks_money(line, "estimateUsd");
    task->billed = tasks_money(line, "billedUsd");
    for (size_t i = 0; i < GEN_COUNT(tasks_bill_keys); i++) {
        *tasks_bill_at(&task->bill, i) = tasks_money(bills, tasks_bill_keys[i]);
    }
    task->state = (enum sim_state)gen_choice_value(
        tasks_states, gen_node_text(gen_node_get(line, "state"), "failed"));
    life->fate = (enum sim_state)gen_choice_value(
        tasks_states, gen_node_text(gen_node_get(line, "fate"), "failed"));
    task->created = tasks_moment(line, "createdAt");
    task->started = tasks_moment(line, "startedAt");
    task->ended = tasks_moment(line, "endedAt");
    task->changed = tasks_moment(line, "changed");
    task->odd = gen_node_truth(gen_node_get(line, "odd"), false);
    task->hidden = gen_node_truth(gen_node_get(line, "hidden"), false);
    task->progress = task->state == SIM_DONE ? 1 : 0;
    task->request = gen_node_copy(arena, gen_node_get(line, "request"));
    task->extra = gen_node_type_of(gen_node_get(line, "extra")) == GEN_NODE_NULL
                      ? NULL
                      : gen_node_copy(arena, gen_node_get(line, "extra"));
    life->number = gen_node_integer(gen_node_get(line, "requestNumber"), 0);
    life->created_real = gen_node_integer(gen_node_get(line, "createdReal"), 0);
    life->started_real = gen_node_integer(gen_node_get(line, "startedReal"), 0);
    life->queue_ms = gen_node_integer(gen_node_get(line, "queueMs"), 0);
    life->run_ms = gen_node_integer(gen_node_get(line, "runMs"), 0);
}
