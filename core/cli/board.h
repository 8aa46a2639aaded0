/* board.h - a job as one watches it: its pipelines with how far they are, from documents and events. Or a
 * batch: its jobs.
 *
 * Texts are harmless for a terminal (cli/printable.h) once they are here. It draws nothing.
 * Invariant: progress within [0, 1]; rows keep their order.
 *
 * Thread: one at a time. Floor: cli. Tests: tests/unit/cli/bars_test.c
 */
#ifndef GEN_CLI_BOARD_H
#define GEN_CLI_BOARD_H

#include "base/ident.h"
#include "base/node.h"
#include "decide/foresight.h"
#include "model/job.h"

enum { GEN_BOARD_ROWS_MOST = 256, GEN_BOARD_NAME = 64, GEN_BOARD_TEXT = 400 };

struct gen_board_row { /* a pipeline */
    struct gen_ident id;
    char name[GEN_BOARD_NAME];  /* of its variation */
    char model[GEN_BOARD_NAME]; /* "local/studio" */
    char note[GEN_BOARD_TEXT];  /* what is going on, or why it failed */
    char kind[GEN_BOARD_NAME];  /* of the failure, "" = none */
    enum gen_pipeline_status status;
    enum gen_stage stage;
    enum gen_phase phase; /* NONE: not said */
    double progress;
    bool guessed; /* its progress is estimated */
    gen_moment started_at, ended_at;
    gen_moment estimated_at,
        latest_at; /* as likely before as after; nine of ten by then; 0 = unknown */
    gen_micros cost;
    int64_t attempts, place; /* in a queue, 0 = in none */
};

struct gen_board { /* caller owns; all zero to begin, gen_board_fini */
    char job[GEN_IDENT_SIZE];
    enum gen_job_status status;
    gen_moment created_at, completed_at;
    gen_micros spent, held, unverified, budget;
    struct gen_board_row *rows;
    size_t count;
};

void gen_board_fini(struct gen_board *board);

/* Everything anew from a job document. GEN_EIO: it is none. GEN_ENOMEM, GEN_ELIMIT. */
GEN_MUST_CHECK enum gen_status gen_board_read(struct gen_board *board,
                                              const struct gen_node *document,
                                              struct gen_error *err);

/* Everything anew from the document of a batch: a row a job. As gen_board_read. */
GEN_MUST_CHECK enum gen_status gen_board_read_batch(struct gen_board *board,
                                                    const struct gen_node *document,
                                                    struct gen_error *err);

/* A progress message; what it does not say stays. False: it is of no row. */
bool gen_board_progress(struct gen_board *board, const struct gen_node *message);

/* Is the job over, whatever the result? */
bool gen_board_over(const struct gen_board *board);

/* Does all of it that is not over wait for a person? */
bool gen_board_waits(const struct gen_board *board);

size_t gen_board_ready(const struct gen_board *board); /* rows that are completed */

/* When all of it will be done: the latest of its rows. False: of one that is not over nothing is known. */
bool gen_board_done(const struct gen_board *board, gen_moment *about, gen_moment *latest);

/* What people read of a row that is being worked on: as gen_board_stage_word, and "stuck", or that it
 * waits "at provider". */
const char *gen_board_row_word(const struct gen_board_row *row);

/* What people read of a stage ("rendering"): programs get the word of the API. Never NULL, at most 12
 * columns. */
const char *gen_board_stage_word(enum gen_stage stage);

#endif
