/* template.c - see template.h. */
#include "template.h"

enum { TEMPLATE_NAME = 160, TEMPLATE_LONGEST = 512 * 1024 };

enum segment_kind { SEGMENT_END = 0, SEGMENT_PLAIN = 1, SEGMENT_NAME = 2, SEGMENT_BAD = 3 };

enum filter { FILTER_NONE = 0, FILTER_TEXT = 1, FILTER_INTEGER = 2, FILTER_NUMBER = 3 };

static const struct kit_choice filters[] = {
    {"text", FILTER_TEXT}, {"integer", FILTER_INTEGER}, {"number", FILTER_NUMBER}, {NULL, 0}};

struct segment {
    int32_t kind, filter;
    const char *from;
    size_t size;
    char name[TEMPLATE_NAME];
};

/* Reads the name in braces at `text`; the place behind it. */
static const char *read_name(const char *text, struct segment *out)
{
    size_t size = strcspn(text + 2, "}"), bare = strcspn(text + 2, "|}");
    const struct kit_choice *filter = filters;

    out->kind = SEGMENT_BAD;
    if (text[2 + size] != '}' || bare == 0 || bare >= sizeof(out->name)) {
        return text + strlen(text);
    }
    memcpy(out->name, text + 2, bare);
    out->name[bare] = '\0';
    if (bare < size) {
        while (filter->word != NULL &&
               (strlen(filter->word) != size - bare - 1 ||
                memcmp(filter->word, text + 3 + bare, size - bare - 1) != 0)) {
            filter++;
        }
        if (filter->word == NULL) {
            return text + strlen(text);
        }
        out->filter = filter->value;
    }
    out->kind = SEGMENT_NAME;
    return text + 3 + size;
}

/* Takes the next part of a template; the place behind it. */
static const char *next_segment(const char *text, struct segment *out)
{
    const char *at = text;

    out->filter = FILTER_NONE;
    out->from = text;
    out->kind = *text == '\0' ? SEGMENT_END : SEGMENT_PLAIN;
    if (kit_begins(text, "$${")) { /* the first $ is dropped */
        out->from = text + 1;
        out->size = 2;
        return text + 3;
    }
    if (kit_begins(text, "${")) {
        return read_name(text, out);
    }
    while (*at != '\0' && !kit_begins(at, "${") && !kit_begins(at, "$${")) {
        at++;
    }
    out->size = (size_t)(at - text);
    return at;
}

/* -------------------------------------------------------------------------------- checking -- */

void template_check_text(struct template_place *place, const char *text, const char *at)
{
    struct segment segment;

    for (;;) {
        text = next_segment(text, &segment);
        if (segment.kind == SEGMENT_END) {
            return;
        }
        if (segment.kind == SEGMENT_BAD) {
            reading_wrong(place->reading, at,
                          "a ${...} is not closed, or not like ${name} or ${name|text} (filters: "
                          "text, integer, number)");
            return;
        }
        if (segment.kind == SEGMENT_NAME) {
            names_check(place->reading, place->rest,
                        kit_or(READING_SAY(place->reading, "%s", segment.name), ""), at,
                        place->scopes, place->every, place->uploads, &place->sends);
        }
    }
}

static void check_special(struct template_place *place, const struct gen_node *item, const char *at)
{
    const struct gen_host *host = place->reading->kit.host;
    const char *key = host->json_key(item), *text = host->json_text(item, "");

    if (kit_same(key, "$when") || kit_same(key, "$unless")) {
        names_check(place->reading, place->rest, text, at, place->scopes, 0, place->uploads,
                    &place->sends);
    } else if (kit_same(key, "$picture")) {
        place->sends |= NAMES_SENDS_PICTURE;
        if (!place->pictures) {
            reading_wrong(place->reading, at, "only the body of submit may hold a picture");
        } else if (!kit_same(text, "base64") && !kit_same(text, "dataUri")) {
            reading_wrong(place->reading, at, "one of base64, dataUri is wanted here");
        }
    } else if (!kit_same(key, "$value") && !kit_same(key, "$else")) {
        reading_wrong(place->reading, at,
                      "one of $when, $unless, $value, $else, $picture is wanted here");
    }
}

void template_check(struct template_place *place, const struct gen_node *node, const char *at)
{
    const struct gen_host *host = place->reading->kit.host;
    int32_t type = host->json_type(node);
    size_t count = host->json_count(node), i;

    if (type == GEN_JSON_STRING) {
        template_check_text(place, host->json_text(node, ""), at);
    }
    for (i = 0; i < count; i++) {
        const struct gen_node *item = host->json_at(node, i);
        const char *where = type == GEN_JSON_LIST
                                ? reading_index(place->reading, at, i)
                                : reading_under(place->reading, at, host->json_key(item));

        if (type == GEN_JSON_MAP && host->json_key(item)[0] == '$') {
            check_special(place, item, where);
            if (!kit_same(host->json_key(item), "$value") &&
                !kit_same(host->json_key(item), "$else")) {
                continue;
            }
        }
        template_check(place, item, where);
    }
}

/* --------------------------------------------------------------------------------- filling -- */

/* Text that grows; `broken` without memory, or when it gets too long. */
struct growing {
    const struct kit *kit;
    char *text;
    size_t size, room;
    int broken;
};

static void grow(struct growing *to, const char *text, size_t size)
{
    if (!to->broken && to->size + size + 1 > to->room) {
        size_t room = 2 * (to->size + size) + 256;
        char *larger = room <= TEMPLATE_LONGEST ? to->kit->host->alloc(to->kit->arena, room) : NULL;

        to->broken = larger == NULL;
        if (larger != NULL && to->size > 0) {
            memcpy(larger, to->text, to->size);
        }
        to->text = larger;
        to->room = room;
    }
    if (!to->broken) {
        memcpy(to->text + to->size, text, size);
        to->size += size;
        to->text[to->size] = '\0';
    }
}

static const char *as_text(const struct kit *kit, const struct gen_node *value)
{
    const char *scalar = reading_scalar(kit, value);

    return value == NULL || scalar != NULL ? scalar
                                           : kit->host->json_write(kit->arena, value, NULL);
}

/* All segments as one text; `escape`: values become parts of a URL. NULL: one of them is absent. */
static const char *join(const struct names_from *from, const char *text, int escape)
{
    struct growing out = {from->kit, NULL, 0, 0, 0};
    struct segment segment;

    grow(&out, "", 0);
    for (;;) {
        text = next_segment(text, &segment);
        if (segment.kind == SEGMENT_END || segment.kind == SEGMENT_BAD) {
            return out.broken || segment.kind == SEGMENT_BAD ? NULL : out.text;
        }
        if (segment.kind == SEGMENT_NAME) {
            const char *value = as_text(from->kit, names_value(from, segment.name));

            value = value != NULL && escape && !names_trusted(segment.name)
                        ? from->kit->host->url_encode(from->kit->arena, value)
                        : value;
            if (value == NULL) {
                return NULL;
            }
            grow(&out, value, strlen(value));
        } else {
            grow(&out, segment.from, segment.size);
        }
    }
}

/* Is the whole text one name? */
static int is_single(const char *text, struct segment *out)
{
    text = next_segment(text, out);
    return out->kind == SEGMENT_NAME && *text == '\0';
}

static struct gen_node *filtered(const struct kit *kit, const struct gen_node *value,
                                 int32_t filter)
{
    const struct gen_host *host = kit->host;

    if (filter == FILTER_TEXT) {
        return host->json_new_text(kit->arena, as_text(kit, value));
    }
    if (filter == FILTER_INTEGER || filter == FILTER_NUMBER) {
        const char *text = host->json_text(value, NULL);
        double number;

        value = text != NULL ? host->json_parse(kit->arena, text, strlen(text)) : value;
        number = host->json_number(value, 0);
        if (host->json_type(value) != GEN_JSON_NUMBER || number > 9e15 || number < -9e15) {
            return NULL;
        }
        if (filter == FILTER_INTEGER) {
            return host->json_new_integer(kit->arena,
                                          (int64_t)(number + (number < 0 ? -0.5 : 0.5)));
        }
    }
    return host->json_copy(kit->arena, value);
}

const char *template_mark(const struct names_from *from)
{
    const struct gen_host *host = from->kit->host;
    const char *reference = from->task->reference;
    const char *hash = host->hash(from->kit->arena, reference, strlen(reference));

    return host->print(from->kit->arena, "@picture-%.40s@", kit_or(hash, ""));
}

static struct gen_node *fill_picture(const struct names_from *from, const char *how)
{
    const struct gen_host *host = from->kit->host;
    const char *type = as_text(from->kit, names_value(from, "picture.type"));
    const char *mark = template_mark(from);

    if (type == NULL || mark == NULL) {
        return NULL;
    }
    return host->json_new_text(from->kit->arena,
                               kit_same(how, "dataUri")
                                   ? host->print(from->kit->arena, "data:%s;base64,%s", type, mark)
                                   : mark);
}

static struct gen_node *fill_list(const struct names_from *from, const struct gen_node *node)
{
    const struct gen_host *host = from->kit->host;
    struct gen_node *list = host->json_list(from->kit->arena);
    size_t count = host->json_count(node), i;

    for (i = 0; i < count; i++) {
        host->json_push(list, template_fill(from, host->json_at(node, i)));
    }
    return count > 0 && host->json_count(list) == 0 ? NULL : list;
}

/* Has the name a value, other than false? */
static int holds(const struct names_from *from, const char *name)
{
    const struct gen_node *value = names_value(from, name);

    return value != NULL && from->kit->host->json_truth(value, 1);
}

/* Its conditions; false: the map is left out. */
static int stands(const struct names_from *from, const struct gen_node *node)
{
    const struct gen_host *host = from->kit->host;
    const char *when = host->json_text(host->json_get(node, "$when"), NULL);
    const char *unless = host->json_text(host->json_get(node, "$unless"), NULL);

    return (when == NULL || holds(from, when)) && (unless == NULL || !holds(from, unless));
}

static struct gen_node *fill_map(const struct names_from *from, const struct gen_node *node)
{
    const struct gen_host *host = from->kit->host;
    const struct gen_node *value = host->json_get(node, "$value");
    const char *picture = host->json_text(host->json_get(node, "$picture"), NULL);
    struct gen_node *map;
    size_t count = host->json_count(node), plain = 0, i;

    if (!stands(from, node)) {
        return template_fill(from, host->json_get(node, "$else"));
    }
    if (picture != NULL || value != NULL) {
        return picture != NULL ? fill_picture(from, picture) : template_fill(from, value);
    }
    map = host->json_map(from->kit->arena);
    for (i = 0; i < count; i++) {
        const struct gen_node *item = host->json_at(node, i);

        if (host->json_key(item)[0] != '$') {
            host->json_set(from->kit->arena, map, host->json_key(item), template_fill(from, item));
            plain++;
        }
    }
    return plain > 0 && host->json_count(map) == 0 ? NULL : map;
}

struct gen_node *template_fill(const struct names_from *from, const struct gen_node *node)
{
    const struct gen_host *host = from->kit->host;
    struct segment segment;
    const char *text;

    switch (host->json_type(node)) {
    case GEN_JSON_ABSENT:
        return NULL;
    case GEN_JSON_MAP:
        return fill_map(from, node);
    case GEN_JSON_LIST:
        return fill_list(from, node);
    case GEN_JSON_STRING:
        text = host->json_text(node, "");
        if (is_single(text, &segment)) {
            const struct gen_node *value = names_value(from, segment.name);

            return value != NULL ? filtered(from->kit, value, segment.filter) : NULL;
        }
        text = join(from, text, 0);
        return text != NULL ? host->json_new_text(from->kit->arena, text) : NULL;
    default:
        return host->json_copy(from->kit->arena, node);
    }
}

const char *template_text(const struct names_from *from, const char *text)
{
    return join(from, text, 0);
}

const char *template_url(const struct names_from *from, const char *text)
{
    struct segment segment;
    const char *url = join(from, text, !is_single(text, &segment));

    if (url != NULL && url[0] == '/') {
        url = from->kit->host->print(from->kit->arena, "%s%s", from->rest->base, url);
    }
    return url != NULL && kit_is_link(url) && strlen(url) < 8000 ? url : NULL;
}
