/* kling_new.c - Kling's 3.x format: the model in the path, durations as numbers, "succeeded". Where
 * the fact sheet is silent: audio is off and the resolution 720p unless the body says otherwise. */
#include "simulator/kling.h"

#include <string.h>

enum { NEW_FIELDS = 8, NEW_IDS = 100 };

static const struct sim_field new_watermark[] = {
    {.key = "enabled", .type = SIM_BOOL, .flags = SIM_REQUIRED},
    {.key = NULL},
};
static const struct sim_field new_options[] = {
    {.key = "external_task_id", .type = SIM_TEXT, .min = 1, .max = 255},
    {.key = "callback_url", .type = SIM_TEXT, .min = 1, .max = 2048},
    {.key = "watermark_info", .type = SIM_MAP, .fields = new_watermark},
    {.key = NULL},
};
static const struct sim_field new_content[] = {
    {.key = "type",
     .type = SIM_TEXT,
     .flags = SIM_REQUIRED,
     .choices = "prompt|first_frame|last_frame|image|element"},
    {.key = "text", .type = SIM_TEXT, .min = 1, .max = 3072},
    {.key = "url", .type = SIM_TEXT, .check = kling_image_wrong},
    {.key = "id", .type = SIM_TEXT},
    {.key = NULL},
};

/* What may stand in `settings` depends on model and endpoint. */
static void new_settings(struct sim_field *out, const struct kling_model *model, uint32_t kind)
{
    size_t count = 0;

    out[count++] = (struct sim_field){.key = "resolution",
                                      .type = SIM_TEXT,
                                      .choices = model->silent[KLING_4K] > 0 ? "720p|1080p|4k"
                                                                             : "720p|1080p"};
    out[count++] = (struct sim_field){.key = "duration", .type = SIM_INT, .min = 3, .max = 15};
    if (kind != KLING_IMAGE) {
        out[count++] =
            (struct sim_field){.key = "aspect_ratio", .type = SIM_TEXT, .choices = "16:9|9:16|1:1"};
    }
    if ((model->features & KLING_ALWAYS) == 0) {
        out[count++] =
            (struct sim_field){.key = "audio", .type = SIM_TEXT, .choices = "native|original|off"};
    }
    GEN_CHECK(count < NEW_FIELDS);
    out[count] = (struct sim_field){.key = NULL};
}

static void new_fields(struct sim_field *out, const struct sim_field *settings, uint32_t kind)
{
    size_t count = 0;

    if (kind == KLING_TEXT) {
        out[count++] = (struct sim_field){
            .key = "prompt", .type = SIM_TEXT, .flags = SIM_REQUIRED, .min = 1, .max = 3072};
    } else {
        out[count++] = (struct sim_field){.key = "contents",
                                          .type = SIM_LIST,
                                          .flags = SIM_REQUIRED,
                                          .min = 1,
                                          .max = 15,
                                          .items = SIM_MAP,
                                          .fields = new_content};
    }
    out[count++] = (struct sim_field){.key = "settings", .type = SIM_MAP, .fields = settings};
    out[count++] = (struct sim_field){.key = "options", .type = SIM_MAP, .fields = new_options};
    out[count] = (struct sim_field){.key = NULL};
}

static const struct gen_node *new_content_of(const struct gen_node *body, const char *type)
{
    const struct gen_node *one = gen_node_first(gen_node_get(body, "contents"));

    while (one != NULL && strcmp(gen_node_text(gen_node_get(one, "type"), ""), type) != 0) {
        one = one->next;
    }
    return one;
}

/* What the fields cannot say alone. NULL = fine. */
static const char *new_wrong(const struct gen_node *body, const struct kling_model *model,
                             uint32_t kind)
{
    for (const struct gen_node *one = gen_node_first(gen_node_get(body, "contents")); one != NULL;
         one = one->next) {
        const char *type = gen_node_text(gen_node_get(one, "type"), "");
        bool prompt = strcmp(type, "prompt") == 0;

        if (prompt != (gen_node_get(one, "text") != NULL)) {
            return "contents: text belongs to type prompt, and only to it";
        }
        if (!prompt && gen_node_get(one, "url") == NULL && strcmp(type, "element") != 0) {
            return "contents: url is required";
        }
    }
    if (kind == KLING_IMAGE && new_content_of(body, "first_frame") == NULL) {
        return "contents: first_frame is required";
    }
    if (kind == KLING_OMNI && new_content_of(body, "prompt") == NULL) {
        return "contents: prompt is required";
    }
    if (new_content_of(body, "last_frame") != NULL && (model->features & KLING_TAIL) == 0) {
        return "contents: last_frame is not supported by this model";
    }
    return NULL;
}

static struct gen_node *new_data(struct sim_call *call, const struct sim_task *task);

static void new_wish(const struct gen_node *body, uint32_t kind, struct kling_wish *wish)
{
    const struct gen_node *settings = gen_node_get(body, "settings");
    const char *resolution = gen_node_text(gen_node_get(settings, "resolution"), "720p");

    wish->quality = strcmp(resolution, "4k") == 0      ? KLING_4K
                    : strcmp(resolution, "1080p") == 0 ? KLING_PRO
                                                       : KLING_STD;
    wish->sound = (wish->model->features & KLING_ALWAYS) != 0 ||
                  strcmp(gen_node_text(gen_node_get(settings, "audio"), "off"), "off") != 0;
    wish->seconds = (int32_t)gen_node_integer(gen_node_get(settings, "duration"), 5);
    wish->aspect = kind == KLING_IMAGE
                       ? NULL
                       : gen_node_text(gen_node_get(settings, "aspect_ratio"), "16:9");
    wish->image = gen_node_text(gen_node_get(new_content_of(body, "first_frame"), "url"), NULL);
    wish->reference = gen_node_text(gen_node_get(gen_node_get(body, "options"), "external_task_id"),
                                    NULL);
}

static void new_create(struct sim_call *call, uint32_t kind, const char *name)
{
    const struct gen_node *body = kling_body(call);
    struct kling_wish wish = {.model = kling_new_model(call->capture[0], kind), .kind = name};
    struct sim_field settings[NEW_FIELDS], fields[NEW_FIELDS];
    struct sim_complaints complaints;
    const struct sim_task *task;
    const char *wrong;

    if (wish.model == NULL) {
        kling_refuse_code(call, 1203, "The model does not exist");
        return;
    }
    if (body == NULL) {
        return;
    }
    new_settings(settings, wish.model, kind);
    new_fields(fields, settings, kind);
    if (!sim_form_check(call, fields, body, &complaints)) {
        kling_refuse_form(call, &complaints);
        return;
    }
    wrong = new_wrong(body, wish.model, kind);
    if (wrong != NULL) {
        kling_refuse_code(call, 1201, wrong);
        return;
    }
    new_wish(body, kind, &wish);
    task = kling_order(call, &wish);
    if (task != NULL) {
        kling_answer(call, new_data(call, task));
    }
}

void kling_new_text(struct sim_call *call)
{
    new_create(call, KLING_TEXT, "text-to-video");
}

void kling_new_image(struct sim_call *call)
{
    new_create(call, KLING_IMAGE, "image-to-video");
}

void kling_new_omni(struct sim_call *call)
{
    new_create(call, KLING_OMNI, "omni_video");
}

/* ------------------------------------------------------------------------------------------- read */

static bool new_is(const struct sim_task *task)
{
    return sim_form_among("text-to-video|image-to-video|omni_video", task->kind);
}

static struct gen_node *new_data(struct sim_call *call, const struct sim_task *task)
{
    static const char *const words[] = {
        [SIM_QUEUED] = "submitted", [SIM_THROTTLED] = "submitted", [SIM_RUNNING] = "processing",
        [SIM_DONE] = "succeeded",   [SIM_FILTERED] = "succeeded",  [SIM_REFUSED] = "failed",
        [SIM_FAILED] = "failed",    [SIM_CANCELLED] = "failed",
    };
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    bool odd = task->odd && task->state == SIM_RUNNING;
    bool bad = task->state == SIM_REFUSED || task->state == SIM_FAILED;

    gen_node_set(arena, map, "id", gen_node_string(arena, task->id));
    gen_node_set(arena, map, "external_id",
                 gen_node_string(arena, task->reference == NULL ? "" : task->reference));
    gen_node_set(arena, map, "status",
                 gen_node_string(arena, odd ? "reviewing" : words[task->state]));
    gen_node_set(arena, map, "message", gen_node_string(arena, bad ? kling_failure(task) : ""));
    gen_node_set(arena, map, "create_time", gen_node_int(arena, task->created));
    gen_node_set(arena, map, "update_time", gen_node_int(arena, task->changed));
    if (task->state == SIM_DONE || task->state == SIM_FILTERED) {
        struct gen_node *outputs = gen_node_set(arena, map, "outputs", gen_node_list(arena));
        struct gen_node *billing = gen_node_set(arena, map, "billing", gen_node_list(arena));
        const char *const bill[] = {"charge_type", "unit", "amount",
                                    kling_units(arena, task->billed), NULL};

        for (int32_t i = 0; task->state == SIM_DONE && i < task->clips; i++) {
            const char *const pairs[] = {"type",     "video",
                                         "url",      sim_link_result(call, task, i),
                                         "duration", kling_seconds(arena, task->clip.duration_ms),
                                         NULL};

            gen_node_push(outputs, sim_node_texts(arena, pairs));
        }
        gen_node_push(billing, sim_node_texts(arena, bill));
    }
    return map;
}

/* Unknown ids are left out: the list may be empty. */
void kling_new_get(struct sim_call *call)
{
    static const char *const known[] = {"task_ids", "external_task_ids", NULL};
    const char *ids = sim_call_query(call, "task_ids");
    const char *references = sim_call_query(call, "external_task_ids");
    const char *unknown = sim_call_query_unknown(call, known);
    struct gen_node *list = gen_node_list(call->arena);
    char *text = gen_arena_strdup(call->arena, ids != NULL ? ids : references);
    char *rest = NULL;
    size_t count = 0;

    if (unknown != NULL || text == NULL || (ids != NULL && references != NULL)) {
        kling_refuse_code(call, 1200, "exactly one of task_ids and external_task_ids is required");
        return;
    }
    for (char *one = strtok_r(text, ",", &rest); one != NULL; one = strtok_r(NULL, ",", &rest)) {
        const struct sim_task *task = ids != NULL ? sim_task_find(call, one)
                                                  : sim_task_by_reference(call, one);

        if (++count > NEW_IDS) {
            kling_refuse_code(call, 1201, "too many ids");
            return;
        }
        if (task != NULL && new_is(task)) {
            gen_node_push(list, new_data(call, task));
        }
    }
    kling_answer(call, list);
}

void kling_new_list(struct sim_call *call)
{
    struct gen_node *list = gen_node_list(call->arena);
    int64_t skip = 0, most = 0;

    if (kling_body(call) == NULL || !kling_page(call, &skip, &most)) {
        return;
    }
    for (const struct sim_task *task = sim_task_next(call, NULL); task != NULL && most > 0;
         task = sim_task_next(call, task)) {
        if (new_is(task) && --skip < 0) {
            gen_node_push(list, new_data(call, task));
            most--;
        }
    }
    kling_answer(call, list);
}
