/* snapshot_keys.c - see snapshot_keys.h. */
#include "model/snapshot_keys.h"

#include <math.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

static bool snapshot_has(const struct gen_node *node, const char *key)
{
    return gen_node_type_of(gen_node_get(node, key)) > GEN_NODE_NULL;
}

static const struct gen_field history_fields[] = {
    {.key = "attempts",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_history_keys, attempts),
     .min = 0,
     .max = INT64_C(1000000000),
     .preset = "0",
     .help = "Finished ones; 0 = new."},
    {.key = "successRate",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, success_rate),
     .min = 0,
     .max = 1,
     .help = "Share that succeeded."},
    {.key = "quality",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, quality),
     .min = 0,
     .max = 10,
     .help = "Mean assessed quality."},
    {.key = "speed",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, speed),
     .min = 0,
     .max = 100000,
     .help = "Seconds for one second of video."},
    {.key = "priceError",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, price_error),
     .min = -1,
     .max = 1000,
     .help = "Mean of (bill - estimate) / estimate."},
    {.key = "billFactor",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, bill_factor),
     .min = 0,
     .max = 1000,
     .help = "The dearest of the last bills, as a multiple "
             "of the price list; 0 where none was above it."},
    {.key = "rejected",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_history_keys, rejected),
     .min = 0,
     .max = 1,
     .help = "Share of outputs that were rejected."},
    {0}};

static enum gen_status snapshot_check_history(void *object, const struct gen_node *node,
                                              struct gen_arena *arena, struct gen_error *err)
{
    struct gen_snapshot_history_keys *history = object;

    (void)arena;
    (void)err;
    history->given = true;
    history->success_rate = snapshot_has(node, "successRate") ? history->success_rate : (double)NAN;
    history->quality = snapshot_has(node, "quality") ? history->quality : (double)NAN;
    history->speed = snapshot_has(node, "speed") ? history->speed : (double)NAN;
    history->price_error = snapshot_has(node, "priceError") ? history->price_error : (double)NAN;
    history->rejected = snapshot_has(node, "rejected") ? history->rejected : (double)NAN;
    return GEN_OK;
}

static const struct gen_record history_record = {
    .name = "history",
    .size = sizeof(struct gen_snapshot_history_keys),
    .fields = history_fields,
    .check = snapshot_check_history,
    .help = "What the model did for us; unknown where left out."};

static const struct gen_field model_fields[] = {
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_snapshot_model_keys, title),
     .help = "For people."},
    {.key = "tier",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, tier),
     .min = 1,
     .max = 3,
     .preset = "2",
     .help = "1 fast and cheap, 2 balanced, 3 premium."},
    {.key = "quality",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_model_keys, quality),
     .min = 0,
     .max = 10,
     .preset = "7",
     .help = "Declared quality."},
    {.key = "speed",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_model_keys, speed),
     .min = 0,
     .max = 100000,
     .preset = "4",
     .help = "Declared seconds for one second of video."},
    {.key = "needs",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_snapshot_model_keys, needs),
     .min = 0,
     .max = 32,
     .help = "What it can do: avatar, lip_sync, ..."},
    {.key = "minDuration",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_snapshot_model_keys, min_duration_ms),
     .min = 0,
     .max = 3600000,
     .preset = "0",
     .help = "Shortest shot."},
    {.key = "maxDuration",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_snapshot_model_keys, max_duration_ms),
     .min = 1,
     .max = 3600000,
     .preset = "10",
     .help = "Longest shot."},
    {.key = "durations",
     .type = GEN_FIELD_NUMBERS,
     FIELD(gen_snapshot_model_keys, durations),
     .min = 0,
     .max = 3600,
     .help = "The only lengths, in seconds; any by default."},
    {.key = "sizes",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_snapshot_model_keys, sizes),
     .min = 0,
     .max = 100,
     .help = "Sizes that it names, \"1280x720\"; any by default."},
    {.key = "maxWidth",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_width),
     .min = 16,
     .max = 16384,
     .preset = "1920",
     .help = "Pixels."},
    {.key = "maxHeight",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_height),
     .min = 16,
     .max = 16384,
     .preset = "1920",
     .help = "Pixels."},
    {.key = "maxFrameRate",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_frame_rate),
     .min = 1,
     .max = 240,
     .preset = "30",
     .help = "Frames a second."},
    {.key = "maxScenes",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_scenes),
     .min = 1,
     .max = 1000,
     .preset = "100",
     .help = "In one call, where it takes the whole storyboard."},
    {.key = "maxPrompt",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_prompt),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Characters; 0 = it does not say."},
    {.key = "maxAssets",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_assets),
     .min = 0,
     .max = 1000,
     .preset = "0",
     .help = "In one call; 0 = it does not say."},
    {.key = "maxConcurrent",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_model_keys, max_concurrent),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "At once; 0 = it does not say."},
    {.key = "wholeStoryboard",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_snapshot_model_keys, whole),
     .preset = "false",
     .help = "It takes all scenes in one call."},
    {.key = "idempotent",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_snapshot_model_keys, idempotent),
     .preset = "false",
     .help = "A submission can be repeated without a second bill."},
    {.key = "audio",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_snapshot_model_keys, audio),
     .preset = "false",
     .help = "It makes sound."},
    {.key = "anyRatio",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_snapshot_model_keys, any_ratio),
     .preset = "true",
     .help = "It renders every shape."},
    {.key = "history",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_snapshot_model_keys, history),
     .record = &history_record,
     .help = "What it did for us."},
    {0}};

static const struct gen_record model_record = {.name = "model",
                                               .size = sizeof(struct gen_snapshot_model_keys),
                                               .fields = model_fields,
                                               .help = "A model as its plugin declares it."};

static const struct gen_field provider_fields[] = {
    {.key = "unready",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_snapshot_provider_keys, unready),
     .max = 400,
     .help = "Why it cannot be used at all: \"has no credential\"."},
    {.key = "health",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_provider_keys, health),
     .min = 0,
     .max = 1,
     .preset = "1",
     .help = "0 down to 1 well."},
    {.key = "breaker",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_snapshot_provider_keys, breaker),
     .choices = gen_breaker_choices,
     .preset = "closed",
     .help = "Is it in use?"},
    {.key = "running",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_provider_keys, running),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Our generations there."},
    {.key = "queue",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_provider_keys, queue),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Those that wait for a place."},
    {.key = "capacity",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_provider_keys, capacity),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Most at once; 0 = what policy and models say."},
    {.key = "volume",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_provider_keys, volume),
     .min = 0,
     .max = INT64_C(1000000000000),
     .preset = "0",
     .help = "Seconds bought this month."},
    {.key = "successRate",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_provider_keys, success_rate),
     .min = 0,
     .max = 1,
     .help = "Of recent attempts."},
    {.key = "share",
     .type = GEN_FIELD_REAL,
     FIELD(gen_snapshot_provider_keys, share),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "Of all work of the last day."},
    {.key = "offPeak",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_snapshot_provider_keys, off_peak),
     .preset = "false",
     .help = "Is now in an off-peak window?"},
    {0}};

static enum gen_status snapshot_check_provider(void *object, const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_snapshot_provider_keys *provider = object;

    (void)arena;
    (void)err;
    provider->success_rate = snapshot_has(node, "successRate") ? provider->success_rate
                                                               : (double)NAN;
    return GEN_OK;
}

static const struct gen_record provider_record = {.name = "provider",
                                                  .size = sizeof(struct gen_snapshot_provider_keys),
                                                  .fields = provider_fields,
                                                  .check = snapshot_check_provider,
                                                  .help = "How a provider is doing."};

#define TEAM_MOST INT64_C(1000000000000000)

static const struct gen_field team_fields[] = {
    {.key = "id",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_snapshot_team_keys, id),
     .help = "Organization."},
    {.key = "plan",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_snapshot_team_keys, plan),
     .help = "Plan; what access.yaml says by default."},
    {.key = "budget",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_snapshot_team_keys, budget),
     .min = 0,
     .max = TEAM_MOST,
     .help = "Lowest limit that applies; none by default."},
    {.key = "spent",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_snapshot_team_keys, spent),
     .min = 0,
     .max = TEAM_MOST,
     .preset = "0",
     .help = "This period."},
    {.key = "held",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_snapshot_team_keys, held),
     .min = 0,
     .max = TEAM_MOST,
     .preset = "0",
     .help = "For running jobs."},
    {.key = "remaining",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_snapshot_team_keys, remaining),
     .min = 0,
     .max = TEAM_MOST,
     .help = "budget - spent - held by default."},
    {.key = "running",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_team_keys, running),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Generations that run."},
    {.key = "waiting",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_team_keys, waiting),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Generations that wait."},
    {.key = "jobsToday",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_team_keys, jobs_today),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Jobs since midnight."},
    {0}};

static enum gen_status snapshot_check_team(void *object, const struct gen_node *node,
                                           struct gen_arena *arena, struct gen_error *err)
{
    struct gen_snapshot_team_keys *team = object;

    (void)arena;
    (void)err;
    team->given = true;
    team->budget = snapshot_has(node, "budget") ? team->budget : GEN_SNAPSHOT_NO_LIMIT;
    if (!snapshot_has(node, "remaining")) {
        team->remaining = team->budget == GEN_SNAPSHOT_NO_LIMIT
                              ? GEN_SNAPSHOT_NO_LIMIT
                              : team->budget - team->spent - team->held; /* within TEAM_MOST */
        team->remaining = team->budget != GEN_SNAPSHOT_NO_LIMIT && team->remaining < 0
                              ? 0
                              : team->remaining;
    }
    return GEN_OK;
}

static const struct gen_record team_record = {.name = "team",
                                              .size = sizeof(struct gen_snapshot_team_keys),
                                              .fields = team_fields,
                                              .check = snapshot_check_team,
                                              .help = "Who pays, and what is left."};

static const struct gen_field entry_fields[] = {
    {.key = "now",
     .type = GEN_FIELD_MOMENT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_snapshot_keys, now),
     .help = "The time of the decision."},
    {.key = "seed",
     .type = GEN_FIELD_INT,
     FIELD(gen_snapshot_keys, seed),
     .preset = "0",
     .help = "Decides between equals."},
    {.key = "models",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_snapshot_keys, models),
     .min = 0,
     .max = 500,
     .record = &model_record,
     .help = "By \"provider/model\"."},
    {.key = "providers",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_snapshot_keys, providers),
     .min = 0,
     .max = 200,
     .record = &provider_record,
     .help = "By id; those left out are well and idle."},
    {.key = "team",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_snapshot_keys, team),
     .record = &team_record,
     .help = "Who pays."},
    {0}};

const struct gen_record gen_snapshot_record = {.name = "snapshot",
                                               .size = sizeof(struct gen_snapshot_keys),
                                               .fields = entry_fields,
                                               .help = "The world as a decision sees it."};
