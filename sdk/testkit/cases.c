/* cases.c - see cases.h. */
#include "cases.h"

#include "base/json.h"
#include "platform/json_reader.h"

#include <string.h>

struct case_words { /* what the scene says */
    const char *name, *scene;
    bool needs_picture; /* only for models that take one */
};

static const struct case_words case_scenes[] = {
    {"plain", "\"prompt\":\"A kettle boils at dawn\"", false},
    {"with words and a presenter",
     "\"prompt\":\"A baker in her shop\",\"presenter\":true,\"dialogue\":\"Bread, fresh every "
     "morning. Come in!\",\"overlays\":[{\"role\":\"headline\",\"text\":\"Fresh\"}]",
     false},
    {"with a picture", "\"prompt\":\"The bottle turns slowly\",\"assets\":[\"product.png\"]", true},
    {"in Arabic with emoji",
     "\"prompt\":\"\\u0645\\u0642\\u0647\\u0649 \\ud83d\\ude80 \\u062c\\u062f\\u064a\\u062f\"",
     false},
};

static bool case_read(struct trial_case *out, const char *text, struct gen_arena *arena,
                      struct gen_error *err)
{
    const struct gen_node *node = NULL;

    return text != NULL && gen_json_read(text, strlen(text), "case", arena, &node, err) == GEN_OK &&
           sample_read(node, arena, &out->sample, err) == GEN_OK;
}

static bool case_make(const struct gen_model *model, const char *scene, const int32_t size[2],
                      int64_t duration_ms, struct gen_arena *arena, struct trial_case *out)
{
    struct gen_variation *variation;
    struct gen_error err = {0};
    const char *text = gen_arena_printf(
        arena, "{\"title\":\"Ad\",\"language\":\"en\",\"scenes\":[{%s,\"duration\":%lld.%03lld}]}",
        scene, (long long)(duration_ms / 1000), (long long)(duration_ms % 1000));

    if (!case_read(out, text, arena, &err)) {
        return false;
    }
    variation = gen_arena_alloc(arena, sizeof(*variation));
    if (variation == NULL) {
        return false;
    }
    out->task = sample_task(&out->sample, 0, model->id);
    *variation = *out->task.variation;
    variation->width = size[0];
    variation->height = size[1];
    out->task.variation = variation;
    out->name = gen_arena_printf(arena, "%dx%d, %lld ms", size[0], size[1], (long long)duration_ms);
    return out->name != NULL;
}

size_t cases_of(const struct gen_model *model, struct gen_arena *arena, struct trial_case *out)
{
    static const int32_t wide[2] = {1280, 720};
    static const int32_t odd[2] = {1080, 1350};
    size_t count = 0;

    for (size_t s = 0; s < GEN_COUNT(case_scenes) && count < CASES_MOST - 8; s++) {
        if (case_scenes[s].needs_picture && strstr(model->asset_types, "image/") == NULL) {
            continue;
        }
        for (size_t i = 0; i < 2; i++) { /* the model's first size and duration, and its last */
            size_t at = i == 0 || model->size_count == 0 ? 0 : model->size_count - 1;
            const int32_t *size = model->size_count > 0 ? model->sizes[at] : wide;
            int64_t ms = model->duration_count > 0
                             ? model->durations_ms[i == 0 ? 0 : model->duration_count - 1]
                         : i == 0 ? model->min_duration_ms
                                  : model->max_duration_ms;

            ms = ms < 200 ? 200 : ms;
            out[count].listed = model->size_count > 0;
            if (case_make(model, case_scenes[s].scene, size, ms, arena, &out[count])) {
                out[count].name = gen_arena_printf(arena, "%s, %s", case_scenes[s].name,
                                                   out[count].name);
                count++;
            }
        }
    }
    if (count > 0 && case_make(model, case_scenes[0].scene, odd, 7300, arena, &out[count])) {
        out[count++].listed = false;
    }
    return gen_arena_failed(arena) ? 0 : count;
}

size_t cases_odd(const struct gen_model *model, struct gen_arena *arena, struct trial_case *out)
{
    enum { LONG = 20000 };
    static const struct {
        const char *name, *scene; /* scene NULL: a prompt that is very long */
        int32_t size[2];
        int64_t duration_ms;
    } rows[] = {
        {"nothing but a headline",
         "\"overlays\":[{\"role\":\"headline\",\"text\":\"Fresh\"}]",
         {1280, 720},
         5000},
        {"a very long prompt", NULL, {1280, 720}, 5000},
        {"a moment", "\"prompt\":\"A kettle boils\"", {1280, 720}, 200},
        {"five minutes", "\"prompt\":\"A kettle boils\"", {1280, 720}, 300000},
        {"a strip", "\"prompt\":\"A kettle boils\"", {3840, 64}, 5000},
        {"a picture that it may not take",
         "\"prompt\":\"A kettle boils\",\"assets\":[\"product.png\"]",
         {720, 1280},
         5000},
        {"a sound that it may not take",
         "\"prompt\":\"A kettle boils\",\"assets\":[\"music.mp3\"]",
         {720, 1280},
         5000},
    };
    char *words = gen_arena_alloc(arena, LONG + 1);
    size_t count = 0;

    for (size_t i = 0; words != NULL && i < LONG; i++) {
        words[i] = i % 9 == 8 ? ' ' : 'w';
    }
    for (size_t i = 0; words != NULL && i < GEN_COUNT(rows); i++) {
        const char *scene = rows[i].scene;

        if (scene == NULL) {
            words[LONG] = '\0';
            scene = gen_arena_printf(arena, "\"prompt\":\"%s\"", words);
        }
        out[count] = (struct trial_case){0};
        if (scene != NULL &&
            case_make(model, scene, rows[i].size, rows[i].duration_ms, arena, &out[count])) {
            out[count++].name = rows[i].name;
        }
    }
    return gen_arena_failed(arena) ? 0 : count;
}

bool cases_recorded(const struct gen_model *model, const struct gen_node *recording,
                    struct gen_arena *arena, struct trial_case *out, struct gen_error *err)
{
    const struct gen_node *scene = gen_node_get(recording, "scene");
    const char *text = scene == NULL ? "{\"prompt\":\"A kettle boils at dawn\"}"
                                     : gen_json_text(arena, scene, NULL);
    int32_t size[2] = {(int32_t)gen_node_integer(gen_node_get(recording, "width"), 1280),
                       (int32_t)gen_node_integer(gen_node_get(recording, "height"), 720)};
    int64_t ms = (int64_t)(gen_node_number(gen_node_get(recording, "duration"), 5) * 1000);

    memset(out, 0, sizeof(*out));
    if (text != NULL && strlen(text) >= 2) {
        const char *inside = gen_arena_strndup(arena, text + 1, strlen(text) - 2);

        if (inside != NULL && case_make(model, inside, size, ms, arena, out)) {
            return true;
        }
    }
    gen_error_set(err, GEN_EINVAL, "its scene cannot be read as one of a brief");
    return false;
}
