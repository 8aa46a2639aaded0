/* pattern_automaton.c - see pattern_automaton.h.
 *
 * A set of steps holds CHARS, and those assertions that depend on what comes next. What is known
 * when the set is made (what stood before) is followed at once; the rest when the next kind is
 * known. */
#include "expr/pattern_automaton.h"

#include "base/utf8.h"

#include <string.h>

/* A state is named by where its row in the table begins, so that a step is one addition and one
 * load. Row 0 is not used: these stand there. */
enum {
    UNKNOWN = 0, /* not worked out yet */
    DEAD,        /* it cannot match any more */
    MATCHED,     /* it has matched */
    SPECIAL = MATCHED,
    MET = 128,
    TABLE_MOST = 65536, /* entries, so that a state fits uint16_t */
};

struct set {
    uint64_t *seen;  /* one bit a step */
    uint16_t *items; /* CHARS and assertions that wait */
    uint32_t count;
    bool waiting; /* is there an assertion? */
};

struct state {
    uint32_t hash, at; /* `at`: its items in the pool */
    uint16_t count;
    uint8_t before; /* what stood before; 0 where it does not matter */
};

struct gen_pattern_automaton {
    const struct gen_pattern_program *program;
    uint32_t stride, words; /* entries of a row; words of set.seen */
    uint32_t row_most, row_count;
    uint32_t pool_size, pool_used;
    uint32_t bucket_mask;
    uint32_t forgotten; /* how often all was */
    uint16_t *table;    /* row_most rows */
    struct state *states;
    uint16_t *pool;
    uint16_t *buckets; /* hash to row; 0 = empty */
    uint16_t starts[GEN_PATTERN_SIDES];
    struct {
        uint32_t codepoint; /* 0 = nothing yet */
        uint32_t kind;
    } met[MET];           /* characters beyond ASCII that were met, each where its last bits say */
    struct set now, then; /* for working */
    uint16_t *stack;
};

static uint32_t at_least(uint32_t value, uint32_t least)
{
    return value < least ? least : value;
}

static uint32_t at_most(uint32_t value, uint32_t most)
{
    return value > most ? most : value;
}

/* How many states are remembered: some for each step, as far as the table allows. */
static void choose_sizes(struct gen_pattern_automaton *automaton)
{
    uint32_t steps = automaton->program->count, buckets = 16;
    uint32_t rows = at_most(4 * steps + 16, 1024);

    automaton->stride = automaton->program->kind_count + 2;
    automaton->words = steps / 64 + 1;
    automaton->row_most = at_least(at_most(rows, TABLE_MOST / 2 / automaton->stride), 4);
    automaton->pool_size = at_least(automaton->row_most * at_most(steps, 16),
                                    at_most(8 * steps, 65536));
    while (buckets < 2 * automaton->row_most) {
        buckets *= 2;
    }
    automaton->bucket_mask = buckets - 1;
}

static bool create_set(struct set *set, uint32_t steps, uint32_t words, struct gen_arena *arena)
{
    set->seen = gen_arena_array(arena, words, sizeof(*set->seen));
    set->items = gen_arena_array(arena, steps, sizeof(*set->items));
    return set->seen != NULL && set->items != NULL;
}

struct gen_pattern_automaton *gen_pattern_automaton_create(
    const struct gen_pattern_program *program, struct gen_arena *arena)
{
    struct gen_pattern_automaton *automaton = gen_arena_alloc(arena, sizeof(*automaton));

    if (automaton == NULL) {
        return NULL;
    }
    automaton->program = program;
    choose_sizes(automaton);
    automaton->row_count = 1;
    automaton->table = gen_arena_array(arena, (size_t)automaton->row_most * automaton->stride,
                                       sizeof(uint16_t));
    automaton->states = gen_arena_array(arena, automaton->row_most, sizeof(struct state));
    automaton->pool = gen_arena_array(arena, automaton->pool_size, sizeof(uint16_t));
    automaton->buckets = gen_arena_array(arena, automaton->bucket_mask + 1, sizeof(uint16_t));
    automaton->stack = gen_arena_array(arena, 2 * (size_t)program->count + 2, sizeof(uint16_t));
    if (!create_set(&automaton->now, program->count, automaton->words, arena) ||
        !create_set(&automaton->then, program->count, automaton->words, arena) ||
        gen_arena_failed(arena)) {
        return NULL;
    }
    return automaton;
}

static void empty_set(const struct gen_pattern_automaton *automaton, struct set *set)
{
    memset(set->seen, 0, automaton->words * sizeof(*set->seen));
    set->count = 0;
    set->waiting = false;
}

/* Marks a step; was it new? */
static bool mark(struct set *set, uint16_t step)
{
    uint64_t bit = UINT64_C(1) << (step % 64);
    bool fresh = (set->seen[step / 64] & bit) == 0;

    set->seen[step / 64] |= bit;
    return fresh;
}

static bool waits(enum gen_pattern_place place)
{
    return place != GEN_PATTERN_BEGIN && place != GEN_PATTERN_BEGIN_LINE;
}

/* Both sides are known as far as the assertion looks at them. */
static bool holds(enum gen_pattern_place place, enum gen_pattern_side before,
                  enum gen_pattern_side after)
{
    switch (place) {
    case GEN_PATTERN_BEGIN:
        return before == GEN_PATTERN_EDGE;
    case GEN_PATTERN_END:
        return after == GEN_PATTERN_EDGE;
    case GEN_PATTERN_BEGIN_LINE:
        return before == GEN_PATTERN_EDGE || before == GEN_PATTERN_NEWLINE;
    case GEN_PATTERN_END_LINE:
        return after == GEN_PATTERN_EDGE || after == GEN_PATTERN_NEWLINE;
    case GEN_PATTERN_WORD_EDGE:
        return (before == GEN_PATTERN_WORD) != (after == GEN_PATTERN_WORD);
    case GEN_PATTERN_NO_WORD_EDGE:
        return (before == GEN_PATTERN_WORD) == (after == GEN_PATTERN_WORD);
    }
    return false;
}

/* Adds a step and all that it leads to without a character. `after` UNKNOWN: assertions that look
 * at it wait. Returns whether that is a match. */
static bool follow(struct gen_pattern_automaton *automaton, struct set *set, uint16_t from,
                   enum gen_pattern_side before, enum gen_pattern_side after)
{
    const struct gen_pattern_step *steps = automaton->program->steps;
    uint16_t *stack = automaton->stack;
    uint32_t height = 0;

    stack[height++] = from;
    while (height > 0) {
        uint16_t at = stack[--height];
        const struct gen_pattern_step *step = &steps[at];

        if (!mark(set, at)) {
            continue;
        }
        switch ((enum gen_pattern_op)step->op) {
        case GEN_PATTERN_OP_MATCH:
            return true;
        case GEN_PATTERN_OP_CHARS:
            set->items[set->count++] = at;
            break;
        case GEN_PATTERN_OP_SPLIT:
            stack[height++] = step->next;
            stack[height++] = step->other;
            break;
        case GEN_PATTERN_OP_ASSERT:
            if (after == GEN_PATTERN_UNKNOWN && waits(step->place)) {
                set->items[set->count++] = at;
                set->waiting = true;
            } else if (holds(step->place, before, after)) {
                stack[height++] = step->next;
            }
            break;
        }
    }
    return false;
}

/* The same set always in the same order. */
static void sort(const struct gen_pattern_automaton *automaton, struct set *set)
{
    uint16_t *items = set->items;

    if (set->count <= 24) {
        for (uint32_t i = 1; i < set->count; i++) {
            uint16_t item = items[i];
            uint32_t at = i;

            for (; at > 0 && items[at - 1] > item; at--) {
                items[at] = items[at - 1];
            }
            items[at] = item;
        }
        return;
    }
    memset(set->seen, 0, automaton->words * sizeof(*set->seen));
    for (uint32_t i = 0; i < set->count; i++) {
        (void)mark(set, items[i]);
    }
    set->count = 0;
    for (uint32_t word = 0; word < automaton->words; word++) {
        for (uint64_t bits = set->seen[word]; bits != 0; bits &= bits - 1) {
            items[set->count++] = (uint16_t)(word * 64 + (uint32_t)__builtin_ctzll(bits));
        }
    }
}

static uint32_t hash_of(const struct set *set, uint8_t before)
{
    uint32_t hash = 2166136261u ^ before;

    for (uint32_t i = 0; i < set->count; i++) {
        hash = (hash ^ set->items[i]) * 16777619u;
    }
    return hash ^ hash >> 15;
}

static void forget(struct gen_pattern_automaton *automaton)
{
    memset(automaton->table, 0,
           (size_t)automaton->row_count * automaton->stride * sizeof(uint16_t));
    memset(automaton->buckets, 0, (automaton->bucket_mask + 1) * sizeof(uint16_t));
    memset(automaton->starts, 0, sizeof(automaton->starts));
    automaton->row_count = 1;
    automaton->pool_used = 0;
    automaton->forgotten++;
}

/* The state of a set, which is remembered from now on. */
static uint16_t state_of(struct gen_pattern_automaton *automaton, struct set *set,
                         enum gen_pattern_side side)
{
    uint8_t before = set->waiting ? (uint8_t)side : GEN_PATTERN_UNKNOWN;
    uint32_t hash, bucket;
    struct state *state;

    sort(automaton, set);
    hash = hash_of(set, before);
    bucket = hash & automaton->bucket_mask;
    for (; automaton->buckets[bucket] != 0; bucket = (bucket + 1) & automaton->bucket_mask) {
        state = &automaton->states[automaton->buckets[bucket]];
        if (state->hash == hash && state->before == before && state->count == set->count &&
            memcmp(automaton->pool + state->at, set->items, set->count * sizeof(uint16_t)) == 0) {
            return (uint16_t)(automaton->buckets[bucket] * automaton->stride);
        }
    }
    if (automaton->row_count == automaton->row_most ||
        automaton->pool_size - automaton->pool_used < set->count) {
        forget(automaton);
        bucket = hash & automaton->bucket_mask;
    }
    state = &automaton->states[automaton->row_count];
    *state = (struct state){
        .hash = hash, .at = automaton->pool_used, .count = (uint16_t)set->count, .before = before};
    memcpy(automaton->pool + state->at, set->items, set->count * sizeof(uint16_t));
    automaton->pool_used += set->count;
    automaton->buckets[bucket] = (uint16_t)automaton->row_count;
    return (uint16_t)(automaton->row_count++ * automaton->stride);
}

/* Fills `now` with a state, and with what its waiting assertions lead to, as the next kind is
 * known. Returns whether that is a match. */
static bool resolve(struct gen_pattern_automaton *automaton, const struct state *state,
                    enum gen_pattern_side after)
{
    const struct gen_pattern_step *steps = automaton->program->steps;
    struct set *now = &automaton->now;

    memcpy(now->items, automaton->pool + state->at, state->count * sizeof(uint16_t));
    now->count = state->count;
    if (state->before == GEN_PATTERN_UNKNOWN) {
        return false; /* nothing waits */
    }
    memset(now->seen, 0, automaton->words * sizeof(*now->seen));
    for (uint32_t i = 0; i < state->count; i++) {
        (void)mark(now, now->items[i]);
    }
    for (uint32_t i = 0; i < state->count; i++) {
        const struct gen_pattern_step *step = &steps[now->items[i]];

        if (step->op == GEN_PATTERN_OP_ASSERT && holds(step->place, state->before, after) &&
            follow(automaton, now, step->next, state->before, after)) {
            return true;
        }
    }
    return false;
}

/* Where a state goes with a kind. */
static uint16_t work_out(struct gen_pattern_automaton *automaton, uint16_t from, uint32_t kind)
{
    const struct gen_pattern_program *program = automaton->program;
    struct set *now = &automaton->now, *then = &automaton->then;
    enum gen_pattern_side side = program->sides[kind];

    if (resolve(automaton, &automaton->states[from / automaton->stride], side)) {
        return MATCHED;
    }
    if (kind == program->end) {
        return DEAD;
    }
    empty_set(automaton, then);
    for (uint32_t i = 0; i < now->count; i++) {
        const struct gen_pattern_step *step = &program->steps[now->items[i]];

        if (step->op == GEN_PATTERN_OP_CHARS && gen_pattern_step_takes(program, step, kind) &&
            follow(automaton, then, step->next, side, GEN_PATTERN_UNKNOWN)) {
            return MATCHED;
        }
    }
    if (!program->anchored && follow(automaton, then, program->start, side, GEN_PATTERN_UNKNOWN)) {
        return MATCHED;
    }
    return program->anchored && then->count == 0 ? DEAD : state_of(automaton, then, side);
}

static __attribute__((noinline)) uint16_t go(struct gen_pattern_automaton *automaton, uint16_t from,
                                             uint32_t kind)
{
    uint32_t forgotten = automaton->forgotten;
    uint16_t to = work_out(automaton, from, kind);

    if (automaton->forgotten == forgotten) { /* else there is no row of `from` any more */
        automaton->table[from + kind] = to;
    }
    return to;
}

static uint16_t start(struct gen_pattern_automaton *automaton, enum gen_pattern_side before)
{
    struct set *then = &automaton->then;
    uint16_t state = automaton->starts[before];

    if (state == UNKNOWN) {
        empty_set(automaton, then);
        state = follow(automaton, then, automaton->program->start, before, GEN_PATTERN_UNKNOWN)
                    ? MATCHED
                    : state_of(automaton, then, before);
        automaton->starts[before] = state;
    }
    return state;
}

/* The kind of the character beyond ASCII at `*at`, which moves behind it. */
static __attribute__((noinline)) uint32_t read_kind(struct gen_pattern_automaton *automaton,
                                                    const char *text, size_t size, size_t *at)
{
    uint32_t codepoint = 0, place;
    size_t length = gen_utf8_next(text + *at, size - *at, &codepoint);

    if (length == 0) {
        *at += 1;
        return automaton->program->broken;
    }
    *at += length;
    place = codepoint % MET;
    if (automaton->met[place].codepoint != codepoint) {
        automaton->met[place].codepoint = codepoint;
        automaton->met[place].kind = gen_pattern_program_kind(automaton->program, codepoint);
    }
    return automaton->met[place].kind;
}

/* What stands before byte `at`. Of a character beyond ASCII its last byte is enough: it is neither
 * a newline nor in \w. */
static enum gen_pattern_side side_before(const struct gen_pattern_program *program,
                                         const char *text, size_t at)
{
    if (at == 0) {
        return GEN_PATTERN_EDGE;
    }
    return (unsigned char)text[at - 1] < 0x80
               ? program->sides[program->ascii[(unsigned char)text[at - 1]]]
               : GEN_PATTERN_OTHER;
}

bool gen_pattern_automaton_search(struct gen_pattern_automaton *automaton, const char *text,
                                  size_t size, size_t at)
{
    const struct gen_pattern_program *program = automaton->program;
    const uint16_t *table = automaton->table;
    uint16_t state = start(automaton, side_before(program, text, at));
    uint16_t to;

    if (state <= SPECIAL) {
        return state == MATCHED;
    }
    while (at < size) {
        unsigned char byte = (unsigned char)text[at];
        uint32_t kind;

        if (byte < 0x80) {
            kind = program->ascii[byte];
            at++;
        } else {
            kind = read_kind(automaton, text, size, &at);
        }
        to = table[state + kind];
        if (to <= SPECIAL) {
            to = to == UNKNOWN ? go(automaton, state, kind) : to;
            if (to <= SPECIAL) {
                return to == MATCHED;
            }
        }
        state = to;
    }
    to = table[state + program->end];
    to = to == UNKNOWN ? go(automaton, state, program->end) : to;
    return to == MATCHED;
}
