/* drive.c - loads one plugin and asks it about a brief; prints what it says as JSON.
 *
 * usage: contract_drive PLUGIN.so [BRIEF.yaml|BRIEF.json [SETTINGS.json]]
 * For each model and variation: what format answers, what it costs, and the first step of submit.
 * Exit code: 0, or 1 when the plugin was refused or a file cannot be read; refusals of single tasks
 * are part of the output.
 */
#include "base/json.h"
#include "host/plugin.h"
#include "host/provider.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"
#include "sample.h"

#include <stdio.h>
#include <string.h>

enum { DRIVE_FILE = 4 * 1024 * 1024, DRIVE_EXCHANGE = 64 * 1024 * 1024 };

static enum gen_status drive_read(const char *path, struct gen_arena *arena,
                                  const struct gen_node **out, struct gen_error *err)
{
    const char *dot = strrchr(path, '.');
    struct gen_bytes bytes;
    enum gen_status status;

    gen_bytes_init(&bytes, DRIVE_FILE);
    status = gen_files_read(path, &bytes, err);
    if (status == GEN_OK) {
        const char *text = bytes.data != NULL ? bytes.data : "";

        status = dot != NULL && strcmp(dot, ".json") == 0
                     ? gen_json_read(text, bytes.size, path, arena, out, err)
                     : gen_yaml_read(text, bytes.size, path, arena, out, err);
    }
    gen_bytes_fini(&bytes);
    return status;
}

static void drive_text(struct gen_arena *arena, struct gen_node *map, const char *key,
                       const char *text)
{
    gen_node_set(arena, map, key, gen_node_string(arena, text));
}

static void drive_int(struct gen_arena *arena, struct gen_node *map, const char *key, int64_t value)
{
    gen_node_set(arena, map, key, gen_node_int(arena, value));
}

static void drive_models(const struct gen_hosted *hosted, struct gen_arena *arena,
                         struct gen_node *root)
{
    struct gen_node *list = gen_node_set(arena, root, "models", gen_node_list(arena));
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(hosted, &count);

    for (size_t i = 0; i < count; i++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));
        struct gen_node *needs;

        drive_text(arena, map, "id", models[i].id);
        drive_text(arena, map, "name", models[i].name);
        drive_int(arena, map, "tier", models[i].tier);
        needs = gen_node_set(arena, map, "needs", gen_node_list(arena));
        for (uint32_t bit = 1; bit != 0 && bit <= models[i].needs; bit <<= 1) {
            if ((models[i].needs & bit) != 0 && gen_needs_word(bit) != NULL) {
                gen_node_push(needs, gen_node_string(arena, gen_needs_word(bit)));
            }
        }
        drive_int(arena, map, "traits", models[i].traits);
        drive_int(arena, map, "minDurationMs", models[i].min_duration_ms);
        drive_int(arena, map, "maxDurationMs", models[i].max_duration_ms);
        drive_int(arena, map, "maxWidth", models[i].max_width);
        drive_int(arena, map, "maxHeight", models[i].max_height);
        drive_int(arena, map, "maxFrameRate", models[i].max_frame_rate);
        drive_int(arena, map, "maxScenes", models[i].max_scenes);
        drive_text(arena, map, "assetTypes", models[i].asset_types);
        gen_node_set(arena, map, "quality", gen_node_real(arena, models[i].quality));
    }
}

static void drive_step(const struct gen_step *step, struct gen_arena *arena, struct gen_node *map)
{
    static const char *const words[] = {"", "http", "run", "wait", "done", "fail"};
    struct gen_node *list;

    drive_text(arena, map, "kind", words[step->type]);
    drive_text(arena, map, "state", step->state);
    drive_text(arena, map, "note", step->note);
    if (step->type == GEN_STEP_IS_HTTP) {
        drive_text(arena, map, "method", step->as.http.method);
        drive_text(arena, map, "url", step->as.http.url);
        drive_text(arena, map, "credential", step->as.http.credential);
        gen_node_set(arena, map, "costs", gen_node_bool(arena, step->as.http.costs));
        gen_node_set(arena, map, "body",
                     gen_node_string_sized(arena, step->as.http.data, step->as.http.data_size));
    } else if (step->type == GEN_STEP_IS_RUN) {
        drive_text(arena, map, "program", step->as.run.program);
        list = gen_node_set(arena, map, "arguments", gen_node_list(arena));
        for (size_t i = 0; step->as.run.arguments[i] != NULL; i++) {
            gen_node_push(list, gen_node_string(arena, step->as.run.arguments[i]));
        }
        list = gen_node_set(arena, map, "files", gen_node_list(arena));
        for (size_t i = 0; i < step->as.run.file_count; i++) {
            gen_node_push(list, gen_node_string(arena, step->as.run.files[i].name));
        }
    } else if (step->type == GEN_STEP_IS_DONE) {
        drive_text(arena, map, "handle", step->as.done.handle);
    } else if (step->type == GEN_STEP_IS_FAIL) {
        drive_text(arena, map, "failure", gen_failure_word(step->as.fail.kind));
        drive_text(arena, map, "message", step->as.fail.message);
    }
}

/* Asks format, cost and the first step of submit, as far as they go. */
static void drive_task(const struct gen_hosted *hosted, struct sample *sample, size_t variation,
                       const struct gen_model *model, struct gen_node *map)
{
    struct gen_arena *arena = sample->arena;
    struct gen_task task = sample_task(sample, variation, model->id);
    struct gen_formatted formatted;
    struct gen_priced priced;
    struct gen_step step;
    struct gen_error err = {0};

    sample->shot.parameters = NULL;
    drive_text(arena, map, "model", model->id);
    drive_text(arena, map, "variation", task.variation->name);
    drive_int(arena, map, "firstScene", (int64_t)sample->shot.first_scene);
    drive_int(arena, map, "sceneCount", (int64_t)sample->shot.scene_count);
    if (gen_hosted_format(hosted, &task, arena, &formatted, &err) != GEN_OK) {
        drive_text(arena, map, "error", err.message);
        return;
    }
    sample->shot.parameters = formatted.parameters;
    drive_int(arena, map, "width", formatted.width);
    drive_int(arena, map, "height", formatted.height);
    drive_int(arena, map, "frameRateMilli", formatted.frame_rate_milli);
    drive_int(arena, map, "durationMs", formatted.duration_ms);
    drive_text(arena, map, "parameters", formatted.parameters);
    gen_node_set(arena, map, "adjustments", formatted.adjustments);
    if (gen_hosted_cost(hosted, &task, NULL, arena, &priced, &err) != GEN_OK) {
        drive_text(arena, map, "error", err.message);
        return;
    }
    gen_node_set(arena, map, "price",
                 priced.known ? gen_node_money(arena, priced.price) : gen_node_null(arena));
    gen_node_set(arena, map, "most",
                 priced.known ? gen_node_money(arena, priced.most) : gen_node_null(arena));
    drive_text(arena, map, "basis", priced.basis);
    if (gen_hosted_step(hosted, GEN_VERB_SUBMIT, &task, NULL, arena, &step, &err) != GEN_OK) {
        drive_text(arena, map, "error", err.message);
        return;
    }
    drive_step(&step, arena, gen_node_set(arena, map, "submit", gen_node_map(arena)));
}

static void drive_brief(const struct gen_hosted *hosted, struct sample *sample,
                        struct gen_node *root)
{
    struct gen_arena *arena = sample->arena;
    struct gen_node *list = gen_node_set(arena, root, "tasks", gen_node_list(arena));
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(hosted, &count);

    for (size_t m = 0; m < count; m++) {
        bool whole = (models[m].traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
        size_t step = whole ? sample->brief->scenes.count : 1;

        for (size_t v = 0; v < sample->brief->variations.count; v++) {
            for (size_t s = 0; s < sample->brief->scenes.count; s += step) {
                sample->shot.first_scene = s;
                sample->shot.scene_count = step;
                drive_task(hosted, sample, v, &models[m], gen_node_push(list, gen_node_map(arena)));
            }
        }
    }
}

static enum gen_status drive(int count, char **words, struct gen_arena *arena,
                             struct gen_hosted **hosted, struct gen_error *err)
{
    struct gen_plugin_options options = {.version = GEN_VERSION};
    struct gen_node *root = gen_node_map(arena);
    struct gen_node *settings = gen_node_map(arena);
    const struct gen_node *node = NULL;
    struct sample sample;
    enum gen_status status = gen_crypto_init(err);

    status = status == GEN_OK && count > 3 ? drive_read(words[3], arena, &node, err) : status;
    if (status != GEN_OK) {
        return status;
    }
    if (node != NULL) {
        const char *slash = strrchr(words[1], '/');
        const char *name = slash != NULL ? slash + 1 : words[1];
        char *id = gen_arena_strndup(arena, name, strcspn(name, "."));

        gen_node_set(arena, settings, id, gen_node_copy(arena, node));
        options.settings = settings;
    }
    status = gen_plugin_open(words[1], &options, hosted, err);
    if (status != GEN_OK) {
        return status;
    }
    drive_text(arena, root, "id", gen_hosted_id(*hosted));
    drive_text(arena, root, "name", gen_hosted_name(*hosted));
    drive_text(arena, root, "version", gen_hosted_version(*hosted));
    drive_models(*hosted, arena, root);
    if (count > 2) {
        status = drive_read(words[2], arena, &node, err);
        status = status == GEN_OK ? sample_read(node, arena, &sample, err) : status;
        if (status != GEN_OK) {
            return status;
        }
        drive_brief(*hosted, &sample, root);
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    printf("%s\n", gen_json_text(arena, root, NULL));
    return GEN_OK;
}

int main(int count, char **words)
{
    struct gen_arena *arena = gen_arena_create(DRIVE_EXCHANGE);
    struct gen_hosted *hosted = NULL;
    struct gen_error err = {0};
    char text[1200];
    enum gen_status status = GEN_EINVAL;

    if (count < 2 || count > 4 || arena == NULL) {
        fprintf(stderr, "usage: contract_drive PLUGIN.so [BRIEF.yaml|BRIEF.json [SETTINGS.json]]\n"
                        "SETTINGS are for the provider whose id is the plugin's file name\n");
    } else {
        status = drive(count, words, arena, &hosted, &err);
        if (status != GEN_OK) {
            fprintf(stderr, "contract_drive: %s\n", gen_error_text(&err, text, sizeof(text)));
        }
    }
    gen_plugin_close(hosted);
    gen_arena_destroy(arena);
    return status == GEN_OK ? 0 : 1;
}
