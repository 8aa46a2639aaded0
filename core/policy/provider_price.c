/* provider_price.c - see provider_price.h. */
#include "policy/provider_price.h"

#include "policy/access_policy.h"
#include "policy/policy_problem.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)
#define MOST_MONEY INT64_C(1000000000000) /* a million dollars */

const struct gen_choice gen_with_audio_choices[] = {
    {"any", GEN_AUDIO_ANY, "sound makes no difference"},
    {"with", GEN_AUDIO_WITH, "only with sound"},
    {"without", GEN_AUDIO_WITHOUT, "only without"},
    {NULL, 0, NULL}};

static const struct gen_field bulk_fields[] = {{.key = "seconds",
                                                .type = GEN_FIELD_INT,
                                                .flags = GEN_FIELD_REQUIRED,
                                                FIELD(gen_price_bulk, seconds),
                                                .min = 1,
                                                .max = INT64_C(1000000000),
                                                .help = "Bought this month before."},
                                               {.key = "perSecond",
                                                .type = GEN_FIELD_MONEY,
                                                .flags = GEN_FIELD_REQUIRED,
                                                FIELD(gen_price_bulk, per_second),
                                                .min = 0,
                                                .max = MOST_MONEY,
                                                .help = "Dollars then."},
                                               {0}};

static const struct gen_record bulk_record = {.name = "bulk rate",
                                              .size = sizeof(struct gen_price_bulk),
                                              .fields = bulk_fields,
                                              .help = "A lower price after some volume."};

static enum gen_status check_price_any(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err)
{
    struct gen_price *price = object;

    (void)arena;
    price->line = node->line;
    price->column = node->column;
    if (gen_node_get(node, "perSecond") == NULL && gen_node_get(node, "perClip") == NULL) {
        return gen_error_set(err, GEN_EINVAL, "the row has no price; give it perSecond or perClip");
    }
    return GEN_OK;
}

static enum gen_status check_price_resolution(void *object, const struct gen_node *node,
                                              struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;

    (void)arena;
    return price->resolution != NULL &&
                   gen_choice_value(gen_resolution_choices, price->resolution) < 0
               ? gen_policy_problem_at(node, "resolution", err,
                                       "must be 480p, 720p, 1080p, 1440p or 4k")
               : GEN_OK;
}

static enum gen_status check_price_dates(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;

    (void)arena;
    return price->until != 0 && price->until <= price->from
               ? gen_policy_problem_at(node, "until", err, "the row ends before it begins")
               : GEN_OK;
}

static enum gen_status check_price_bulk(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;
    const struct gen_price_bulk *bulk = price->bulk.items;

    (void)arena;
    for (size_t i = 0; i < price->bulk.count; i++) {
        gen_micros before = i > 0 ? bulk[i - 1].per_second : price->per_second;

        if ((i > 0 && bulk[i].seconds <= bulk[i - 1].seconds) || bulk[i].per_second > before) {
            return gen_policy_problem_at(
                node, "bulk", err, "bulk rates stand in rising order of seconds, and get cheaper");
        }
    }
    return GEN_OK;
}

static const struct gen_record_rule price_rules[] = {{"perSecond perClip", check_price_any},
                                                     {"resolution", check_price_resolution},
                                                     {"from until", check_price_dates},
                                                     {"bulk perSecond", check_price_bulk},
                                                     {NULL, NULL}};

static const struct gen_field price_fields[] = {
    {.key = "model",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, model),
     .min = 1,
     .max = 100,
     .preset = "*",
     .help = "Id without the provider, \"veo-3.1-*\" or \"*\"."},
    {.key = "resolution",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, resolution),
     .help = "480p, 720p, 1080p, 1440p or 4k; any when left out."},
    {.key = "audio",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_price, audio),
     .choices = gen_with_audio_choices,
     .preset = "any",
     .help = "With sound or without."},
    {.key = "from",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_price, from),
     .help = "In force from, \"2026-11-01\" (UTC); always when left out."},
    {.key = "until",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_price, until),
     .help = "No longer in force at this time."},
    {.key = "perSecond",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, per_second),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars a second of video."},
    {.key = "perClip",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, per_clip),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars a call, beside perSecond."},
    {.key = "clip",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_price, clip_ms),
     .min = 0,
     .max = 3600000,
     .preset = "0",
     .help = "perClip buys so much; 0 = any length."},
    {.key = "step",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_price, step_ms),
     .min = 0,
     .max = 3600000,
     .preset = "0",
     .help = "Time is billed in started steps; 0 = exactly."},
    {.key = "minimum",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, minimum),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars that a call costs at least."},
    {.key = "bulk",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_price, bulk),
     .min = 0,
     .max = 20,
     .record = &bulk_record,
     .help = "Lower prices after some volume, in place of perSecond."},
    {.key = "estimate",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_price, estimate),
     .preset = "false",
     .help = "The bill may differ: a margin is held on top."},
    {.key = "source",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, source),
     .help = "Where it was read, and when."},
    {0}};

const struct gen_record gen_price_record = {
    .name = "price",
    .size = sizeof(struct gen_price),
    .fields = price_fields,
    .rules = price_rules,
    .help = "Of the rows in force the one that says most about the model, then about the "
            "resolution, then about sound; of equals the one with the latest `from`."};

const char *gen_price_resolution(int32_t width, int32_t height)
{
    int32_t side = width < height ? width : height;
    int32_t length = width < height ? height : width;
    const struct gen_choice *row = gen_resolution_choices;

    /* 21:9 and the like: the long side counts where it is longer than 16:9 makes it. */
    while (row[1].word != NULL &&
           (side > row->value || (int64_t)length * 9 > (int64_t)(row->value + 2) * 16)) {
        row++;
    }
    return row->word;
}

/* How much a row says about the task, -1 when it is not about it. */
static int price_rank(const struct gen_price *price, const struct gen_price_task *task)
{
    size_t size = strlen(price->model);
    bool open = size > 0 && price->model[size - 1] == '*';
    int rank;

    if (task->now < price->from || (price->until != 0 && task->now >= price->until)) {
        return -1;
    }
    if (open ? strncmp(price->model, task->model, size - 1) != 0
             : strcmp(price->model, task->model) != 0) {
        return -1;
    }
    rank = open ? (int)(size - 1) * 4 : 4000;
    if (price->resolution != NULL) {
        if (strcmp(price->resolution, gen_price_resolution(task->width, task->height)) != 0) {
            return -1;
        }
        rank += 2;
    }
    if (price->audio != GEN_AUDIO_ANY) {
        rank += (price->audio == GEN_AUDIO_WITH) == task->audio ? 1 : -10000;
    }
    return rank < 0 ? -1 : rank;
}

const struct gen_price *gen_price_pick(const struct gen_records *rows,
                                       const struct gen_price_task *task)
{
    const struct gen_price *prices = rows->items, *best = NULL;
    int most = -1;

    for (size_t i = 0; i < rows->count; i++) {
        int rank = price_rank(&prices[i], task);

        if (rank > most || (rank == most && rank >= 0 && prices[i].from > best->from)) {
            best = &prices[i];
            most = rank;
        }
    }
    return best;
}

enum gen_status gen_price_of(const struct gen_price *price, const struct gen_price_task *task,
                             gen_micros *out, struct gen_error *err)
{
    const struct gen_price_bulk *bulk = price->bulk.items;
    gen_micros rate = price->per_second, seconds = 0, clips = 0, sum;
    int64_t ms = task->duration_ms, count = 1;

    for (size_t i = 0; i < price->bulk.count && task->volume_s >= bulk[i].seconds; i++) {
        rate = bulk[i].per_second;
    }
    if (price->step_ms > 0 && ms % price->step_ms != 0) {
        ms += price->step_ms - ms % price->step_ms;
    }
    if (price->clip_ms > 0 && ms > price->clip_ms) {
        count = (ms + price->clip_ms - 1) / price->clip_ms;
    }
    if (!gen_money_scale(&seconds, rate, ms, 1000) ||
        !gen_money_mul(&clips, price->per_clip, count) || !gen_money_add(&sum, seconds, clips)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    *out = sum > price->minimum ? sum : price->minimum;
    return GEN_OK;
}

const struct gen_price_bulk *gen_price_next(const struct gen_price *price, int64_t volume_s,
                                            gen_moment now)
{
    const struct gen_price_bulk *bulk = price->bulk.items;

    if (now < price->from || (price->until != 0 && now >= price->until)) {
        return NULL;
    }
    for (size_t i = 0; i < price->bulk.count; i++) {
        if (bulk[i].seconds > volume_s) {
            return &bulk[i];
        }
    }
    return NULL;
}
