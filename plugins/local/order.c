/* order.c - see order.h. */
#include "order.h"

#include "graph.h"

static const char *const role_names[] = {
    [0] = "body",
    [GEN_OVERLAY_HEADLINE] = "headline",
    [GEN_OVERLAY_BODY] = "body",
    [GEN_OVERLAY_BADGE] = "badge",
    [GEN_OVERLAY_ACTION] = "action",
    [GEN_OVERLAY_LEGAL] = "legal",
};

static void put_text(const struct local *local, struct gen_node *map, const char *key,
                     const char *text)
{
    local->host->json_set(local->arena, map, key,
                          local->host->json_new_text(local->arena, text != NULL ? text : ""));
}

static void put_number(const struct local *local, struct gen_node *map, const char *key,
                       int64_t value)
{
    local->host->json_set(local->arena, map, key,
                          local->host->json_new_integer(local->arena, value));
}

static void put_words(const struct local *local, struct gen_node *list, int role, const char *text)
{
    struct gen_node *map;

    if (text == NULL || text[0] == '\0') {
        return;
    }
    map = local->host->json_map(local->arena);
    put_text(local, map, "role", role_names[role]);
    put_text(local, map, "text", text);
    local->host->json_push(list, map);
}

static void put_texts(const struct local *local, struct gen_node *list,
                      const struct plan_scene *slot)
{
    const struct gen_provider_end_card *card = local->task->end_card;
    size_t i;

    if (slot->scene == NULL) {
        put_words(local, list, GEN_OVERLAY_HEADLINE, card->headline);
        put_words(local, list, GEN_OVERLAY_BODY, card->body);
        put_words(local, list, GEN_OVERLAY_ACTION, card->action);
        put_words(local, list, GEN_OVERLAY_LEGAL, card->legal);
        return;
    }
    for (i = 0; i < slot->scene->overlay_count; i++) {
        const struct gen_provider_overlay *overlay =
            (const void *)((const char *)slot->scene->overlays + i * slot->scene->overlay_size);
        int role = overlay->role;

        put_words(local, list, role >= GEN_OVERLAY_HEADLINE && role <= GEN_OVERLAY_LEGAL ? role : 0,
                  overlay->text);
    }
}

static struct gen_node *brand_node(const struct local *local)
{
    const struct gen_provider_brand *brand = local->task->brand;
    struct gen_node *map = local->host->json_map(local->arena);

    put_text(local, map, "name", brand->name);
    put_text(local, map, "font", brand->font);
    put_text(local, map, "primary", brand->primary);
    put_text(local, map, "accent", brand->accent);
    put_text(local, map, "background", brand->background);
    put_text(local, map, "text", brand->text);
    return map;
}

/* How far a transition has gone when the words begin to come, in hundredths: what slides is there
 * early, what is wiped away takes its own words along until late. */
static int words_wait(int transition)
{
    return transition == GEN_TRANSITION_SLIDE ? 22 : transition == GEN_TRANSITION_WIPE ? 55 : 42;
}

const char *order_scene(const struct local *local, const struct plan *plan, size_t scene,
                        size_t *size)
{
    const struct gen_host *host = local->host;
    const struct plan_scene *slot = &plan->scenes[scene];
    const char *language = slot->scene != NULL ? slot->scene->language : "";
    int footage = plan_shows_footage(slot);
    struct gen_node *map = host->json_map(local->arena), *list = host->json_list(local->arena);

    put_number(local, map, "width", plan->width);
    put_number(local, map, "height", plan->height);
    put_number(local, map, "frameRateMilli", (int64_t)plan->rate_num * 1000 / plan->rate_den);
    put_number(local, map, "frames", slot->frames);
    put_number(local, map, "enter", slot->enter);
    put_number(local, map, "wait", slot->enter * words_wait(slot->transition) / 100);
    put_number(local, map, "index", (int64_t)scene);
    host->json_set(local->arena, map, "card",
                   host->json_new_truth(local->arena, slot->scene == NULL));
    host->json_set(local->arena, map, "footage", host->json_new_truth(local->arena, footage));
    put_text(local, map, "language", language[0] != '\0' ? language : local->task->language);
    put_text(local, map, "fontFile", plan->font != NULL ? plan->font->file : "");
    put_text(local, map, "logo", plan->logo != NULL ? "mark.png" : "");
    put_text(local, map, "picture",
             slot->visual != NULL && !footage ? graph_picture_name(local, scene) : "");
    host->json_set(local->arena, map, "brand", brand_node(local));
    put_texts(local, list, slot);
    host->json_set(local->arena, map, "texts", list);
    return map == NULL || list == NULL ? NULL : host->json_write(local->arena, map, size);
}

const char *order_bed(const struct local *local, const struct plan *plan, size_t *size)
{
    struct gen_node *map = local->host->json_map(local->arena);

    put_text(local, map, "mood", plan->bed);
    put_number(local, map, "durationMs", plan->duration_ms);
    return map == NULL ? NULL : local->host->json_write(local->arena, map, size);
}
