/* provider_price.c - see provider_price.h. */
#include "policy/provider_price.h"

#include "expr/calendar.h"
#include "expr/zone.h"
#include "policy/access_policy.h"
#include "policy/policy_problem.h"
#include "policy/schedule_policy.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)
#define MOST_MONEY INT64_C(1000000000000) /* a million dollars */

enum { PRICE_RANK_MODEL = 8, PRICE_RANK_WHOLE = 8000, EVERY_DAY = 0x7F, DAYS_OF_WEEK = 7 };

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

static enum gen_status check_price_hours(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    struct gen_price *price = object;

    (void)arena;
    if (price->hours == NULL) {
        return price->days.count == 0 && price->time_zone == NULL
                   ? GEN_OK
                   : gen_policy_problem_at(node, price->days.count > 0 ? "days" : "timeZone", err,
                                           "is about `hours`, and the row has none");
    }
    if (strlen(price->hours) != 2 * GEN_SCHEDULE_TIME + 1 ||
        price->hours[GEN_SCHEDULE_TIME] != '-' ||
        (price->from_minute = gen_schedule_minutes(price->hours)) < 0 ||
        (price->to_minute = gen_schedule_minutes(price->hours + GEN_SCHEDULE_TIME + 1)) < 0) {
        return gen_policy_problem_at(node, "hours", err, "are written \"22:00-06:00\", in quotes");
    }
    if (price->from_minute == price->to_minute) {
        return gen_policy_problem_at(node, "hours", err, "end when they begin");
    }
    for (size_t i = 0; i < price->days.count; i++) {
        price->day_bits |= 1u << (gen_choice_value(gen_day_choices, price->days.items[i]) - 1);
    }
    price->day_bits = price->day_bits == 0 ? EVERY_DAY : price->day_bits;
    return GEN_OK;
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

static const struct gen_record_rule price_rules[] = {
    {"perSecond perClip", check_price_any}, {"resolution", check_price_resolution},
    {"from until", check_price_dates},      {"hours days timeZone", check_price_hours},
    {"bulk perSecond", check_price_bulk},   {NULL, NULL}};

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
    {.key = "hours",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, hours),
     .min = 1,
     .max = 20,
     .help =
         "Only at these, \"22:00-06:00\"; what starts then is billed so. Give a row without, too."},
    {.key = "days",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_price, days),
     .min = 1,
     .max = 7,
     .choices = gen_day_choices,
     .help = "Days on which the hours begin; every day when left out."},
    {.key = "timeZone",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, time_zone),
     .min = 1,
     .max = 64,
     .help = "Of the hours; UTC when left out."},
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
    .help =
        "Of the rows in force the one that says most about the model, then about the "
        "resolution, then about sound, then has hours; of equals the one with the latest `from`."};

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

/* Is it the row's hour? A zone that cannot be read counts as UTC. */
static bool price_hour(const struct gen_price *price, const struct gen_price_task *task)
{
    const struct gen_schedule_window window = {.from_minute = price->from_minute,
                                               .to_minute = price->to_minute,
                                               .day_bits = price->day_bits};
    const char *zone = price->time_zone == NULL ? "UTC" : price->time_zone;
    int64_t seconds = task->now / 1000;
    struct gen_error ignored;
    struct gen_civil local;
    int32_t east = 0;

    if (gen_zones_offset(task->zones, zone, strlen(zone), seconds, &east, NULL, &ignored) !=
        GEN_OK) {
        east = 0;
    }
    local = gen_calendar_civil(seconds + east);
    return gen_schedule_window_holds(&window, (local.weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK,
                                     local.hour * 60 + local.minute);
}

/* How much a row says about the task, whatever the hour; -1 when it is not about it. */
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
    rank = open ? (int)(size - 1) * PRICE_RANK_MODEL : PRICE_RANK_WHOLE;
    if (price->resolution != NULL) {
        if (strcmp(price->resolution, gen_price_resolution(task->width, task->height)) != 0) {
            return -1;
        }
        rank += 4;
    }
    if (price->audio != GEN_AUDIO_ANY) {
        rank += (price->audio == GEN_AUDIO_WITH) == task->audio ? 2 : -2 * PRICE_RANK_WHOLE;
    }
    rank += price->day_bits != 0 ? 1 : 0;
    return rank < 0 ? -1 : rank;
}

const struct gen_price *gen_price_pick(const struct gen_records *rows,
                                       const struct gen_price_task *task)
{
    const struct gen_price *prices = rows->items, *best = NULL;
    int most = -1;

    for (size_t i = 0; i < rows->count; i++) {
        bool timed = prices[i].day_bits != 0;
        int rank = timed && (task->standard || !price_hour(&prices[i], task))
                       ? -1
                       : price_rank(&prices[i], task);

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

const struct gen_price *gen_price_dearest(const struct gen_records *rows,
                                          const struct gen_price_task *task)
{
    const struct gen_price *prices = rows->items, *best;
    struct gen_price_task standard = *task;
    struct gen_error ignored;
    gen_micros most = -1, price;
    bool timed = false;

    standard.standard = true;
    best = gen_price_pick(rows, &standard);
    if (best != NULL && gen_price_of(best, task, &most, &ignored) != GEN_OK) {
        return NULL;
    }
    for (size_t i = 0; i < rows->count; i++) {
        if (prices[i].day_bits == 0 || price_rank(&prices[i], task) < 0) {
            continue;
        }
        if (gen_price_of(&prices[i], task, &price, &ignored) != GEN_OK) {
            return NULL;
        }
        timed = true;
        best = price > most ? &prices[i] : best;
        most = price > most ? price : most;
    }
    return timed ? best : NULL;
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
