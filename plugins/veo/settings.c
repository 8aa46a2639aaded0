/* settings.c - see settings.h. */
#include "settings.h"

#include "models.h"

static const char *const known[] = {
    "baseUrl",
    "tokenUrl",
    "storageUrl",
    "models",
    "vertexUrl",
    "apiVersion",
    "delivery",
    "sendTask",
    "firstFrameTag",
    "uploadAbove",
    "omniPollSeconds",
    "tokenPrice",
    "project",
    "location",
    "storageUri",
    "personGeneration",
    "generateAudio",
    "vertexPollSeconds",
    "recoverAfterSeconds",
    "speakDialogue",
    "health",
    "moderationWords",
    NULL,
};

static const struct kit_choice deliveries[] = {
    {"uri", VEO_DELIVERY_URI}, {"inline", VEO_DELIVERY_INLINE}, {NULL, 0}};
static const struct kit_choice versions[] = {{"v1beta", 1}, {"v1", 2}, {NULL, 0}};

/* UNCERTAIN: Google names no code for refused content; these words are looked for. */
static const char *const usual_refusals[] = {
    "safety",         "polic",     "blocked",   "prohibited", "violat",
    "responsible ai", "sensitive", "guideline", "harm",       NULL};

static const char *const persons[] = {"",         "allow_adult", "dont_allow",
                                      "disallow", "allow_all",   NULL};

/* Where a location is served. */
static const char *vertex_of(const struct kit *kit, const char *location)
{
    if (kit_same(location, "global")) {
        return "https://aiplatform.googleapis.com";
    }
    if (kit_same(location, "us") || kit_same(location, "eu")) {
        return kit->host->print(kit->arena, "https://aiplatform.%s.rep.googleapis.com", location);
    }
    return kit->host->print(kit->arena, "https://%s-aiplatform.googleapis.com", location);
}

static int one_of(const char *word, const char *const *list)
{
    while (*list != NULL && !kit_same(*list, word)) {
        list++;
    }
    return *list != NULL;
}

static void read_gemini(struct kit_reading *reading, struct veo_settings *to)
{
    to->base = kit_read_base(reading, "baseUrl", "https://generativelanguage.googleapis.com");
    to->version = kit_read_choice(reading, "apiVersion", versions, 1) == 1 ? "v1beta" : "v1";
    to->delivery = kit_read_choice(reading, "delivery", deliveries, VEO_DELIVERY_URI);
    to->sends_task = kit_read_truth(reading, "sendTask", 1);
    to->first_frame = kit_read_text(reading, "firstFrameTag", "<FIRST_FRAME>");
    to->upload_above = (int64_t)kit_read_number(reading, "uploadAbove", 0, 14e6, 7e6);
    to->omni_poll_ms = (int64_t)(kit_read_number(reading, "omniPollSeconds", 1, 60, 4) * 1000);
}

static void read_token_prices(struct kit_reading *reading, struct veo_settings *to)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, "tokenPrice");
    int32_t type = kit->host->json_type(node);
    size_t i;

    if (node == NULL) {
        return;
    }
    if (type != GEN_JSON_MAP &&
        (type != GEN_JSON_NUMBER || kit->host->json_dollars(node, -1) < 0)) {
        kit_read_wrong(reading,
                       "tokenPrice is dollars for a million video tokens, or a map of them "
                       "by model");
    }
    for (i = 0; type == GEN_JSON_MAP && i < kit->host->json_count(node); i++) {
        if (kit->host->json_dollars(kit->host->json_at(node, i), -1) < 0) {
            kit_read_wrong(reading, "tokenPrice by model holds something that is no price");
        }
    }
    to->token_prices = kit->host->json_copy(kit->arena, node);
}

/* "gs://bucket/prefix/": a "/" at its end. */
static void read_storage(struct kit_reading *reading, struct veo_settings *to)
{
    const struct kit *kit = reading->kit;
    const char *uri = kit_read_text(reading, "storageUri", "");
    size_t length = strlen(uri);

    to->storage = kit_read_base(reading, "storageUrl", "https://storage.googleapis.com");
    if (length > 0 && (!kit_begins(uri, "gs://") || strcspn(uri + 5, "/ ") == 0)) {
        kit_read_wrong(reading, "storageUri is gs://BUCKET/PREFIX/");
    }
    to->storage_uri = length == 0 || uri[length - 1] == '/'
                          ? uri
                          : kit_or(kit->host->print(kit->arena, "%s/", uri), "");
}

static void read_vertex(struct kit_reading *reading, struct veo_settings *to)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const struct kit *kit = reading->kit;
    const char *usual;

    to->project = kit_read_text(reading, "project", "");
    to->location = kit_read_text(reading, "location", "us-central1");
    if (to->location[0] == '\0' || strspn(to->location, plain) != strlen(to->location)) {
        kit_read_wrong(reading, "location is a region, \"us\", \"eu\" or \"global\"");
    }
    /* A base URL that was set is a proxy or a test server for all of Google, unless told apart. */
    usual = kit->host->json_get(reading->from, "baseUrl") != NULL ? to->base
                                                                  : vertex_of(kit, to->location);
    to->vertex = kit_read_base(reading, "vertexUrl", kit_or(usual, ""));
    read_storage(reading, to);
    to->person = kit_read_text(reading, "personGeneration", "");
    if (!one_of(to->person, persons)) {
        kit_read_wrong(reading,
                       "personGeneration is allow_adult, dont_allow, disallow or allow_all");
    }
    to->audio = kit_read_truth(reading, "generateAudio", 1);
    to->vertex_poll_ms =
        (int64_t)(kit_read_number(reading, "vertexPollSeconds", 1, 120, 10) * 1000);
    to->recover_after_ms =
        (int64_t)(kit_read_number(reading, "recoverAfterSeconds", 0, 86400, 1800) * 1000);
}

/* Every origin that gets a credential; one that stands there already is not repeated. */
static int hosts_of(const struct kit *kit, struct veo_settings *to, const char *token_url)
{
    const char *urls[4] = {to->base, to->vertex, to->storage, token_url};
    size_t count = 0, i, k;

    for (i = 0; i < KIT_COUNT(urls); i++) {
        const char *host = urls[i][0] != '\0' ? kit_authority(kit, urls[i]) : "";

        if (host == NULL) {
            return 0;
        }
        for (k = 0; k < count && !kit_same(to->hosts[k], host); k++) {
        }
        if (k == count && host[0] != '\0') {
            to->hosts[count++] = host;
        }
    }
    return 1;
}

static void credentials_of(struct veo_settings *to, const char *token_url)
{
    to->credentials[0] = (struct gen_provider_credential){
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_HEADER,
        .name = VEO_KEY,
        .header = "x-goog-api-key",
        .prefix = "",
        .token_url = "",
        .scope = "",
        .hint = "a Gemini API key with billing, from aistudio.google.com"};
    to->credentials[1] = (struct gen_provider_credential){
        .size = sizeof(struct gen_provider_credential),
        .scheme = GEN_SCHEME_SERVICE_ACCOUNT,
        .name = VEO_ACCOUNT,
        .header = "",
        .prefix = "",
        .token_url = token_url,
        .scope = "https://www.googleapis.com/auth/cloud-platform",
        .hint =
            "the JSON file of a service account with the role Vertex AI User, and Storage Object "
            "Viewer where storageUri is set"};
}

int32_t settings_read(const struct kit *kit, const struct gen_node *from,
                      const struct veo_settings **out, const char **message)
{
    struct veo_settings *to = kit->host->alloc(kit->arena, sizeof(*to));
    struct kit_reading reading = {kit, from, NULL};
    const char *token_url;

    if (to == NULL) {
        return kit_broken(message);
    }
    kit_read_known(&reading, known);
    read_gemini(&reading, to);
    read_token_prices(&reading, to);
    read_vertex(&reading, to);
    to->speaks = kit_read_truth(&reading, "speakDialogue", 0);
    to->health = kit_read_truth(&reading, "health", 1);
    to->refusals = kit_read_words(&reading, "moderationWords", usual_refusals);
    token_url = kit->host->json_get(from, "tokenUrl") != NULL
                    ? kit_read_base(&reading, "tokenUrl", "")
                    : "";
    credentials_of(to, token_url);
    if (!models_offer(&reading, to) || !hosts_of(kit, to, token_url)) {
        return kit_broken(message);
    }
    *out = to;
    return kit_read_end(&reading, message);
}

int64_t settings_token_price(const struct kit *kit, const struct veo_settings *settings,
                             const char *model)
{
    const struct gen_node *node = settings->token_prices;

    node = kit->host->json_type(node) == GEN_JSON_MAP ? kit->host->json_get(node, model) : node;
    return kit->host->json_dollars(node, -1);
}
