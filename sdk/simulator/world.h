/* world.h - what gen-sim remembers: the lock around it, its clock, its ids and its journal.
 *
 * The journal (journal.jsonl in the state folder) gets a line for each change of a task, an asset, a
 * memo or a credit, written before the answer that tells of it; the last line about a thing wins. A
 * killed simulator reads it and goes on. It is not synced to disk: power may fail, the process may
 * die.
 *
 * Two clocks: the real one drives tasks (times the speed), the told one (real plus a skew that tests
 * set) is what clients see: timestamps, tokens, links.
 *
 * Invariant: every member but `stopping` is read and written with `lock` held.
 * Thread: [any], locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "base/map.h"
#include "simulator/dialect.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    SIM_WORLD_TASKS = 200000, /* named maxima of what is remembered */
    SIM_WORLD_ASSETS = 50000,
    SIM_WORLD_MEMOS = 100000,
    SIM_WORLD_ACCOUNTS = 256,
};

struct sim_settings {
    const char *folder; /* of the state; exists */
    uint64_t seed;
    double speed;
    int64_t link_life_ms;
    const char *ffmpeg;
    const char *cdn_host;        /* host name of result links, NULL = the request's */
    const char *const *accounts; /* texts of --account, NULL-ended; NULL = none */
};

struct sim_vector { /* of pointers into the world's arena */
    void **items;
    size_t count, capacity, maximum;
};

struct sim_world {
    pthread_mutex_t lock;
    struct sim_settings settings;
    struct gen_arena *lasting; /* what a reset leaves alone: accounts */
    struct gen_arena *arena;   /* lives until the world is reset */
    int journal;
    int folder_lock;     /* held while we have the folder; -1 = not */
    bool journal_broken; /* a line could not be written: said once */
    bool replaying;
    int64_t skew_ms;
    int64_t serial; /* counts everything that gets an id */
    struct sim_vector accounts, tasks, live, assets;
    struct gen_map *memos;
    struct sim_faults *faults;
    struct sim_requests *requests;
    struct sim_films *films;
    int port;
    atomic_bool stopping; /* sleepers look at it */
};

gen_moment sim_world_real(void);                          /* ms since 1970 */
gen_moment sim_world_told(const struct sim_world *world); /* with the skew */

/* Appends {"op": op, ...} with the members of `record`. */
void sim_world_journal(struct sim_world *world, const char *op, struct gen_arena *arena,
                       struct gen_node *record);

/* Appends; false when there is no memory or the maximum is reached. */
bool sim_vector_push(struct sim_vector *vector, void *item);

/* 64 bits that depend on the seed, on what for, and on the serial alone. */
uint64_t sim_world_chance(const struct sim_world *world, const char *what, int64_t serial);
/* The next serial. */
int64_t sim_world_serial(struct sim_world *world);

#endif
