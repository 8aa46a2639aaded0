/* world.c - see world.h. */
#include "simulation/world.h"

#include <stdlib.h>
#include <string.h>

uint64_t world_draw(struct world *world)
{
    uint64_t mixed = (world->state += UINT64_C(0x9e3779b97f4a7c15)); /* splitmix64 */

    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

static void world_fill(void *context, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(world_draw(context) >> 56);
    }
}

void world_init(struct world *world, uint64_t seed, void *context)
{
    memset(world, 0, sizeof(*world));
    world->now = INT64_C(1800000000000);
    world->state = seed * UINT64_C(0xd1342543de82ef95) + 1;
    world->random = (struct gen_random){world_fill, world};
    world->context = context;
}

void world_fini(struct world *world)
{
    free(world->events);
}

int64_t world_between(struct world *world, int64_t least, int64_t most)
{
    return least + (int64_t)(world_draw(world) % (uint64_t)(most - least + 1));
}

bool world_chance(struct world *world, double share)
{
    return (double)(world_draw(world) >> 11) / 9007199254740992.0 < share;
}

static bool world_before(const struct world_event *a, const struct world_event *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void world_swap(struct world_event *a, struct world_event *b)
{
    struct world_event kept = *a;

    *a = *b;
    *b = kept;
}

void world_after(struct world *world, int64_t wait_ms, world_call *call,
                 const struct world_aim *aim)
{
    size_t at = world->count;

    if (world->count == world->capacity) {
        world->capacity = world->capacity * 2 + 64;
        world->events = realloc(world->events, world->capacity * sizeof(*world->events));
        GEN_CHECK(world->events != NULL);
    }
    world->events[world->count++] =
        (struct world_event){world->now + wait_ms, world->next_order++, call, *aim};
    while (at > 0 && world_before(&world->events[at], &world->events[(at - 1) / 2])) {
        world_swap(&world->events[at], &world->events[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
}

bool world_turn(struct world *world)
{
    struct world_event first;
    size_t at = 0;

    if (world->count == 0) {
        return false;
    }
    first = world->events[0];
    world->events[0] = world->events[--world->count];
    for (;;) {
        size_t least = at, left = 2 * at + 1;

        for (size_t child = left; child < left + 2 && child < world->count; child++) {
            least = world_before(&world->events[child], &world->events[least]) ? child : least;
        }
        if (least == at) {
            break;
        }
        world_swap(&world->events[at], &world->events[least]);
        at = least;
    }
    world->now = first.at;
    first.call(world->context, &first.aim);
    return true;
}
