/* plan.c - see plan.h. */
#include "plan.h"

struct draft { /* a plan while it is made */
    const struct heygen_call *call;
    const struct gen_provider_scene *scene;
    struct heygen_plan plan;
    const struct kit_ratio *shape;
    struct kit_notes notes;
    struct gen_provider_recipe *recipes; /* room for two */
    size_t recipe_count;
};

static int32_t refuse(const struct heygen_call *call, const char *sentence)
{
    *call->message = sentence != NULL ? sentence : "this cannot be rendered";
    return GEN_VERDICT_REFUSED;
}

static void note(struct draft *draft, const char *field, const char *from, const char *to,
                 const char *reason)
{
    kit_note(&draft->call->kit, &draft->notes, field, from, to, reason);
}

/* Characters of UTF-8 text. */
static int64_t characters(const char *text)
{
    int64_t count = 0;

    for (; *text != '\0'; text++) {
        count += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return count;
}

/* How long these words take. UNCERTAIN: a working figure, not HeyGen's (README.md). */
static int64_t speech_ms(const struct heygen_call *call, const char *words)
{
    const struct heygen_settings *settings = call->settings;
    double speed =
        call->kit.host->json_number(call->kit.host->json_get(settings->voice_settings, "speed"), 1);
    double ms = (double)characters(words) * 1000 / settings->characters_per_second;

    ms /= speed >= 0.5 && speed <= 1.5 ? speed : 1;
    return ms < 1000 ? 1000 : (int64_t)ms;
}

static int32_t plan_speech(struct draft *draft)
{
    const struct heygen_call *call = draft->call;
    const struct gen_provider_scene *scene = draft->scene;
    struct heygen_plan *plan = &draft->plan;

    plan->recording = kit_scene_asset(call->task, scene, GEN_ROLE_VOICE);
    if (plan->recording >= 0) {
        plan->duration_ms = kit_asset(call->task, (size_t)plan->recording)->duration_ms;
        plan->most_ms = plan->duration_ms + 1000; /* a breath before and after */
        if (plan->duration_ms <= 0) {
            return refuse(call, "the length of the recorded voice is not known");
        }
    } else if (scene->dialogue[0] == '\0') {
        return refuse(call, "a presenter needs words to speak: give the scene a dialogue or a "
                            "recorded voice");
    } else if (characters(scene->dialogue) > HEYGEN_MOST_SCRIPT) {
        return refuse(call, "the dialogue is longer than the 5000 characters that HeyGen takes; "
                            "split the scene");
    } else {
        plan->duration_ms = speech_ms(call, scene->dialogue);
        plan->most_ms = plan->duration_ms * call->settings->speech_margin_ppm / 1000000 + 1000;
    }
    if (plan->duration_ms > HEYGEN_MOST_VOICE_MS) {
        return refuse(call, "the speech is longer than the ten minutes that HeyGen takes");
    }
    kit_note_milliseconds(&call->kit, &draft->notes, "duration", scene->duration_ms,
                          plan->duration_ms, "The length of a presenter follows the speech.");
    return GEN_VERDICT_OK;
}

static int32_t plan_cinematic(struct draft *draft)
{
    const struct heygen_call *call = draft->call;
    const struct gen_provider_scene *scene = draft->scene;
    int64_t seconds = (scene->duration_ms + 999) / 1000;

    if (scene->presenter && scene->dialogue[0] != '\0') {
        return refuse(call, "a cinematic avatar does not speak given words; use avatar_iv or "
                            "avatar_v for a presenter");
    }
    if (scene->prompt[0] == '\0') {
        return refuse(call, "a cinematic avatar needs a prompt");
    }
    if (scene->dialogue[0] != '\0') {
        note(draft, "dialogue", "spoken", "left out", "A cinematic avatar takes no speech.");
    }
    if (kit_scene_asset(call->task, scene, GEN_ROLE_PICTURE) >= 0) {
        note(draft, "assets", "a picture", "left out",
             "Pictures cannot be handed to a cinematic avatar here.");
    }
    if (characters(scene->prompt) > HEYGEN_MOST_PROMPT) {
        note(draft, "prompt", "longer", "10000 characters", "HeyGen takes no longer prompt.");
    }
    seconds = seconds < HEYGEN_LEAST_CINEMATIC_S  ? HEYGEN_LEAST_CINEMATIC_S
              : seconds > HEYGEN_MOST_CINEMATIC_S ? HEYGEN_MOST_CINEMATIC_S
                                                  : seconds;
    draft->plan.duration_ms = seconds * 1000;
    draft->plan.most_ms = draft->plan.duration_ms;
    kit_note_milliseconds(&call->kit, &draft->notes, "duration", scene->duration_ms,
                          draft->plan.duration_ms, "Cinematic avatars last 4 to 15 whole seconds.");
    return GEN_VERDICT_OK;
}

/* Who is seen, and whose voice is heard. */
static int32_t plan_cast(struct draft *draft)
{
    const struct heygen_call *call = draft->call;
    const struct heygen_settings *settings = call->settings;
    struct heygen_plan *plan = &draft->plan;
    const char *language = draft->scene->language[0] != '\0' ? draft->scene->language
                                                             : call->task->language;
    const char *asked = call->task->sound->voice;

    plan->avatar = plan->voice = "";
    if (plan->model->kind != HEYGEN_IMAGE) {
        plan->avatar = settings_for_language(&call->kit, settings->avatars, language,
                                             settings->avatar);
        if (plan->avatar[0] == '\0') {
            return refuse(call, "no avatar is set: put settings.avatarId (the id of a look, from "
                                "GET /v3/avatars/looks) into the policy file of heygen");
        }
    }
    if (plan->model->kind == HEYGEN_CINEMATIC || plan->recording >= 0) {
        return GEN_VERDICT_OK;
    }
    plan->voice = asked[0] != '\0'
                      ? kit_text(&call->kit, call->kit.host->json_get(settings->voices, asked), "")
                      : "";
    if (plan->voice[0] == '\0') {
        plan->voice = settings_for_language(&call->kit, settings->voices, language,
                                            settings->voice);
        if (asked[0] != '\0') {
            note(draft, "sound.voice", asked, plan->voice[0] != '\0' ? plan->voice : "the avatar's",
                 "settings.voices names no such voice.");
        }
    }
    if (plan->voice[0] == '\0' && plan->model->kind == HEYGEN_IMAGE) {
        return refuse(call, "no voice is set for this language: put settings.voiceId or "
                            "settings.voices into the policy file of heygen");
    }
    return GEN_VERDICT_OK;
}

static void recipe(struct draft *draft, int32_t asset, const char *keep, const char *also,
                   const char *else_type, int32_t most_side)
{
    const struct gen_provider_asset *from = kit_asset(draft->call->task, (size_t)asset);
    int kept = kit_same(from->media_type, keep) || kit_same(from->media_type, also);
    struct gen_provider_recipe *to = &draft->recipes[draft->recipe_count];

    if (kept && (most_side == 0 || (from->width <= most_side && from->height <= most_side))) {
        return;
    }
    to->size = sizeof(*to);
    to->asset = asset;
    to->media_type = kept ? "" : else_type;
    to->max_width = to->max_height = most_side;
    draft->recipe_count++;
}

/* The picture: the face of a photo avatar, or what stands behind the presenter. */
static int32_t plan_picture(struct draft *draft)
{
    const struct heygen_call *call = draft->call;
    struct heygen_plan *plan = &draft->plan;
    int32_t picture = kit_first_frame(call->task, draft->scene);

    plan->picture = -1;
    if (plan->model->kind == HEYGEN_IMAGE) {
        if (picture < 0) {
            return refuse(call, "a photo avatar needs a picture with a face in its scene");
        }
        plan->picture = picture;
    } else if (plan->model->kind == HEYGEN_AVATAR && picture >= 0) {
        plan->picture = call->settings->background ? picture : -1;
        note(draft, "assets", "a picture of the scene",
             plan->picture >= 0 ? "the background" : "left out",
             "The presenter stands in front of the scene's picture.");
    }
    if (plan->picture >= 0) {
        recipe(draft, plan->picture, "image/png", "image/jpeg", "image/jpeg", 2048);
    }
    if (plan->recording >= 0) {
        recipe(draft, plan->recording, "audio/mpeg", "audio/wav", "audio/mpeg", 0);
    }
    return GEN_VERDICT_OK;
}

static void plan_shape(struct draft *draft)
{
    const struct gen_provider_task *task = draft->call->task;
    const struct kit *kit = &draft->call->kit;

    draft->shape = kit_nearest(draft->plan.model->shapes, draft->plan.model->shape_count,
                               task->width, task->height);
    draft->plan.aspect = draft->shape->word;
    draft->plan.resolution = models_resolution(draft->shape);
    if (draft->shape->width != task->width || draft->shape->height != task->height) {
        note(draft, "resolution", kit->host->print(kit->arena, "%dx%d", task->width, task->height),
             kit->host->print(kit->arena, "%dx%d", draft->shape->width, draft->shape->height),
             "The nearest size that this model renders.");
    }
    if (draft->call->settings->frame_rate_milli != task->frame_rate_milli) {
        note(draft, "frameRate",
             kit->host->print(kit->arena, "%.4g", (double)task->frame_rate_milli / 1000),
             kit->host->print(kit->arena, "%.4g",
                              (double)draft->call->settings->frame_rate_milli / 1000),
             "HeyGen lets nobody choose the frame rate.");
    }
}

static void plan_prompt(struct draft *draft)
{
    if (draft->plan.model->kind != HEYGEN_CINEMATIC && draft->scene->prompt[0] != '\0' &&
        !draft->call->settings->motion) {
        note(draft, "prompt", "a description", "left out",
             "A presenter takes the words to speak and no description of the scene.");
    }
}

static struct gen_node *plan_write(const struct draft *draft)
{
    const struct kit *kit = &draft->call->kit;
    const struct heygen_plan *plan = &draft->plan;
    struct gen_node *map = kit->host->json_map(kit->arena);

    kit_set_text(kit, map, "type", plan->model->type);
    kit_set_text(kit, map, "avatar", plan->avatar);
    kit_set_text(kit, map, "voice", plan->voice);
    kit_set_text(kit, map, "aspectRatio", plan->aspect);
    kit_set_text(kit, map, "resolution", plan->resolution);
    kit_set_integer(kit, map, "picture", plan->picture);
    kit_set_integer(kit, map, "recording", plan->recording);
    kit_set_integer(kit, map, "durationMs", plan->duration_ms);
    kit_set_integer(kit, map, "mostMs", plan->most_ms);
    return map;
}

static int32_t plan_parts(struct draft *draft)
{
    int32_t verdict;

    draft->plan.recording = -1;
    verdict = draft->plan.model->kind == HEYGEN_CINEMATIC ? plan_cinematic(draft)
                                                          : plan_speech(draft);
    verdict = verdict == GEN_VERDICT_OK ? plan_cast(draft) : verdict;
    verdict = verdict == GEN_VERDICT_OK ? plan_picture(draft) : verdict;
    if (verdict == GEN_VERDICT_OK) {
        plan_shape(draft);
        plan_prompt(draft);
    }
    return verdict;
}

int32_t plan_format(const struct heygen_call *call, struct gen_provider_format *out)
{
    const struct kit *kit = &call->kit;
    struct draft draft = {.call = call, .scene = kit_scene(call->task, 0)};
    int32_t verdict;

    draft.plan.model = models_find(call->settings, call->task->model);
    draft.recipes = kit->host->alloc(kit->arena, 2 * sizeof(*draft.recipes));
    if (draft.recipes == NULL) {
        return kit_broken(call->message);
    }
    if (draft.plan.model == NULL || call->task->scene_count != 1) {
        return refuse(call, draft.plan.model == NULL ? "there is no such model"
                                                     : "HeyGen takes one scene a shot here");
    }
    verdict = plan_parts(&draft);
    if (verdict != GEN_VERDICT_OK) {
        return verdict;
    }
    out->adjustment_size = sizeof(struct gen_provider_adjustment);
    out->recipe_size = sizeof(struct gen_provider_recipe);
    out->width = draft.shape->width;
    out->height = draft.shape->height;
    out->frame_rate_milli = (int32_t)call->settings->frame_rate_milli;
    out->duration_ms = draft.plan.duration_ms;
    out->most_duration_ms = draft.plan.most_ms;
    out->parameters = plan_write(&draft);
    out->adjustments = draft.notes.list;
    out->adjustment_count = draft.notes.count;
    out->recipes = draft.recipes;
    out->recipe_count = draft.recipe_count;
    out->audio = draft.plan.model->kind != HEYGEN_CINEMATIC || call->settings->cinematic_sound ? 1
                                                                                               : 2;
    return out->parameters != NULL ? GEN_VERDICT_OK : kit_broken(call->message);
}

static int32_t asset_of(const struct heygen_call *call, const char *key)
{
    const struct gen_host *host = call->kit.host;
    int64_t index = host->json_integer(host->json_get(call->task->parameters, key), -1);

    return index >= 0 && (size_t)index < call->task->asset_count ? (int32_t)index : -1;
}

int plan_read(const struct heygen_call *call, struct heygen_plan *out)
{
    const struct gen_node *from = call->task->parameters;
    const struct gen_host *host = call->kit.host;

    *out = (struct heygen_plan){
        .model = models_find(call->settings, call->task->model),
        .avatar = kit_text(&call->kit, from, "avatar"),
        .voice = kit_text(&call->kit, from, "voice"),
        .aspect = kit_text(&call->kit, from, "aspectRatio"),
        .resolution = kit_text(&call->kit, from, "resolution"),
        .picture = asset_of(call, "picture"),
        .recording = asset_of(call, "recording"),
        .duration_ms = host->json_integer(host->json_get(from, "durationMs"), 0),
        .most_ms = host->json_integer(host->json_get(from, "mostMs"), 0),
    };
    return out->model != NULL && kit_same(kit_text(&call->kit, from, "type"), out->model->type) &&
           out->aspect[0] != '\0' && out->resolution[0] != '\0' && out->duration_ms > 0 &&
           call->task->scene_count == 1 &&
           (out->model->kind != HEYGEN_IMAGE || out->picture >= 0) &&
           (out->model->kind == HEYGEN_IMAGE || out->avatar[0] != '\0');
}

int32_t plan_cost(const struct heygen_call *call, const struct gen_node *prices,
                  struct gen_provider_cost *out)
{
    struct heygen_plan plan;

    if (!plan_read(call, &plan)) {
        return refuse(call, "the parameters of this shot are not those of this plugin");
    }
    kit_cost(&call->kit, prices, plan.duration_ms, plan.most_ms, out);
    return GEN_VERDICT_OK;
}
