/* plan.c - see plan.h. */
#include "plan.h"

#include <string.h>

static const char *const motion_names[] = {
    [GEN_MOTION_AUTO] = "auto",           [GEN_MOTION_ZOOM_IN] = "zoom-in",
    [GEN_MOTION_ZOOM_OUT] = "zoom-out",   [GEN_MOTION_PAN_LEFT] = "pan-left",
    [GEN_MOTION_PAN_RIGHT] = "pan-right", [GEN_MOTION_STILL] = "still"};
static const char *const transition_names[] = {[GEN_TRANSITION_CUT] = "cut",
                                               [GEN_TRANSITION_FADE] = "fade",
                                               [GEN_TRANSITION_SLIDE] = "slide",
                                               [GEN_TRANSITION_WIPE] = "wipe"};
/* What AUTO becomes, scene after scene. */
static const int auto_motions[] = {GEN_MOTION_ZOOM_IN, GEN_MOTION_PAN_RIGHT, GEN_MOTION_ZOOM_OUT,
                                   GEN_MOTION_PAN_LEFT};
static const char *const moods[] = {"upbeat", "calm", "bold", "warm", NULL};
static const struct {
    const char *word;
    const char *mood;
} mood_words[] = {
    {"happy", "upbeat"},  {"fun", "upbeat"},     {"playful", "upbeat"},  {"energetic", "upbeat"},
    {"bright", "upbeat"}, {"joyful", "upbeat"},  {"cheerful", "upbeat"}, {"relaxed", "calm"},
    {"elegant", "calm"},  {"soft", "calm"},      {"gentle", "calm"},     {"peaceful", "calm"},
    {"epic", "bold"},     {"dramatic", "bold"},  {"powerful", "bold"},   {"confident", "bold"},
    {"strong", "bold"},   {"friendly", "warm"},  {"cozy", "warm"},       {"cosy", "warm"},
    {"hopeful", "warm"},  {"inspiring", "warm"}, {NULL, NULL},
};
/* Languages of espeak-ng by BCP 47 tag: the longest tag that fits is taken. */
static const struct {
    const char *tag;
    const char *voice;
} voices[] = {
    {"af", "af"},       {"ar", "ar"},         {"bg", "bg"},        {"bn", "bn"},
    {"bs", "bs"},       {"ca", "ca"},         {"cs", "cs"},        {"cy", "cy"},
    {"da", "da"},       {"de", "de"},         {"el", "el"},        {"en", "en-us"},
    {"en-GB", "en-gb"}, {"en-AU", "en-gb"},   {"en-IE", "en-gb"},  {"en-NZ", "en-gb"},
    {"es", "es"},       {"es-419", "es-419"}, {"es-MX", "es-419"}, {"es-AR", "es-419"},
    {"et", "et"},       {"eu", "eu"},         {"fa", "fa"},        {"fi", "fi"},
    {"fr", "fr-fr"},    {"fr-BE", "fr-be"},   {"fr-CH", "fr-ch"},  {"ga", "ga"},
    {"he", "he"},       {"hi", "hi"},         {"hr", "hr"},        {"hu", "hu"},
    {"hy", "hy"},       {"id", "id"},         {"is", "is"},        {"it", "it"},
    {"ja", "ja"},       {"ka", "ka"},         {"kk", "kk"},        {"ko", "ko"},
    {"lt", "lt"},       {"lv", "lv"},         {"mk", "mk"},        {"ms", "ms"},
    {"mt", "mt"},       {"nb", "nb"},         {"ne", "ne"},        {"nl", "nl"},
    {"no", "nb"},       {"pl", "pl"},         {"pt", "pt"},        {"pt-BR", "pt-br"},
    {"ro", "ro"},       {"ru", "ru"},         {"sk", "sk"},        {"sl", "sl"},
    {"sq", "sq"},       {"sr", "sr"},         {"sv", "sv"},        {"sw", "sw"},
    {"ta", "ta"},       {"te", "te"},         {"th", "th"},        {"tr", "tr"},
    {"uk", "uk"},       {"ur", "ur"},         {"vi", "vi"},        {"zh", "cmn"},
    {NULL, NULL},
};

const struct gen_provider_scene *plan_scene_at(const struct gen_provider_task *task, size_t i)
{
    return (const void *)((const char *)task->scenes + i * task->scene_size);
}

const struct gen_provider_asset *plan_asset_at(const struct gen_provider_task *task, size_t i)
{
    return (const void *)((const char *)task->assets + i * task->asset_size);
}

const char *plan_motion_name(int motion)
{
    return motion_names[motion];
}

const char *plan_transition_name(int transition)
{
    return transition_names[transition];
}

int plan_shows_footage(const struct plan_scene *slot)
{
    return slot->visual != NULL && slot->visual->role == GEN_ROLE_VIDEO;
}

int64_t plan_end_ms(const struct plan *plan, size_t scene)
{
    return scene + 1 < plan->scene_count ? plan->scenes[scene + 1].start_ms : plan->duration_ms;
}

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Length of `prefix` when `tag` begins with it as whole subtags, whatever the case, else 0. */
static size_t tag_fits(const char *tag, const char *prefix)
{
    size_t i = 0;

    while (prefix[i] != '\0' && lower((unsigned char)prefix[i]) ==
                                    lower((unsigned char)(tag[i] == '_' ? '-' : tag[i]))) {
        i++;
    }
    return prefix[i] == '\0' && (tag[i] == '\0' || tag[i] == '-' || tag[i] == '_') ? i : 0;
}

const char *plan_voice(const char *language)
{
    const char *best = "";
    size_t i, longest = 0;

    if (language[0] == '\0') {
        return "en-us";
    }
    for (i = 0; voices[i].tag != NULL; i++) {
        size_t length = tag_fits(language, voices[i].tag);

        if (length > longest) {
            longest = length;
            best = voices[i].voice;
        }
    }
    return best;
}

const char *plan_mood(const char *word)
{
    size_t i;

    for (i = 0; moods[i] != NULL; i++) {
        if (strcmp(moods[i], word) == 0) {
            return moods[i];
        }
    }
    for (i = 0; mood_words[i].word != NULL; i++) {
        if (strcmp(mood_words[i].word, word) == 0) {
            return mood_words[i].mood;
        }
    }
    return moods[0];
}

/* 29970 means 30000/1001 and not 2997/100: such rates are always multiples of 1/1.001. */
static void take_rate(struct plan *plan, int rate_milli)
{
    static const struct {
        int milli, num;
    } drops[] = {{23976, 24000}, {29970, 30000}, {59940, 60000}, {0, 0}};
    size_t i;

    rate_milli = rate_milli > LOCAL_MAX_RATE_MILLI ? LOCAL_MAX_RATE_MILLI : rate_milli;
    rate_milli = rate_milli < 1000 ? 30000 : rate_milli;
    plan->rate_num = rate_milli;
    plan->rate_den = 1000;
    while (plan->rate_num % 2 == 0 && plan->rate_den % 2 == 0) {
        plan->rate_num /= 2;
        plan->rate_den /= 2;
    }
    while (plan->rate_num % 5 == 0 && plan->rate_den % 5 == 0) {
        plan->rate_num /= 5;
        plan->rate_den /= 5;
    }
    for (i = 0; drops[i].milli != 0; i++) {
        if (drops[i].milli == rate_milli) {
            plan->rate_num = drops[i].num;
            plan->rate_den = 1001;
        }
    }
}

/* Even sizes inside the maxima, the shape kept. */
static void take_size(struct plan *plan, const struct gen_provider_task *task)
{
    int64_t w = task->width > 0 ? task->width : 1920, h = task->height > 0 ? task->height : 1080;

    if (w > LOCAL_MAX_WIDTH) {
        h = h * LOCAL_MAX_WIDTH / w;
        w = LOCAL_MAX_WIDTH;
    }
    if (h > LOCAL_MAX_HEIGHT) {
        w = w * LOCAL_MAX_HEIGHT / h;
        h = LOCAL_MAX_HEIGHT;
    }
    plan->width = (int)(w < 64 ? 64 : w & ~INT64_C(1));
    plan->height = (int)(h < 64 ? 64 : h & ~INT64_C(1));
}

/* The frame that is shown at an instant. */
static int frame_at(const struct plan *plan, int64_t ms)
{
    int64_t scale = (int64_t)plan->rate_den * 1000;

    return (int)((ms * plan->rate_num + scale / 2) / scale);
}

static void take_assets(struct plan *plan, const struct gen_provider_task *task)
{
    size_t i;

    if (task->brand->logo >= 0 && (size_t)task->brand->logo < task->asset_count) {
        plan->logo = plan_asset_at(task, (size_t)task->brand->logo);
    }
    if (task->sound->music >= 0 && (size_t)task->sound->music < task->asset_count) {
        plan->music = plan_asset_at(task, (size_t)task->sound->music);
    }
    for (i = 0; i < task->asset_count; i++) {
        const struct gen_provider_asset *asset = plan_asset_at(task, i);

        if (asset->role == GEN_ROLE_FONT && plan->font == NULL) {
            plan->font = asset;
        }
    }
}

static void take_visuals(struct plan_scene *slot, const struct gen_provider_task *task)
{
    size_t i;

    for (i = 0; i < slot->scene->asset_count; i++) {
        const struct gen_provider_asset *asset;

        if (slot->scene->assets[i] < 0 || (size_t)slot->scene->assets[i] >= task->asset_count) {
            continue;
        }
        asset = plan_asset_at(task, (size_t)slot->scene->assets[i]);
        if ((asset->role == GEN_ROLE_PICTURE || asset->role == GEN_ROLE_FIRST_FRAME ||
             asset->role == GEN_ROLE_VIDEO) &&
            slot->visual == NULL) {
            slot->visual = asset;
        } else if (asset->role == GEN_ROLE_VOICE && slot->voice == NULL) {
            slot->voice = asset;
        }
    }
}

static void take_scene(struct plan *plan, const struct local *local, size_t i)
{
    struct plan_scene *slot = &plan->scenes[i];
    const struct gen_provider_scene *scene = plan_scene_at(local->task, i);

    slot->scene = scene;
    take_visuals(slot, local->task);
    slot->transition = scene->transition >= GEN_TRANSITION_CUT &&
                               scene->transition <= GEN_TRANSITION_WIPE
                           ? scene->transition
                           : GEN_TRANSITION_CUT;
    slot->motion = scene->motion > GEN_MOTION_AUTO && scene->motion <= GEN_MOTION_STILL
                       ? scene->motion
                       : auto_motions[i % (sizeof(auto_motions) / sizeof(auto_motions[0]))];
    slot->speaks = slot->voice != NULL || (scene->dialogue[0] != '\0' && plan->voice[0] != '\0');
}

/* Frames of scenes and transitions, once starts and ends are known. */
static void count_frames(struct plan *plan)
{
    int wish = frame_at(plan, 460);
    size_t i;

    for (i = 0; i < plan->scene_count; i++) {
        struct plan_scene *slot = &plan->scenes[i];

        slot->frames = frame_at(plan, plan_end_ms(plan, i)) - frame_at(plan, slot->start_ms);
        slot->frames = slot->frames < 1 ? 1 : slot->frames;
        plan->frames += slot->frames;
        if (i == 0 || slot->transition == GEN_TRANSITION_CUT) {
            slot->transition = GEN_TRANSITION_CUT;
            continue;
        }
        slot->enter = wish;
        slot->enter = slot->enter > slot->frames / 3 ? slot->frames / 3 : slot->enter;
        slot->enter = slot->enter > slot[-1].frames / 3 ? slot[-1].frames / 3 : slot->enter;
        slot[-1].tail = slot->enter;
    }
}

static void take_sound(struct plan *plan, const struct local *local)
{
    const char *tag = local->task->language;
    size_t i;

    for (i = 0; i < local->task->scene_count && tag[0] == '\0'; i++) {
        tag = plan_scene_at(local->task, i)->language;
    }
    plan->voice = local->host->has_program(local->host, "espeak-ng") ? plan_voice(tag) : "";
    plan->bed = plan->music == NULL && local->task->sound->mood[0] != '\0'
                    ? plan_mood(local->task->sound->mood)
                    : "";
}

const char *plan_make(const struct local *local, struct plan *plan)
{
    const struct gen_provider_task *task = local->task;
    size_t i;

    memset(plan, 0, sizeof(*plan));
    if (task->scene_count < 1 || task->scene_count > LOCAL_MAX_SCENES) {
        return local->host->print(local->arena, "%zu scenes: between 1 and %d can be rendered",
                                  task->scene_count, LOCAL_MAX_SCENES);
    }
    plan->scene_count = task->scene_count + (task->end_card->present != 0);
    plan->scenes = local->host->alloc(local->arena, plan->scene_count * sizeof(*plan->scenes));
    if (plan->scenes == NULL) {
        return "out of memory";
    }
    take_size(plan, task);
    take_rate(plan, task->frame_rate_milli);
    take_assets(plan, task);
    take_sound(plan, local);
    for (i = 0; i < task->scene_count; i++) {
        take_scene(plan, local, i);
        plan->scenes[i].start_ms = plan->duration_ms;
        if (plan->scenes[i].scene->duration_ms <= 0) {
            return local->host->print(local->arena, "scene %zu has no duration", i + 1);
        }
        plan->duration_ms += plan->scenes[i].scene->duration_ms;
    }
    if (task->end_card->present) {
        plan->scenes[i].start_ms = plan->duration_ms;
        plan->scenes[i].transition = GEN_TRANSITION_FADE;
        plan->scenes[i].motion = GEN_MOTION_ZOOM_IN;
        plan->duration_ms += task->end_card->duration_ms;
    }
    if (plan->duration_ms > LOCAL_MAX_DURATION_MS) {
        return local->host->print(local->arena, "%lld ms: at most %d ms can be rendered",
                                  (long long)plan->duration_ms, LOCAL_MAX_DURATION_MS);
    }
    count_frames(plan);
    return NULL;
}
