/* google_interactions.c - Gemini Omni on the Interactions API, in the background only.
 *
 * Facts that surprise, all from recorded exchanges: a duration is "8s" and nothing else; an unknown
 * interaction is 400; the error's code is a word; a refusal is `completed` with text and no video. A
 * GET long after the end has the bytes inline where the first had a uri: here after an hour.
 * It does not render while the POST waits: without `background` it refuses, where the vendor blocks.
 * Price: tokens of video, 5792 a second at 720p, at 17.50 dollars a million; how much more other
 * sizes take is a reseller's ratio. What fails, is refused or cancelled is not billed.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl, tests/clients
 */
#include "simulator/google_omni.h"

#include <string.h>

enum { OMNI_INLINE_AFTER_MS = 3600000 };

static const struct {
    enum sim_state state;
    const char *word;
} omni_words[] = {
    {SIM_QUEUED, "queued"},       {SIM_THROTTLED, "queued"},   {SIM_RUNNING, "in_progress"},
    {SIM_DONE, "completed"},      {SIM_FILTERED, "completed"}, {SIM_REFUSED, "completed"},
    {SIM_CANCELLED, "cancelled"}, {SIM_FAILED, "failed"},      {0, "failed"},
};

/* ------------------------------------------------------------------------------------- telling */

static struct gen_node *omni_counts(struct sim_call *call, const struct sim_task *task)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *usage = gen_node_map(arena);
    struct gen_node *list = gen_node_list(arena);
    struct gen_node *video = gen_node_map(arena);
    bool done = task->state == SIM_DONE;
    int64_t input = gen_node_integer(gen_node_get(task->extra, "inputTokens"), 1);
    int64_t output = done ? gen_node_integer(gen_node_get(task->extra, "tokens"), 0) : 20;

    gen_node_set(arena, usage, "total_input_tokens", gen_node_int(arena, input));
    gen_node_set(arena, usage, "total_output_tokens", gen_node_int(arena, output));
    gen_node_set(arena, usage, "total_tokens", gen_node_int(arena, input + output));
    google_set(call, video, "modality", done ? "video" : "text");
    gen_node_set(arena, video, "tokens", gen_node_int(arena, output));
    gen_node_push(list, video);
    gen_node_set(arena, usage, "output_tokens_by_modality", list);
    return usage;
}

/* The clip as a uri or as bytes; a sentence where there is none. */
static struct gen_node *omni_steps(struct sim_call *call, const struct sim_task *task)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *steps = gen_node_list(arena);
    struct gen_node *step = gen_node_map(arena);
    struct gen_node *contents = gen_node_list(arena);
    struct gen_node *content = gen_node_map(arena);
    bool uri = gen_node_truth(gen_node_get(task->extra, "uri"), false) &&
               call->now < task->ended + OMNI_INLINE_AFTER_MS;

    if (task->state != SIM_DONE) {
        google_set(call, content, "type", "text");
        google_set(call, content, "text",
                   task->fault_message != NULL
                       ? task->fault_message
                       : "I can't generate that video. Try describing it in another way.");
    } else {
        google_set(call, content, "type", "video");
        google_set(call, content, "mime_type", "video/mp4");
        if (uri) {
            google_set(call, content, "uri",
                       gen_arena_printf(arena, "%s%s/v1beta/%s:download?alt=media", call->origin,
                                        call->dialect->prefix, google_file_of(call, task)));
        } else {
            gen_node_set(arena, content, "data", google_base64(call, task, 0));
        }
    }
    gen_node_push(contents, content);
    google_set(call, step, "type", "model_output");
    gen_node_set(arena, step, "content", contents);
    gen_node_push(steps, step);
    return steps;
}

static struct gen_node *omni_errors(struct sim_call *call, const struct sim_task *task)
{
    struct gen_node *list = gen_node_list(call->arena);

    gen_node_push(
        list, sim_node_texts(call->arena,
                             (const char *const[]){
                                 "code", task->fault_code != NULL ? task->fault_code : "internal",
                                 "message",
                                 task->fault_message != NULL ? task->fault_message
                                                             : "The video could not be generated.",
                                 NULL}));
    return list;
}

static void omni_tell(struct sim_call *call, const struct sim_task *task)
{
    struct gen_node *answer = gen_node_map(call->arena);
    const struct gen_node *labels = gen_node_get(task->extra, "labels");
    bool over = task->state == SIM_DONE || task->state == SIM_FILTERED ||
                task->state == SIM_REFUSED;
    size_t i = 0;

    while (omni_words[i].state != 0 && omni_words[i].state != task->state) {
        i++;
    }
    google_set(call, answer, "id", task->id);
    google_set(call, answer, "status",
               task->odd && sim_task_live(task) ? "consolidating" : omni_words[i].word);
    google_set(call, answer, "model", task->model);
    google_set_moment(call, answer, "created", task->created);
    google_set_moment(call, answer, "updated", task->changed);
    if (labels != NULL) {
        gen_node_set(call->arena, answer, "labels", gen_node_copy(call->arena, labels));
    }
    if (over) {
        gen_node_set(call->arena, answer, "steps", omni_steps(call, task));
        gen_node_set(call->arena, answer, "usage", omni_counts(call, task));
    }
    if (task->state == SIM_FAILED) {
        gen_node_set(call->arena, answer, "errors", omni_errors(call, task));
    }
    sim_answer_json(call, 200, answer);
}

/* ------------------------------------------------------------------------------------ handlers */

static bool omni_affordable(struct omni_plan *plan, gen_micros price)
{
    struct sim_call *call = plan->call;

    if (sim_account_balance(call->world, call->account) < price) {
        google_interaction_refuse(call, 429, NULL,
                                  "You exceeded your current quota, please check your plan and "
                                  "billing details.");
        return false;
    }
    if (sim_account_live(call->world, call->account, NULL) >= call->account->concurrency) {
        google_interaction_refuse(call, 429, NULL, NULL);
        return false;
    }
    return true;
}

static void omni_order(struct omni_plan *plan, gen_micros price)
{
    struct sim_call *call = plan->call;
    struct gen_arena *arena = call->arena;
    const char *delivery = omni_text(plan->format, "delivery");
    const struct gen_node *labels = gen_node_get(plan->body, "labels");
    struct sim_order order = {.kind = "interactions", .model = plan->model};
    struct gen_node *extra = gen_node_map(arena);
    const struct sim_task *task;

    google_frame(&order.clip, omni_text(plan->format, "aspect_ratio"),
                 omni_text(plan->format, "resolution"));
    order.clip.duration_ms = plan->length_ms;
    order.clip.sound = true;
    order.clip.first_frame = plan->first_frame;
    order.bill.done = price;
    order.estimate = price;
    order.id = gen_arena_printf(arena, "v1_%s", sim_ident_word(call, 40));
    gen_node_set(arena, extra, "uri",
                 gen_node_bool(arena, delivery != NULL && strcmp(delivery, "uri") == 0));
    google_set(call, extra, "file", gen_arena_printf(arena, "g%s", sim_ident_digits(call, 12)));
    gen_node_set(arena, extra, "tokens", gen_node_int(arena, plan->tokens));
    gen_node_set(arena, extra, "inputTokens",
                 gen_node_int(arena, (int64_t)plan->characters / 4 + 1 + 258 * plan->pictures));
    if (labels != NULL) {
        gen_node_set(arena, extra, "labels", gen_node_copy(arena, labels));
    }
    order.extra = extra;
    task = sim_task_create(call, &order);
    if (task == NULL) {
        google_interaction_refuse(call, 500, NULL, NULL);
        return;
    }
    omni_tell(call, task);
}

void google_interaction_create(struct sim_call *call)
{
    struct omni_plan plan = {.call = call, .body = sim_call_json(call, NULL)};
    gen_micros price;

    if (!omni_judge(&plan)) {
        return;
    }
    price = (plan.tokens * 35 + 1) / 2; /* 17.50 dollars a million */
    if (omni_affordable(&plan, price)) {
        omni_order(&plan, price);
    }
}

static const struct sim_task *omni_find(struct sim_call *call)
{
    const struct sim_task *task = sim_task_find(call, call->capture[0]);

    if (task == NULL || strcmp(task->kind, "interactions") != 0) {
        google_interaction_refuse(
            call, 400, NULL,
            gen_arena_printf(call->arena, "Invalid interaction id: %s", call->capture[0]));
        return NULL;
    }
    return task;
}

void google_interaction_get(struct sim_call *call)
{
    static const char *const known[] = {"include_input", "last_event_id", "stream", "key", NULL};
    const struct sim_task *task = omni_find(call);
    const char *unknown = sim_call_query_unknown(call, known);

    if (task != NULL && unknown != NULL) {
        google_interaction_refuse(
            call, 400, NULL,
            gen_arena_printf(call->arena, "Unknown query parameter \"%s\"", unknown));
    } else if (task != NULL) {
        omni_tell(call, task);
    }
}

void google_interaction_cancel(struct sim_call *call)
{
    const struct sim_task *task = omni_find(call);

    if (task == NULL) {
        return;
    }
    if (!sim_task_cancel(call, task)) {
        google_interaction_refuse(call, 400, "failed_precondition",
                                  "Only interactions that still run can be cancelled.");
        return;
    }
    omni_tell(call, task);
}

void google_interaction_delete(struct sim_call *call)
{
    const struct sim_task *task = omni_find(call);

    if (task != NULL) {
        sim_task_delete(call, task);
        sim_answer_json(call, 200, gen_node_map(call->arena));
    }
}
