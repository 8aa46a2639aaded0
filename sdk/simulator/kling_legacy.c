/* kling_legacy.c - Kling's v1 format: flat bodies, durations as texts, "succeed". */
#include "simulator/kling.h"

#include <stdlib.h>
#include <string.h>

enum { LEGACY_FIELDS = 32 };

static const struct sim_field legacy_watermark[] = {
    {.key = "enabled", .type = SIM_BOOL, .flags = SIM_REQUIRED},
    {.key = NULL},
};
static const struct sim_field legacy_camera_config[] = {
    {.key = "horizontal", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = "vertical", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = "pan", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = "tilt", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = "roll", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = "zoom", .type = SIM_NUMBER, .min = -10, .max = 10},
    {.key = NULL},
};
static const struct sim_field legacy_camera[] = {
    {.key = "type",
     .type = SIM_TEXT,
     .choices = "simple|down_back|forward_up|right_turn_forward|left_turn_forward"},
    {.key = "config", .type = SIM_MAP, .fields = legacy_camera_config},
    {.key = NULL},
};
static const struct sim_field legacy_omni_image[] = {
    {.key = "image_url", .type = SIM_TEXT, .flags = SIM_REQUIRED, .check = kling_image_wrong},
    {.key = "type", .type = SIM_TEXT, .choices = "first_frame|end_frame"},
    {.key = NULL},
};

struct legacy_form {
    struct sim_field fields[LEGACY_FIELDS];
    size_t count;
};

static void legacy_add(struct legacy_form *form, const struct sim_field *fields)
{
    for (; fields->key != NULL; fields++) {
        GEN_CHECK(form->count + 1 < LEGACY_FIELDS);
        form->fields[form->count++] = *fields;
    }
}

static void legacy_add_kind(struct legacy_form *form, uint32_t kind)
{
    static const struct sim_field aspect[] = {
        {.key = "aspect_ratio", .type = SIM_TEXT, .choices = "16:9|9:16|1:1"},
        {.key = NULL},
    };
    static const struct sim_field images[] = {
        {.key = "image", .type = SIM_TEXT, .min = 1, .max = 20000000, .check = kling_image_wrong},
        {.key = NULL},
    };
    static const struct sim_field omni[] = {
        {.key = "image_list",
         .type = SIM_LIST,
         .max = 7,
         .items = SIM_MAP,
         .fields = legacy_omni_image},
        {.key = "video_list", .type = SIM_LIST, .max = 1, .items = SIM_MAP},
        {.key = NULL},
    };

    if (kind != KLING_IMAGE) {
        legacy_add(form, aspect);
    }
    if (kind == KLING_IMAGE) {
        legacy_add(form, images);
    }
    if (kind == KLING_OMNI) {
        legacy_add(form, omni);
    }
}

static void legacy_add_features(struct legacy_form *form, const struct kling_model *model,
                                uint32_t kind)
{
    static const struct sim_field negative[] = {
        {.key = "negative_prompt", .type = SIM_TEXT, .max = 2500}, {.key = NULL}};
    static const struct sim_field cfg[] = {
        {.key = "cfg_scale", .type = SIM_NUMBER, .min = 0, .max = 1}, {.key = NULL}};
    static const struct sim_field masks[] = {
        {.key = "static_mask", .type = SIM_TEXT, .check = kling_image_wrong},
        {.key = "dynamic_masks", .type = SIM_LIST, .max = 6, .items = SIM_MAP},
        {.key = NULL},
    };
    static const struct sim_field camera[] = {
        {.key = "camera_control", .type = SIM_MAP, .fields = legacy_camera}, {.key = NULL}};
    static const struct sim_field tail[] = {
        {.key = "image_tail", .type = SIM_TEXT, .check = kling_image_wrong}, {.key = NULL}};
    static const struct sim_field sound[] = {
        {.key = "sound", .type = SIM_TEXT, .choices = "on|off"}, {.key = NULL}};
    static const struct sim_field shots[] = {
        {.key = "multi_shot", .type = SIM_BOOL},
        {.key = "shot_type", .type = SIM_TEXT, .choices = "customize|intelligence"},
        {.key = "multi_prompt", .type = SIM_LIST, .max = 6, .items = SIM_MAP},
        {.key = "voice_list", .type = SIM_LIST, .max = 2, .items = SIM_MAP},
        {.key = "element_list", .type = SIM_LIST, .max = 3, .items = SIM_MAP},
        {.key = NULL},
    };
    const struct {
        uint32_t feature, kinds;
        const struct sim_field *fields;
    } rows[] = {
        {KLING_NEGATIVE, KLING_TEXT | KLING_IMAGE, negative},
        {KLING_CFG, KLING_TEXT | KLING_IMAGE, cfg},
        {KLING_CFG, KLING_IMAGE, masks},
        {KLING_CAMERA, KLING_TEXT | KLING_IMAGE, camera},
        {KLING_TAIL, KLING_IMAGE, tail},
        {KLING_SOUND_STD | KLING_SOUND_PRO, ~0u, sound},
        {KLING_SHOTS, ~0u, shots},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        if ((model->features & rows[i].feature) != 0 && (kind & rows[i].kinds) != 0) {
            legacy_add(form, rows[i].fields);
        }
    }
}

static void legacy_fields(struct legacy_form *form, const struct kling_model *model, uint32_t kind)
{
    const struct sim_field common[] = {
        {.key = "model_name", .type = SIM_TEXT},
        {.key = "prompt",
         .type = SIM_TEXT,
         .flags = kind == KLING_IMAGE ? 0 : SIM_REQUIRED,
         .min = kind == KLING_IMAGE ? 0 : 1,
         .max = 2500},
        {.key = "duration", .type = SIM_TEXT, .choices = model->durations},
        {.key = "mode",
         .type = SIM_TEXT,
         .choices = model->silent[KLING_4K] > 0 ? "std|pro|4k" : "std|pro"},
        {.key = "watermark_info", .type = SIM_MAP, .fields = legacy_watermark},
        {.key = "callback_url", .type = SIM_TEXT, .min = 1, .max = 2048},
        {.key = "external_task_id", .type = SIM_TEXT, .min = 1, .max = 255},
        {.key = NULL},
    };

    legacy_add(form, common);
    legacy_add_kind(form, kind);
    legacy_add_features(form, model, kind);
}

/* ----------------------------------------------------------------------------------------- create */

/* What no field can say alone. NULL = fine. */
static const char *legacy_wrong(const struct gen_node *body, const struct kling_wish *wish,
                                uint32_t kind)
{
    uint32_t needed = wish->quality == KLING_STD ? KLING_SOUND_STD : KLING_SOUND_PRO;

    if (kind == KLING_IMAGE && gen_node_get(body, "image") == NULL &&
        gen_node_get(body, "image_tail") == NULL) {
        return "image and image_tail cannot both be empty";
    }
    if (wish->sound && (wish->model->features & needed) == 0) {
        return "sound is not supported in this mode";
    }
    if (gen_node_get(body, "image_tail") != NULL && gen_node_get(body, "camera_control") != NULL) {
        return "image_tail and camera_control cannot be used together";
    }
    return NULL;
}

static enum kling_quality legacy_quality(const struct gen_node *body,
                                         const struct kling_model *model)
{
    const char *preset = model->silent[KLING_STD] > 0 ? "std" : "pro";
    const char *mode = gen_node_text(gen_node_get(body, "mode"), preset);

    return strcmp(mode, "4k") == 0 ? KLING_4K : strcmp(mode, "pro") == 0 ? KLING_PRO : KLING_STD;
}

static struct gen_node *legacy_data(struct sim_call *call, const struct sim_task *task);

static void legacy_create(struct sim_call *call, uint32_t kind, const char *name)
{
    const struct gen_node *body = kling_body(call);
    const char *preset = kind == KLING_OMNI ? "kling-video-o1" : "kling-v1";
    const char *model = gen_node_text(gen_node_get(body, "model_name"), preset);
    struct kling_wish wish = {.model = kling_legacy_model(model, kind), .kind = name};
    struct legacy_form form = {.count = 0};
    struct sim_complaints complaints;
    const struct sim_task *task;
    const char *wrong;

    if (body == NULL) {
        return;
    }
    if (wish.model == NULL) {
        kling_refuse_code(call, 1201,
                          gen_arena_printf(call->arena, "model_name value '%s' is invalid", model));
        return;
    }
    legacy_fields(&form, wish.model, kind);
    if (!sim_form_check(call, form.fields, body, &complaints)) {
        kling_refuse_form(call, &complaints);
        return;
    }
    wish.quality = legacy_quality(body, wish.model);
    wish.sound = strcmp(gen_node_text(gen_node_get(body, "sound"), "off"), "on") == 0;
    wish.seconds = (int32_t)strtol(gen_node_text(gen_node_get(body, "duration"), "5"), NULL, 10);
    wish.aspect = kind == KLING_IMAGE ? NULL
                                      : gen_node_text(gen_node_get(body, "aspect_ratio"), "16:9");
    wish.image = gen_node_text(gen_node_get(body, "image"), NULL);
    if (kind == KLING_OMNI) {
        wish.image = gen_node_text(
            gen_node_get(gen_node_at(gen_node_get(body, "image_list"), 0), "image_url"), NULL);
    }
    wish.reference = gen_node_text(gen_node_get(body, "external_task_id"), NULL);
    wrong = legacy_wrong(body, &wish, kind);
    if (wrong != NULL) {
        kling_refuse_code(call, 1201, wrong);
        return;
    }
    task = kling_order(call, &wish);
    if (task != NULL) {
        kling_answer(call, legacy_data(call, task));
    }
}

void kling_legacy_text(struct sim_call *call)
{
    legacy_create(call, KLING_TEXT, "text2video");
}

void kling_legacy_image(struct sim_call *call)
{
    legacy_create(call, KLING_IMAGE, "image2video");
}

void kling_legacy_omni(struct sim_call *call)
{
    legacy_create(call, KLING_OMNI, "omni-video");
}

/* ------------------------------------------------------------------------------------------- read */

static struct gen_node *legacy_data(struct sim_call *call, const struct sim_task *task)
{
    static const char *const words[] = {
        [SIM_QUEUED] = "submitted", [SIM_THROTTLED] = "submitted", [SIM_RUNNING] = "processing",
        [SIM_DONE] = "succeed",     [SIM_FILTERED] = "succeed",    [SIM_REFUSED] = "failed",
        [SIM_FAILED] = "failed",    [SIM_CANCELLED] = "failed",
    };
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *info;
    bool odd = task->odd && task->state == SIM_RUNNING;

    gen_node_set(arena, map, "task_id", gen_node_string(arena, task->id));
    gen_node_set(arena, map, "task_status",
                 gen_node_string(arena, odd ? "reviewing" : words[task->state]));
    if (task->state == SIM_REFUSED || task->state == SIM_FAILED) {
        gen_node_set(arena, map, "task_status_msg", gen_node_string(arena, kling_failure(task)));
    }
    info = gen_node_set(arena, map, "task_info", gen_node_map(arena));
    if (task->reference != NULL) {
        gen_node_set(arena, info, "external_task_id", gen_node_string(arena, task->reference));
    }
    gen_node_set(arena, map, "created_at", gen_node_int(arena, task->created));
    gen_node_set(arena, map, "updated_at", gen_node_int(arena, task->changed));
    if (task->state == SIM_DONE || task->state == SIM_FILTERED) {
        struct gen_node *result = gen_node_set(arena, map, "task_result", gen_node_map(arena));
        struct gen_node *videos = gen_node_set(arena, result, "videos", gen_node_list(arena));

        gen_node_set(arena, map, "final_unit_deduction",
                     gen_node_string(arena, kling_units(arena, task->billed)));
        for (int32_t i = 0; task->state == SIM_DONE && i < task->clips; i++) {
            const char *const pairs[] = {
                "id",       gen_arena_printf(arena, "%s-%d", task->id, (int)i),
                "url",      sim_link_result(call, task, i),
                "duration", kling_seconds(arena, task->clip.duration_ms),
                NULL};

            gen_node_push(videos, sim_node_texts(arena, pairs));
        }
    }
    return map;
}

/* The kind stands in the path: a task of another kind is not found there. */
void kling_legacy_get(struct sim_call *call)
{
    const struct sim_task *task = sim_task_find(call, call->capture[1]);

    if (task == NULL) {
        task = sim_task_by_reference(call, call->capture[1]);
    }
    if (task == NULL || strcmp(task->kind, call->capture[0]) != 0) {
        kling_refuse_code(call, 1203, "Task not found");
        return;
    }
    kling_answer(call, legacy_data(call, task));
}

void kling_legacy_list(struct sim_call *call)
{
    struct gen_node *list = gen_node_list(call->arena);
    int64_t skip = 0, most = 0;

    if (!sim_form_among("text2video|image2video|omni-video", call->capture[0])) {
        kling_refuse_code(call, 1203, NULL);
        return;
    }
    if (!kling_page(call, &skip, &most)) {
        return;
    }
    for (const struct sim_task *task = sim_task_next(call, NULL); task != NULL && most > 0;
         task = sim_task_next(call, task)) {
        if (strcmp(task->kind, call->capture[0]) == 0 && --skip < 0) {
            gen_node_push(list, legacy_data(call, task));
            most--;
        }
    }
    kling_answer(call, list);
}
