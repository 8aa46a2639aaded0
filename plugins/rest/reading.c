/* reading.c - see reading.h. */
#include "reading.h"

#include "path.h"

enum { READING_LONGEST = 48 }; /* words that are compared for likeness */

void reading_wrong(struct reading *reading, const char *at, const char *sentence)
{
    if (reading->wrong == NULL) {
        reading->wrong = kit_or(READING_SAY(reading, "%s%s%s", at, at[0] != '\0' ? ": " : "",
                                            kit_or(sentence, "it cannot be read")),
                                "a setting cannot be read");
    }
}

void *reading_alloc(struct reading *reading, size_t size)
{
    void *memory = reading->kit.host->alloc(reading->kit.arena, size > 0 ? size : 1);

    reading->broken |= memory == NULL;
    return memory;
}

const char *reading_under(struct reading *reading, const char *at, const char *key)
{
    return kit_or(READING_SAY(reading, "%s%s%s", at, at[0] != '\0' ? "." : "", key), "");
}

const char *reading_index(struct reading *reading, const char *at, size_t index)
{
    return kit_or(READING_SAY(reading, "%s[%zu]", at, index), "");
}

const char *reading_scalar(const struct kit *kit, const struct gen_node *node)
{
    switch (kit->host->json_type(node)) {
    case GEN_JSON_STRING:
        return kit->host->json_text(node, "");
    case GEN_JSON_NUMBER:
    case GEN_JSON_BOOL:
        return kit->host->json_write(kit->arena, node, NULL);
    default:
        return NULL;
    }
}

/* -------------------------------------------------------------------------------- likeness -- */

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

/* How many letters must be changed, left out or added to make one of the other. */
static size_t distance(const char *one, const char *other)
{
    size_t row[READING_LONGEST + 1], length, i, k;

    one = kit_or(one, "");
    other = kit_or(other, "");
    length = strlen(other);

    if (length > READING_LONGEST || strlen(one) > READING_LONGEST) {
        return READING_LONGEST;
    }
    for (k = 0; k <= length; k++) {
        row[k] = k;
    }
    for (i = 1; one[i - 1] != '\0'; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (k = 1; k <= length; k++) {
            size_t above = row[k];
            int same = kit_lower(one[i - 1]) == kit_lower(other[k - 1]);

            row[k] = smallest(above + 1, row[k - 1] + 1, corner + (same ? 0 : 1));
            corner = above;
        }
    }
    return row[length];
}

void reading_try(struct reading_nearest *nearest, const char *word)
{
    size_t far = distance(nearest->asked, word);

    if (nearest->best == NULL || far < nearest->far) {
        nearest->best = word;
        nearest->far = far;
    }
}

const char *reading_hint(struct reading *reading, const struct reading_nearest *nearest)
{
    size_t length = strlen(kit_or(nearest->asked, ""));

    if (nearest->best == NULL || nearest->far > (length < 6 ? 2 : length / 3)) {
        return "";
    }
    return kit_or(READING_SAY(reading, " (do you mean \"%s\"?)", nearest->best), "");
}

/* ---------------------------------------------------------------------------------- shapes -- */

static const char *const *read_list(struct reading *reading, const struct gen_node *node,
                                    const char *at, int paths)
{
    const struct gen_host *host = reading->kit.host;
    int many = host->json_type(node) == GEN_JSON_LIST;
    size_t count = many ? host->json_count(node) : 1, i;
    const char **list = reading_alloc(reading, (count + 1) * sizeof(*list));

    for (i = 0; list != NULL && i < count; i++) {
        const char *where = many ? reading_index(reading, at, i) : at;
        const char *why = NULL;

        list[i] = reading_scalar(&reading->kit, many ? host->json_at(node, i) : node);
        if (list[i] == NULL || list[i][0] == '\0') {
            reading_wrong(reading, where, "a text is wanted here, or a list of them");
            return NULL;
        }
        if (paths && !path_fits(list[i], &why)) {
            reading_wrong(reading, where, why);
            return NULL;
        }
    }
    if (count == 0) {
        reading_wrong(reading, at, "the list is empty");
    }
    return list;
}

const char *const *reading_words(struct reading *reading, const struct gen_node *node,
                                 const char *at)
{
    return read_list(reading, node, at, 0);
}

const char *const *reading_paths(struct reading *reading, const struct gen_node *node,
                                 const char *at)
{
    return read_list(reading, node, at, 1);
}

static void read_number(struct reading *reading, const struct gen_node *node, const char *at,
                        const struct reading_field *field, void *to)
{
    double value = reading->kit.host->json_number(node, field->least - 1);
    int64_t whole = (int64_t)(value >= field->least && value <= field->most ? value : 0);

    if (!(value >= field->least && value <= field->most) ||
        (field->shape == READING_INTEGER && (double)whole != value)) {
        reading_wrong(reading, at,
                      READING_SAY(reading, "a %snumber from %g to %g is wanted here",
                                  field->shape == READING_INTEGER ? "whole " : "", field->least,
                                  field->most));
    } else if (field->shape == READING_INTEGER) {
        *(int64_t *)to = whole;
    } else {
        *(double *)to = value;
    }
}

static void read_word(struct reading *reading, const struct gen_node *node, const char *at,
                      const struct reading_field *field, void *to)
{
    const char *word = kit_or(reading_scalar(&reading->kit, node), "");
    const struct kit_choice *row = field->choices;
    const char *all = "";

    for (; row->word != NULL; row++) {
        if (kit_same(row->word, word)) {
            *(int32_t *)to = row->value;
            return;
        }
        all = kit_or(READING_SAY(reading, "%s%s%s", all, all[0] != '\0' ? ", " : "", row->word),
                     "");
    }
    reading_wrong(reading, at, READING_SAY(reading, "one of %s is wanted here", all));
}

static void read_text(struct reading *reading, const struct gen_node *node, const char *at,
                      void *to)
{
    if (reading->kit.host->json_type(node) != GEN_JSON_STRING) {
        reading_wrong(reading, at, "a text is wanted here");
    } else {
        *(const char **)to = reading->kit.host->json_text(node, "");
    }
}

static void read_truth(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    if (reading->kit.host->json_type(node) != GEN_JSON_BOOL) {
        reading_wrong(reading, at, "true or false is wanted here");
    } else {
        *(int32_t *)to = reading->kit.host->json_truth(node, 0);
    }
}

static void read_field(struct reading *reading, const struct gen_node *node, const char *at,
                       const struct reading_field *field, void *to)
{
    switch (field->shape) {
    case READING_TEXT:
        read_text(reading, node, at, to);
        break;
    case READING_INTEGER:
    case READING_NUMBER:
        read_number(reading, node, at, field, to);
        break;
    case READING_TRUTH:
        read_truth(reading, node, at, to);
        break;
    case READING_WORD:
        read_word(reading, node, at, field, to);
        break;
    case READING_WORDS:
    case READING_PATHS:
        *(const char *const **)to = read_list(reading, node, at, field->shape == READING_PATHS);
        break;
    case READING_NODE:
        *(const struct gen_node **)to = node;
        break;
    default:
        field->part(reading, node, at, to);
        break;
    }
}

static void unknown_key(struct reading *reading, const char *at, const char *key,
                        const struct reading_field *fields)
{
    struct reading_nearest nearest = {key, NULL, 0};

    for (; fields->key != NULL; fields++) {
        reading_try(&nearest, fields->key);
    }
    reading_wrong(reading, reading_under(reading, at, key),
                  READING_SAY(reading, "there is no such key%s", reading_hint(reading, &nearest)));
}

static void known_keys(struct reading *reading, const struct gen_node *node, const char *at,
                       const struct reading_field *fields)
{
    const struct gen_host *host = reading->kit.host;
    size_t count = host->json_count(node), i;

    for (i = 0; i < count; i++) {
        const char *key = host->json_key(host->json_at(node, i));
        const struct reading_field *field = fields;

        while (field->key != NULL && !kit_same(field->key, key)) {
            field++;
        }
        if (field->key == NULL) {
            unknown_key(reading, at, key, fields);
        }
    }
}

void reading_map(struct reading *reading, const struct gen_node *node, const char *at,
                 const struct reading_field *fields, void *to)
{
    const struct gen_host *host = reading->kit.host;
    const struct reading_field *field;

    if (host->json_type(node) != GEN_JSON_MAP) {
        reading_wrong(reading, at, "a map is wanted here");
        return;
    }
    known_keys(reading, node, at, fields);
    for (field = fields; field->key != NULL && reading->wrong == NULL; field++) {
        const struct gen_node *value = host->json_get(node, field->key);

        if (value == NULL || host->json_type(value) == GEN_JSON_NULL) {
            if (field->required) {
                reading_wrong(reading, reading_under(reading, at, field->key), "it is missing");
            }
            continue;
        }
        read_field(reading, value, reading_under(reading, at, field->key), field,
                   (char *)to + field->offset);
    }
}
