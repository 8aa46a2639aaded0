/* programs.h - runs programs, each confined by the launcher `gen-media run`, a few at a time.
 *
 * Also asks gen-media itself about files (probe, thumbnail, sheet). No other room of the daemon
 * starts a process. What a program may do: use its scratch folder, read the blobs; no network;
 * bounded memory, processor time and file size.
 * Invariant: an end is reported exactly once, unless the run was stopped: then never.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/programs_test.c
 */
#ifndef GEN_ENGINE_PROGRAMS_H
#define GEN_ENGINE_PROGRAMS_H

#include "base/node.h"
#include "platform/process.h"

struct gen_programs;
struct gen_run;

struct gen_programs_options {
    struct gen_loop *loop;
    const char *media;  /* path of gen-media */
    const char *blobs;  /* folder that programs may read; NULL = none */
    int32_t most;       /* programs at once; 0 = number of processors */
    int64_t memory_mb;  /* of one program; 0 = 4096 */
    int64_t timeout_ms; /* where a run does not say; 0 = 30 minutes */
};

struct gen_run_spec {             /* copied */
    const char *program;          /* path */
    const char *const *arguments; /* NULL-terminated, without the program */
    const char *scratch;          /* folder: working directory, writable */
    int64_t timeout_ms;
    void (*on_line)(void *context, const char *line); /* may be NULL */
    void (*on_end)(void *context, const struct gen_process_end *end);
    /* It could not even be started. */
    void (*on_fault)(void *context, const struct gen_error *err);
    void *context;
};

GEN_MUST_CHECK enum gen_status gen_programs_create(const struct gen_programs_options *options,
                                                   struct gen_programs **out,
                                                   struct gen_error *err);
void gen_programs_destroy(struct gen_programs *programs); /* stops everything */

/* Queues a program; callbacks come later, never from inside. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_programs_start(struct gen_programs *programs,
                                                  const struct gen_run_spec *spec,
                                                  struct gen_run **out, struct gen_error *err);

/* Asks gen-media: `arguments` (NULL-terminated) such as "probe", path. The answer is its JSON
 * document, or its error. Not queued behind programs. */
typedef void gen_media_answer(void *context, enum gen_status status,
                              const struct gen_node *document, const struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_programs_ask(struct gen_programs *programs,
                                                const char *const *arguments,
                                                gen_media_answer *answer, void *context,
                                                struct gen_run **out, struct gen_error *err);

/* Kills or unqueues it; no callback follows. Sets NULL; NULL inside is allowed. */
void gen_run_stop(struct gen_run **run);

struct gen_programs_figures { /* of processes that have ended */
    uint64_t started;
    int64_t wall_ms, cpu_ms; /* summed over the processes */
    int64_t busy_ms;         /* time with at least one of them running */
};
void gen_programs_figures(const struct gen_programs *programs, struct gen_programs_figures *out);

size_t gen_programs_running(const struct gen_programs *programs);
size_t gen_programs_waiting(const struct gen_programs *programs);

#endif
