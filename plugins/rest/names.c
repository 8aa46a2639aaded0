/* names.c - see names.h. */
#include "names.h"

#include "path.h"

enum { NAMES_FAMILY = 1 }; /* a prefix: what follows the dot is its own matter */

typedef const struct gen_node *value_of(const struct names_from *from, const char *name);

struct name {
    const char *name;
    uint32_t scopes, sends;
    int32_t family, trusted;
    value_of *value;
};

static const struct gen_node *text_node(const struct names_from *from, const char *text)
{
    return text != NULL ? from->kit->host->json_new_text(from->kit->arena, text) : NULL;
}

/* A text of people: none is not an empty one. */
static const struct gen_node *said(const struct names_from *from, const char *text)
{
    return text != NULL && text[0] != '\0' ? text_node(from, text) : NULL;
}

static const struct gen_provider_scene *scene_of(const struct names_from *from)
{
    return from->task != NULL && from->task->scene_count > 0 ? kit_scene(from->task, 0) : NULL;
}

static const struct gen_node *value_base(const struct names_from *from, const char *name)
{
    return text_node(from, kit_same(name, "base") ? from->rest->base : from->rest->storage);
}

/* What format has decided stands in the parameters under the same name. */
static const struct gen_node *value_parameter(const struct names_from *from, const char *name)
{
    return from->kit->host->json_get(from->parameters, name);
}

static const struct gen_node *value_title(const struct names_from *from, const char *name)
{
    (void)name;
    return from->task != NULL ? said(from, from->task->title) : NULL;
}

static const struct gen_node *value_language(const struct names_from *from, const char *name)
{
    const struct gen_provider_scene *scene = scene_of(from);

    (void)name;
    return scene == NULL                ? NULL
           : scene->language[0] != '\0' ? said(from, scene->language)
                                        : said(from, from->task->language);
}

static const struct gen_node *value_style(const struct names_from *from, const char *name)
{
    const struct gen_provider_scene *scene = scene_of(from);

    (void)name;
    return scene != NULL ? said(from, scene->style) : NULL;
}

static const struct gen_node *value_dialogue(const struct names_from *from, const char *name)
{
    const struct gen_provider_scene *scene = scene_of(from);

    (void)name;
    return scene != NULL ? said(from, scene->dialogue) : NULL;
}

/* 31 bits: every vendor takes those. */
static const struct gen_node *value_seed(const struct names_from *from, const char *name)
{
    (void)name;
    return from->task != NULL ? from->kit->host->json_new_integer(
                                    from->kit->arena, from->task->seed & INT64_C(0x7FFFFFFF))
                              : NULL;
}

static const struct gen_node *value_reference(const struct names_from *from, const char *name)
{
    (void)name;
    return from->task != NULL ? said(from, from->task->reference) : NULL;
}

/* A UUID (of version 8, RFC 9562: the maker's own digits) that is a hash of our reference, for
 * vendors whose jobs may get their id from us. */
static const struct gen_node *value_uuid(const struct names_from *from, const char *name)
{
    const struct gen_host *host = from->kit->host;
    const char *reference = from->task != NULL ? from->task->reference : "";
    const char *hash = host->hash(from->kit->arena, reference, strlen(reference));

    (void)name;
    return reference[0] != '\0' && hash != NULL && strlen(hash) >= 32
               ? text_node(from, host->print(from->kit->arena, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hash,
                                             hash + 8, hash + 13, hash + 17, hash + 20))
               : NULL;
}

static const struct gen_provider_asset *picture_of(const struct names_from *from)
{
    int32_t index = from->model != NULL && from->task != NULL
                        ? names_picture(from->model, from->task)
                        : -1;

    return index >= 0 ? kit_asset(from->task, (size_t)index) : NULL;
}

static const struct gen_node *value_picture(const struct names_from *from, const char *name)
{
    const struct gen_provider_asset *picture = picture_of(from);

    (void)name;
    return picture != NULL ? from->kit->host->json_new_truth(from->kit->arena, 1) : NULL;
}

static const struct gen_node *value_picture_of(const struct names_from *from, const char *name)
{
    const struct gen_provider_asset *picture = picture_of(from);

    if (picture == NULL) {
        return NULL;
    }
    return kit_same(name, "picture.type") ? text_node(from, picture->media_type)
           : kit_same(name, "picture.bytes")
               ? from->kit->host->json_new_integer(from->kit->arena, picture->bytes)
               : text_node(from, picture->file);
}

static const struct gen_node *value_model(const struct names_from *from, const char *name)
{
    const char *key = name + strlen("model.");
    const struct gen_node *own = NULL;

    if (from->model == NULL) {
        return NULL;
    }
    if (kit_same(key, "id")) {
        return text_node(from, from->model->id);
    }
    if (picture_of(from) != NULL) {
        own = from->kit->host->json_get(from->model->with_picture, key);
    }
    return own != NULL ? own : from->kit->host->json_get(from->model->parameters, key);
}

static const struct gen_node *value_upload(const struct names_from *from, const char *name)
{
    return from->kit->host->json_get(from->uploads, name + strlen("upload."));
}

static const struct gen_node *value_handle(const struct names_from *from, const char *name)
{
    if (kit_same(name, "handle")) {
        return from->task != NULL ? said(from, from->task->handle) : NULL;
    }
    return from->kit->host->json_get(from->handle, name + strlen("handle."));
}

static const struct gen_node *value_item(const struct names_from *from, const char *name)
{
    return path_find(from->kit, from->item, kit_same(name, "item") ? "" : name + strlen("item."));
}

static const struct name names[] = {
    {"base", NAMES_ALWAYS, 0, 0, 1, value_base},
    {"storage", NAMES_ALWAYS, 0, 0, 1, value_base},
    {"prompt", NAMES_TASK, NAMES_SENDS_PROMPT, 0, 0, value_parameter},
    {"negativePrompt", NAMES_TASK, NAMES_SENDS_NEGATIVE, 0, 0, value_parameter},
    {"duration", NAMES_TASK, 0, 0, 0, value_parameter},
    {"seconds", NAMES_TASK | NAMES_SECONDS, 0, 0, 0, value_parameter},
    {"width", NAMES_TASK, 0, 0, 0, value_parameter},
    {"height", NAMES_TASK, 0, 0, 0, value_parameter},
    {"size", NAMES_TASK, 0, 0, 0, value_parameter},
    {"ratio", NAMES_TASK, 0, 0, 0, value_parameter},
    {"frameRate", NAMES_TASK, 0, 0, 0, value_parameter},
    {"title", NAMES_TASK, 0, 0, 0, value_title},
    {"style", NAMES_TASK, 0, 0, 0, value_style},
    {"dialogue", NAMES_TASK, NAMES_SENDS_DIALOGUE, 0, 0, value_dialogue},
    {"language", NAMES_TASK, 0, 0, 0, value_language},
    {"seed", NAMES_TASK, 0, 0, 0, value_seed},
    {"reference", NAMES_TASK, NAMES_SENDS_REFERENCE, 0, 0, value_reference},
    {"reference.uuid", NAMES_TASK, NAMES_SENDS_REFERENCE, 0, 0, value_uuid},
    {"picture", NAMES_TASK, 0, 0, 0, value_picture},
    {"picture.type", NAMES_TASK, 0, 0, 0, value_picture_of},
    {"picture.bytes", NAMES_TASK, 0, 0, 0, value_picture_of},
    {"picture.name", NAMES_TASK, 0, 0, 0, value_picture_of},
    {"model", NAMES_TASK, 0, NAMES_FAMILY, 1, value_model},
    {"upload", NAMES_UPLOAD, NAMES_SENDS_PICTURE, NAMES_FAMILY, 0, value_upload},
    {"handle", NAMES_HANDLE, 0, 0, 0, value_handle},
    {"handle", NAMES_HANDLE, 0, NAMES_FAMILY, 0, value_handle},
    {"item", NAMES_ITEM, 0, 0, 0, value_item},
    {"item", NAMES_ITEM, 0, NAMES_FAMILY, 0, value_item},
    {NULL, 0, 0, 0, 0, NULL},
};

/* The row whose name, or whose family's name, this is; NULL. */
static const struct name *find(const char *name)
{
    size_t head = strcspn(name, ".");
    const struct name *row;

    for (row = names; row->name != NULL; row++) {
        if (row->family == 0 ? kit_same(row->name, name)
                             : strlen(row->name) == head && memcmp(row->name, name, head) == 0 &&
                                   name[head] == '.' && name[head + 1] != '\0') {
            return row;
        }
    }
    return NULL;
}

const struct gen_node *names_value(const struct names_from *from, const char *name)
{
    const struct name *row = find(name);
    const struct gen_node *value = row != NULL ? row->value(from, name) : NULL;

    return from->kit->host->json_type(value) == GEN_JSON_NULL ? NULL : value;
}

int names_trusted(const char *name)
{
    const struct name *row = find(name);

    return row != NULL && row->trusted;
}

int32_t names_picture(const struct rest_model *model, const struct gen_provider_task *task)
{
    return model->pictures == REST_NO_PICTURES || task->scene_count == 0
               ? -1
               : kit_first_frame(task, kit_scene(task, 0));
}

struct names_from names_of(const struct rest_call *call)
{
    const struct gen_host *host = call->kit.host;
    struct names_from from = {.kit = &call->kit,
                              .rest = call->rest,
                              .model = description_model(call->rest, call->task->model),
                              .task = call->task,
                              .parameters = call->task->parameters};

    if (!call->rest->submit.handle.single && call->task->handle[0] == '{') {
        from.handle = host->json_parse(call->kit.arena, call->task->handle,
                                       strlen(call->task->handle));
    }
    return from;
}

/* -------------------------------------------------------------------------------- checking -- */

struct checking {
    struct reading *reading;
    const struct rest *rest;
    const char *name, *at;
    struct reading_nearest nearest;
};

static void unknown(struct checking *checking, const char *what)
{
    reading_wrong(checking->reading, checking->at,
                  READING_SAY(checking->reading, "there is no %s \"%s\"%s", what, checking->name,
                              reading_hint(checking->reading, &checking->nearest)));
}

static void try_keys(struct checking *checking, const struct gen_node *map)
{
    const struct gen_host *host = checking->reading->kit.host;
    size_t count = host->json_count(map), i;

    for (i = 0; i < count; i++) {
        reading_try(&checking->nearest, host->json_key(host->json_at(map, i)));
    }
}

static void check_model(struct checking *checking, int every)
{
    const struct gen_host *host = checking->reading->kit.host;
    const char *key = checking->name + strlen("model.");
    size_t have = 0, i;

    checking->nearest.asked = key;
    for (i = 0; i < checking->rest->model_count; i++) {
        const struct rest_model *model = &checking->rest->models[i];

        try_keys(checking, model->parameters);
        try_keys(checking, model->with_picture);
        if (kit_same(key, "id") || host->json_get(model->parameters, key) != NULL ||
            (model->pictures == REST_NEEDS_PICTURE || !every
                 ? host->json_get(model->with_picture, key) != NULL
                 : 0)) {
            have++;
        } else if (every) {
            reading_wrong(checking->reading, checking->at,
                          READING_SAY(checking->reading,
                                      "the model %s has no parameter \"%s\", which this needs",
                                      model->id, key));
        }
    }
    if (have == 0) {
        unknown(checking, "parameter of any model for");
    }
}

static int taken_has(struct checking *checking, const struct rest_taken *taken, const char *key)
{
    size_t i;

    for (i = 0; i < taken->count; i++) {
        reading_try(&checking->nearest, taken->names[i]);
        if (!taken->single && kit_same(taken->names[i], key)) {
            return 1;
        }
    }
    return 0;
}

static void check_upload(struct checking *checking, size_t uploads)
{
    const char *key = checking->name + strlen("upload.");
    size_t i;

    checking->nearest.asked = key;
    for (i = 0; i < uploads && i < checking->rest->upload_count; i++) {
        if (taken_has(checking, &checking->rest->uploads[i].take, key)) {
            return;
        }
    }
    unknown(checking, "earlier upload that takes");
}

static void check_handle(struct checking *checking)
{
    const char *key = checking->name + strlen("handle.");

    checking->nearest.asked = key;
    if (!taken_has(checking, &checking->rest->submit.handle, key)) {
        unknown(checking, "part of submit.handle for");
    }
}

static void check_family(struct checking *checking, const struct name *row, int every,
                         size_t uploads)
{
    const char *why = NULL;

    if (row->value == value_model) {
        check_model(checking, every);
    } else if (row->value == value_upload) {
        check_upload(checking, uploads);
    } else if (row->value == value_handle) {
        check_handle(checking);
    } else if (!path_fits(checking->name + strlen("item."), &why)) {
        reading_wrong(checking->reading, checking->at, why);
    }
}

void names_check(struct reading *reading, const struct rest *rest, const char *name, const char *at,
                 uint32_t scopes, int every, size_t uploads, uint32_t *sends)
{
    struct checking checking = {reading, rest, name, at, {name, NULL, 0}};
    const struct name *row = find(name);

    if (row == NULL) {
        for (row = names; row->name != NULL; row++) {
            reading_try(&checking.nearest, row->name);
        }
        unknown(&checking, "value");
        return;
    }
    if ((row->scopes & (scopes | NAMES_ALWAYS)) == 0) {
        reading_wrong(reading, at, READING_SAY(reading, "\"%s\" is not known here", name));
        return;
    }
    *sends |= row->sends;
    if (kit_same(name, "storage") && rest->storage[0] == '\0') {
        reading_wrong(reading, at, "it names the storage, and there is no storageUrl");
    }
    if (row->family != 0) {
        check_family(&checking, row, every, uploads);
    }
}
