/* settings.c - see settings.h. */
#include "settings.h"

#include "models.h"

static const char *const known[] = {
    "baseUrl",       "tokenUrl",    "storageUrl",  "models",    "apiVersion",
    "publicFigures", "creditPrice", "pollSeconds", "frameRate", "noCreditWords",
    "dailyWords",    "sound",       NULL,
};

static const char *const no_credit_words[] = {"not have enough credits", "insufficient credits",
                                              NULL};
static const char *const daily_words[] = {"daily", "24 hour", "24h", NULL};

static const struct kit_choice sounds[] = {
    {"auto", RUNWAY_SOUND_AUTO}, {"on", RUNWAY_SOUND_ON}, {"off", RUNWAY_SOUND_OFF}, {NULL, 0}};

static const struct kit_choice figures[] = {{"", 1}, {"auto", 2}, {"low", 3}, {NULL, 0}};

static void read_numbers(struct kit_reading *reading, struct runway_settings *to)
{
    to->credit_price = kit_read_dollars(reading, "creditPrice", 10000);
    to->poll_ms = (int64_t)(kit_read_number(reading, "pollSeconds", 5, 600, 6) * 1000);
    to->frame_rate_milli =
        (int64_t)(kit_read_number(reading, "frameRate", 1, 120, 24) * 1000 + 0.5);
}

static void read_words(struct kit_reading *reading, struct runway_settings *to)
{
    to->version = kit_read_text(reading, "apiVersion", "2024-11-06");
    to->figures = kit_read_text(reading, "publicFigures", "");
    to->no_credit = kit_read_words(reading, "noCreditWords", no_credit_words);
    to->daily = kit_read_words(reading, "dailyWords", daily_words);
    to->sound = kit_read_choice(reading, "sound", sounds, RUNWAY_SOUND_AUTO);
    kit_read_choice(reading, "publicFigures", figures, 1);
}

int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct runway_settings **out, const char **message)
{
    struct kit_reading reading = {kit, from, NULL};
    struct runway_settings *to = kit->host->alloc(kit->arena, sizeof(*to));

    if (to == NULL) {
        return kit_broken(message);
    }
    kit_read_known(&reading, known);
    read_numbers(&reading, to);
    read_words(&reading, to);
    to->base = kit_read_base(&reading, "baseUrl", "https://api.dev.runwayml.com");
    to->hosts[0] = kit_authority(kit, to->base);
    if (!models_offer(&reading, to)) {
        return kit_broken(message);
    }
    *out = to;
    return kit_read_end(&reading, message);
}
