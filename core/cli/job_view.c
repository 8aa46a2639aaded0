/* job_view.c - see job_view.h. */
#include "cli/job_view.h"

#include "cli/board.h"
#include "cli/columns.h"
#include "cli/printable.h"

#include <inttypes.h>
#include <string.h>

const char *gen_job_view_money(struct gen_arena *arena, const struct gen_node *node)
{
    char text[GEN_MONEY_TEXT_SIZE];
    gen_micros amount = 0;

    if (gen_node_dollars(node, &amount, NULL) != GEN_OK) {
        return "-";
    }
    return gen_arena_printf(arena, "%s$%s", amount < 0 ? "-" : "",
                            gen_money_text(amount, 2, text) + (amount < 0));
}

const char *gen_job_view_size(struct gen_arena *arena, const struct gen_node *node)
{
    int64_t size = gen_node_integer(node, -1);

    if (size < 0) {
        return "-";
    }
    if (size < 1000000) {
        return gen_arena_printf(arena, "%" PRId64 ".%d kB", size / 1000, (int)(size % 1000 / 100));
    }
    return gen_arena_printf(arena, "%" PRId64 ".%d MB", size / 1000000,
                            (int)(size % 1000000 / 100000));
}

static const char *view_text(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), "");
}

/* "2026-11-22T12:00:00.123Z" as "2026-11-22 12:00:00" (UTC, like all times of gen). */
static const char *view_moment(struct gen_arena *arena, const struct gen_node *node)
{
    const char *text = gen_node_text(node, NULL);
    gen_moment moment = 0;
    char out[GEN_MOMENT_TEXT_SIZE];

    if (text == NULL || gen_moment_parse(text, strlen(text), &moment, NULL) != GEN_OK) {
        return "-";
    }
    (void)gen_moment_text(moment, out);
    out[10] = ' ';
    out[19] = '\0';
    return gen_arena_strdup(arena, out);
}

static void view_field(struct gen_bytes *out, const char *name, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    (void)gen_bytes_printf(out, "%-11s ", name);
    gen_printable_add(out, value);
    (void)gen_bytes_text(out, "\n");
}

/* A list of texts in a row. */
static const char *view_joined(struct gen_arena *arena, const struct gen_node *list)
{
    const char *joined = "";

    for (const struct gen_node *item = gen_node_first(list); item != NULL && joined != NULL;
         item = item->next) {
        joined = gen_arena_printf(arena, "%s%s%s", joined, joined[0] != '\0' ? ", " : "",
                                  gen_node_text(item, "?"));
    }
    return joined;
}

static const char *view_percent(struct gen_arena *arena, const struct gen_node *node)
{
    return gen_arena_printf(arena, "%d %%", (int)(gen_node_number(node, 0) * 100.0 + 1e-9));
}

/* What it is at, or ended in; nothing once all of it is done. */
static const char *view_stage(const struct gen_node *pipeline)
{
    enum gen_stage stage = gen_stage_of(view_text(pipeline, "stage"));
    bool done = strcmp(view_text(pipeline, "status"), "completed") == 0;

    return done || stage == GEN_STAGE_NONE ? "-" : gen_board_stage_word(stage);
}

static void view_pipelines(struct gen_session *session, const struct gen_node *list,
                           struct gen_bytes *out)
{
    static const char *const heads[] = {"VARIATION", "MODEL",     "STATUS", "STAGE",    ">DONE",
                                        ">TRIES",    ">ESTIMATE", ">COST",  "PIPELINE", NULL};
    struct gen_arena *arena = session->arena;
    struct gen_columns columns;

    gen_columns_init(&columns, heads, arena);
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const char *cells[] = {
            view_text(item, "variation"),
            gen_arena_printf(arena, "%s/%s", view_text(item, "provider"), view_text(item, "model")),
            view_text(item, "status"),
            view_stage(item),
            view_percent(arena, gen_node_get(item, "progress")),
            gen_arena_printf(arena, "%" PRId64,
                             gen_node_integer(gen_node_get(item, "attempts"), 0)),
            gen_job_view_money(arena, gen_node_get(item, "estimate")),
            gen_job_view_money(arena, gen_node_get(item, "cost")),
            view_text(item, "pipelineId"),
        };

        gen_columns_add(&columns, cells);
    }
    (void)gen_bytes_text(out, "\n");
    gen_columns_write(&columns, 0, out);
}

/* A scene by its id, and which part of it. */
static const char *view_scene(struct gen_arena *arena, const struct gen_node *shot)
{
    const char *scene = gen_node_text(gen_node_get(shot, "scene"), NULL);
    const struct gen_node *length = gen_node_get(shot, "duration");
    double from = gen_node_number(gen_node_get(shot, "from"), 0);
    enum gen_node_type type = gen_node_type_of(length);

    if (scene == NULL) {
        return strcmp(view_text(shot, "role"), "finish") == 0 ? "(finish)" : "(all)";
    }
    if (type != GEN_NODE_REAL && type != GEN_NODE_INT) {
        return scene;
    }
    return gen_arena_printf(arena, "%s, %.4g-%.4g s", scene, from,
                            from + gen_node_number(length, 0));
}

/* What the videos are made of; nothing where each is one shot, of which all has been said. */
static void view_shots(struct gen_session *session, const struct gen_node *list,
                       struct gen_bytes *out)
{
    static const char *const heads[] = {"VARIATION", "SCENE", "MODEL", "STATE", ">TRIES",
                                        ">ESTIMATE", ">COST", "SHOT",  NULL};
    struct gen_arena *arena = session->arena;
    struct gen_columns columns;
    bool any = false;

    gen_columns_init(&columns, heads, arena);
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const struct gen_node *shots = gen_node_get(item, "shots");

        for (const struct gen_node *shot = gen_node_first(shots);
             shot != NULL && gen_node_count(shots) > 1; shot = shot->next) {
            const char *state = view_text(shot, "state");
            const char *cells[] = {
                view_text(item, "variation"),
                view_scene(arena, shot),
                gen_arena_printf(arena, "%s/%s", view_text(shot, "provider"),
                                 view_text(shot, "model")),
                state[0] != '\0' ? state : "-",
                gen_arena_printf(arena, "%" PRId64,
                                 gen_node_integer(gen_node_get(shot, "attempts"), 0)),
                gen_job_view_money(arena, gen_node_get(shot, "estimate")),
                gen_job_view_money(arena, gen_node_get(shot, "cost")),
                view_text(shot, "shotId"),
            };

            gen_columns_add(&columns, cells);
            any = true;
        }
    }
    if (any) {
        (void)gen_bytes_text(out, "\n");
        gen_columns_write(&columns, 0, out);
    }
}

static bool view_is_among(const struct gen_node *list, const char *text)
{
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        if (strcmp(gen_node_text(item, ""), text) == 0) {
            return true;
        }
    }
    return false;
}

/* What was warned of when the job was decided, and what came up with each pipeline. */
static void view_warnings(const struct gen_node *job, struct gen_bytes *out)
{
    const struct gen_node *decided = gen_node_get(gen_node_get(job, "routing"), "warnings");
    const struct gen_node *pipelines = gen_node_get(job, "pipelines");

    for (const struct gen_node *item = gen_node_first(decided); item != NULL; item = item->next) {
        (void)gen_bytes_text(out, "warning: ");
        gen_printable_add(out, gen_node_text(item, "?"));
        (void)gen_bytes_text(out, "\n");
    }
    for (const struct gen_node *item = gen_node_first(pipelines); item != NULL; item = item->next) {
        const char *warning = view_text(item, "warning");

        if (warning[0] != '\0' && !view_is_among(decided, warning)) {
            gen_printable_add(out, view_text(item, "variation"));
            (void)gen_bytes_text(out, ": warning: ");
            gen_printable_add(out, warning);
            (void)gen_bytes_text(out, "\n");
        }
    }
}

/* Does a pipeline, or a job, wait for a person? */
static bool view_waits(const struct gen_node *map)
{
    return strcmp(view_text(map, "status"), gen_job_status_word(GEN_JOB_NEEDS_ATTENTION)) == 0;
}

/* A line for each pipeline that failed or waits for a person; a cancelled one did neither. */
static void view_failures(const struct gen_node *list, struct gen_bytes *out)
{
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const struct gen_node *failure = gen_node_get(item, "failure");
        const char *note = view_text(item, "note");

        if (strcmp(view_text(item, "status"), "canceled") == 0) {
            continue;
        }
        if (gen_node_type_of(failure) == GEN_NODE_MAP) {
            gen_printable_add(out, view_text(item, "variation"));
            (void)gen_bytes_text(out, view_waits(item) ? ": needs attention (" : ": failed (");
            gen_printable_add(out, view_text(failure, "kind"));
            (void)gen_bytes_text(out, "): ");
            gen_printable_add(out, view_text(failure, "message"));
            (void)gen_bytes_text(out, "\n");
        } else if (view_waits(item)) {
            gen_printable_add(out, view_text(item, "variation"));
            (void)gen_bytes_text(out, ": needs attention: ");
            gen_printable_add(out, note[0] != '\0' ? note : "somebody must decide how it goes on");
            (void)gen_bytes_text(out, "\n");
        }
    }
}

/* By the kind of what it waits for. */
static const struct view_way {
    enum gen_failure kind;
    const char *goes_on, *look; /* look: %s = the provider */
} view_ways[] = {
    {GEN_FAILURE_AMBIGUOUS,
     "nothing is ordered again; should the provider say after all what became of the order, the "
     "job "
     "goes on by itself",
     "look for the order in the console of %s, by the time and the reference above"},
    {GEN_FAILURE_TIMEOUT,
     "the provider is asked on, slowly; when it answers, the job goes on by itself",
     "look into the console of %s for what holds it up"},
    {GEN_FAILURE_OUTPUT,
     "it is tried again every half minute; once that helps, the job goes on by itself",
     "see `gen doctor` and the log of gend; what %s rendered is safe"},
    {GEN_FAILURE_NONE, "the job goes on by itself when what it waits for comes",
     "look into the console of %s"},
};

static const struct view_way *view_way(const struct gen_node *pipeline)
{
    const struct gen_node *failure = gen_node_get(pipeline, "failure");
    enum gen_failure kind = gen_failure_of(view_text(failure, "kind"));
    const struct view_way *way = view_ways;

    while (way->kind != GEN_FAILURE_NONE && way->kind != kind) {
        way++;
    }
    return way;
}

void gen_job_view_attention(struct gen_session *session, const struct gen_node *job,
                            struct gen_bytes *out)
{
    const struct gen_node *costs = gen_node_get(job, "costs"), *first = NULL;
    const char *at = "", *comma = "";

    for (const struct gen_node *item = gen_node_first(gen_node_get(job, "pipelines")); item != NULL;
         item = item->next) {
        const char *provider = gen_session_clean(session, view_text(item, "provider"));

        if (view_waits(item) && strstr(at, provider) == NULL) {
            at = gen_arena_printf(session->arena, "%s%s%s", at, comma, provider);
            at = at == NULL ? "" : at;
            comma = ", ";
        }
        first = first == NULL && view_waits(item) ? item : first;
    }
    if (first == NULL || gen_job_status_terminal(gen_job_status_of(view_text(job, "status")))) {
        return;
    }
    view_field(out, "held",
               gen_arena_printf(session->arena, "%s, for what is under way at %s; %s spent so far",
                                gen_job_view_money(session->arena, gen_node_get(costs, "held")), at,
                                gen_job_view_money(session->arena, gen_node_get(costs, "spent"))));
    view_field(out, "meanwhile", view_way(first)->goes_on);
    (void)gen_bytes_text(out, "what you can do now\n  ");
    (void)gen_bytes_printf(out, view_way(first)->look, at);
    (void)gen_bytes_printf(out, "\n  %s %s   shows how it goes on\n",
                           gen_session_again(session, "gen watch"),
                           gen_session_clean(session, view_text(job, "jobId")));
    if (view_way(first)->kind == GEN_FAILURE_AMBIGUOUS) {
        (void)gen_bytes_printf(out,
                               "  %s %s --as not_bought|lost|found   says what you found, and it "
                               "goes on\n",
                               gen_session_again(session, "gen resolve"),
                               gen_session_clean(session, view_text(job, "jobId")));
    }
    (void)gen_bytes_printf(out,
                           "  %s %s   gives it up; what may have been billed then counts as spent, "
                           "as unverified\n",
                           gen_session_again(session, "gen cancel"),
                           gen_session_clean(session, view_text(job, "jobId")));
}

static void view_costs(struct gen_arena *arena, const struct gen_node *job, struct gen_bytes *out)
{
    const struct gen_node *costs = gen_node_get(job, "costs");
    const struct gen_node *unverified = gen_node_get(costs, "unverified");
    const char *line = gen_arena_printf(
        arena, "%s spent, %s held, %s estimated, budget %s",
        gen_job_view_money(arena, gen_node_get(costs, "spent")),
        gen_job_view_money(arena, gen_node_get(costs, "held")),
        gen_job_view_money(arena, gen_node_get(costs, "estimate")),
        gen_job_view_money(arena, gen_node_get(gen_node_get(job, "metadata"), "budget")));

    view_field(out, "cost", line);
    if (gen_node_number(unverified, 0) > 0) {
        view_field(out, "unverified", gen_job_view_money(arena, unverified));
    }
}

void gen_job_view_full(struct gen_session *session, const struct gen_node *job,
                       struct gen_bytes *out)
{
    struct gen_arena *arena = session->arena;
    const struct gen_node *metadata = gen_node_get(job, "metadata");
    const struct gen_node *routing = gen_node_get(job, "routing");
    const struct gen_node *results = gen_node_get(job, "results");
    char score[GEN_MONEY_TEXT_SIZE] = "";

    view_field(out, "job", view_text(job, "jobId"));
    view_field(out, "title", view_text(metadata, "title"));
    view_field(out, "project", view_text(job, "projectId"));
    view_field(out, "status", view_text(job, "status"));
    view_field(out, "created", view_moment(arena, gen_node_get(job, "createdAt")));
    if (gen_node_text(gen_node_get(job, "completedAt"), NULL) != NULL) {
        view_field(out, "completed", view_moment(arena, gen_node_get(job, "completedAt")));
    }
    view_field(out, "priority", view_text(metadata, "priority"));
    view_field(out, "tags", view_joined(arena, gen_node_get(metadata, "tags")));
    if (gen_node_get(routing, "complexityScore") != NULL) {
        (void)snprintf(score, sizeof(score), "%.1f of 10",
                       gen_node_number(gen_node_get(routing, "complexityScore"), 0));
    }
    view_field(out, "complexity", score);
    view_field(out, "models", view_joined(arena, gen_node_get(routing, "selectedModels")));
    view_field(out, "decision", view_text(routing, "routingReason"));
    view_costs(arena, job, out);
    view_pipelines(session, gen_node_get(job, "pipelines"), out);
    view_shots(session, gen_node_get(job, "pipelines"), out);
    if (gen_node_count(gen_node_get(results, "outputs")) > 0) {
        (void)gen_bytes_text(out, "\n");
        gen_job_view_outputs(session, results, out);
    }
    (void)gen_bytes_text(out, "\n");
    view_warnings(job, out);
    view_failures(gen_node_get(job, "pipelines"), out);
    gen_job_view_attention(session, job, out);
    if (out->size > 1 && out->data[out->size - 1] == '\n' && out->data[out->size - 2] == '\n') {
        out->size--; /* nothing to tell: no empty line at the end */
        out->data[out->size] = '\0';
    }
}

void gen_job_view_result(const struct gen_node *job, enum gen_job_view_end end,
                         struct gen_bytes *out)
{
    const struct gen_node *results = gen_node_get(job, "results");
    const struct gen_node *spent = gen_node_get(gen_node_get(job, "costs"), "spent");
    char text[GEN_MONEY_TEXT_SIZE];
    gen_micros amount = 0;

    if (gen_node_dollars(spent, &amount, NULL) != GEN_OK) {
        amount = 0;
    }
    view_warnings(job, out);
    if (end == GEN_JOB_VIEW_FAILURES) {
        view_failures(gen_node_get(job, "pipelines"), out);
    }
    gen_printable_add(out, view_text(job, "status"));
    (void)gen_bytes_printf(
        out, ": %zu of %zu videos, $%s\n", gen_node_count(gen_node_get(results, "outputs")),
        gen_node_count(gen_node_get(job, "pipelines")), gen_money_text(amount, 2, text));
}

/* Where a video is put together from several models: which scene goes to which. */
static void view_assignments(struct gen_session *session, const struct gen_node *pipelines)
{
    bool several = gen_node_count(pipelines) > 1;

    for (const struct gen_node *item = gen_node_first(pipelines); item != NULL; item = item->next) {
        if (strcmp(view_text(item, "provider"), "several") != 0) {
            continue;
        }
        for (const struct gen_node *shot = gen_node_first(gen_node_get(item, "shots"));
             shot != NULL; shot = shot->next) {
            gen_session_say(session, "  %s%s%s -> %s/%s, %s",
                            several ? gen_session_clean(session, view_text(item, "variation")) : "",
                            several ? ": " : "",
                            gen_session_clean(session, view_scene(session->arena, shot)),
                            gen_session_clean(session, view_text(shot, "provider")),
                            gen_session_clean(session, view_text(shot, "model")),
                            gen_job_view_money(session->arena, gen_node_get(shot, "estimate")));
        }
    }
}

void gen_job_view_decision(struct gen_session *session, const struct gen_node *job)
{
    const struct gen_node *routing = gen_node_get(job, "routing");
    const char *models = view_joined(session->arena, gen_node_get(routing, "selectedModels"));
    const char *reason = view_text(routing, "routingReason");

    if (models == NULL || models[0] == '\0') {
        return;
    }
    gen_session_say(session, "%s, estimated %s%s%s", gen_session_clean(session, models),
                    gen_job_view_money(session->arena, gen_node_get(routing, "costEstimate")),
                    reason[0] != '\0' ? ": " : "", gen_session_clean(session, reason));
    view_assignments(session, gen_node_get(job, "pipelines"));
}

void gen_job_view_list(struct gen_session *session, const struct gen_node *page,
                       struct gen_bytes *out)
{
    static const char *const heads[] = {"JOB",         "STATUS",  ">DONE",   ">COST", ">HELD",
                                        ">UNVERIFIED", "CREATED", "PROJECT", "TITLE", NULL};
    struct gen_arena *arena = session->arena;
    const struct gen_node *jobs = gen_node_get(page, "jobs");
    const char *next = gen_node_text(gen_node_get(page, "next"), NULL);
    struct gen_columns columns;

    if (gen_node_count(jobs) == 0) {
        gen_session_note(session, "no jobs");
        return;
    }
    gen_columns_init(&columns, heads, arena);
    for (const struct gen_node *job = gen_node_first(jobs); job != NULL; job = job->next) {
        const char *cells[] = {
            view_text(job, "jobId"),
            view_text(job, "status"),
            view_percent(arena, gen_node_get(job, "progress")),
            gen_job_view_money(arena, gen_node_get(job, "cost")),
            gen_job_view_money(arena, gen_node_get(job, "held")),
            gen_node_number(gen_node_get(job, "unverified"), 0) > 0
                ? gen_job_view_money(arena, gen_node_get(job, "unverified"))
                : "",
            view_moment(arena, gen_node_get(job, "createdAt")),
            view_text(job, "projectId"),
            view_text(job, "title"),
        };

        gen_columns_add(&columns, cells);
    }
    gen_columns_write(&columns, 0, out);
    if (next != NULL) {
        gen_session_note(session, "more: %s --after %s", gen_session_again(session, "gen jobs"),
                         gen_session_clean(session, next));
    }
}

void gen_job_view_outputs(struct gen_session *session, const struct gen_node *page,
                          struct gen_bytes *out)
{
    static const char *const heads[] = {"VARIATION", "RESOLUTION", ">RATE",  ">SECONDS",
                                        ">SIZE",     "FORMAT",     "OUTPUT", NULL};
    struct gen_arena *arena = session->arena;
    const struct gen_node *outputs = gen_node_get(page, "outputs");
    struct gen_columns columns;

    if (gen_node_count(outputs) == 0) {
        gen_session_note(session, "no outputs yet");
        return;
    }
    gen_columns_init(&columns, heads, arena);
    for (const struct gen_node *item = gen_node_first(outputs); item != NULL; item = item->next) {
        const char *cells[] = {
            view_text(item, "variation"),
            view_text(item, "resolution"),
            gen_arena_printf(arena, "%.4g", gen_node_number(gen_node_get(item, "frameRate"), 0)),
            gen_arena_printf(arena, "%.1f", gen_node_number(gen_node_get(item, "duration"), 0)),
            gen_job_view_size(arena, gen_node_get(item, "size")),
            view_text(item, "format"),
            view_text(item, "outputId"),
        };

        gen_columns_add(&columns, cells);
    }
    gen_columns_write(&columns, 0, out);
}
