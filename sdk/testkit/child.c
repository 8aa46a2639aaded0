/* child.c - see child.h. */
#include "child.h"

#include "base/json.h"
#include "host/plugin.h"
#include "jail.h"
#include "platform/files.h"
#include "platform/json_reader.h"
#include "recording.h"
#include "setups.h"

#include <dirent.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A sanitizer makes everything slower. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { CHILD_SLOW = 2 };
#else
enum { CHILD_SLOW = 1 };
#endif
enum { CHILD_LIST = 24 };
enum { CHILD_FILE = 8 << 20, CHILD_CPU_QUICK_S = CHILD_SLOW * 2, CHILD_CPU_S = CHILD_SLOW * 20 };

/* ---------------------------------------------------------------------------------- files -- */

static enum gen_status child_read(const char *path, struct gen_bytes *bytes, struct gen_error *err)
{
    enum gen_status status;

    gen_bytes_init(bytes, CHILD_FILE);
    status = gen_files_read(path, bytes, err);
    return status;
}

static enum gen_status child_settings(struct child_order *order, struct gen_arena *arena,
                                      struct gen_error *err)
{
    struct gen_bytes bytes;
    enum gen_status status;

    if (order->settings_path == NULL) {
        return GEN_OK;
    }
    status = child_read(order->settings_path, &bytes, err);
    if (status == GEN_OK) {
        status = gen_json_read(bytes.data == NULL ? "" : bytes.data, bytes.size,
                               order->settings_path, arena, &order->settings, err);
    }
    gen_bytes_fini(&bytes);
    return status;
}

/* One file of recordings: a JSON document a line; empty lines and lines with # are left out. */
static enum gen_status child_recording_lines(struct child_order *order, const char *path,
                                             struct gen_bytes *bytes, struct gen_arena *arena,
                                             struct gen_error *err)
{
    char *line = bytes->data, *end;
    int number = 1;

    for (; line != NULL && *line != '\0'; line = end, number++) {
        enum gen_status status;

        end = line + strcspn(line, "\n");
        end += *end == '\n' ? 1 : 0;
        if (strspn(line, " \t\r\n") >= (size_t)(end - line) || line[0] == '#') {
            continue;
        }
        if (order->recording_count == CHILD_RECORDINGS) {
            return gen_error_set(err, GEN_ELIMIT, "more than %d recordings", CHILD_RECORDINGS);
        }
        status = gen_json_read(line, (size_t)(end - line), NULL, arena,
                               &order->recordings[order->recording_count], err);
        if (status != GEN_OK) {
            char why[GEN_ERROR_MESSAGE_SIZE];

            (void)snprintf(why, sizeof(why), "%s", err->message);
            return gen_error_set(err, status, "%s:%d: %s", path, number, why);
        }
        order->recording_count++;
    }
    return GEN_OK;
}

static int child_is_recording(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return size > 6 && entry->d_name[0] != '.' && strcmp(entry->d_name + size - 6, ".jsonl") == 0;
}

static enum gen_status child_recordings(struct child_order *order, struct gen_arena *arena,
                                        struct gen_error *err)
{
    struct dirent **list = NULL;
    enum gen_status status = GEN_OK;
    int count;

    if (order->recordings_path == NULL) {
        return GEN_OK;
    }
    order->recordings = gen_arena_array(arena, CHILD_RECORDINGS, sizeof(const void *));
    count = scandir(order->recordings_path, &list, child_is_recording, alphasort);
    if (count < 0 || order->recordings == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "%s cannot be listed", order->recordings_path);
    }
    for (int i = 0; i < count; i++) {
        const char *path = gen_arena_printf(arena, "%s/%s", order->recordings_path,
                                            list[i]->d_name);
        struct gen_bytes bytes;

        if (status == GEN_OK && path != NULL) {
            status = child_read(path, &bytes, err);
            if (status == GEN_OK && gen_bytes_append(&bytes, "", 1) == GEN_OK) {
                status = child_recording_lines(order, path, &bytes, arena, err);
            }
            gen_bytes_fini(&bytes);
        }
        free(list[i]); /* house-allow call: scandir allocated it */
    }
    free(list); /* house-allow call: the same */
    return status;
}

enum gen_status child_prepare(struct child_order *order, struct gen_arena *arena,
                              struct gen_error *err)
{
    const struct gen_node *seeded = NULL; /* the JSON reader seeds itself once, from a file */
    enum gen_status status = gen_json_read("{}", 2, NULL, arena, &seeded, err);

    if (status == GEN_OK) {
        status = child_settings(order, arena, err);
    }
    return status == GEN_OK ? child_recordings(order, arena, err) : status;
}

/* --------------------------------------------------------------------------------- the try -- */

/* A model's limits, by the names that the API has for them; long lists are cut. */
static void child_model(struct report *report, const struct gen_model *model,
                        struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *durations = gen_node_list(arena);
    struct gen_node *can = gen_node_map(arena), *limits = gen_node_map(arena);
    struct gen_node *sizes = gen_node_list(arena);
    const char *text;

    for (size_t i = 0; i < model->duration_count && i < CHILD_LIST; i++) {
        gen_node_push(durations, gen_node_real(arena, (double)model->durations_ms[i] / 1000));
    }
    for (size_t i = 0; i < model->size_count && i < CHILD_LIST; i++) {
        gen_node_push(sizes,
                      gen_node_string(arena, gen_arena_printf(arena, "%dx%d", model->sizes[i][0],
                                                              model->sizes[i][1])));
    }
    gen_node_set(arena, can, "minDuration",
                 gen_node_real(arena, (double)model->min_duration_ms / 1000));
    gen_node_set(arena, can, "maxDuration",
                 gen_node_real(arena, (double)model->max_duration_ms / 1000));
    gen_node_set(arena, can, "durations", durations);
    gen_node_set(arena, can, "sizes", sizes);
    gen_node_set(arena, can, "maxSize",
                 gen_node_string(
                     arena, gen_arena_printf(arena, "%dx%d", model->max_width, model->max_height)));
    gen_node_set(arena, can, "maxFrameRate", gen_node_int(arena, model->max_frame_rate));
    gen_node_set(arena, can, "anyRatio",
                 gen_node_bool(arena, (model->traits & GEN_TRAIT_ANY_RATIO) != 0));
    gen_node_set(arena, limits, "maxConcurrent", gen_node_int(arena, model->max_concurrent));
    gen_node_set(arena, limits, "rateLimitPerMinute", gen_node_int(arena, model->rate_per_minute));
    gen_node_set(arena, limits, "maxFileSize", gen_node_int(arena, model->max_asset_bytes));
    gen_node_set(arena, limits, "maxScenes", gen_node_int(arena, model->max_scenes));
    gen_node_set(arena, limits, "maxAssets", gen_node_int(arena, model->max_assets));
    gen_node_set(arena, limits, "maxPrompt", gen_node_int(arena, model->max_prompt));
    gen_node_set(arena, map, "modelId", gen_node_string(arena, model->id));
    gen_node_set(arena, map, "name", gen_node_string(arena, model->name));
    gen_node_set(arena, map, "tier", gen_node_int(arena, model->tier));
    gen_node_set(arena, map, "capabilities", can);
    gen_node_set(arena, map, "limits", limits);
    text = gen_json_text(arena, map, NULL);
    if (text != NULL) {
        report_model(report, text);
    }
}

static void child_facts(struct report *report, const struct gen_hosted *hosted,
                        struct gen_arena *arena)
{
    char text[32];
    size_t count = 0;

    const struct gen_model *models = gen_hosted_models(hosted, &count);

    (void)snprintf(text, sizeof(text), "%zu", count);
    report_fact(report, "id", gen_hosted_id(hosted));
    report_fact(report, "name", gen_hosted_name(hosted));
    report_fact(report, "version", gen_hosted_version(hosted));
    report_fact(report, "models", text);
    for (size_t i = 0; i < count; i++) {
        child_model(report, &models[i], arena);
    }
}

/* The same with settings, which stand under an id that nobody knew before. A plugin that serves by
 * description becomes the provider "trial". */
static enum gen_status child_configure(const struct child_order *order,
                                       struct gen_plugin_options *options, struct gen_arena *arena,
                                       struct gen_hosted **hosted, struct gen_error *err)
{
    struct gen_node *by_id = gen_node_map(arena);
    struct gen_hosted *base = *hosted;
    bool dormant = gen_plugin_dormant(base);
    const char *id = dormant ? "trial" : gen_arena_strdup(arena, gen_hosted_id(base));

    gen_node_set(arena, by_id, id, gen_node_copy(arena, order->settings));
    options->settings = by_id;
    *hosted = NULL;
    if (dormant) {
        return gen_plugin_again(base, id, "Trial", options, hosted, err);
    }
    gen_plugin_close(base);
    return gen_plugin_open(order->path, options, hosted, err);
}

/* Loads it. */
static struct gen_hosted *child_open(const struct child_order *order, struct report *report,
                                     struct gen_arena *arena)
{
    const char *folders[] = {order->programs, NULL};
    struct gen_plugin_options options = {.version = GEN_VERSION, .program_folders = folders};
    struct gen_hosted *hosted = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    report_phase(report, "load");
    status = gen_plugin_open(order->path, &options, &hosted, &err);
    if (status == GEN_OK && order->settings != NULL) {
        report_phase(report, "load with settings");
        status = child_configure(order, &options, arena, &hosted, &err);
    }
    if (status != GEN_OK) {
        report_phase(report, CHILD_OPENING);
        report_finding(report, "%s", err.message);
        return NULL;
    }
    return hosted;
}

/* The entry once more, now that nothing but memory is allowed; from here on the plugin's variables are
 * sealed. */
static bool child_again(struct gen_hosted *hosted, const struct jail *jail, struct report *report)
{
    struct gen_error err = {0};

    report_phase(report, "entry");
    gen_plugin_greet(hosted);
    if (statics_seal(&jail->statics, &err) != GEN_OK) {
        report_finding(report, "%s", err.message);
        return false;
    }
    return true;
}

static void child_try(const struct child_order *order, struct report *report,
                      struct gen_hosted *hosted)
{
    struct gen_hosted other;
    struct exercise exercise = {
        .report = report, .hosted = hosted, .other = &other, .quick = order->quick};

    if (!setups_try(report, hosted, order->settings, &other)) {
        return;
    }
    exercise_models(&exercise);
    for (size_t i = 0; i < order->recording_count; i++) {
        recording_play(&exercise, order->recordings[i]);
    }
    report_end(report);
}

void child_run(const struct child_order *order, int fd)
{
    static struct jail jail; /* the handlers need it to stay */
    static struct report report;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_hosted *hosted;
    struct gen_error err = {0};

    (void)!freopen("/dev/null", "w", stdout); /* what a plugin prints is not our answer */
    (void)mallinfo2();                        /* asks for randomness the first time */
    report.fd = fd;
    jail.report = &report;
    jail.plugin = order->path;
    jail.cpu_seconds = order->quick ? CHILD_CPU_QUICK_S : CHILD_CPU_S;
    if (arena == NULL || jail_loading(&jail, &err) != GEN_OK) {
        report_finding(&report, "%s", err.message);
        return;
    }
    hosted = child_open(order, &report, arena);
    if (hosted == NULL) {
        return;
    }
    child_facts(&report, hosted, arena);
    if (order->settings_only) {
        report_end(&report);
        return;
    }
    report_phase(&report, "seal");
    /* NOLINTNEXTLINE(bugprone-casting-through-void): where the code is, not what it does */
    if (statics_find((const void *)(uintptr_t)hosted->provider.capabilities, &jail.statics, &err) !=
            GEN_OK ||
        jail_verbs(&jail, &err) != GEN_OK) {
        report_finding(&report, "%s", err.message);
        return;
    }
    if (child_again(hosted, &jail, &report)) {
        child_try(order, &report, hosted);
    }
}
