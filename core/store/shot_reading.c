/* shot_reading.c - see shot_reading.h. */
#include "store/shot_reading.h"

#include "model/job.h"
#include "store/document.h"

#include <string.h>

static void shot_put(struct gen_arena *arena, struct gen_node *map, const char *key,
                     struct gen_node *value)
{
    (void)gen_node_set(arena, map, key, value);
}

/* Seconds of a slice; null for what is none. */
static struct gen_node *shot_seconds(struct gen_arena *arena, bool slice, int64_t ms)
{
    return slice ? gen_document_seconds(arena, ms) : gen_node_null(arena);
}

/* The row behind its pipeline, which has been taken already. */
static struct gen_node *shot_row(struct gen_statement *statement, const struct gen_brief *brief,
                                 struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    const char *role, *state;
    int64_t first, count, from, shown;

    shot_put(arena, map, "shotId", gen_node_string(arena, gen_statement_peek_text(statement)));
    role = gen_statement_peek_text(statement);
    shot_put(arena, map, "role", gen_node_string(arena, role));
    first = gen_statement_take_integer(statement);
    count = gen_statement_take_integer(statement);
    from = gen_statement_take_integer(statement);
    shown = gen_statement_take_integer(statement);
    shot_put(arena, map, "scene",
             count == 1 && first >= 0 && (size_t)first < brief->scenes.count
                 ? gen_node_string(arena, gen_brief_scene(brief, (size_t)first)->id)
                 : gen_node_null(arena));
    shot_put(arena, map, "from", shot_seconds(arena, shown > 0, from));
    shot_put(arena, map, "duration", shot_seconds(arena, shown > 0, shown));
    shot_put(arena, map, "rendered",
             gen_document_seconds(arena, gen_statement_take_integer(statement)));
    shot_put(arena, map, "provider", gen_node_string(arena, gen_statement_peek_text(statement)));
    shot_put(arena, map, "model", gen_node_string(arena, gen_statement_peek_text(statement)));
    state = gen_statement_peek_text(statement);
    shot_put(arena, map, "state", gen_document_text(arena, state));
    shot_put(arena, map, "attempts", gen_node_int(arena, gen_statement_take_integer(statement)));
    shot_put(arena, map, "estimate", gen_node_money(arena, gen_statement_take_integer(statement)));
    shot_put(arena, map, "cost", gen_node_money(arena, gen_statement_take_integer(statement)));
    return map;
}

/* The pipeline of that id, in the order of the list: it is this one or a later one. */
static struct gen_node *shot_pipeline(struct gen_node *from, const char *id)
{
    while (from != NULL && strcmp(gen_node_text(gen_node_get(from, "pipelineId"), ""), id) != 0) {
        from = from->next;
    }
    return from;
}

enum gen_status gen_read_shots(struct gen_database *database, const char *job,
                               const struct gen_brief *brief, struct gen_node *pipelines,
                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_statement *statement;
    /* NULL: there was no memory for the list, which shows in the arena. */
    struct gen_node *pipeline = pipelines == NULL ? NULL : pipelines->as.children.first;
    struct gen_node *shots = NULL;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT s.pipeline, s.id, s.role, s.first_scene, s.scene_count, s.from_ms, s.shown_ms, "
        "s.duration_ms, s.provider, s.model, COALESCE((SELECT a.state FROM attempt a WHERE "
        "a.shot = s.id AND a.ordinal = s.attempt_count), ''), s.attempt_count, s.price, "
        "COALESCE((SELECT SUM(a.cost) FROM attempt a WHERE a.shot = s.id), 0) FROM shot s "
        "JOIN pipeline p ON p.id = s.pipeline WHERE s.job = ? ORDER BY p.ordinal, s.ordinal",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            struct gen_node *at = shot_pipeline(pipeline, gen_statement_peek_text(statement));

            if (shots == NULL || at != pipeline) {
                pipeline = at;
                shots = gen_node_list(arena);
                shot_put(arena, pipeline, "shots", shots);
            }
            (void)gen_node_push(shots, shot_row(statement, brief, arena));
        }
    }
    return status;
}
