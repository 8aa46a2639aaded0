/* arena.c - see arena.h. Chunks in an ordinary build, one heap block an allocation under
 * AddressSanitizer. */
#include "base/arena.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ONE_BLOCK_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ONE_BLOCK_EACH 1
#endif
#endif
#ifndef ARENA_ONE_BLOCK_EACH
#define ARENA_ONE_BLOCK_EACH 0
#endif

enum {
    ARENA_FIRST_CHUNK = 1024,
    ARENA_LARGEST_CHUNK = 256 * 1024,
};

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* of data */
    size_t used;
    _Alignas(max_align_t) char data[];
};

struct gen_arena {
    struct arena_chunk *chunks; /* newest first */
    size_t maximum;             /* 0 = none */
    size_t used;
    bool failed;
};

struct gen_arena *gen_arena_create(size_t maximum)
{
    struct gen_arena *arena = gen_alloc(sizeof(*arena));

    if (arena != NULL) {
        arena->maximum = maximum;
    }
    return arena;
}

void gen_arena_destroy(struct gen_arena *arena)
{
    if (arena == NULL) {
        return;
    }
    while (arena->chunks != NULL) {
        struct arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->next;
        gen_free(chunk);
    }
    gen_free(arena);
}

void gen_arena_clear(struct gen_arena *arena)
{
    struct arena_chunk *kept = ARENA_ONE_BLOCK_EACH ? NULL : arena->chunks;
    struct arena_chunk *chunk = kept != NULL ? kept->next : arena->chunks;

    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;

        gen_free(chunk);
        chunk = next;
    }
    arena->chunks = kept;
    if (kept != NULL) {
        memset(kept->data, 0, kept->used); /* allocations are zeroed */
        kept->used = 0;
        kept->next = NULL;
    }
    arena->used = 0;
    arena->failed = false;
}

/* A new chunk with room for `size`; chunks double so that a large document needs few of them. */
static struct arena_chunk *arena_grow(struct gen_arena *arena, size_t size)
{
    size_t room = size;
    struct arena_chunk *chunk;

    if (!ARENA_ONE_BLOCK_EACH) {
        room = arena->chunks != NULL ? arena->chunks->size * 2 : ARENA_FIRST_CHUNK;
        room = room > ARENA_LARGEST_CHUNK ? ARENA_LARGEST_CHUNK : room;
        room = room < size ? size : room;
    }
    if (room > SIZE_MAX - sizeof(*chunk)) {
        return NULL;
    }
    chunk = gen_alloc(sizeof(*chunk) + room);
    if (chunk != NULL) {
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

/* The same, but `size` bytes are told apart from the padding so that the sanitizer sees overruns. */
void *gen_arena_alloc(struct gen_arena *arena, size_t size)
{
    size_t align = _Alignof(max_align_t);
    struct arena_chunk *chunk = arena->chunks;
    size_t taken;
    void *block;

    if (arena->failed) {
        return NULL;
    }
    size = size > 0 ? size : 1;
    if (size > SIZE_MAX - align || (arena->maximum > 0 && size > arena->maximum - arena->used)) {
        arena->failed = true;
        return NULL;
    }
    taken = ARENA_ONE_BLOCK_EACH ? size : (size + align - 1) / align * align;
    if (ARENA_ONE_BLOCK_EACH || chunk == NULL || chunk->size - chunk->used < taken) {
        chunk = arena_grow(arena, taken);
    }
    if (chunk == NULL) {
        arena->failed = true;
        return NULL;
    }
    block = chunk->data + chunk->used;
    chunk->used += taken;
    arena->used += size;
    return block;
}

void *gen_arena_array(struct gen_arena *arena, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total)) {
        arena->failed = true;
        return NULL;
    }
    return gen_arena_alloc(arena, total);
}

char *gen_arena_strdup(struct gen_arena *arena, const char *text)
{
    return text != NULL ? gen_arena_strndup(arena, text, strlen(text)) : NULL;
}

char *gen_arena_strndup(struct gen_arena *arena, const char *text, size_t size)
{
    char *copy;

    if (size == SIZE_MAX) {
        arena->failed = true;
        return NULL;
    }
    copy = gen_arena_alloc(arena, size + 1);
    if (copy != NULL && size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}

char *gen_arena_printf(struct gen_arena *arena, const char *format, ...)
{
    va_list values;
    char *text;

    va_start(values, format);
    text = gen_arena_vprintf(arena, format, values);
    va_end(values);
    return text;
}

char *gen_arena_vprintf(struct gen_arena *arena, const char *format, va_list values)
{
    va_list again;
    int needed;
    char *text;

    va_copy(again, values);
    needed = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (needed < 0) {
        arena->failed = true;
        return NULL;
    }
    text = gen_arena_alloc(arena, (size_t)needed + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)needed + 1, format, values);
    }
    return text;
}

bool gen_arena_failed(const struct gen_arena *arena)
{
    return arena->failed;
}

size_t gen_arena_used(const struct gen_arena *arena)
{
    return arena->used;
}
