/* settings.c - see settings.h. */
#include "settings.h"

#include "models.h"

const struct kling_region kling_regions[] = {
    {"singapore", "https://api-singapore.klingai.com"},
    {"beijing", "https://api-beijing.klingai.com"},
    {NULL, NULL},
};

static const char *const known[] = {
    "baseUrl",   "tokenUrl",    "storageUrl",      "models",         "auth",       "dialect",
    "region",    "sound",       "watermark",       "unitPrice",      "cashPrice",  "pollSeconds",
    "frameRate", "resolutions", "moderationWords", "duplicateWords", "absentCode", NULL,
};

/* After acceptance a refusal has no code, only text: these are read with care. */
static const char *const moderation_words[] = {
    "content policy", "content security", "risk control", "moderation", "sensitive",
    "inappropriate",  "prohibited",       "violat",       NULL,
};
static const char *const duplicate_words[] = {"external_task_id", "external id", "external_id",
                                              NULL};

static const struct kit_choice auths[] = {{"jwt", KLING_JWT}, {"key", KLING_KEY}, {NULL, 0}};
static const struct kit_choice dialects[] = {
    {"auto", KLING_AUTO}, {"legacy", KLING_LEGACY}, {"new", KLING_NEW}, {NULL, 0}};
static const struct kit_choice sounds[] = {{"on", 1}, {"off", 0}, {NULL, 0}};

static void read_words(struct kit_reading *reading, struct kling_settings *to)
{
    static const char *const all[] = {"720p", "1080p", "4k", NULL};
    const char *const *word = kit_read_words(reading, "resolutions", all);

    to->auth = kit_read_choice(reading, "auth", auths, KLING_JWT);
    to->dialect = kit_read_choice(reading, "dialect", dialects, KLING_AUTO);
    to->sound = kit_read_choice(reading, "sound", sounds, 0);
    to->watermark = kit_read_truth(reading, "watermark", -1);
    to->moderation = kit_read_words(reading, "moderationWords", moderation_words);
    to->duplicate = kit_read_words(reading, "duplicateWords", duplicate_words);
    for (; *word != NULL; word++) {
        const struct kling_resolution *row = models_resolution(*word);

        if (row == NULL) {
            kit_read_wrong(reading, "resolutions are of 720p, 1080p and 4k");
            return;
        }
        to->resolutions |= row->bit;
    }
    if (to->resolutions == 0) {
        kit_read_wrong(reading, "resolutions are of 720p, 1080p and 4k");
    }
}

static void read_numbers(struct kit_reading *reading, struct kling_settings *to)
{
    to->unit_price = kit_read_dollars(reading, "unitPrice", 140000);
    to->cash_price = kit_read_dollars(reading, "cashPrice", 1000000);
    to->absent_code = (int64_t)kit_read_number(reading, "absentCode", 1, 1e6, 1203);
    to->poll_ms = (int64_t)(kit_read_number(reading, "pollSeconds", 1, 600, 5) * 1000);
    to->frame_rate_milli =
        (int64_t)(kit_read_number(reading, "frameRate", 1, 120, 24) * 1000 + 0.5);
}

/* A base URL of the settings stands before the region's; without one, jobs of every region are read
 * where they were ordered, so all of Kling's own hosts are declared. */
static void read_place(struct kit_reading *reading, struct kling_settings *to)
{
    const struct kit *kit = reading->kit;
    const char *region = kit_read_text(reading, "region", kling_regions[0].word);
    const struct kling_region *row = kling_regions;
    size_t i;

    while (row->word != NULL && !kit_same(row->word, region)) {
        row++;
    }
    if (row->word == NULL) {
        kit_read_wrong(reading, "region is \"singapore\" or \"beijing\"");
        row = kling_regions;
    }
    to->base = kit_read_base(reading, "baseUrl", row->base);
    if (kit->host->json_get(reading->from, "baseUrl") != NULL) {
        to->region = "";
        to->hosts[0] = kit_authority(kit, to->base);
        return;
    }
    to->region = row->word;
    for (i = 0; kling_regions[i].word != NULL && i < KIT_COUNT(to->hosts) - 1; i++) {
        to->hosts[i] = kit_authority(kit, kling_regions[i].base);
    }
}

int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct kling_settings **out, const char **message)
{
    struct kit_reading reading = {kit, from, NULL};
    struct kling_settings *to = kit->host->alloc(kit->arena, sizeof(*to));

    if (to == NULL) {
        return kit_broken(message);
    }
    kit_read_known(&reading, known);
    read_words(&reading, to);
    read_numbers(&reading, to);
    read_place(&reading, to);
    if (!models_offer(&reading, to)) {
        return kit_broken(message);
    }
    *out = to;
    return kit_read_end(&reading, message);
}

const char *settings_credential(const struct kling_settings *settings)
{
    return settings->auth == KLING_KEY ? "key" : "jwt";
}
