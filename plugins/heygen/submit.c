/* submit.c - see submit.h. */
#include "submit.h"

#include "faults.h"
#include "upload.h"

enum { CREATE_TIMEOUT_MS = 120000 }; /* a create may take half a minute to be answered */

const char *submit_title(const struct heygen_call *call)
{
    return call->kit.host->print(call->kit.arena, "gen %s", call->task->reference);
}

static void put_text(const struct heygen_call *call, struct gen_node *body, const char *key,
                     const char *value)
{
    if (value[0] != '\0') {
        kit_set_text(&call->kit, body, key, value);
    }
}

static void put_copy(const struct heygen_call *call, struct gen_node *body, const char *key,
                     const struct gen_node *from)
{
    if (call->kit.host->json_count(from) > 0) {
        call->kit.host->json_set(call->kit.arena, body, key,
                                 call->kit.host->json_copy(call->kit.arena, from));
    }
}

static void put_asset(const struct heygen_call *call, struct gen_node *body, const char *key,
                      const char *type, const char *id)
{
    struct gen_node *map = kit_set_map(&call->kit, body, key);

    kit_set_text(&call->kit, map, "type", type);
    kit_set_text(&call->kit, map, "asset_id", id);
}

/* avatar and image: somebody speaks. */
static void body_speaking(const struct heygen_call *call, const struct heygen_plan *plan,
                          const struct gen_node *state, struct gen_node *body)
{
    const struct gen_provider_scene *scene = kit_scene(call->task, 0);
    const char *picture = plan->picture >= 0 ? upload_id(call, state, plan->picture) : "";

    if (plan->model->kind == HEYGEN_IMAGE) {
        put_asset(call, body, "image", "asset_id", picture);
    } else {
        kit_set_text(&call->kit, body, "avatar_id", plan->avatar);
        kit_set_text(&call->kit, kit_set_map(&call->kit, body, "engine"), "type",
                     call->task->model);
        if (picture[0] != '\0') {
            put_asset(call, body, "background", "image", picture);
        }
    }
    if (plan->recording >= 0) {
        kit_set_text(&call->kit, body, "audio_asset_id", upload_id(call, state, plan->recording));
    } else {
        kit_set_text(&call->kit, body, "script", scene->dialogue);
        put_text(call, body, "voice_id", plan->voice);
        put_copy(call, body, "voice_settings", call->settings->voice_settings);
    }
    if (call->settings->motion) {
        put_text(call, body, "motion_prompt", scene->prompt);
    }
    kit_set_text(&call->kit, body, "callback_id", call->task->reference);
}

static void body_cinematic(const struct heygen_call *call, const struct heygen_plan *plan,
                           struct gen_node *body)
{
    const struct gen_host *host = call->kit.host;
    struct gen_node *looks = kit_set_list(&call->kit, body, "avatar_id");
    int cut;

    host->json_push(looks, host->json_new_text(call->kit.arena, plan->avatar));
    kit_set_text(&call->kit, body, "prompt",
                 kit_cut(&call->kit, kit_scene(call->task, 0)->prompt, HEYGEN_MOST_PROMPT, &cut));
    kit_set_integer(&call->kit, body, "duration", plan->duration_ms / 1000);
}

static int32_t create(const struct heygen_call *call, const struct heygen_plan *plan,
                      const struct gen_node *state)
{
    const struct kit *kit = &call->kit;
    struct gen_node *body = kit->host->json_map(kit->arena),
                    *keep = kit->host->json_map(kit->arena);
    const struct gen_node *done = kit->host->json_get(state, "done");
    struct gen_provider_request *request =
        kit_request(kit, "POST", kit->host->print(kit->arena, "%s/v3/videos", call->settings->base),
                    HEYGEN_CREDENTIAL);

    kit_set_text(kit, body, "type", plan->model->type);
    if (plan->model->kind == HEYGEN_CINEMATIC) {
        body_cinematic(call, plan, body);
    } else {
        body_speaking(call, plan, state, body);
    }
    kit_set_text(kit, body, "aspect_ratio", plan->aspect);
    kit_set_text(kit, body, "resolution", plan->resolution);
    kit_set_text(kit, body, "title", kit_or(submit_title(call), ""));
    put_copy(call, keep, "done", done);
    kit_set_text(kit, keep, "doing", "create");
    call->step->state = kit->host->json_write(kit->arena, keep, NULL);
    if (request == NULL || call->step->state == NULL) {
        return kit_broken(call->message);
    }
    if (call->settings->idempotency) {
        kit_add_header(kit, request, "idempotency-key", call->task->reference);
    }
    request->flags = GEN_REQUEST_COSTS;
    request->timeout_ms = CREATE_TIMEOUT_MS;
    kit_body_json(kit, request, body);
    return kit_send(call->step, request, call->message);
}

/* What is not there yet is brought there, one after the other; then it is ordered. */
static int32_t next(const struct heygen_call *call, const struct heygen_plan *plan,
                    const struct gen_node *state)
{
    if (plan->picture >= 0 && upload_id(call, state, plan->picture)[0] == '\0') {
        return upload_begin(call, state, plan->picture);
    }
    if (plan->recording >= 0 && upload_id(call, state, plan->recording)[0] == '\0') {
        return upload_begin(call, state, plan->recording);
    }
    return create(call, plan, state);
}

static int32_t created(const struct heygen_call *call)
{
    const struct kit *kit = &call->kit;
    const char *id = kit_text(kit, kit_json(kit, call->answer), "data.video_id");

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, HEYGEN_ASKED_CREATE);
    }
    if (!kit_fits_id(id)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "HeyGen accepted the video and its answer has no video_id");
    }
    return kit_done(kit, call->step, id, -1, call->message);
}

int32_t submit_step(const struct heygen_call *call)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *state = kit_state(kit, call->task);
    const char *doing = kit_text(kit, state, "doing");
    struct heygen_plan plan;
    int32_t verdict;

    if (!plan_read(call, &plan)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_NO,
                          "the parameters of this shot are not those of this plugin");
    }
    if (kit_same(doing, "create") || (doing[0] == '\0' && call->answer != NULL)) {
        return call->answer != NULL ? created(call) : next(call, &plan, state);
    }
    if (doing[0] != '\0') {
        call->step->kind = 0;
        verdict = upload_go_on(call, &state);
        if (verdict != GEN_VERDICT_OK || call->step->kind != 0) {
            return verdict;
        }
    }
    return next(call, &plan, state);
}
