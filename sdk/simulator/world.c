/* world.c - see world.h. */
#include "simulator/world.h"

#include "base/alloc.h"
#include "base/ident.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

gen_moment sim_world_real(void)
{
    struct timespec now;

    GEN_CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    return (gen_moment)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

gen_moment sim_world_told(const struct sim_world *world)
{
    return sim_world_real() + world->skew_ms;
}

bool sim_vector_push(struct sim_vector *vector, void *item)
{
    if (vector->count == vector->maximum) {
        return false;
    }
    if (vector->count == vector->capacity) {
        size_t capacity = vector->capacity == 0 ? 64 : vector->capacity * 2;
        void **items = gen_realloc(vector->items, capacity * sizeof(*items));

        if (items == NULL) {
            return false;
        }
        vector->items = items;
        vector->capacity = capacity;
    }
    vector->items[vector->count++] = item;
    return true;
}

int64_t sim_world_serial(struct sim_world *world)
{
    return ++world->serial;
}

uint64_t sim_world_chance(const struct sim_world *world, const char *what, int64_t serial)
{
    char text[128];
    char digest[GEN_DIGEST_TEXT_SIZE];
    uint64_t chance = 0;

    (void)snprintf(text, sizeof(text), "%llu:%s:%lld", (unsigned long long)world->settings.seed,
                   what, (long long)serial);
    gen_digest_of(text, strlen(text), digest);
    for (size_t i = 0; i < 16; i++) {
        char c = digest[i];

        chance = chance << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return chance;
}

/* ------------------------------------------------------------------------------------- journal */

void sim_world_journal(struct sim_world *world, const char *op, struct gen_arena *arena,
                       struct gen_node *record)
{
    struct gen_bytes line;
    size_t done = 0;

    if (world->replaying || world->journal < 0) {
        return;
    }
    gen_bytes_init(&line, GEN_JSON_MAX_SIZE);
    gen_node_set(arena, record, "op", gen_node_string(arena, op));
    (void)gen_json_write(record, GEN_JSON_COMPACT, &line);
    (void)gen_bytes_append(&line, "\n", 1);
    if (gen_bytes_status(&line) != GEN_OK || gen_arena_failed(arena)) {
        line.size = 0;
        errno = ENOMEM;
    }
    while (done < line.size) {
        ssize_t wrote = write(world->journal, line.data + done, line.size - done);

        if (wrote < 0 && errno != EINTR) {
            break;
        }
        done += wrote > 0 ? (size_t)wrote : 0;
    }
    if ((line.size == 0 || done < line.size) && !world->journal_broken) {
        world->journal_broken = true;
        (void)fprintf(stderr, "gen-sim: %s/journal.jsonl cannot be written: %s\n",
                      world->settings.folder, strerror(errno));
    }
    gen_bytes_fini(&line);
}

/* ---------------------------------------------------------------------------------------- ids */

const char *sim_ident_uuid(struct sim_call *call)
{
    int64_t serial = sim_world_serial(call->world);
    uint64_t a = sim_world_chance(call->world, "uuid", serial);
    uint64_t b = sim_world_chance(call->world, "uuid2", serial);

    return gen_arena_printf(call->arena, "%08x-%04x-4%03x-%x%03x-%012llx", (unsigned)(a >> 32),
                            (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
                            8u + (unsigned)(b >> 62), (unsigned)(b >> 48 & 0xfff),
                            (unsigned long long)(b & 0xffffffffffffULL));
}

const char *sim_ident_digits(struct sim_call *call, int digits)
{
    int64_t serial = sim_world_serial(call->world);
    uint64_t chance = sim_world_chance(call->world, "digits", serial);
    char *text = gen_arena_alloc(call->arena, (size_t)digits + 1);

    for (int i = 0; text != NULL && i < digits; i++) {
        uint64_t digit = (chance >> (i % 16 * 4)) % 10;

        text[i] = (char)('0' + (i == 0 && digit == 0 ? 7 : digit));
        chance = i % 16 == 15 ? sim_world_chance(call->world, "more", serial + i) : chance;
    }
    return text;
}

const char *sim_ident_word(struct sim_call *call, int size)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    int64_t serial = sim_world_serial(call->world);
    uint64_t chance = 0;
    char *text = gen_arena_alloc(call->arena, (size_t)size + 1);

    for (int i = 0; text != NULL && i < size; i++) {
        if (i % 10 == 0) {
            char what[32];

            (void)snprintf(what, sizeof(what), "word%d", i);
            chance = sim_world_chance(call->world, what, serial);
        }
        text[i] = letters[(chance >> (i % 10 * 6)) % 62];
    }
    return text;
}
