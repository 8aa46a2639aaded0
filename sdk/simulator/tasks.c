/* tasks.c - see tasks.h. */
#include "simulator/tasks.h"

#include "simulator/call.h"
#include "simulator/films.h"

#include <string.h>
#include <sys/stat.h>

enum {
    TASKS_QUEUE_MS = 600, /* shortest time in the queue, and how much chance adds */
    TASKS_QUEUE_MORE_MS = 2400,
    TASKS_RUN_MS = 6000,
    TASKS_RUN_MORE_MS = 14000,
};

bool sim_task_live(const struct sim_task *task)
{
    return task->state == SIM_QUEUED || task->state == SIM_THROTTLED || task->state == SIM_RUNNING;
}

static struct sim_life *tasks_life(const struct sim_world *world, int64_t serial)
{
    for (size_t i = world->tasks.count; i > 0; i--) { /* the newest are asked for most */
        struct sim_life *life = world->tasks.items[i - 1];

        if (life->task.serial == serial) {
            return life;
        }
    }
    return NULL;
}

const struct sim_task *sim_tasks_by_serial(const struct sim_world *world, int64_t serial)
{
    const struct sim_life *life = tasks_life(world, serial);

    return life == NULL ? NULL : &life->task;
}

static int tasks_hue(const struct sim_task *task, int32_t index)
{
    return (int)((task->serial * 5 + index * 3) % SIM_HUES);
}

static void tasks_unlive(struct sim_world *world, const struct sim_life *life)
{
    size_t kept = 0;

    for (size_t i = 0; i < world->live.count; i++) {
        if (world->live.items[i] != life) {
            world->live.items[kept++] = world->live.items[i];
        }
    }
    world->live.count = kept;
}

void sim_tasks_replay(struct sim_world *world, const struct gen_node *line)
{
    struct sim_life *life = tasks_life(world, gen_node_integer(gen_node_get(line, "serial"), 0));
    bool known = life != NULL;

    if (!known) {
        life = gen_arena_alloc(world->arena, sizeof(*life));
        if (life == NULL || !sim_vector_push(&world->tasks, life)) {
            return;
        }
    } else {
        tasks_unlive(world, life);
    }
    sim_life_read(world->arena, line, life);
    if (sim_task_live(&life->task)) {
        (void)sim_vector_push(&world->live, life);
    }
}

/* ------------------------------------------------------------------------------- as time goes by */

static void tasks_end(struct sim_world *world, struct sim_life *life, enum sim_state state,
                      gen_moment real)
{
    struct sim_task *task = &life->task;
    const gen_micros bills[] = {
        [SIM_DONE] = task->bill.done,           [SIM_FILTERED] = task->bill.filtered,
        [SIM_REFUSED] = task->bill.refused,     [SIM_FAILED] = task->bill.failed,
        [SIM_CANCELLED] = task->bill.cancelled,
    };

    task->billed = state == SIM_CANCELLED && task->state != SIM_RUNNING ? 0 : bills[state];
    task->state = state;
    task->ended = real + world->skew_ms;
    task->changed = task->ended;
    task->progress = state == SIM_DONE ? 1 : task->progress;
    sim_life_journal(world, life);
}

/* How many of its lane run. */
static int32_t tasks_running(const struct sim_world *world, const struct sim_task *task)
{
    int32_t count = 0;

    for (size_t i = 0; i < world->live.count; i++) {
        const struct sim_task *other = &((const struct sim_life *)world->live.items[i])->task;

        count += other->state == SIM_RUNNING && strcmp(other->provider, task->provider) == 0 &&
                 strcmp(other->account, task->account) == 0 && strcmp(other->lane, task->lane) == 0;
    }
    return count;
}

static void tasks_start(struct sim_world *world, struct sim_life *life, gen_moment real)
{
    struct sim_task *task = &life->task;

    if (task->lane_max > 0 && tasks_running(world, task) >= task->lane_max) {
        task->state = SIM_THROTTLED;
        return;
    }
    task->state = SIM_RUNNING;
    life->started_real = real;
    task->started = real + world->skew_ms;
    task->changed = task->started;
    sim_life_journal(world, life);
}

/* Are all its clips there? */
static enum sim_film_state tasks_films(struct sim_world *world, const struct sim_task *task,
                                       struct gen_arena *arena)
{
    enum sim_film_state all = SIM_FILM_READY;

    for (int32_t i = 0; i < task->clips; i++) {
        const char *path;
        enum sim_film_state one = sim_films_want(world, &task->clip, tasks_hue(task, i), arena,
                                                 &path);

        if (one == SIM_FILM_BROKEN) {
            return SIM_FILM_BROKEN;
        }
        all = one == SIM_FILM_WAITING ? one : all;
    }
    return all;
}

static void tasks_run(struct sim_world *world, struct sim_life *life, gen_moment real,
                      struct gen_arena *arena)
{
    struct sim_task *task = &life->task;
    double share = life->run_ms <= 0 ? 1
                                     : (double)(real - life->started_real) * world->settings.speed /
                                           (double)life->run_ms;

    if (share < 1) {
        task->progress = share;
        return;
    }
    if (life->fate == SIM_DONE) {
        enum sim_film_state films = tasks_films(world, task, arena);

        if (films == SIM_FILM_WAITING) {
            task->progress = 0.97; /* the worker is behind the clock */
            return;
        }
        if (films == SIM_FILM_BROKEN) {
            life->fate = SIM_FAILED;
        }
    }
    tasks_end(world, life, life->fate, real);
}

void sim_tasks_advance(struct sim_world *world)
{
    gen_moment real = sim_world_real();
    struct gen_arena *arena = gen_arena_create(0);
    size_t kept = 0;

    for (size_t i = 0; arena != NULL && i < world->live.count; i++) {
        struct sim_life *life = world->live.items[i];
        double waited = (double)(real - life->created_real) * world->settings.speed;

        if (life->task.state == SIM_RUNNING) {
            tasks_run(world, life, real, arena);
        } else if (waited >= (double)life->queue_ms) {
            tasks_start(world, life, real);
        }
    }
    for (size_t i = 0; i < world->live.count; i++) {
        struct sim_life *life = world->live.items[i];

        if (sim_task_live(&life->task)) {
            world->live.items[kept++] = life;
        }
    }
    world->live.count = kept;
    gen_arena_destroy(arena);
}

struct gen_node *sim_tasks_books(struct sim_world *world, struct gen_arena *arena, int64_t since)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < world->tasks.count; i++) {
        const struct sim_life *life = world->tasks.items[i];

        if (life->task.serial > since) {
            sim_life_write(life, arena, gen_node_push(list, gen_node_map(arena)));
        }
    }
    return list;
}

/* ----------------------------------------------------------------------------- what dialects ask */

/* A copy in which long texts (pictures in base64) are cut. */
static struct gen_node *tasks_short(struct gen_arena *arena, const struct gen_node *node)
{
    enum { LONGEST = 300, SHOWN = 60 };
    struct gen_node *copy;

    if (gen_node_type_of(node) == GEN_NODE_STRING && node->size > LONGEST) {
        return gen_node_string(
            arena, gen_arena_printf(arena, "%.*s... (%zu bytes)", SHOWN, node->text, node->size));
    }
    if (gen_node_type_of(node) != GEN_NODE_LIST && gen_node_type_of(node) != GEN_NODE_MAP) {
        return gen_node_copy(arena, node);
    }
    copy = node->type == GEN_NODE_LIST ? gen_node_list(arena) : gen_node_map(arena);
    for (const struct gen_node *child = gen_node_first(node); child != NULL; child = child->next) {
        if (node->type == GEN_NODE_LIST) {
            gen_node_push(copy, tasks_short(arena, child));
        } else {
            gen_node_set_new(arena, copy, child->key, tasks_short(arena, child));
        }
    }
    return copy;
}

static void tasks_fate(struct sim_call *call, struct sim_life *life)
{
    const struct sim_effects *effects = &call->inner->effects;
    const bool ended = effects->moderate || effects->filtered || effects->fail;

    life->fate = effects->moderate   ? SIM_REFUSED
                 : effects->filtered ? SIM_FILTERED
                 : effects->fail     ? SIM_FAILED
                                     : SIM_DONE;
    life->task.odd = effects->unknown_status;
    life->task.hidden = effects->lose;
    if (ended) {
        life->task.fault_code = gen_arena_strdup(call->world->arena, effects->code);
        life->task.fault_message = gen_arena_strdup(call->world->arena, effects->message);
    }
}

static const char *tasks_id(struct sim_call *call, const char *wanted)
{
    if (call->inner->effects.duplicate_id) {
        const struct sim_task *other = sim_task_next(call, NULL);

        if (other != NULL) {
            return other->id;
        }
    }
    return wanted != NULL ? wanted : sim_ident_uuid(call);
}

const struct sim_task *sim_task_create(struct sim_call *call, const struct sim_order *order)
{
    struct sim_world *world = call->world;
    struct gen_arena *arena = world->arena;
    struct sim_life *life = gen_arena_alloc(arena, sizeof(*life));
    const char *id = tasks_id(call, order->id); /* looks at the tasks before this one */
    struct sim_task *task;

    if (life == NULL || !sim_vector_push(&world->tasks, life)) {
        return NULL;
    }
    task = &life->task;
    task->id = gen_arena_strdup(arena, id);
    task->serial = sim_world_serial(world);
    task->provider = call->dialect->provider;
    task->account = gen_arena_strdup(arena, call->account == NULL ? "" : call->account->name);
    task->kind = gen_arena_strdup(arena, order->kind);
    task->model = gen_arena_strdup(arena, order->model);
    task->reference = gen_arena_strdup(arena, order->reference);
    task->lane = gen_arena_strdup(arena, order->lane != NULL ? order->lane : order->model);
    task->lane_max = order->lane_max;
    task->clip = order->clip;
    task->clip.first_frame = gen_arena_strdup(arena, order->clip.first_frame);
    task->clips = order->clips > 0 ? order->clips : 1;
    task->bill = order->bill;
    task->estimate = order->estimate;
    task->extra = gen_node_copy(arena, order->extra);
    task->request = tasks_short(arena, sim_call_json(call, NULL));
    task->state = SIM_QUEUED;
    task->created = call->now;
    task->changed = call->now;
    tasks_fate(call, life);
    life->created_real = sim_world_real();
    life->queue_ms = TASKS_QUEUE_MS + (int64_t)(sim_world_chance(world, "queue", task->serial) %
                                                TASKS_QUEUE_MORE_MS);
    life->run_ms = TASKS_RUN_MS +
                   (int64_t)(sim_world_chance(world, "run", task->serial) % TASKS_RUN_MORE_MS);
    life->number = call->number;
    (void)sim_vector_push(&world->live, life);
    sim_life_journal(world, life);
    if (life->fate == SIM_DONE) {
        (void)tasks_films(world, task, call->arena); /* so that it is ready in time */
    }
    return task;
}

static bool tasks_visible(const struct sim_call *call, const struct sim_task *task)
{
    return !task->hidden && strcmp(task->provider, call->dialect->provider) == 0 &&
           (call->account == NULL || strcmp(task->account, call->account->name) == 0);
}

const struct sim_task *sim_task_find(struct sim_call *call, const char *id)
{
    for (size_t i = 0; id != NULL && i < call->world->tasks.count; i++) {
        const struct sim_life *life = call->world->tasks.items[i];

        if (strcmp(life->task.id, id) == 0 && tasks_visible(call, &life->task)) {
            return &life->task;
        }
    }
    return NULL;
}

const struct sim_task *sim_task_by_reference(struct sim_call *call, const char *reference)
{
    const struct sim_task *task = NULL;

    while (reference != NULL && (task = sim_task_next(call, task)) != NULL) {
        if (task->reference != NULL && strcmp(task->reference, reference) == 0) {
            return task;
        }
    }
    return NULL;
}

const struct sim_task *sim_task_next(struct sim_call *call, const struct sim_task *previous)
{
    bool found = previous == NULL;

    for (size_t i = call->world->tasks.count; i > 0; i--) {
        const struct sim_life *life = call->world->tasks.items[i - 1];

        if (found && tasks_visible(call, &life->task)) {
            return &life->task;
        }
        found = found || &life->task == previous;
    }
    return NULL;
}

bool sim_task_cancel(struct sim_call *call, const struct sim_task *task)
{
    struct sim_life *life = tasks_life(call->world, task->serial);

    if (life == NULL || !sim_task_live(task)) {
        return false;
    }
    tasks_end(call->world, life, SIM_CANCELLED, sim_world_real());
    tasks_unlive(call->world, life);
    return true;
}

void sim_task_delete(struct sim_call *call, const struct sim_task *task)
{
    struct sim_life *life = tasks_life(call->world, task->serial);

    (void)sim_task_cancel(call, task);
    if (life != NULL) {
        life->task.hidden = true;
        sim_life_journal(call->world, life);
    }
}

const char *sim_tasks_file(struct sim_world *world, const struct sim_task *task, int32_t index,
                           struct gen_arena *arena, int64_t *size)
{
    const char *path = NULL;
    struct stat facts;

    if (task->state != SIM_DONE || index < 0 || index >= task->clips ||
        sim_films_want(world, &task->clip, tasks_hue(task, index), arena, &path) !=
            SIM_FILM_READY ||
        stat(path, &facts) != 0) {
        return NULL;
    }
    *size = facts.st_size;
    return path;
}

const char *sim_task_file(struct sim_call *call, const struct sim_task *task, int32_t index,
                          int64_t *size)
{
    return sim_tasks_file(call->world, task, index, call->arena, size);
}
