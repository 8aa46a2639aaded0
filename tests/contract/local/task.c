/* task.c - the half of host.h that reads a task. */
#include "host.h"

#include <jansson.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const transitions[] = {"", "cut", "fade", "slide", "wipe", NULL};
static const char *const motions[] = {"",         "auto",      "zoom-in", "zoom-out",
                                      "pan-left", "pan-right", "still",   NULL};
static const char *const roles[] = {"", "headline", "body", "badge", "action", "legal", NULL};

struct reader {
    struct gen_arena *arena;
    struct gen_provider_task *task;
    struct gen_provider_asset *assets;
    const char *folder, *scratch;
};

static const char *text_of(const json_t *map, const char *key)
{
    const char *text = json_string_value(json_object_get(map, key));

    return text != NULL ? text : "";
}

static int64_t ms_of(const json_t *map, const char *key)
{
    return (int64_t)(json_number_value(json_object_get(map, key)) * 1000 + 0.5);
}

static int32_t word_of(const char *const *list, const char *word, int32_t fallback)
{
    int32_t i;

    for (i = 1; list[i] != NULL; i++) {
        if (strcmp(list[i], word) == 0) {
            return i;
        }
    }
    return fallback;
}

/* Copies a file into the scratch directory under a plain name; its index, -1 for "". */
static int32_t add_asset(struct reader *reader, const char *file, int32_t role)
{
    struct gen_provider_asset *asset = &reader->assets[reader->task->asset_count];
    const char *dot = strrchr(file, '.');
    char command[4096];

    if (file[0] == '\0') {
        return -1;
    }
    if (dot != NULL && (strcmp(dot, ".mp4") == 0 || strcmp(dot, ".webm") == 0) &&
        role == GEN_ROLE_PICTURE) {
        role = GEN_ROLE_VIDEO;
    }
    asset->size = sizeof(*asset);
    asset->role = role;
    asset->id = asset->media_type = asset->hash = "";
    asset->file = host_table.print(reader->arena, "asset%zu", reader->task->asset_count);
    snprintf(command, sizeof(command), "cp '%s%s%s' '%s/%s'", file[0] == '/' ? "" : reader->folder,
             file[0] == '/' ? "" : "/", file, reader->scratch, asset->file);
    if (system(command) != 0) {
        fprintf(stderr, "local-drive: %s cannot be copied\n", file);
        exit(1);
    }
    return (int32_t)reader->task->asset_count++;
}

static void read_overlays(struct reader *reader, const json_t *list,
                          struct gen_provider_scene *scene)
{
    size_t count = json_array_size(list), i;
    struct gen_provider_overlay *overlays = host_table.alloc(reader->arena,
                                                             (count + 1) * sizeof(*overlays));

    for (i = 0; i < count; i++) {
        const json_t *item = json_array_get(list, i);

        overlays[i].size = sizeof(overlays[i]);
        overlays[i].role = word_of(roles, text_of(item, "role"), GEN_OVERLAY_HEADLINE);
        overlays[i].text = json_is_string(item) ? json_string_value(item) : text_of(item, "text");
    }
    scene->overlay_size = sizeof(*overlays);
    scene->overlays = overlays;
    scene->overlay_count = count;
}

static void read_scene(struct reader *reader, const json_t *item, struct gen_provider_scene *scene)
{
    const json_t *files = json_object_get(item, "assets");
    size_t count = json_array_size(files), i;
    int32_t *assets = host_table.alloc(reader->arena, (count + 1) * sizeof(*assets)), voice;

    scene->size = sizeof(*scene);
    scene->id = text_of(item, "id");
    scene->prompt = text_of(item, "prompt");
    scene->negative_prompt = scene->style = "";
    scene->dialogue = text_of(item, "dialogue");
    scene->language = text_of(item, "language");
    scene->duration_ms = ms_of(item, "duration");
    scene->transition = word_of(transitions, text_of(item, "transition"), GEN_TRANSITION_FADE);
    scene->motion = word_of(motions, text_of(item, "motion"), GEN_MOTION_AUTO);
    for (i = 0; i < count; i++) {
        assets[scene->asset_count++] =
            add_asset(reader, json_string_value(json_array_get(files, i)), GEN_ROLE_PICTURE);
    }
    voice = add_asset(reader, text_of(item, "voice"), GEN_ROLE_VOICE);
    if (voice >= 0) {
        assets[scene->asset_count++] = voice;
    }
    scene->assets = assets;
    read_overlays(reader, json_object_get(item, "overlays"), scene);
}

static void read_around(struct reader *reader, const json_t *root)
{
    const json_t *brand = json_object_get(root, "brand"), *sound = json_object_get(root, "sound");
    const json_t *card = json_object_get(root, "endCard");
    struct gen_provider_brand *b = host_table.alloc(reader->arena, sizeof(*b));
    struct gen_provider_sound *s = host_table.alloc(reader->arena, sizeof(*s));
    struct gen_provider_end_card *c = host_table.alloc(reader->arena, sizeof(*c));

    *b = (struct gen_provider_brand){sizeof(*b),
                                     add_asset(reader, text_of(brand, "logo"), GEN_ROLE_LOGO),
                                     text_of(brand, "name"),
                                     text_of(brand, "font"),
                                     text_of(brand, "primary"),
                                     text_of(brand, "accent"),
                                     text_of(brand, "background"),
                                     text_of(brand, "text")};
    *s = (struct gen_provider_sound){sizeof(*s),
                                     add_asset(reader, text_of(sound, "music"), GEN_ROLE_MUSIC),
                                     text_of(sound, "mood"), text_of(sound, "voice"), 0};
    *c = (struct gen_provider_end_card){sizeof(*c),
                                        card != NULL,
                                        text_of(card, "headline"),
                                        text_of(card, "body"),
                                        text_of(card, "action"),
                                        text_of(card, "legal"),
                                        ms_of(card, "duration")};
    reader->task->brand = b;
    reader->task->sound = s;
    reader->task->end_card = c;
}

struct gen_provider_task *host_read_task(struct gen_arena *arena, const char *file,
                                         const char *scratch)
{
    json_error_t error;
    json_t *root = json_load_file(file, 0, &error); /* the task's texts live in it */
    const json_t *scenes = json_object_get(root, "scenes");
    size_t count = json_array_size(scenes), i;
    struct gen_provider_scene *list = host_table.alloc(arena, (count + 1) * sizeof(*list));
    struct gen_provider_task *task = host_table.alloc(arena, sizeof(*task));
    struct reader reader = {arena, task, host_table.alloc(arena, 1000 * sizeof(*reader.assets)),
                            dirname(host_table.print(arena, "%s", file)), scratch};

    if (root == NULL) {
        fprintf(stderr, "local-drive: %s:%d: %s\n", file, error.line, error.text);
        return NULL;
    }
    host_keep(arena, root);
    task->size = sizeof(*task);
    task->scene_size = sizeof(*list);
    task->asset_size = sizeof(*reader.assets);
    task->width = (int32_t)json_integer_value(json_object_get(root, "width"));
    task->height = (int32_t)json_integer_value(json_object_get(root, "height"));
    task->frame_rate_milli = (int32_t)ms_of(root, "frameRate");
    task->reference = "att_drive";
    task->model = "studio";
    task->title = text_of(root, "title");
    task->language = text_of(root, "language");
    task->handle = task->state = "";
    task->assets = reader.assets;
    for (i = 0; i < count; i++) {
        read_scene(&reader, json_array_get(scenes, i), &list[i]);
    }
    task->scenes = list;
    task->scene_count = count;
    read_around(&reader, root);
    return task;
}
