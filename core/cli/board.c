/* board.c - see board.h. */
#include "cli/board.h"

#include "base/alloc.h"
#include "base/choice.h"
#include "cli/printable.h"

#include <stdio.h>
#include <string.h>

static const struct gen_choice board_stages[] = {
    {"preparing", GEN_STAGE_PREPARE, NULL},  {"planning", GEN_STAGE_FORMAT, NULL},
    {"submitting", GEN_STAGE_SUBMIT, NULL},  {"rendering", GEN_STAGE_POLL, NULL},
    {"fetching", GEN_STAGE_FETCH, NULL},     {"checking", GEN_STAGE_ASSESS, NULL},
    {"delivering", GEN_STAGE_DELIVER, NULL}, {NULL, 0, NULL},
};

const char *gen_board_stage_word(enum gen_stage stage)
{
    const char *word = gen_choice_word(board_stages, stage);

    return word != NULL ? word : "waiting";
}

const char *gen_board_row_word(const struct gen_board_row *row)
{
    switch (row->phase) {
    case GEN_PHASE_WAITING:
        return "at provider";
    case GEN_PHASE_STUCK:
        return "stuck";
    case GEN_PHASE_RENDERING:
        return "rendering";
    case GEN_PHASE_ASSEMBLING:
        return row->stage > GEN_STAGE_FETCH ? gen_board_stage_word(row->stage) : "assembling";
    default:
        return gen_board_stage_word(row->stage);
    }
}

bool gen_board_done(const struct gen_board *board, gen_moment *about, gen_moment *latest)
{
    *about = *latest = 0;
    for (size_t i = 0; i < board->count; i++) {
        const struct gen_board_row *row = &board->rows[i];

        if (gen_pipeline_status_terminal(row->status)) {
            continue;
        }
        if (row->estimated_at == 0 || row->latest_at == 0) {
            return false;
        }
        *about = row->estimated_at > *about ? row->estimated_at : *about;
        *latest = row->latest_at > *latest ? row->latest_at : *latest;
    }
    return *about != 0;
}

void gen_board_fini(struct gen_board *board)
{
    gen_free(board->rows);
    *board = (struct gen_board){0};
}

/* A harmless copy that fits; "" when there is no memory, which is only for the eye. */
static void board_text(char *out, size_t size, const char *text)
{
    struct gen_bytes clean;

    gen_bytes_init(&clean, size * 8);
    (void)gen_printable_fit(&clean, text, size / 4); /* at most 4 bytes a column */
    (void)snprintf(out, size, "%s", clean.data != NULL ? clean.data : "");
    gen_bytes_fini(&clean);
}

static gen_moment board_moment(const struct gen_node *node)
{
    const char *text = gen_node_text(node, NULL);
    gen_moment moment = 0;

    if (text == NULL || gen_moment_parse(text, strlen(text), &moment, NULL) != GEN_OK) {
        return 0;
    }
    return moment;
}

static gen_micros board_money(const struct gen_node *node)
{
    gen_micros amount = 0;

    return gen_node_dollars(node, &amount, NULL) == GEN_OK ? amount : 0;
}

static void board_share(double *progress, const struct gen_node *node)
{
    double value = gen_node_number(node, -1);

    if (value >= 0) {
        *progress = value < 1 ? value : 1;
    }
}

/* What both a document and a message say of a pipeline. */
static void board_row_moving(struct gen_board_row *row, const struct gen_node *item)
{
    const struct gen_node *estimated = gen_node_get(item, "estimatedCompletion");
    const struct gen_node *latest = gen_node_get(item, "estimatedLatest");
    const struct gen_node *basis = gen_node_get(item, "progressBasis");
    const struct gen_node *phase = gen_node_get(item, "phase");
    const struct gen_node *note = gen_node_get(item, "note");
    enum gen_pipeline_status status =
        gen_pipeline_status_of(gen_node_text(gen_node_get(item, "status"), ""));
    enum gen_stage stage = gen_stage_of(gen_node_text(gen_node_get(item, "stage"), ""));

    row->status = status != GEN_PIPELINE_NONE ? status : row->status;
    row->stage = stage != GEN_STAGE_NONE ? stage : row->stage;
    board_share(&row->progress, gen_node_get(item, "progress"));
    row->place = gen_node_integer(gen_node_get(item, "queuePosition"), 0);
    if (estimated != NULL) {
        row->estimated_at = board_moment(estimated);
    }
    if (latest != NULL) {
        row->latest_at = board_moment(latest);
    }
    if (basis != NULL) {
        row->guessed = strcmp(gen_node_text(basis, ""), "estimated") == 0;
    }
    if (phase != NULL) {
        row->phase = gen_phase_of(gen_node_text(phase, NULL));
    }
    if (note != NULL) {
        board_text(row->note, sizeof(row->note), gen_node_text(note, ""));
    }
}

static void board_row(struct gen_board_row *row, const struct gen_node *item)
{
    const struct gen_node *failure = gen_node_get(item, "failure");
    const char *provider = gen_node_text(gen_node_get(item, "provider"), "");
    const char *model = gen_node_text(gen_node_get(item, "model"), "");
    char both[GEN_BOARD_NAME * 4];

    *row = (struct gen_board_row){0};
    (void)gen_ident_copy(GEN_IDENT_PIPELINE, gen_node_text(gen_node_get(item, "pipelineId"), ""),
                         &row->id);
    (void)snprintf(both, sizeof(both), "%.100s%s%.100s", provider, model[0] != '\0' ? "/" : "",
                   model);
    board_text(row->model, sizeof(row->model), both);
    board_text(row->name, sizeof(row->name),
               gen_node_text(gen_node_get(item, "variation"), "video"));
    board_row_moving(row, item);
    row->started_at = board_moment(gen_node_get(item, "startTime"));
    row->ended_at = board_moment(gen_node_get(item, "endTime"));
    row->cost = board_money(gen_node_get(item, "cost"));
    row->attempts = gen_node_integer(gen_node_get(item, "attempts"), 0);
    if (gen_node_type_of(failure) == GEN_NODE_MAP) {
        const char *message = gen_node_text(gen_node_get(failure, "message"), "");

        board_text(row->kind, sizeof(row->kind), gen_node_text(gen_node_get(failure, "kind"), ""));
        board_text(row->note, sizeof(row->note),
                   message[0] != '\0' ? message : gen_node_text(gen_node_get(failure, "kind"), ""));
    }
}

enum gen_status gen_board_read(struct gen_board *board, const struct gen_node *document,
                               struct gen_error *err)
{
    const struct gen_node *pipelines = gen_node_get(document, "pipelines");
    const struct gen_node *costs = gen_node_get(document, "costs");
    const char *id = gen_node_text(gen_node_get(document, "jobId"), "");
    enum gen_job_status status =
        gen_job_status_of(gen_node_text(gen_node_get(document, "status"), ""));
    size_t count = gen_node_count(pipelines), index = 0;
    struct gen_board_row *rows = NULL;

    if (!gen_ident_valid(GEN_IDENT_JOB, id) || status == GEN_JOB_NONE) {
        return gen_error_set(err, GEN_EIO, "gend answered with something that is not a job");
    }
    if (count > GEN_BOARD_ROWS_MOST) {
        return gen_error_set(err, GEN_ELIMIT, "the job has more than %d pipelines",
                             (int)GEN_BOARD_ROWS_MOST);
    }
    rows = gen_alloc(count * sizeof(*rows));
    if (rows == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the pipelines of a job");
    }
    for (const struct gen_node *item = gen_node_first(pipelines); item != NULL; item = item->next) {
        board_row(&rows[index++], item);
    }
    gen_free(board->rows);
    board->rows = rows;
    board->count = count;
    board->status = status;
    (void)snprintf(board->job, sizeof(board->job), "%s", id);
    board->created_at = board_moment(gen_node_get(document, "createdAt"));
    board->completed_at = board_moment(gen_node_get(document, "completedAt"));
    board->spent = board_money(gen_node_get(costs, "spent"));
    board->held = board_money(gen_node_get(costs, "held"));
    board->unverified = board_money(gen_node_get(costs, "unverified"));
    board->budget = board_money(gen_node_get(gen_node_get(document, "metadata"), "budget"));
    return GEN_OK;
}

/* A job as a row: "processing" is what a pipeline would be. */
static void board_job(struct gen_board_row *row, const struct gen_node *item)
{
    static const struct gen_choice words[] = {
        {"queued", GEN_PIPELINE_QUEUED, NULL},
        {"in_progress", GEN_PIPELINE_PROCESSING, NULL},
        {"canceling", GEN_PIPELINE_PROCESSING, NULL},
        {"needs_attention", GEN_PIPELINE_NEEDS_ATTENTION, NULL},
        {"completed", GEN_PIPELINE_COMPLETED, NULL},
        {"partially_completed", GEN_PIPELINE_FAILED, NULL},
        {"failed", GEN_PIPELINE_FAILED, NULL},
        {"canceled", GEN_PIPELINE_CANCELED, NULL},
        {NULL, 0, NULL},
    };
    const char *word = gen_node_text(gen_node_get(item, "status"), "");
    const char *title = gen_node_text(gen_node_get(item, "title"), NULL);
    const struct gen_choice *choice = words;

    while (choice->word != NULL && strcmp(choice->word, word) != 0) {
        choice++;
    }
    *row = (struct gen_board_row){.status = (enum gen_pipeline_status)choice->value,
                                  .stage = GEN_STAGE_POLL};
    board_text(row->name, sizeof(row->name),
               title != NULL ? title : gen_node_text(gen_node_get(item, "jobId"), "job"));
    if (strcmp(word, "partially_completed") == 0) {
        board_text(row->note, sizeof(row->note), "not all of its videos could be made");
    }
    board_share(&row->progress, gen_node_get(item, "progress"));
    row->started_at = board_moment(gen_node_get(item, "createdAt"));
    row->ended_at = board_moment(gen_node_get(item, "completedAt"));
    row->cost = board_money(gen_node_get(item, "cost"));
}

enum gen_status gen_board_read_batch(struct gen_board *board, const struct gen_node *document,
                                     struct gen_error *err)
{
    const struct gen_node *jobs = gen_node_get(document, "jobs");
    const char *id = gen_node_text(gen_node_get(document, "batchId"), "");
    enum gen_job_status status =
        gen_job_status_of(gen_node_text(gen_node_get(document, "status"), ""));
    size_t count = gen_node_count(jobs), index = 0;
    struct gen_board_row *rows;

    if (!gen_ident_valid(GEN_IDENT_BATCH, id) || status == GEN_JOB_NONE ||
        count > GEN_BOARD_ROWS_MOST) {
        return gen_error_set(err, GEN_EIO, "gend answered with something that is not a batch");
    }
    rows = gen_alloc(count * sizeof(*rows));
    if (rows == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for the jobs of a batch");
    }
    for (const struct gen_node *item = gen_node_first(jobs); item != NULL; item = item->next) {
        board_job(&rows[index++], item);
    }
    gen_board_fini(board);
    *board = (struct gen_board){.status = status,
                                .created_at = board_moment(gen_node_get(document, "createdAt")),
                                .spent = board_money(gen_node_get(document, "cost")),
                                .held = board_money(gen_node_get(document, "held")),
                                .rows = rows,
                                .count = count};
    (void)snprintf(board->job, sizeof(board->job), "%s", id);
    return GEN_OK;
}

bool gen_board_progress(struct gen_board *board, const struct gen_node *message)
{
    const char *id = gen_node_text(gen_node_get(message, "pipelineId"), NULL);

    for (size_t i = 0; id != NULL && i < board->count; i++) {
        struct gen_board_row *row = &board->rows[i];

        if (strcmp(row->id.text, id) == 0 && !gen_pipeline_status_terminal(row->status)) {
            board_row_moving(row, message);
            return true;
        }
    }
    return false;
}

bool gen_board_over(const struct gen_board *board)
{
    return gen_job_status_terminal(board->status);
}

bool gen_board_waits(const struct gen_board *board)
{
    return board->status == GEN_JOB_NEEDS_ATTENTION;
}

size_t gen_board_ready(const struct gen_board *board)
{
    size_t ready = 0;

    for (size_t i = 0; i < board->count; i++) {
        ready += board->rows[i].status == GEN_PIPELINE_COMPLETED;
    }
    return ready;
}
