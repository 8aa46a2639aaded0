/* order.c - see order.h. */
#include "order.h"

#include "faults.h"
#include "files.h"

enum { OMNI_CREATE_MS = 60000, OMNI_BODY_MS = 600000 };

static const struct order_frame omni_frame = {
    .prompt = "\"input\":[{\"type\":\"text\",\"text\":",
    .type = "},{\"type\":\"image\",\"mime_type\":\"",
    .data = "\",\"data\":\"",
    .end = "\"}]",
};

/* Labels are lower case, at most 63 characters. */
static const char *label(const struct veo_call *call)
{
    char *text = call->kit.host->print(call->kit.arena, "%.63s", call->task->reference);
    size_t i;

    for (i = 0; text != NULL && text[i] != '\0'; i++) {
        text[i] = kit_lower(text[i]);
    }
    return kit_or(text, "");
}

/* UNCERTAIN: how a length is spelled is known from recorded exchanges, not from Google. */
static const char *seconds(const struct veo_call *call, int64_t ms)
{
    return call->kit.host->print(
        call->kit.arena, ms % 1000 == 0 ? "%lld%ss" : "%lld.%ss", (long long)(ms / 1000),
        ms % 1000 == 0
            ? ""
            : kit_or(call->kit.host->print(call->kit.arena, "%03d", (int)(ms % 1000)), ""));
}

/* Everything but `input`. */
static struct gen_node *order(const struct veo_call *call, const struct veo_plan *plan)
{
    const struct kit *kit = &call->kit;
    struct gen_node *body = kit->host->json_map(kit->arena), *format;

    kit_set_text(kit, body, "model", call->task->model);
    kit_set_truth(kit, body, "background",
                  1); /* else the order itself would last as long as the render */
    kit_set_truth(kit, body, "store", 1); /* else it could not be asked for later */
    format = kit_set_map(kit, body, "response_format");
    kit_set_text(kit, format, "type", "video");
    kit_set_text(kit, format, "aspect_ratio", plan->aspect);
    kit_set_text(kit, format, "resolution", plan->resolution);
    kit_set_text(kit, format, "duration", kit_or(seconds(call, plan->duration_ms), ""));
    kit_set_text(kit, format, "delivery",
                 call->settings->delivery == VEO_DELIVERY_URI ? "uri" : "inline");
    if (plan->picture >= 0 && call->settings->sends_task) {
        kit_set_text(kit,
                     kit_set_map(kit, kit_set_map(kit, body, "generation_config"), "video_config"),
                     "task", "image_to_video");
    }
    kit_set_text(kit, kit_set_map(kit, body, "labels"), "attempt", label(call));
    return body;
}

/* UNCERTAIN: a first frame is meant by a tag in the prompt. */
static const char *tagged(const struct veo_call *call, const char *prompt)
{
    const char *tag = call->settings->first_frame;

    return tag[0] != '\0' ? kit_or(call->kit.host->print(call->kit.arena, "%s %s", tag, prompt), "")
                          : prompt;
}

static struct gen_node *content(const struct veo_call *call, struct gen_node *list,
                                const char *type, const char *key, const char *value)
{
    const struct kit *kit = &call->kit;
    struct gen_node *map = kit->host->json_push(list, kit->host->json_map(kit->arena));

    kit_set_text(kit, map, "type", type);
    kit_set_text(kit, map, key, value);
    return map;
}

void order_picture(const struct veo_call *call, struct gen_provider_request *request,
                   const struct order_frame *frame, int32_t picture, const char *prompt,
                   const struct gen_node *body)
{
    const struct kit *kit = &call->kit;
    const char *words = kit->host->json_write(kit->arena,
                                              kit->host->json_new_text(kit->arena, prompt), NULL);
    const char *before =
        words != NULL
            ? kit->host->print(kit->arena, "%s%s%s%s%s", frame->prompt, words, frame->type,
                               kit_asset(call->task, (size_t)picture)->media_type, frame->data)
            : NULL;

    if (before != NULL) {
        kit_body_around(kit, request, before, picture, frame->end, body);
    }
}

/* uri: where the picture lies already, "" = it goes inside. */
static int32_t create(const struct veo_call *call, const struct veo_plan *plan, const char *uri)
{
    const struct kit *kit = &call->kit;
    struct gen_node *body = order(call, plan), *keep = kit->host->json_map(kit->arena), *input;
    struct gen_provider_request *request =
        kit_request(kit, "POST",
                    kit->host->print(kit->arena, "%s/%s/interactions", call->settings->base,
                                     call->settings->version),
                    VEO_KEY);
    int cut;
    const char *prompt = plan_prompt(call, plan, &cut);

    kit_set_text(kit, keep, "doing", "create");
    kit_set_text(kit, keep, "uri", uri);
    call->step->state = kit->host->json_write(kit->arena, keep, NULL);
    if (request == NULL || call->step->state == NULL) {
        return kit_broken(call->message);
    }
    request->flags = GEN_REQUEST_COSTS;
    request->timeout_ms = OMNI_CREATE_MS;
    if (plan->picture >= 0 && uri[0] == '\0') {
        request->timeout_ms = OMNI_BODY_MS;
        request->body_kind = GEN_BODY_PIECES;
        order_picture(call, request, &omni_frame, plan->picture, tagged(call, prompt), body);
        return kit_send(call->step, request, call->message);
    }
    if (plan->picture >= 0) {
        input = kit_set_list(kit, body, "input");
        content(call, input, "text", "text", tagged(call, prompt));
        kit_set_text(kit, content(call, input, "image", "uri", uri), "mime_type",
                     kit_asset(call->task, (size_t)plan->picture)->media_type);
    } else {
        kit_set_text(kit, body, "input", prompt);
    }
    kit_body_json(kit, request, body);
    return kit_send(call->step, request, call->message);
}

static int32_t created(const struct veo_call *call)
{
    const struct kit *kit = &call->kit;
    const char *id = kit_text(kit, kit_json(kit, call->answer), "id");

    if (kit_status_kind(call->answer->status) != 0) {
        return faults_answer(call, VEO_ASKED_CREATE);
    }
    if (!kit_fits_id(id)) {
        return faults_own(call, GEN_FAIL_PROVIDER, GEN_BILLED_UNKNOWN,
                          "Google accepted the order and its answer has no id");
    }
    return kit_done(kit, call->step, id, -1, call->message);
}

int32_t order_omni(const struct veo_call *call, const struct veo_plan *plan)
{
    const struct kit *kit = &call->kit;
    const struct gen_node *state = kit_state(kit, call->task);
    const char *doing = kit_text(kit, state, "doing"), *uri = NULL;
    int large = plan->picture >= 0 &&
                kit_asset(call->task, (size_t)plan->picture)->bytes > call->settings->upload_above;
    int32_t verdict;

    if (kit_same(doing, "create") || (doing[0] == '\0' && call->answer != NULL)) {
        uri = kit_text(kit, state, "uri");
        return call->answer != NULL ? created(call)
                                    : create(call, plan, kit_is_link(uri) ? uri : "");
    }
    if (doing[0] == '\0' || !large) {
        return large ? files_begin(call, plan->picture) : create(call, plan, "");
    }
    call->step->kind = 0;
    verdict = files_go_on(call, state, plan->picture, &uri);
    return verdict == GEN_VERDICT_OK && uri != NULL ? create(call, plan, uri) : verdict;
}
