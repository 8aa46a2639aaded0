/* json_sieve.c - see json_sieve.h. A machine of few states: outside of texts only brackets, commas and
 * quotes matter; inside, the end of the text and its escapes. */
#include "base/json_sieve.h"

#include <string.h>

enum sieve_state {
    SIEVE_BETWEEN = 0, /* outside of texts */
    SIEVE_NAME,        /* inside a name of a map */
    SIEVE_PLAIN,       /* inside a text that stays */
    SIEVE_MAYBE,       /* inside a text at a path, not long yet: held back */
    SIEVE_TAKEN,       /* inside the text that is decoded */
    SIEVE_DROPPED,     /* inside a further one */
    SIEVE_FAILED,
};

enum sieve_escape { SIEVE_NO_ESCAPE = 0, SIEVE_BACKSLASH, SIEVE_UNICODE };

static bool sieve_fail(struct gen_json_sieve *sieve, enum gen_status status, const char *message)
{
    if (sieve->state != SIEVE_FAILED) {
        sieve->state = SIEVE_FAILED;
        gen_error_set(&sieve->error, status, "%s", message);
    }
    return false;
}

/* ------------------------------------------------------------------------------------ paths -- */

static void sieve_path(struct gen_json_sieve *sieve, const char *path)
{
    size_t index = sieve->path_count++;
    size_t count = 0;

    while (*path != '\0' && count < GEN_SIEVE_SEGMENTS) {
        struct gen_sieve_segment *segment = &sieve->paths[index][count++];

        if (strncmp(path, "[*]", 3) == 0) {
            *segment = (struct gen_sieve_segment){NULL, 0};
            path += 3;
        } else {
            *segment = (struct gen_sieve_segment){path, strcspn(path, ".[")};
            path += segment->size;
        }
        path += *path == '.';
    }
    sieve->lengths[index] = *path == '\0' ? count : 0; /* too long: matches nothing */
}

void gen_json_sieve_init(struct gen_json_sieve *sieve, const char *const *paths, size_t most,
                         gen_json_sieve_sink *sink, void *context)
{
    memset(sieve, 0, sizeof(*sieve));
    gen_bytes_init(&sieve->rest, most);
    sieve->sink = sink;
    sieve->context = context;
    while (*paths != NULL && sieve->path_count < GEN_SIEVE_PATHS) {
        sieve_path(sieve, *paths++);
    }
}

void gen_json_sieve_fini(struct gen_json_sieve *sieve)
{
    gen_bytes_fini(&sieve->rest);
}

/* How many segments of a path match at the value that begins now; -1 = none can any more. */
static int sieve_match(const struct gen_json_sieve *sieve, size_t path)
{
    size_t at;
    const struct gen_sieve_segment *segment;

    if (sieve->depth == 0) {
        return 0;
    }
    if (sieve->depth > GEN_SIEVE_DEPTH || sieve->matched[sieve->depth][path] < 0) {
        return -1;
    }
    at = (size_t)sieve->matched[sieve->depth][path];
    if (at >= sieve->lengths[path]) {
        return -1;
    }
    segment = &sieve->paths[path][at];
    if (!sieve->is_map[sieve->depth]) {
        return segment->name == NULL ? (int)at + 1 : -1;
    }
    return segment->name != NULL && sieve->has_name && segment->size == sieve->name_size &&
                   memcmp(segment->name, sieve->name, segment->size) == 0
               ? (int)at + 1
               : -1;
}

static bool sieve_is_at_path(const struct gen_json_sieve *sieve)
{
    for (size_t i = 0; i < sieve->path_count; i++) {
        int match = sieve_match(sieve, i);

        if (match > 0 && (size_t)match == sieve->lengths[i]) {
            return true;
        }
    }
    return false;
}

static void sieve_open(struct gen_json_sieve *sieve, bool is_map)
{
    size_t depth = sieve->depth + 1;

    if (depth <= GEN_SIEVE_DEPTH) {
        for (size_t i = 0; i < sieve->path_count; i++) {
            sieve->matched[depth][i] = (int8_t)sieve_match(sieve, i);
        }
        sieve->is_map[depth] = is_map;
    }
    sieve->depth = depth;
    sieve->wants_name = is_map;
}

static void sieve_close(struct gen_json_sieve *sieve)
{
    sieve->depth -= sieve->depth > 0;
    sieve->wants_name = false;
}

/* ----------------------------------------------------------------------------------- base64 -- */

static bool sieve_flush(struct gen_json_sieve *sieve)
{
    size_t size = sieve->out_size;

    sieve->out_size = 0;
    return size == 0 || sieve->sink(sieve->context, sieve->out, size) ||
           sieve_fail(sieve, GEN_ECANCELED, "nobody wants what was taken out");
}

/* Both alphabets of RFC 4648: services mix them. -1 = no digit. */
static int sieve_digit(uint32_t code)
{
    if (code >= 'A' && code <= 'Z') {
        return (int)code - 'A';
    }
    if (code >= 'a' && code <= 'z') {
        return (int)code - 'a' + 26;
    }
    if (code >= '0' && code <= '9') {
        return (int)code - '0' + 52;
    }
    return code == '+' || code == '-' ? 62 : code == '/' || code == '_' ? 63 : -1;
}

static bool sieve_decode(struct gen_json_sieve *sieve, uint32_t code)
{
    int digit = sieve_digit(code);

    if (code == '=' && sieve->digits + sieve->padding >= 2 && sieve->digits + sieve->padding < 4) {
        sieve->padding++;
        return true;
    }
    if (digit < 0 || sieve->padding > 0) {
        return sieve_fail(sieve, GEN_EINVAL, "the text that should be base64 is none");
    }
    sieve->bits = (sieve->bits << 6) | (uint32_t)digit;
    if (++sieve->digits == 4) {
        sieve->out[sieve->out_size++] = (uint8_t)(sieve->bits >> 16);
        sieve->out[sieve->out_size++] = (uint8_t)(sieve->bits >> 8);
        sieve->out[sieve->out_size++] = (uint8_t)sieve->bits;
        sieve->digits = 0;
        sieve->bits = 0;
    }
    return sieve->out_size + 3 <= sizeof(sieve->out) || sieve_flush(sieve);
}

/* The end of the text: what is left of the last group, with padding or without. */
static bool sieve_decode_end(struct gen_json_sieve *sieve)
{
    uint32_t spare = sieve->digits == 2   ? sieve->bits & 0x0F
                     : sieve->digits == 3 ? sieve->bits & 3
                                          : 0;

    if (sieve->digits == 1 || spare != 0 ||
        (sieve->padding > 0 && sieve->digits + sieve->padding != 4)) {
        return sieve_fail(sieve, GEN_EINVAL, "the base64 text ends in the middle of a group");
    }
    if (sieve->digits >= 2) {
        uint32_t bits = sieve->bits << (sieve->digits == 2 ? 12 : 6);

        sieve->out[sieve->out_size++] = (uint8_t)(bits >> 16);
        if (sieve->digits == 3) {
            sieve->out[sieve->out_size++] = (uint8_t)(bits >> 8);
        }
    }
    return sieve_flush(sieve);
}

/* ------------------------------------------------------------------------------------ texts -- */

/* What \n stands for, and the like; the letter itself for \" \\ \/ . */
static uint32_t sieve_unescape(char letter)
{
    static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
    const char *at = letter != '\0' ? strchr(letters, letter) : NULL;

    return (uint32_t)(unsigned char)(at != NULL ? meanings[at - letters] : letter);
}

static uint32_t sieve_hex(char digit)
{
    return (uint32_t)(digit >= '0' && digit <= '9'   ? digit - '0'
                      : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                      : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                     : 0xFFFF);
}

/* One byte of a text as it is written: has a character come of it, and which? Characters outside of
 * ASCII come in their bytes, or as one code above 255 when escaped. */
static bool sieve_character(struct gen_json_sieve *sieve, char byte, uint32_t *code)
{
    if (sieve->escape == SIEVE_NO_ESCAPE && byte == '\\') {
        sieve->escape = SIEVE_BACKSLASH;
        return false;
    }
    if (sieve->escape == SIEVE_BACKSLASH && byte == 'u') {
        sieve->escape = SIEVE_UNICODE;
        sieve->code = 0;
        sieve->code_digits = 0;
        return false;
    }
    *code = sieve->escape == SIEVE_BACKSLASH ? sieve_unescape(byte) : (unsigned char)byte;
    if (sieve->escape == SIEVE_UNICODE) {
        uint32_t digit = sieve_hex(byte);

        /* A broken escape becomes a code that nothing equals. */
        sieve->code = digit > 15 ? 0x10000 : sieve->code << 4 | digit;
        if (++sieve->code_digits < 4) {
            return false;
        }
        *code = sieve->code;
    }
    sieve->escape = SIEVE_NO_ESCAPE;
    return true;
}

static bool sieve_rest(struct gen_json_sieve *sieve, const char *data, size_t size)
{
    enum gen_status status = gen_bytes_append(&sieve->rest, data, size);

    return status == GEN_OK ||
           sieve_fail(sieve, status,
                      status == GEN_ELIMIT ? "the answer is too large" : "out of memory");
}

static void sieve_name_add(struct gen_json_sieve *sieve, uint32_t code)
{
    if (code > 255 || sieve->name_size == sizeof(sieve->name)) {
        sieve->has_name = false;
    } else {
        sieve->name[sieve->name_size++] = (char)code;
    }
}

/* The text at a path has become a long one. What was held back of it is read again, now as base64. */
static bool sieve_take(struct gen_json_sieve *sieve)
{
    size_t size = sieve->kept_size;

    sieve->kept_size = 0;
    if (sieve->found) {
        sieve->state = SIEVE_DROPPED;
        return true;
    }
    sieve->found = true;
    sieve->state = SIEVE_TAKEN;
    sieve->escape = SIEVE_NO_ESCAPE;
    for (size_t i = 0; i < size; i++) {
        uint32_t code = 0;

        if (sieve_character(sieve, sieve->kept[i], &code) && !sieve_decode(sieve, code)) {
            return false;
        }
    }
    return true;
}

static bool sieve_text_end(struct gen_json_sieve *sieve)
{
    uint8_t state = sieve->state;

    sieve->state = SIEVE_BETWEEN;
    if (state == SIEVE_NAME) {
        sieve->wants_name = false;
    } else if (state == SIEVE_MAYBE && !sieve_rest(sieve, sieve->kept, sieve->kept_size)) {
        return false;
    } else if (state == SIEVE_TAKEN && !sieve_decode_end(sieve)) {
        return false;
    }
    return sieve_rest(sieve, "\"", 1);
}

/* One byte inside a text. */
static bool sieve_inside(struct gen_json_sieve *sieve, char byte)
{
    uint32_t code = 0;
    bool came;

    if (byte == '"' && sieve->escape == SIEVE_NO_ESCAPE) {
        return sieve_text_end(sieve);
    }
    if (sieve->state == SIEVE_MAYBE) {
        (void)sieve_character(sieve, byte, &code);
        sieve->kept[sieve->kept_size++] = byte;
        return sieve->kept_size < GEN_SIEVE_LONG || sieve_take(sieve);
    }
    came = sieve_character(sieve, byte, &code);
    if (sieve->state == SIEVE_TAKEN) {
        return !came || sieve_decode(sieve, code);
    }
    if (sieve->state == SIEVE_NAME && came) {
        sieve_name_add(sieve, code);
    }
    return sieve->state == SIEVE_DROPPED || sieve_rest(sieve, &byte, 1);
}

static void sieve_text_begin(struct gen_json_sieve *sieve)
{
    bool names = sieve->wants_name && sieve->depth > 0 && sieve->depth <= GEN_SIEVE_DEPTH &&
                 sieve->is_map[sieve->depth];

    sieve->escape = SIEVE_NO_ESCAPE;
    if (names) {
        sieve->state = SIEVE_NAME;
        sieve->name_size = 0;
        sieve->has_name = true;
    } else {
        sieve->state = sieve_is_at_path(sieve) ? SIEVE_MAYBE : SIEVE_PLAIN;
        sieve->kept_size = 0;
        sieve->bits = 0;
        sieve->digits = 0;
        sieve->padding = 0;
    }
}

/* One byte outside of texts. */
static bool sieve_between(struct gen_json_sieve *sieve, char byte)
{
    switch (byte) {
    case '"':
        sieve_text_begin(sieve);
        break;
    case '{':
    case '[':
        sieve_open(sieve, byte == '{');
        break;
    case '}':
    case ']':
        sieve_close(sieve);
        break;
    case ',':
        sieve->wants_name = true; /* in a list it changes nothing */
        break;
    default:
        break;
    }
    return sieve_rest(sieve, &byte, 1);
}

bool gen_json_sieve_feed(struct gen_json_sieve *sieve, const char *data, size_t size)
{
    for (size_t i = 0; i < size && sieve->state != SIEVE_FAILED; i++) {
        if (sieve->state == SIEVE_BETWEEN) {
            (void)sieve_between(sieve, data[i]);
        } else {
            (void)sieve_inside(sieve, data[i]);
        }
    }
    return sieve->state != SIEVE_FAILED;
}

bool gen_json_sieve_end(struct gen_json_sieve *sieve)
{
    if (sieve->state == SIEVE_TAKEN || sieve->state == SIEVE_DROPPED) {
        return sieve_fail(sieve, GEN_EINVAL, "the answer was cut off inside the long text");
    }
    if (sieve->state == SIEVE_MAYBE) {
        sieve->state = SIEVE_PLAIN; /* cut off all the same, which its parser will say */
        (void)sieve_rest(sieve, sieve->kept, sieve->kept_size);
    }
    return sieve->state != SIEVE_FAILED;
}
