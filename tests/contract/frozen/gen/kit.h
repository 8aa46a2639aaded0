/* gen/kit.h - what most plugins need again and again, in one optional header on top of provider.h.
 *
 * Steps in one line, JSON by path, durations and ratios that a model takes, cutting prompts,
 * pricing by a row of the price book, HTTP statuses that mean the same everywhere. Everything is
 * static inline and pure; nothing here is part of the ABI, so a plugin carries its own copy.
 *
 * Invariant: no function fails loudly. Without memory a text is "", a node NULL, and the step that
 * is made of them says BROKEN.
 * Thread: any. Stands on gen/provider.h alone. Tests: tests/contract/kit_test.c
 */
#ifndef GEN_KIT_H
#define GEN_KIT_H

#include <gen/provider.h>

#include <string.h>

#if defined(__GNUC__)
#define KIT_FUNCTION static inline __attribute__((unused))
#else
#define KIT_FUNCTION static inline
#endif

#define KIT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What every function works with: the host's services and the arena of the call. */
struct kit {
    const struct gen_host *host;
    struct gen_arena *arena;
};

/* A text that is never NULL. */
KIT_FUNCTION const char *kit_or(const char *text, const char *fallback)
{
    return text != NULL ? text : fallback;
}

KIT_FUNCTION int kit_same(const char *one, const char *other)
{
    return strcmp(kit_or(one, ""), kit_or(other, "")) == 0;
}

KIT_FUNCTION int kit_begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

KIT_FUNCTION char kit_lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* The same text, whatever its case (of ASCII)? */
KIT_FUNCTION int kit_alike(const char *one, const char *other)
{
    while (*one != '\0' && kit_lower(*one) == kit_lower(*other)) {
        one++;
        other++;
    }
    return *one == *other;
}

/* Does `text` hold one of the words (in lower case, ended by NULL), whatever its case? */
KIT_FUNCTION int kit_holds(const char *text, const char *const *words)
{
    size_t at, i;

    for (; *words != NULL; words++) {
        for (at = 0; text[at] != '\0'; at++) {
            for (i = 0; (*words)[i] != '\0' && kit_lower(text[at + i]) == (*words)[i]; i++) {
            }
            if ((*words)[i] == '\0') {
                return 1;
            }
        }
    }
    return 0;
}

/* Is `word` one of the words of `list`, which stand there with a space between them? */
KIT_FUNCTION int kit_has_word(const char *list, const char *word)
{
    size_t length = strlen(word), size;

    for (; *list != '\0'; list += size + (list[size] == ' ')) {
        size = strcspn(list, " ");
        if (length > 0 && size == length && memcmp(list, word, size) == 0) {
            return 1;
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------------------ JSON -- */

/* The node at "data.task_result.videos[0].url"; NULL when there is none. */
KIT_FUNCTION const struct gen_node *kit_at(const struct kit *kit, const struct gen_node *node,
                                           const char *path)
{
    char name[64];

    while (node != NULL && *path != '\0') {
        size_t length = strcspn(path, ".[");

        if (length >= sizeof(name)) {
            return NULL;
        }
        if (length > 0) {
            memcpy(name, path, length);
            name[length] = '\0';
            node = kit->host->json_get(node, name);
            path += length;
        }
        if (*path == '[') {
            size_t index = 0;

            for (path++; *path >= '0' && *path <= '9'; path++) {
                index = index * 10 + (size_t)(*path - '0');
            }
            node = kit->host->json_at(node, index);
            path += *path == ']';
        }
        path += *path == '.';
    }
    return node;
}

KIT_FUNCTION const char *kit_text(const struct kit *kit, const struct gen_node *node,
                                  const char *path)
{
    return kit_or(kit->host->json_text(kit_at(kit, node, path), ""), "");
}

/* The JSON of an answer; NULL when its body is none, or was cut off. */
KIT_FUNCTION const struct gen_node *kit_json(const struct kit *kit,
                                             const struct gen_provider_answer *answer)
{
    return answer->body_complete
               ? kit->host->json_parse(kit->arena, answer->body, answer->body_size)
               : NULL;
}

/* Millionths of a number that may stand as a number or as its text ("2.5"); `fallback` where it is
 * none, finer than that, or negative. */
KIT_FUNCTION int64_t kit_millionths(const struct kit *kit, const struct gen_node *node,
                                    int64_t fallback)
{
    int64_t value;

    if (kit->host->json_type(node) == GEN_JSON_STRING) {
        const char *text = kit->host->json_text(node, "");

        node = kit->host->json_parse(kit->arena, text, strlen(text));
    }
    value = kit->host->json_dollars(node, -1);
    return value >= 0 ? value : fallback;
}

/* Micro-dollars of an amount of some unit (credits; in millionths) at the price of one, rounded up;
 * -1 when one of them is negative or it does not fit. */
KIT_FUNCTION int64_t kit_units_price(int64_t millionths, int64_t price_micros)
{
    int64_t whole = millionths / 1000000, rest = millionths % 1000000;

    if (millionths < 0 || price_micros < 0 || price_micros > INT64_C(1000000000) ||
        (price_micros > 0 && whole > INT64_C(1000000000000000) / price_micros)) {
        return -1;
    }
    return whole * price_micros + (rest * price_micros + 999999) / 1000000;
}

KIT_FUNCTION void kit_set_text(const struct kit *kit, struct gen_node *map, const char *key,
                               const char *value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_text(kit->arena, value));
}

KIT_FUNCTION void kit_set_integer(const struct kit *kit, struct gen_node *map, const char *key,
                                  int64_t value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_integer(kit->arena, value));
}

KIT_FUNCTION void kit_set_truth(const struct kit *kit, struct gen_node *map, const char *key,
                                int value)
{
    kit->host->json_set(kit->arena, map, key, kit->host->json_new_truth(kit->arena, value));
}

/* A new map (or list) under `key`. */
KIT_FUNCTION struct gen_node *kit_set_map(const struct kit *kit, struct gen_node *map,
                                          const char *key)
{
    return kit->host->json_set(kit->arena, map, key, kit->host->json_map(kit->arena));
}

KIT_FUNCTION struct gen_node *kit_set_list(const struct kit *kit, struct gen_node *map,
                                           const char *key)
{
    return kit->host->json_set(kit->arena, map, key, kit->host->json_list(kit->arena));
}

/* ------------------------------------------------------------------------------- the task -- */

/* Elements of the task's arrays may be larger than this header knows: never index them directly. */
KIT_FUNCTION const struct gen_provider_scene *kit_scene(const struct gen_provider_task *task,
                                                        size_t index)
{
    return (const struct gen_provider_scene *)(const void *)((const char *)task->scenes +
                                                             index * task->scene_size);
}

KIT_FUNCTION const struct gen_provider_asset *kit_asset(const struct gen_provider_task *task,
                                                        size_t index)
{
    return (const struct gen_provider_asset *)(const void *)((const char *)task->assets +
                                                             index * task->asset_size);
}

/* Index of the first asset of the scene with this role, -1 = none. */
KIT_FUNCTION int32_t kit_scene_asset(const struct gen_provider_task *task,
                                     const struct gen_provider_scene *scene, int32_t role)
{
    size_t i;

    for (i = 0; i < scene->asset_count; i++) {
        int32_t index = scene->assets[i];

        if (index >= 0 && (size_t)index < task->asset_count &&
            kit_asset(task, (size_t)index)->role == role) {
            return index;
        }
    }
    return -1;
}

/* The picture that a shot starts from: a FIRST_FRAME, or else the scene's first picture; -1. */
KIT_FUNCTION int32_t kit_first_frame(const struct gen_provider_task *task,
                                     const struct gen_provider_scene *scene)
{
    int32_t index = kit_scene_asset(task, scene, GEN_ROLE_FIRST_FRAME);

    return index >= 0 ? index : kit_scene_asset(task, scene, GEN_ROLE_PICTURE);
}

/* A scene in words, for models that take one text: what is shown, its style, how the camera moves,
 * and with `speech` what is said. "" when the scene says nothing. */
KIT_FUNCTION const char *kit_prompt(const struct kit *kit, const struct gen_provider_scene *scene,
                                    int speech)
{
    static const char *const motions[] = {
        "",
        "",
        "The camera moves in slowly. ",
        "The camera moves out slowly. ",
        "The camera pans to the left. ",
        "The camera pans to the right. ",
        "The camera stands still. ",
    };
    size_t motion = (size_t)scene->motion < KIT_COUNT(motions) ? (size_t)scene->motion : 0;
    int speaks = speech && scene->dialogue[0] != '\0';
    char *text = kit->host->print(kit->arena, "%s%s%s%s%s%s%s%s%s%s", scene->prompt,
                                  scene->prompt[0] != '\0' ? "\n" : "",
                                  scene->style[0] != '\0' ? "Style: " : "", scene->style,
                                  scene->style[0] != '\0' ? ".\n" : "", motions[motion],
                                  motions[motion][0] != '\0' && speaks ? "\n" : "",
                                  !speaks            ? ""
                                  : scene->presenter ? "The person says: \""
                                                     : "A voice says: \"",
                                  speaks ? scene->dialogue : "", speaks ? "\"" : "");
    size_t length = text != NULL ? strlen(text) : 0;

    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == ' ')) {
        text[--length] = '\0';
    }
    return kit_or(text, "");
}

/* What the model takes that is nearest to what is asked for: the shortest listed duration that is
 * not shorter, else the longest. */
KIT_FUNCTION int64_t kit_duration(const int64_t *listed, size_t count, int64_t asked_ms)
{
    int64_t best = listed[0], longest = listed[0];
    int found = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        if (listed[i] >= asked_ms && (!found || listed[i] < best)) {
            best = listed[i];
            found = 1;
        }
        longest = listed[i] > longest ? listed[i] : longest;
    }
    return found ? best : longest;
}

struct kit_ratio {
    const char *word; /* as the provider writes it: "16:9", "1280:720" */
    int32_t width, height;
};

/* The row whose shape is nearest to width x height; of equal shapes the one nearest in size. */
KIT_FUNCTION const struct kit_ratio *kit_nearest(const struct kit_ratio *rows, size_t count,
                                                 int32_t width, int32_t height)
{
    const struct kit_ratio *best = rows;
    double best_off = 0, best_size = 0, asked = (double)width / (double)height;
    size_t i;

    for (i = 0; i < count; i++) {
        double shape = (double)rows[i].width / (double)rows[i].height;
        double off = shape > asked ? shape / asked - 1 : asked / shape - 1;
        double pixels = (double)rows[i].width * rows[i].height / ((double)width * height);
        double size = pixels > 1 ? pixels : 1 / pixels;

        if (i == 0 || off < best_off - 1e-3 || (off < best_off + 1e-3 && size < best_size)) {
            best = &rows[i];
            best_off = off;
            best_size = size;
        }
    }
    return best;
}

/* `text`, or a copy cut at a word after at most `most` UTF-16 units (0 = no limit); *cut says
 * which. */
KIT_FUNCTION const char *kit_cut(const struct kit *kit, const char *text, int32_t most, int *cut)
{
    size_t at = 0, word = 0;
    int32_t units = 0;

    *cut = 0;
    while (most > 0 && text[at] != '\0') {
        unsigned char byte = (unsigned char)text[at];

        units += byte >= 0xF0 ? 2 : 1;
        if (units > most) {
            *cut = 1;
            at = word > at / 2 ? word : at;
            return kit_or(kit->host->print(kit->arena, "%.*s", (int)at, text), "");
        }
        word = byte == ' ' ? at : word;
        do {
            at++;
        } while (((unsigned char)text[at] & 0xC0) == 0x80);
    }
    return text;
}

/* ------------------------------------------------------------------------ format and cost -- */

enum { KIT_NOTES = 16 };

struct kit_notes { /* adjustments; zeroed by the caller. More than KIT_NOTES are not told. */
    struct gen_provider_adjustment *list;
    size_t count;
};

KIT_FUNCTION void kit_note(const struct kit *kit, struct kit_notes *notes, const char *field,
                           const char *from, const char *to, const char *reason)
{
    if (notes->list == NULL) {
        notes->list = (struct gen_provider_adjustment *)kit->host->alloc(
            kit->arena, KIT_NOTES * sizeof(*notes->list));
    }
    if (notes->list != NULL && notes->count < KIT_NOTES && from != NULL && to != NULL) {
        struct gen_provider_adjustment *note = &notes->list[notes->count++];

        note->size = sizeof(*note);
        note->field = field;
        note->from = from;
        note->to = to;
        note->reason = reason;
    }
}

KIT_FUNCTION void kit_note_milliseconds(const struct kit *kit, struct kit_notes *notes,
                                        const char *field, int64_t from, int64_t to,
                                        const char *reason)
{
    if (from != to) {
        kit_note(kit, notes, field, kit->host->print(kit->arena, "%.4g s", (double)from / 1000),
                 kit->host->print(kit->arena, "%.4g s", (double)to / 1000), reason);
    }
}

/* Dollars of a row's member in micro-dollars, 0 = absent. */
KIT_FUNCTION int64_t kit_row(const struct kit *kit, const struct gen_node *row, const char *member)
{
    return kit->host->json_dollars(kit->host->json_get(row, member), 0);
}

/* a * b, or the largest number there is: the host refuses that as a price. Neither is negative. */
KIT_FUNCTION int64_t kit_times(int64_t a, int64_t b)
{
    return b > 0 && a > INT64_MAX / b ? INT64_MAX : a * b;
}

/* The price of one clip by its row, rounded up to the micro-dollar; 0 without a row. Lengths
 * outside a day are not priced: as if a day. */
KIT_FUNCTION int64_t kit_clip_price(const struct kit *kit, const struct gen_node *row, int64_t ms)
{
    int64_t second = kit_row(kit, row, "perSecond"), clip = kit_row(kit, row, "perClip");
    int64_t least = kit_row(kit, row, "minimum"), clips = 1, price;
    /* Seconds with three decimals are read like dollars with six: a thousandth of them is a ms. */
    int64_t step = kit_row(kit, row, "stepSeconds") / 1000;
    int64_t buys = kit_row(kit, row, "clipSeconds") / 1000;

    ms = ms < 0 ? 0 : ms > 86400000 ? 86400000 : ms;
    if (step > 0 && step <= 86400000) {
        ms = (ms + step - 1) / step * step;
    }
    if (buys > 0) {
        clips = buys < ms ? (ms + buys - 1) / buys : 1;
    }
    second = kit_times(second, ms);
    second = second == INT64_MAX ? second : second / 1000 + (second % 1000 != 0);
    clip = kit_times(clip, clips);
    price = second > INT64_MAX - clip ? INT64_MAX : second + clip;
    return price < least ? least : price;
}

/* How the price came about, for people: "8 s at $0.4 per second", "a clip at $7". */
KIT_FUNCTION const char *kit_basis(const struct kit *kit, const struct gen_node *row, int64_t ms)
{
    double second = (double)kit_row(kit, row, "perSecond") / 1e6;
    double clip = (double)kit_row(kit, row, "perClip") / 1e6;

    if (row == NULL) {
        return "no price is known";
    }
    return second <= 0 && clip > 0
               ? kit->host->print(kit->arena, "a clip of %.4g s at $%.6g", (double)ms / 1000, clip)
           : clip > 0 ? kit->host->print(kit->arena, "%.4g s at $%.6g per second and $%.6g a clip",
                                         (double)ms / 1000, second, clip)
                      : kit->host->print(kit->arena, "%.4g s at $%.6g per second",
                                         (double)ms / 1000, second);
}

/* Fills a cost from the row: `ms` expected, `most_ms` the longest it can become. */
KIT_FUNCTION void kit_cost(const struct kit *kit, const struct gen_node *row, int64_t ms,
                           int64_t most_ms, struct gen_provider_cost *out)
{
    out->known = row != NULL;
    out->price_micros = kit_clip_price(kit, row, ms);
    out->most_micros = kit_clip_price(kit, row, most_ms > ms ? most_ms : ms);
    out->exact = most_ms <= ms && !kit->host->json_truth(kit->host->json_get(row, "estimate"), 0);
    out->basis = kit_or(kit_basis(kit, row, ms), "");
}

/* --------------------------------------------------------------------------------- answers -- */

/* Value of a header (its name in lower case), "" = absent. */
KIT_FUNCTION const char *kit_header(const struct gen_provider_answer *answer, const char *name)
{
    size_t i;

    for (i = 0; i < answer->header_count; i++) {
        if (strcmp(answer->headers[i].name, name) == 0) {
            return answer->headers[i].value;
        }
    }
    return "";
}

/* What an answer names may be anything: these say whether it can be used in a request of ours. */

/* A remote id: 1 to 512 bytes without control characters. */
KIT_FUNCTION int kit_fits_id(const char *id)
{
    size_t i;

    for (i = 0; id[i] != '\0'; i++) {
        if ((unsigned char)id[i] < ' ' || id[i] == 0x7F || i >= 512) {
            return 0;
        }
    }
    return i > 0;
}

/* A header that may be sent on: none that frames or routes the message, which is the engine's, and
 * none that says who we are. */
KIT_FUNCTION int kit_fits_header(const char *name, const char *value)
{
    static const char *const ours[] = {
        "host",
        "content-length",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "te",
        "trailer",
        "upgrade",
        "expect",
        "authorization",
        "cookie",
        "x-api-key",
        "proxy-authorization",
        "proxy-connection",
        NULL,
    };
    const char *const *row = ours;
    size_t i;

    for (i = 0; name[i] != '\0'; i++) {
        if ((unsigned char)name[i] <= ' ' || (unsigned char)name[i] >= 0x7F ||
            strchr("\"(),/:;<=>?@[\\]{}", name[i]) != NULL) {
            return 0;
        }
    }
    while (*row != NULL && !kit_alike(*row, name)) {
        row++;
    }
    if (i == 0 || i > 64 || *row != NULL) {
        return 0;
    }
    for (i = 0; value[i] != '\0'; i++) {
        if ((unsigned char)value[i] < ' ' || value[i] == 0x7F || i >= 4096) {
            return 0;
        }
    }
    return 1;
}

/* Milliseconds of Retry-After (seconds; the form with a date is the engine's to read), 0 = none. */
KIT_FUNCTION int64_t kit_retry_after(const struct gen_provider_answer *answer)
{
    const char *text = kit_header(answer, "retry-after");
    int64_t seconds = 0;

    while (*text >= '0' && *text <= '9' && seconds < 1000000) {
        seconds = seconds * 10 + (*text++ - '0');
    }
    return seconds * 1000;
}

/* Is it a link that may be asked for: http or https, a host, perhaps a port, nobody's name before
 * it, and no character that must be escaped? */
KIT_FUNCTION int kit_is_link(const char *text)
{
    static const char host[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    size_t scheme = kit_begins(text, "https://") ? 8 : kit_begins(text, "http://") ? 7 : 0;
    const char *at = text + scheme;
    size_t length = *at == '[' ? 1 + strspn(at + 1, "0123456789abcdefABCDEF:.") : strspn(at, host);
    int32_t port = 0;

    length += *at == '[' && at[length] == ']';
    if (scheme == 0 || length == 0 || length > 253 || *at == '.' || *at == '-' ||
        (*at == '[' && (at[length - 1] != ']' || length < 4))) {
        return 0;
    }
    at += length;
    if (*at == ':') {
        for (at++; *at >= '0' && *at <= '9' && port < 65536; at++) {
            port = port * 10 + (*at - '0');
        }
        if (port == 0 || port > 65535) {
            return 0;
        }
    }
    if (*at != '\0' && strchr("/?#", *at) == NULL) {
        return 0;
    }
    for (; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7F ||
            strchr("\"<>\\^`{|}", *at) != NULL || at - text >= 8192) {
            return 0;
        }
    }
    return 1;
}

/* The kind that an HTTP status means when the body says nothing better; 0 for a success. */
KIT_FUNCTION int32_t kit_status_kind(int32_t status)
{
    static const struct {
        int32_t status, kind;
    } rows[] = {
        {401, GEN_FAIL_AUTH},      {402, GEN_FAIL_QUOTA},     {403, GEN_FAIL_AUTH},
        {404, GEN_FAIL_EXPIRED},   {408, GEN_FAIL_TRANSIENT}, {409, GEN_FAIL_TRANSIENT},
        {410, GEN_FAIL_EXPIRED},   {413, GEN_FAIL_INVALID},   {415, GEN_FAIL_INVALID},
        {422, GEN_FAIL_INVALID},   {425, GEN_FAIL_TRANSIENT}, {429, GEN_FAIL_RATE_LIMITED},
        {451, GEN_FAIL_MODERATED},
    };
    size_t i;

    if (status >= 200 && status < 300) {
        return 0;
    }
    for (i = 0; i < KIT_COUNT(rows); i++) {
        if (rows[i].status == status) {
            return rows[i].kind;
        }
    }
    return status >= 500 ? GEN_FAIL_TRANSIENT : GEN_FAIL_INVALID;
}

/* -------------------------------------------------------------------------------- settings -- */

/* The first key of the map that is not in `known` (ended by NULL); NULL = all are known. A wrong
 * name is an error when the file is read, never a setting that does nothing. */
KIT_FUNCTION const char *kit_unknown(const struct kit *kit, const struct gen_node *map,
                                     const char *const *known)
{
    size_t count = kit->host->json_count(map), i;

    for (i = 0; i < count; i++) {
        const char *key = kit->host->json_key(kit->host->json_at(map, i));
        const char *const *row = known;

        while (*row != NULL && strcmp(*row, key) != 0) {
            row++;
        }
        if (*row == NULL) {
            return key;
        }
    }
    return NULL;
}

/* The URL under `key` (a copy without the slashes at its end), or `fallback`; NULL when it is no
 * http or https URL with a host, or without memory. */
KIT_FUNCTION const char *kit_base_url(const struct kit *kit, const struct gen_node *settings,
                                      const char *key, const char *fallback)
{
    const struct gen_node *node = kit->host->json_get(settings, key);
    const char *url = node == NULL ? fallback : kit->host->json_text(node, "");
    size_t length = strlen(url), scheme = kit_begins(url, "https://")  ? 8
                                          : kit_begins(url, "http://") ? 7
                                                                       : 0;

    while (length > 0 && url[length - 1] == '/') {
        length--;
    }
    return scheme > 0 && length > scheme ? kit->host->print(kit->arena, "%.*s", (int)length, url)
                                         : NULL;
}

/* "api.vendor.com:8443" of a URL, in lower case: what `hosts` of the capabilities declares. */
KIT_FUNCTION const char *kit_authority(const struct kit *kit, const char *url)
{
    const char *from = strstr(url, "://");
    size_t length, i;
    char *copy;

    from = from != NULL ? from + 3 : url;
    length = strcspn(from, "/?#");
    copy = kit->host->print(kit->arena, "%.*s", (int)length, from);
    for (i = 0; copy != NULL && i < length; i++) {
        copy[i] = kit_lower(copy[i]);
    }
    return copy;
}

/* Do both URLs begin with the same scheme, host and port (as written)? */
KIT_FUNCTION int kit_same_origin(const char *one, const char *other)
{
    const char *at = strstr(one, "://");
    size_t length, i;

    length = at == NULL ? 0 : (size_t)(at - one) + 3 + strcspn(at + 3, "/?#");
    for (i = 0; i < length; i++) {
        if (kit_lower(one[i]) != kit_lower(other[i])) {
            return 0;
        }
    }
    return length > 0 && (other[length] == '\0' || strchr("/?#", other[length]) != NULL);
}

/* The models of a plugin and those that its settings add: `models: {new-id: {like: known-id}}`. */
struct kit_models {
    const struct gen_provider_model *list;
    const size_t *like; /* of each: index of the known one that it is, or is like */
    size_t count;
    const char *strange; /* an added id that is like no known one, and so was left out; NULL */
};

/* 0 without memory. */
KIT_FUNCTION int kit_models_read(const struct kit *kit, const struct gen_node *settings,
                                 const struct gen_provider_model *known, size_t known_count,
                                 struct kit_models *out)
{
    const struct gen_node *added = kit->host->json_get(settings, "models");
    size_t room = known_count + kit->host->json_count(added), i, k;
    struct gen_provider_model *list =
        (struct gen_provider_model *)kit->host->alloc(kit->arena, room * sizeof(*list));
    size_t *likes = (size_t *)kit->host->alloc(kit->arena, room * sizeof(*likes));

    memset(out, 0, sizeof(*out));
    if (list == NULL || likes == NULL) {
        return 0;
    }
    memcpy(list, known, known_count * sizeof(*list));
    for (out->count = 0; out->count < known_count; out->count++) {
        likes[out->count] = out->count;
    }
    for (i = 0; known_count + i < room; i++) {
        const struct gen_node *node = kit->host->json_at(added, i);
        const char *like = kit_text(kit, node, "like");
        const char *id = kit->host->print(kit->arena, "%s", kit->host->json_key(node));

        for (k = 0; k < known_count && !kit_same(known[k].id, like); k++) {
        }
        if (id == NULL) {
            return 0;
        }
        if (k < known_count) {
            list[out->count] = known[k];
            list[out->count].id = id;
            list[out->count].name = id;
            likes[out->count++] = k;
        } else if (like[0] != '\0') {
            out->strange = id;
        }
    }
    out->list = list;
    out->like = likes;
    return 1;
}

/* Index of the known model that `id` is, or is like; `none` when it is offered by nobody. */
KIT_FUNCTION size_t kit_model(const struct kit_models *models, const char *id, size_t none)
{
    size_t i;

    for (i = 0; i < models->count; i++) {
        if (kit_same(models->list[i].id, id)) {
            return models->like[i];
        }
    }
    return none;
}

/* Settings, read one after the other: each function gives the value of a key or what is usual, and
 * the first that cannot be meant leaves its sentence in `wrong`. kit_read_end makes the verdict of
 * it. */
struct kit_reading {
    const struct kit *kit;
    const struct gen_node *from;
    const char *wrong; /* NULL = all right so far */
};

KIT_FUNCTION void kit_read_wrong(struct kit_reading *reading, const char *sentence)
{
    if (reading->wrong == NULL) {
        reading->wrong = kit_or(sentence, "a setting cannot be read");
    }
}

/* A wrong name is an error when the file is read, never a setting that does nothing. */
KIT_FUNCTION void kit_read_known(struct kit_reading *reading, const char *const *known)
{
    const char *strange = kit_unknown(reading->kit, reading->from, known);

    if (strange != NULL) {
        kit_read_wrong(reading, reading->kit->host->print(reading->kit->arena,
                                                          "there is no setting \"%s\"", strange));
    }
}

KIT_FUNCTION double kit_read_number(struct kit_reading *reading, const char *key, double least,
                                    double most, double usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);
    double value = kit->host->json_number(node, node == NULL ? usual : least - 1);

    if (value >= least && value <= most) {
        return value;
    }
    kit_read_wrong(reading,
                   kit->host->print(kit->arena, "%s is a number from %g to %g", key, least, most));
    return usual;
}

/* Dollars, in micro-dollars: 0 to 1000. */
KIT_FUNCTION int64_t kit_read_dollars(struct kit_reading *reading, const char *key, int64_t usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);
    int64_t value = node == NULL ? usual : kit->host->json_dollars(node, -1);

    if (value >= 0 && value <= INT64_C(1000000000)) {
        return value;
    }
    kit_read_wrong(reading,
                   kit->host->print(kit->arena, "%s is a price in dollars, 0 to 1000", key));
    return usual;
}

KIT_FUNCTION int32_t kit_read_truth(struct kit_reading *reading, const char *key, int32_t usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);

    if (node == NULL || kit->host->json_type(node) == GEN_JSON_BOOL) {
        return kit->host->json_truth(node, usual);
    }
    kit_read_wrong(reading, kit->host->print(kit->arena, "%s is true or false", key));
    return usual;
}

/* A copy, never NULL. */
KIT_FUNCTION const char *kit_read_text(struct kit_reading *reading, const char *key,
                                       const char *usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);

    if (node != NULL && kit->host->json_type(node) != GEN_JSON_STRING) {
        kit_read_wrong(reading, kit->host->print(kit->arena, "%s is a text", key));
    }
    return kit_or(kit->host->print(kit->arena, "%s", kit->host->json_text(node, usual)), "");
}

struct kit_choice {
    const char *word;
    int32_t value;
};

/* One of the words of `choices`, ended by a row with the word NULL. */
KIT_FUNCTION int32_t kit_read_choice(struct kit_reading *reading, const char *key,
                                     const struct kit_choice *choices, int32_t usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);
    const char *word = kit->host->json_text(node, NULL);
    const char *all = "";
    const struct kit_choice *row;

    if (node == NULL) {
        return usual;
    }
    for (row = choices; row->word != NULL; row++) {
        if (word != NULL && kit_same(row->word, word)) {
            return row->value;
        }
        all = kit_or(
            kit->host->print(kit->arena, "%s%s\"%s\"", all, row == choices ? "" : ", ", row->word),
            "");
    }
    kit_read_wrong(reading, kit->host->print(kit->arena, "%s is one of %s", key, all));
    return usual;
}

/* A list of words, in lower case (as kit_holds wants them), ended by NULL. */
KIT_FUNCTION const char *const *kit_read_words(struct kit_reading *reading, const char *key,
                                               const char *const *usual)
{
    const struct kit *kit = reading->kit;
    const struct gen_node *node = kit->host->json_get(reading->from, key);
    size_t count = kit->host->json_count(node), i, at;
    const char **words;

    if (node == NULL) {
        return usual;
    }
    words = (const char **)kit->host->alloc(kit->arena, (count + 1) * sizeof(*words));
    if (kit->host->json_type(node) != GEN_JSON_LIST) {
        kit_read_wrong(reading, kit->host->print(kit->arena, "%s is a list of words", key));
        return usual;
    }
    for (i = 0; words != NULL && i < count; i++) {
        char *word = kit->host->print(kit->arena, "%s",
                                      kit->host->json_text(kit->host->json_at(node, i), ""));

        for (at = 0; word != NULL && word[at] != '\0'; at++) {
            word[at] = kit_lower(word[at]);
        }
        if (word != NULL && word[0] == '\0') {
            kit_read_wrong(reading, kit->host->print(kit->arena, "%s is a list of words", key));
        }
        words[i] = word;
    }
    return words != NULL ? words : usual;
}

/* A base URL as of kit_base_url, never NULL. */
KIT_FUNCTION const char *kit_read_base(struct kit_reading *reading, const char *key,
                                       const char *usual)
{
    const char *url = kit_base_url(reading->kit, reading->from, key, usual);

    if (url == NULL) {
        kit_read_wrong(reading, reading->kit->host->print(reading->kit->arena,
                                                          "%s is not an http or https URL", key));
    }
    return kit_or(url, usual);
}

/* 0 without memory. */
KIT_FUNCTION int kit_read_models(struct kit_reading *reading,
                                 const struct gen_provider_model *known, size_t known_count,
                                 struct kit_models *out)
{
    const struct kit *kit = reading->kit;

    if (!kit_models_read(kit, reading->from, known, known_count, out)) {
        return 0;
    }
    if (out->strange != NULL) {
        kit_read_wrong(reading,
                       kit->host->print(kit->arena, "models.%s is like no model of this plugin",
                                        out->strange));
    }
    return 1;
}

/* The verdict of configure. */
KIT_FUNCTION int32_t kit_read_end(const struct kit_reading *reading, const char **message)
{
    if (reading->wrong != NULL) {
        *message = reading->wrong;
        return GEN_VERDICT_REFUSED;
    }
    return GEN_VERDICT_OK;
}

/* A link that an answer gave: `text` when it can be asked for as it stands, else NULL. */
KIT_FUNCTION const char *kit_link(const char *text)
{
    return kit_is_link(text) ? text : NULL;
}

/* ----------------------------------------------------------------------------------- steps -- */

/* Every one of these returns the verdict that the verb returns. */

KIT_FUNCTION int32_t kit_broken(const char **message)
{
    *message = "out of memory";
    return GEN_VERDICT_BROKEN;
}

KIT_FUNCTION int32_t kit_wait(struct gen_provider_step *step, int64_t wait_ms)
{
    step->kind = GEN_STEP_WAIT;
    step->wait_ms = wait_ms;
    return GEN_VERDICT_OK;
}

/* handle: of submit, else "". cost: micro-dollars that the provider says it cost, -1 = not said. */
KIT_FUNCTION int32_t kit_done(const struct kit *kit, struct gen_provider_step *step,
                              const char *handle, int64_t cost, const char **message)
{
    struct gen_provider_done *done = (struct gen_provider_done *)kit->host->alloc(kit->arena,
                                                                                  sizeof(*done));

    if (done == NULL || handle == NULL) {
        return kit_broken(message);
    }
    done->size = sizeof(*done);
    done->handle = handle;
    done->file = "";
    done->cost_micros = cost;
    step->kind = GEN_STEP_DONE;
    step->done = done;
    return GEN_VERDICT_OK;
}

struct kit_failure {
    int32_t kind, billed;            /* 0 = provider, unknown */
    const char *code, *text, *field; /* NULL = "" */
    int64_t retry_after_ms;
    int64_t cost; /* with GEN_BILLED_YES; 0 = nothing said */
};

KIT_FUNCTION int32_t kit_fail(const struct kit *kit, struct gen_provider_step *step,
                              const struct kit_failure *failure, const char **message)
{
    struct gen_provider_fail *fail = (struct gen_provider_fail *)kit->host->alloc(kit->arena,
                                                                                  sizeof(*fail));

    if (fail == NULL) {
        return kit_broken(message);
    }
    fail->size = sizeof(*fail);
    fail->kind = failure->kind != 0 ? failure->kind : GEN_FAIL_PROVIDER;
    fail->billed = failure->billed != 0 ? failure->billed : GEN_BILLED_UNKNOWN;
    fail->code = kit_or(failure->code, "");
    fail->message = failure->text != NULL && failure->text[0] != '\0'
                        ? failure->text
                        : "the provider gave no reason";
    fail->field = kit_or(failure->field, "");
    fail->retry_after_ms = failure->retry_after_ms;
    fail->cost_micros = failure->cost > 0 ? failure->cost : -1;
    step->kind = GEN_STEP_FAIL;
    step->fail = fail;
    return GEN_VERDICT_OK;
}

/* A request, zeroed but for what every one needs; NULL without memory. The caller sets flags,
 * headers, body and sink, and returns kit_send. */
KIT_FUNCTION struct gen_provider_request *kit_request(const struct kit *kit, const char *method,
                                                      const char *url, const char *credential)
{
    struct gen_provider_request *request =
        (struct gen_provider_request *)kit->host->alloc(kit->arena, sizeof(*request));

    if (request != NULL) {
        request->size = sizeof(*request);
        request->body_kind = GEN_BODY_NONE;
        request->sink = GEN_SINK_MEMORY;
        request->method = method;
        request->url = url;
        request->credential = credential;
        request->part_size = sizeof(struct gen_provider_part);
        request->piece_size = sizeof(struct gen_provider_piece);
    }
    return request;
}

/* Adds a header; at most 16 of them. */
KIT_FUNCTION void kit_add_header(const struct kit *kit, struct gen_provider_request *request,
                                 const char *name, const char *value)
{
    struct gen_provider_header *list;

    if (request == NULL || request->header_count == 16) {
        return;
    }
    list = (struct gen_provider_header *)kit->host->alloc(kit->arena, 16 * sizeof(*list));
    if (list == NULL) {
        return;
    }
    if (request->header_count > 0) {
        memcpy(list, request->headers, request->header_count * sizeof(*list));
    }
    list[request->header_count].name = name;
    list[request->header_count].value = value;
    request->headers = list;
    request->header_count++;
}

/* The body is this JSON, with its content type. */
KIT_FUNCTION void kit_body_json(const struct kit *kit, struct gen_provider_request *request,
                                const struct gen_node *body)
{
    if (request != NULL) {
        request->body_kind = GEN_BODY_BYTES;
        request->data = kit->host->json_write(kit->arena, body, &request->data_size);
        kit_add_header(kit, request, "content-type", "application/json");
    }
}

/* The body is this JSON map (it must not be empty), with an asset as base64 inside: {`before`, the
 * asset, `after`, then what the map holds. before: `"image":"`, after: `"`. */
KIT_FUNCTION void kit_body_around(const struct kit *kit, struct gen_provider_request *request,
                                  const char *before, int32_t asset, const char *after,
                                  const struct gen_node *map)
{
    struct gen_provider_piece *pieces =
        (struct gen_provider_piece *)kit->host->alloc(kit->arena, 3 * sizeof(*pieces));
    const char *rest = kit->host->json_write(kit->arena, map, NULL);
    const char *head = kit->host->print(kit->arena, "{%s", before);
    size_t i;

    if (request == NULL) {
        return;
    }
    request->body_kind = GEN_BODY_PIECES;
    if (pieces == NULL || rest == NULL || head == NULL || rest[0] != '{') {
        return;
    }
    rest = kit->host->print(kit->arena, "%s,%s", after, rest + 1);
    for (i = 0; i < 3; i++) {
        pieces[i].size = sizeof(pieces[i]);
        pieces[i].asset = i == 1 ? asset : -1;
        pieces[i].encoding = i == 1 ? GEN_PIECE_BASE64 : GEN_PIECE_RAW;
        pieces[i].data = i == 0 ? head : i == 2 ? kit_or(rest, "") : "";
        pieces[i].data_size = strlen(pieces[i].data);
    }
    request->pieces = pieces;
    request->piece_count = rest != NULL ? 3 : 0;
    kit_add_header(kit, request, "content-type", "application/json");
}

KIT_FUNCTION int32_t kit_send(struct gen_provider_step *step,
                              const struct gen_provider_request *request, const char **message)
{
    if (request == NULL || request->url == NULL ||
        (request->body_kind == GEN_BODY_BYTES && request->data == NULL) ||
        (request->body_kind == GEN_BODY_PIECES && request->piece_count == 0)) {
        return kit_broken(message);
    }
    step->kind = GEN_STEP_HTTP;
    step->request = request;
    return GEN_VERDICT_OK;
}

/* What a step kept for the next one, read again: NULL when there is none. */
KIT_FUNCTION const struct gen_node *kit_state(const struct kit *kit,
                                              const struct gen_provider_task *task)
{
    return kit->host->json_parse(kit->arena, task->state, strlen(task->state));
}

/* ------------------------------------------------------------------------- the plugin itself -- */

/* The answer of capabilities. Everything handed in lives as long as the settings do. */
KIT_FUNCTION int32_t kit_offer(struct gen_provider_capabilities *out,
                               const struct gen_provider_model *models, size_t model_count,
                               const char *const *hosts,
                               const struct gen_provider_credential *credentials,
                               size_t credential_count)
{
    out->model_size = sizeof(*models);
    out->models = models;
    out->model_count = model_count;
    out->hosts = hosts;
    out->credential_size = sizeof(*credentials);
    out->credentials = credentials;
    out->credential_count = credential_count;
    return GEN_VERDICT_OK;
}

/* What plugin.c would say again in every plugin (C only): the verbs of the contract as static functions
 * that hand a call to the plugin's own. `call` is a struct with the members kit, settings (what
 * configure gave), task, answer, step and message in this order; answer and step are NULL in format and
 * cost. Before them stands
 *
 *     static const struct gen_host *services;
 *
 * which KIT_ENTRY writes once, before any verb is called, and after them the struct gen_provider that
 * KIT_ENTRY hands out, to hosts that have the member `newest` of struct gen_host. */
#define KIT_CONFIGURE(type, read) \
    static int32_t configure(const struct gen_node *settings, struct gen_arena *arena, \
                             const void **self, const char **message) \
    { \
        const struct kit kit = {services, arena}; \
        const type *out = NULL; \
        int32_t verdict = read(&kit, settings, &out, message); \
\
        *self = out; \
        return verdict; \
    }

#define KIT_FORMAT(call, plan) \
    static int32_t format(const void *self, const struct gen_provider_task *task, \
                          struct gen_arena *arena, struct gen_provider_format *out, \
                          const char **message) \
    { \
        const call the_call = {{services, arena}, self, task, NULL, NULL, message}; \
\
        return plan(&the_call, out); \
    }

#define KIT_COST(call, price) \
    static int32_t cost(const void *self, const struct gen_provider_task *task, \
                        const struct gen_node *prices, struct gen_arena *arena, \
                        struct gen_provider_cost *out, const char **message) \
    { \
        const call the_call = {{services, arena}, self, task, NULL, NULL, message}; \
\
        return price(&the_call, prices, out); \
    }

/* submit, poll, fetch, and the verbs of extensions that end in a step too. */
#define KIT_STEP(call, verb, next) \
    static int32_t verb(const void *self, const struct gen_provider_task *task, \
                        const struct gen_provider_answer *answer, struct gen_arena *arena, \
                        struct gen_provider_step *step, const char **message) \
    { \
        const call the_call = {{services, arena}, self, task, answer, step, message}; \
\
        return next(&the_call); \
    }

#define KIT_ENTRY(plugin, newest) \
    extern gen_provider_entry GEN_PROVIDER_ENTRY; \
\
    GEN_PROVIDER_EXPORT const struct gen_provider *GEN_PROVIDER_ENTRY(const struct gen_host *host) \
    { \
        if (!GEN_HAS(host, newest)) { \
            return NULL; \
        } \
        services = host; \
        return &(plugin); \
    }

#endif
