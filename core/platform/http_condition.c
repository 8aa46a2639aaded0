/* http_condition.c - see http_condition.h. */
#include "platform/http_condition.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

/* Does the list `"a", W/"b"` or `*` name the tag? Compared weakly, as If-None-Match wants. */
static bool list_has_tag(const char *list, const char *etag)
{
    size_t size = strlen(etag);
    const char *at = skip_blanks(list);

    if (*at == '*') {
        return true;
    }
    while (*at != '\0') {
        const char *end;

        if (at[0] == 'W' && at[1] == '/') {
            at += 2;
        }
        end = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (end == NULL) {
            return false; /* malformed: the rest says nothing */
        }
        if ((size_t)(end - at - 1) == size && memcmp(at + 1, etag, size) == 0) {
            return true;
        }
        at = end + 1;
        at += strspn(at, " \t,");
    }
    return false;
}

/* If-Range wants a strong comparison; a date never matches, we hand out none. */
static bool tag_is_exactly(const char *value, const char *etag)
{
    const char *at = skip_blanks(value);
    size_t size = strlen(etag);

    return at[0] == '"' && strncmp(at + 1, etag, size) == 0 && at[1 + size] == '"' &&
           *skip_blanks(at + 2 + size) == '\0';
}

/* Digits at `*at`; false without any. Numbers that do not fit become INT64_MAX. */
static bool read_number(const char **at, int64_t *out)
{
    const char *start = *at;
    int64_t value = 0;

    for (; **at >= '0' && **at <= '9'; (*at)++) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, **at - '0', &value)) {
            value = INT64_MAX;
        }
    }
    *out = value;
    return *at != start;
}

static enum gen_http_condition read_range(const char *text, int64_t size, int64_t *first,
                                          int64_t *count)
{
    const char *at = skip_blanks(text);
    int64_t from, to;
    bool has_from, has_to;

    if (strncasecmp(at, "bytes=", 6) != 0) {
        return GEN_HTTP_WHOLE;
    }
    at = skip_blanks(at + 6);
    has_from = read_number(&at, &from);
    if (*at != '-') {
        return GEN_HTTP_WHOLE;
    }
    at++;
    has_to = read_number(&at, &to);
    if (*skip_blanks(at) != '\0' || (!has_from && !has_to) || (has_from && has_to && to < from)) {
        return GEN_HTTP_WHOLE; /* several ranges end here too */
    }
    if (!has_from) { /* the last `to` bytes */
        from = to < size ? size - to : 0;
        to = to > 0 ? size - 1 : -1;
    } else if (!has_to || to > size - 1) {
        to = size - 1;
    }
    if (from > to) {
        return GEN_HTTP_UNSATISFIABLE;
    }
    *first = from;
    *count = to - from + 1;
    return GEN_HTTP_PART;
}

enum gen_http_condition gen_http_condition_decide(const struct gen_http_ask *ask, const char *etag,
                                                  int64_t size, int64_t *first, int64_t *count)
{
    *first = 0;
    *count = size;
    if (ask->if_none_match != NULL && etag != NULL && list_has_tag(ask->if_none_match, etag)) {
        return GEN_HTTP_UNCHANGED;
    }
    if (ask->range == NULL || !ask->get ||
        (ask->if_range != NULL && (etag == NULL || !tag_is_exactly(ask->if_range, etag)))) {
        return GEN_HTTP_WHOLE;
    }
    return read_range(ask->range, size, first, count);
}
