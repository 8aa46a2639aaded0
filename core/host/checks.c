/* checks.c - see checks.h. */
#include "host/checks.h"

#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum {
    CHECKS_FILE = 128,
    CHECKS_HEADER_NAME = 64,
    CHECKS_MEDIA_TYPE = 100,
    CHECKS_MEDIA_TYPES = 2000,
};

static const char checks_token[] = GEN_CHECKS_LOWER GEN_CHECKS_UPPER GEN_CHECKS_DIGITS
    "!#$%&'*+-.^_`|~";

bool gen_checks_text(const char *text, size_t maximum)
{
    size_t size;

    if (text == NULL) {
        return false;
    }
    size = strnlen(text, maximum + 1);
    return size <= maximum && gen_utf8_valid(text, size, NULL);
}

const char *gen_checks_words(struct gen_arena *arena, const char *text, size_t maximum)
{
    static const char unknown[] = "\xEF\xBF\xBD";
    size_t size = text != NULL ? strnlen(text, maximum) : 0;
    char *out = gen_arena_array(arena, size + 1, 3);
    char *end = out;

    if (out == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < size;) {
        uint32_t codepoint = 0;
        size_t taken = gen_utf8_next(text + i, size - i, &codepoint);

        if (taken == 0 && text[size] != '\0' && size - i < 4) {
            break; /* the cut went through a character */
        }
        if (taken == 0) {
            memcpy(end, unknown, sizeof(unknown) - 1);
            end += sizeof(unknown) - 1;
            i++;
        } else if (codepoint < 0x20 || (codepoint >= 0x7F && codepoint < 0xA0)) {
            *end++ = ' ';
            i += taken;
        } else {
            memcpy(end, text + i, taken);
            end += taken;
            i += taken;
        }
    }
    *end = '\0';
    return out;
}

bool gen_checks_name(const char *text, size_t maximum, const char *allowed)
{
    size_t size;

    if (text == NULL) {
        return false;
    }
    size = strnlen(text, maximum + 1);
    return size > 0 && size <= maximum && strspn(text, allowed) == size && text[0] != '-' &&
           text[0] != '.' && text[0] != '_';
}

static bool checks_has_control(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7F) {
            return true;
        }
    }
    return false;
}

bool gen_checks_file(const char *name)
{
    return gen_checks_text(name, CHECKS_FILE) && name[0] != '\0' && name[0] != '.' &&
           strchr(name, '/') == NULL && !checks_has_control(name);
}

bool gen_checks_header_name(const char *name)
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
        "proxy-authorization",
        "proxy-connection",
    };
    size_t size;

    if (name == NULL) {
        return false;
    }
    size = strnlen(name, CHECKS_HEADER_NAME + 1);
    if (size == 0 || size > CHECKS_HEADER_NAME || strspn(name, checks_token) != size) {
        return false;
    }
    for (size_t i = 0; i < GEN_COUNT(ours); i++) {
        if (strcasecmp(name, ours[i]) == 0) {
            return false;
        }
    }
    return true;
}

bool gen_checks_header_value(const char *value, size_t maximum)
{
    if (!gen_checks_text(value, maximum)) {
        return false;
    }
    for (; *value != '\0'; value++) {
        if (((unsigned char)*value < 0x20 && *value != '\t') || *value == 0x7F) {
            return false;
        }
    }
    return true;
}

/* Bytes of the media type at `text`, 0 when there is none. */
static size_t checks_media_type(const char *text)
{
    size_t major = strspn(text, checks_token);
    size_t minor = text[major] == '/' ? strspn(text + major + 1, checks_token) : 0;

    return major > 0 && minor > 0 && major + 1 + minor <= CHECKS_MEDIA_TYPE ? major + 1 + minor : 0;
}

bool gen_checks_media_type(const char *type)
{
    size_t size = gen_checks_text(type, CHECKS_MEDIA_TYPE) ? checks_media_type(type) : 0;

    return size > 0 && type[size] == '\0';
}

bool gen_checks_media_types(const char *types)
{
    if (!gen_checks_text(types, CHECKS_MEDIA_TYPES)) {
        return false;
    }
    while (*types != '\0') {
        size_t size = checks_media_type(types);

        if (size == 0 || (types[size] != ' ' && types[size] != '\0')) {
            return false;
        }
        types += size;
        if (*types == ' ' && *++types == '\0') {
            return false;
        }
    }
    return true;
}

bool gen_checks_range(double value, double least, double most)
{
    return value >= least && value <= most;
}

int64_t gen_checks_clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

bool gen_checks_copy(void *out, size_t out_size, const void *from, size_t stride, size_t least)
{
    uint32_t size;

    memcpy(&size, from, sizeof(size)); /* all such structs begin with it */
    memset(out, 0, out_size);
    if (size < least || (stride > 0 && size > stride)) {
        return false;
    }
    memcpy(out, from, size < out_size ? size : out_size);
    return true;
}
