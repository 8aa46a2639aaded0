/* outcomes.c - see outcomes.h. */
#include "outcomes.h"

#include "exchange.h"

enum { OUTCOMES_FAULTS = 64 };

const struct kit_choice outcomes_kinds[] = {
    {"transient", GEN_FAIL_TRANSIENT}, {"rate_limited", GEN_FAIL_RATE_LIMITED},
    {"quota", GEN_FAIL_QUOTA},         {"auth", GEN_FAIL_AUTH},
    {"invalid", GEN_FAIL_INVALID},     {"unsupported", GEN_FAIL_UNSUPPORTED},
    {"moderated", GEN_FAIL_MODERATED}, {"expired", GEN_FAIL_EXPIRED},
    {"provider", GEN_FAIL_PROVIDER},   {NULL, 0}};
static const struct kit_choice bills[] = {
    {"no", GEN_BILLED_NO},
    {"yes", GEN_BILLED_YES},
    {"unknown", GEN_BILLED_UNKNOWN},
    /* YAML of other readers makes truths of the bare words. */
    {"false", GEN_BILLED_NO},
    {"true", GEN_BILLED_YES},
    {NULL, 0}};

/* -------------------------------------------------------------------------------------- poll -- */

#define WORDS(word, end) \
    { \
        .key = (word), .shape = READING_WORDS, \
        .offset = offsetof(struct rest_poll, words) + (end) * sizeof(const char *const *) \
    }
#define BILL(word, end) \
    { \
        .key = (word), .shape = READING_WORD, \
        .offset = offsetof(struct rest_poll, billed) + (end) * sizeof(int32_t), .choices = bills \
    }

static const struct reading_field word_fields[] = {WORDS("running", REST_RUNS),
                                                   WORDS("done", REST_DONE),
                                                   WORDS("failed", REST_FAILED),
                                                   WORDS("moderated", REST_MODERATED),
                                                   WORDS("canceled", REST_CANCELED),
                                                   WORDS("expired", REST_EXPIRED),
                                                   {0}};
static const struct reading_field billed_fields[] = {BILL("failed", REST_FAILED),
                                                     BILL("moderated", REST_MODERATED),
                                                     BILL("canceled", REST_CANCELED),
                                                     BILL("expired", REST_EXPIRED),
                                                     {0}};

static void read_words(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    reading_map(reading, node, at, word_fields, to);
}

static void read_billed(struct reading *reading, const struct gen_node *node, const char *at,
                        void *to)
{
    reading_map(reading, node, at, billed_fields, to);
}

static const struct reading_field progress_fields[] = {
    {.key = "path",
     .shape = READING_PATHS,
     .required = 1,
     .offset = offsetof(struct rest_poll, progress)},
    {.key = "scale",
     .shape = READING_NUMBER,
     .offset = offsetof(struct rest_poll, progress_scale),
     .least = 0.001,
     .most = 1e9},
    {0}};
static const struct reading_field cost_fields[] = {
    {.key = "path",
     .shape = READING_PATHS,
     .required = 1,
     .offset = offsetof(struct rest_poll, cost)},
    {.key = "unit", .shape = READING_NODE, .offset = offsetof(struct rest_poll, cost_unit)},
    {0}};

static void read_progress(struct reading *reading, const struct gen_node *node, const char *at,
                          void *to)
{
    reading_map(reading, node, at, progress_fields, to);
}

static void read_cost(struct reading *reading, const struct gen_node *node, const char *at,
                      void *to)
{
    reading_map(reading, node, at, cost_fields, to);
}

#define POLL(member) offsetof(struct rest_poll, member)

static const struct reading_field poll_fields[] = {
    EXCHANGE_FIELDS(1),
    {.key = "status", .shape = READING_PATHS, .offset = POLL(status)},
    {.key = "words", .shape = READING_PART, .part = read_words},
    {.key = "ready", .shape = READING_PATHS, .offset = POLL(ready)},
    {.key = "progress", .shape = READING_PART, .part = read_progress},
    {.key = "queue", .shape = READING_PATHS, .offset = POLL(queue)},
    {.key = "every", .shape = READING_NUMBER, .offset = POLL(every_s), .least = 0.2, .most = 3600},
    {.key = "cost", .shape = READING_PART, .part = read_cost},
    {.key = "billed", .shape = READING_PART, .part = read_billed},
    {0}};

static int word_in(const char *const *words, const char *word)
{
    for (; words != NULL && *words != NULL; words++) {
        if (kit_alike(*words, word)) {
            return 1;
        }
    }
    return 0;
}

/* A word that means two things would be taken for the first. */
static void check_words(struct reading *reading, const struct rest_poll *poll, const char *at)
{
    size_t i, k, w;

    for (i = REST_RUNS; i <= REST_EXPIRED; i++) {
        for (w = 0; poll->words[i] != NULL && poll->words[i][w] != NULL; w++) {
            for (k = i + 1; k <= REST_EXPIRED; k++) {
                if (word_in(poll->words[k], poll->words[i][w])) {
                    reading_wrong(
                        reading, reading_under(reading, at, "words"),
                        READING_SAY(reading, "\"%s\" stands there twice", poll->words[i][w]));
                }
            }
        }
    }
}

void outcomes_poll(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    struct rest *rest = to;
    struct rest_poll *poll = &rest->poll;

    poll->exchange = exchange_usual(at, REST_GET);
    poll->every_s = 5;
    poll->progress_scale = 1;
    reading_map(reading, node, at, poll_fields, poll);
    if (poll->status == NULL && poll->ready == NULL) {
        reading_wrong(reading, at, "status or ready is missing: nothing would tell its end");
    }
    if ((poll->status != NULL) != (poll->words[REST_DONE] != NULL)) {
        reading_wrong(reading, at, "status and words.done belong together");
    }
    check_words(reading, poll, at);
}

void outcomes_statuses(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    const char *const *words = reading_words(reading, node, at);
    size_t i;

    for (i = 0; words != NULL && words[i] != NULL; i++) {
        const char *word = words[i];
        int digits = word[0] >= '1' && word[0] <= '5' && strlen(word) == 3 &&
                     strspn(word + 1, "0123456789") == 2;

        if (!digits && !(word[0] >= '1' && word[0] <= '5' && kit_same(word + 1, "xx"))) {
            reading_wrong(reading, at, "statuses like 422 or 5xx are wanted here");
            return;
        }
    }
    *(const char *const **)to = words;
}

/* ---------------------------------------------------------------------------------- failures -- */

static const struct reading_field envelope_fields[] = {
    {.key = "path",
     .shape = READING_PATHS,
     .required = 1,
     .offset = offsetof(struct rest, envelope.paths)},
    {.key = "ok",
     .shape = READING_WORDS,
     .required = 1,
     .offset = offsetof(struct rest, envelope.ok)},
    {0}};

void outcomes_envelope(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    reading_map(reading, node, at, envelope_fields, to);
}

static const struct kit_choice moments[] = {
    {"upload", REST_AT_UPLOAD}, {"submit", REST_AT_SUBMIT},
    {"poll", REST_AT_POLL},     {"fetch", REST_AT_FETCH},
    {"cancel", REST_AT_CANCEL}, {"recover", REST_AT_RECOVER},
    {"health", REST_AT_HEALTH}, {NULL, 0}};

static void read_moments(struct reading *reading, const struct gen_node *node, const char *at,
                         void *to)
{
    const char *const *words = reading_words(reading, node, at);
    size_t i;

    for (i = 0; words != NULL && words[i] != NULL; i++) {
        const struct kit_choice *row = moments;

        while (row->word != NULL && !kit_same(row->word, words[i])) {
            row++;
        }
        if (row->word == NULL) {
            reading_wrong(reading, at,
                          "upload, submit, poll, fetch, cancel, recover or health is wanted here");
            return;
        }
        *(uint32_t *)to |= 1u << row->value;
    }
}

#define FAULT(member) offsetof(struct rest_fault, member)

static const struct reading_field fault_fields[] = {
    {.key = "at", .shape = READING_PART, .offset = FAULT(moments), .part = read_moments},
    {.key = "status", .shape = READING_PART, .offset = FAULT(statuses), .part = outcomes_statuses},
    {.key = "path", .shape = READING_PATHS, .offset = FAULT(paths)},
    {.key = "is", .shape = READING_WORDS, .offset = FAULT(is)},
    {.key = "contains", .shape = READING_WORDS, .offset = FAULT(contains)},
    {.key = "kind", .shape = READING_WORD, .offset = FAULT(kind), .choices = outcomes_kinds},
    {.key = "billed", .shape = READING_WORD, .offset = FAULT(billed), .choices = bills},
    {0}};

void outcomes_errors(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest *rest = to;
    size_t count = host->json_count(node), i;

    if (host->json_type(node) != GEN_JSON_LIST || count > OUTCOMES_FAULTS) {
        reading_wrong(reading, at, "a list of at most 64 rules is wanted here");
        return;
    }
    rest->faults = reading_alloc(reading, count * sizeof(*rest->faults));
    for (i = 0; rest->faults != NULL && i < count; i++) {
        struct rest_fault *fault = &rest->faults[i];
        const char *where = reading_index(reading, at, i);

        reading_map(reading, host->json_at(node, i), where, fault_fields, fault);
        if (fault->statuses == NULL && fault->paths == NULL && fault->contains == NULL &&
            fault->is == NULL) {
            reading_wrong(reading, where,
                          "status, path, is or contains is missing: it would "
                          "hold for every failure");
        }
        if (fault->kind == 0 && fault->billed == 0) {
            reading_wrong(reading, where, "kind or billed is missing: it would change nothing");
        }
    }
    rest->fault_count = count;
}
