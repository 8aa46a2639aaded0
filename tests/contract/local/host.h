/* host.h - services and tasks for drive.c: an arena, JSON over jansson, a task read from a file. */
#ifndef LOCAL_TESTS_HOST_H
#define LOCAL_TESTS_HOST_H

#include <gen/provider.h>

extern const struct gen_host host_table;

struct gen_arena *host_arena_create(void);
void host_arena_destroy(struct gen_arena *arena);

/* Releases a jansson value with the arena. */
void host_keep(struct gen_arena *arena, void *json);

/* A task from a JSON file; its assets are copied into `scratch`. NULL after a message. */
struct gen_provider_task *host_read_task(struct gen_arena *arena, const char *file,
                                         const char *scratch);
#endif
