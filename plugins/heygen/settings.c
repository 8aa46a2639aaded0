/* settings.c - see settings.h. */
#include "settings.h"

#include "models.h"

static const char *const known[] = {
    "baseUrl",
    "tokenUrl",
    "storageUrl",
    "models",
    "avatarId",
    "voiceId",
    "avatars",
    "voices",
    "voiceSettings",
    "moderationWords",
    "charactersPerSecond",
    "speechMargin",
    "directUploadAbove",
    "frameRate",
    "idempotency",
    "trustIdempotency",
    "recoverByTitle",
    "pictureAsBackground",
    "promptAsMotion",
    "cinematicSound",
    NULL,
};

struct number {
    const char *key;
    double least, most, usual;
};

enum { SPEED = 0, MARGIN = 1, DIRECT = 2, RATE = 3 };

static const struct number numbers[] = {
    {"charactersPerSecond", 2, 60, 14.5},
    {"speechMargin", 1, 4, 1.35},
    {"directUploadAbove", 0, 32e6, 30e6},
    {"frameRate", 1, 120, 25},
};

/* The number under a row's key, or its usual value; *message is set when it is out of range. */
static double number_of(const struct kit *kit, const struct gen_node *from, int row,
                        const char **message)
{
    const struct number *number = &numbers[row];
    const struct gen_node *node = kit->host->json_get(from, number->key);
    double value = kit->host->json_number(node, node == NULL ? number->usual : -1);

    if (!(value >= number->least && value <= number->most)) {
        *message = kit_or(kit->host->print(kit->arena, "settings.%s is a number from %g to %g",
                                           number->key, number->least, number->most),
                          "a setting is out of range");
    }
    return value;
}

static const char *text_of(const struct kit *kit, const struct gen_node *from, const char *key)
{
    return kit->host->print(kit->arena, "%s", kit_text(kit, from, key));
}

static int32_t truth_of(const struct kit *kit, const struct gen_node *from, const char *key,
                        int32_t usual)
{
    return kit->host->json_truth(kit->host->json_get(from, key), usual);
}

/* The settings' own tree does not outlive configure: what is kept of it is copied. */
static const struct gen_node *tree_of(const struct kit *kit, const struct gen_node *from,
                                      const char *key)
{
    const struct gen_node *node = kit->host->json_get(from, key);

    return node != NULL ? kit->host->json_copy(kit->arena, node) : NULL;
}

static void read_numbers(const struct kit *kit, const struct gen_node *from,
                         struct heygen_settings *to, const char **message)
{
    to->characters_per_second = number_of(kit, from, SPEED, message);
    to->speech_margin_ppm = (int64_t)(number_of(kit, from, MARGIN, message) * 1e6);
    to->direct_above = (int64_t)number_of(kit, from, DIRECT, message);
    to->frame_rate_milli = (int64_t)(number_of(kit, from, RATE, message) * 1000 + 0.5);
}

static void read_rest(const struct kit *kit, const struct gen_node *from,
                      struct heygen_settings *to)
{
    to->avatar = text_of(kit, from, "avatarId");
    to->voice = text_of(kit, from, "voiceId");
    to->avatars = tree_of(kit, from, "avatars");
    to->voices = tree_of(kit, from, "voices");
    to->voice_settings = tree_of(kit, from, "voiceSettings");
    to->moderation = tree_of(kit, from, "moderationWords");
    to->idempotency = truth_of(kit, from, "idempotency", 1);
    to->trusts_key = to->idempotency && truth_of(kit, from, "trustIdempotency", 0);
    to->recovers = truth_of(kit, from, "recoverByTitle", 1);
    to->background = truth_of(kit, from, "pictureAsBackground", 1);
    to->motion = truth_of(kit, from, "promptAsMotion", 0);
    to->cinematic_sound = truth_of(kit, from, "cinematicSound", 1);
}

int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct heygen_settings **out, const char **message)
{
    struct heygen_settings *to = kit->host->alloc(kit->arena, sizeof(*to));
    const char *strange = kit_unknown(kit, from, known), *wrong = NULL;

    if (to == NULL) {
        return kit_broken(message);
    }
    if (strange != NULL) {
        *message = kit_or(kit->host->print(kit->arena, "there is no setting \"%s\"", strange),
                          "there is an unknown setting");
        return GEN_VERDICT_REFUSED;
    }
    read_numbers(kit, from, to, &wrong);
    if (wrong != NULL) {
        *message = wrong;
        return GEN_VERDICT_REFUSED;
    }
    read_rest(kit, from, to);
    to->base = kit_base_url(kit, from, "baseUrl", "https://api.heygen.com");
    if (to->base == NULL) {
        *message = "baseUrl is not an http or https URL";
        return GEN_VERDICT_REFUSED;
    }
    to->hosts[0] = kit_authority(kit, to->base);
    if (to->avatar == NULL || to->voice == NULL || to->hosts[0] == NULL ||
        !models_offer(kit, from, to)) {
        return kit_broken(message);
    }
    if (to->models.strange != NULL) {
        *message = kit_or(kit->host->print(kit->arena, "models.%s is like no model of this plugin",
                                           to->models.strange),
                          "an added model is like none of this plugin");
        return GEN_VERDICT_REFUSED;
    }
    *out = to;
    return GEN_VERDICT_OK;
}

const char *settings_for_language(const struct kit *kit, const struct gen_node *ids,
                                  const char *language, const char *usual)
{
    const char *id = kit_text(kit, kit->host->json_get(ids, language), "");
    const char *first;

    if (id[0] == '\0') {
        first = kit->host->print(kit->arena, "%.*s", (int)strcspn(language, "-"), language);
        id = first != NULL ? kit_text(kit, kit->host->json_get(ids, first), "") : "";
    }
    return id[0] != '\0' ? id : usual;
}
