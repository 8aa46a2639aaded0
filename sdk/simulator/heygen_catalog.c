/* heygen_catalog.c - the looks and voices that the HeyGen dialect has, and their lists.
 *
 * They are made up, one for each rule that depends on a look: a digital twin that can do everything,
 * a studio avatar without matting and without the newest engine, a photo avatar, and one that is
 * still being made. It is not the vendor's catalogue.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#include "simulator/heygen.h"

#include <string.h>

static const struct heygen_look heygen_look_table[] = {
    {"look_1", "Ada in the kitchen", HEYGEN_TWIN, "avatar_iii|avatar_iv|avatar_v", "voc_1", true,
     true},
    {"look_2", "Ben at the desk", HEYGEN_STUDIO, "avatar_iii|avatar_iv", NULL, false, true},
    {"look_photo", "Cleo", HEYGEN_PHOTO, "avatar_iii|avatar_iv", "voc_2", true, true},
    {"look_fresh", "Dora, being made", HEYGEN_TWIN, "avatar_iv", "voc_1", false, false},
    {NULL, NULL, 0, NULL, NULL, false, false},
};

static const struct heygen_voice heygen_voice_table[] = {
    {"voc_1", "Clara", "English", "female"}, {"voc_2", "Marc", "French", "male"},
    {"voc_3", "Jonas", "German", "male"},    {"voc_4", "Hugh", "English", "male"},
    {"voc_5", "Lucia", "Spanish", "female"}, {NULL, NULL, NULL, NULL},
};

static const struct {
    int kind;
    const char *word;
} heygen_kinds[] = {
    {HEYGEN_TWIN, "digital_twin"},
    {HEYGEN_STUDIO, "studio_avatar"},
    {HEYGEN_PHOTO, "photo_avatar"},
    {0, NULL},
};

const struct heygen_look *heygen_look(const char *id)
{
    const struct heygen_look *look = heygen_look_table;

    while (look->id != NULL && strcmp(look->id, id) != 0) {
        look++;
    }
    return look->id != NULL ? look : NULL;
}

const struct heygen_voice *heygen_voice(const char *id)
{
    const struct heygen_voice *voice = heygen_voice_table;

    while (voice->id != NULL && strcmp(voice->id, id) != 0) {
        voice++;
    }
    return voice->id != NULL ? voice : NULL;
}

static const char *heygen_kind_word(int kind)
{
    size_t i = 0;

    while (heygen_kinds[i].kind != 0 && heygen_kinds[i].kind != kind) {
        i++;
    }
    return heygen_kinds[i].word;
}

static struct gen_node *heygen_words(struct sim_call *call, const char *words)
{
    struct gen_node *list = gen_node_list(call->arena);
    char *rest = gen_arena_strdup(call->arena, words);
    char *word;

    while (rest != NULL && (word = strsep(&rest, "|")) != NULL) {
        gen_node_push(list, gen_node_string(call->arena, word));
    }
    return list;
}

/* What a group and a look have in common. */
static void heygen_avatar(struct sim_call *call, struct gen_node *out,
                          const struct heygen_look *look)
{
    const char *gender = look->voice != NULL ? heygen_voice(look->voice)->gender : NULL;

    heygen_set(call, out, "name", look->name);
    heygen_set(call, out, "gender", gender);
    heygen_set(call, out, "default_voice_id", look->voice);
    /* a fresh avatar cannot be used until its preview is there */
    heygen_set(call, out, "preview_image_url",
               look->ready
                   ? gen_arena_printf(call->arena, "https://files.heygen.ai/%s.png", look->id)
                   : NULL);
    heygen_set(call, out, "preview_video_url", NULL);
    heygen_set(call, out, "status", look->ready ? "completed" : "processing");
    heygen_set(call, out, "error", NULL);
}

static struct gen_node *heygen_look_node(struct sim_call *call, const struct heygen_look *look)
{
    struct gen_node *out = gen_node_map(call->arena);

    heygen_set(call, out, "id", look->id);
    heygen_set(call, out, "group_id", gen_arena_printf(call->arena, "group_%s", look->id));
    heygen_set(call, out, "avatar_type", heygen_kind_word(look->kind));
    heygen_avatar(call, out, look);
    gen_node_set(call->arena, out, "supported_api_engines", heygen_words(call, look->engines));
    gen_node_set(call->arena, out, "tags", gen_node_list(call->arena));
    heygen_set(call, out, "preferred_orientation", "landscape");
    gen_node_set(call->arena, out, "image_width", gen_node_int(call->arena, 1920));
    gen_node_set(call->arena, out, "image_height", gen_node_int(call->arena, 1080));
    return out;
}

static struct gen_node *heygen_group_node(struct sim_call *call, const struct heygen_look *look)
{
    struct gen_node *out = gen_node_map(call->arena);

    heygen_set(call, out, "id", gen_arena_printf(call->arena, "group_%s", look->id));
    heygen_avatar(call, out, look);
    gen_node_set(call->arena, out, "created_at", gen_node_int(call->arena, 1763800000));
    gen_node_set(call->arena, out, "looks_count", gen_node_int(call->arena, 1));
    heygen_set(call, out, "consent_status", NULL);
    return out;
}

static struct gen_node *heygen_voice_node(struct sim_call *call, const struct heygen_voice *voice)
{
    struct gen_node *out = gen_node_map(call->arena);

    heygen_set(call, out, "voice_id", voice->id);
    heygen_set(call, out, "name", voice->name);
    heygen_set(call, out, "language", voice->language);
    heygen_set(call, out, "gender", voice->gender);
    heygen_set(call, out, "type", "public");
    gen_node_set(call->arena, out, "support_pause", gen_node_bool(call->arena, true));
    gen_node_set(call->arena, out, "support_locale", gen_node_bool(call->arena, false));
    heygen_set(call, out, "preview_audio_url", NULL);
    return out;
}

/* Is the query parameter `name` absent, or this word? */
static bool heygen_wanted(struct sim_call *call, const char *name, const char *word)
{
    const char *wanted = sim_call_query(call, name);

    return wanted == NULL || strcmp(wanted, word) == 0;
}

/* Answers a page of the looks: each by itself, or as a group of one. */
static void heygen_look_page(struct sim_call *call, int64_t most,
                             struct gen_node *node(struct sim_call *, const struct heygen_look *))
{
    struct gen_node *items = gen_node_list(call->arena);
    int64_t limit, after, token = 0;

    if (!heygen_paging(call, 20, most, &limit, &after)) {
        return;
    }
    for (int64_t i = 0; heygen_look_table[i].id != NULL; i++) {
        if (i < after ||
            !heygen_wanted(call, "avatar_type", heygen_kind_word(heygen_look_table[i].kind))) {
            continue;
        }
        if (limit-- == 0) {
            token = i;
            break;
        }
        gen_node_push(items, node(call, &heygen_look_table[i]));
    }
    heygen_page(call, items, token);
}

static bool heygen_query_known(struct sim_call *call, const char *const *known)
{
    const char *unknown = sim_call_query_unknown(call, known);

    if (unknown != NULL) {
        heygen_invalid(call, unknown, "unknown query parameter");
    }
    return unknown == NULL;
}

void heygen_looks(struct sim_call *call)
{
    static const char *const known[] = {"limit",       "token",     "group_id",
                                        "avatar_type", "ownership", NULL};

    if (heygen_query_known(call, known)) {
        heygen_look_page(call, 50, heygen_look_node);
    }
}

void heygen_avatars(struct sim_call *call)
{
    static const char *const known[] = {"limit", "token", "ownership", NULL};

    if (heygen_query_known(call, known)) {
        heygen_look_page(call, 50, heygen_group_node);
    }
}

void heygen_voices(struct sim_call *call)
{
    static const char *const known[] = {"type",  "engine", "language", "gender",
                                        "limit", "token",  NULL};
    struct gen_node *items = gen_node_list(call->arena);
    int64_t limit, after, token = 0;

    if (!heygen_query_known(call, known) || !heygen_paging(call, 20, 100, &limit, &after)) {
        return;
    }
    for (int64_t i = 0; heygen_voice_table[i].id != NULL; i++) {
        const struct heygen_voice *voice = &heygen_voice_table[i];

        if (i < after || !heygen_wanted(call, "language", voice->language) ||
            !heygen_wanted(call, "gender", voice->gender)) {
            continue;
        }
        if (limit-- == 0) {
            token = i;
            break;
        }
        gen_node_push(items, heygen_voice_node(call, voice));
    }
    heygen_page(call, items, token);
}
