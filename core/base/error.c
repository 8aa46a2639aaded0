/* error.c - see error.h. */
#include "base/error.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    const char *word;
    const char *meaning;
};

static const struct status_row status_rows[] = {
#define STATUS_ROW(name, word, text) {word, text},
    GEN_STATUS_TABLE(STATUS_ROW)
#undef STATUS_ROW
};

/* Copies what fits without cutting a character, always with a NUL. */
static void error_copy(char *out, size_t size, const char *text)
{
    size_t length = gen_utf8_cut(text, strlen(text), size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
}

static void error_print(char *out, size_t size, const char *format, va_list values)
{
    int needed = vsnprintf(out, size, format, values);

    if (needed < 0) {
        error_copy(out, size, "(a message that could not be formatted)");
    } else if ((size_t)needed >= size) {
        size_t length = size - 1;

        /* vsnprintf may have cut a character: drop its incomplete beginning. */
        for (size_t back = 1; back <= 3 && back <= length; back++) {
            uint8_t lead = (uint8_t)out[length - back];

            if (lead >= 0xC0) {
                if (gen_utf8_next(out + length - back, back, NULL) == 0) {
                    length -= back;
                }
                break;
            }
            if (lead < 0x80) {
                break;
            }
        }
        out[length] = '\0';
    }
}

enum gen_status gen_error_set(struct gen_error *err, enum gen_status status, const char *format,
                              ...)
{
    va_list values;

    if (err != NULL) {
        /* The old message may be among the values, so it is overwritten last. */
        char message[GEN_ERROR_MESSAGE_SIZE];

        va_start(values, format);
        error_print(message, sizeof(message), format, values);
        va_end(values);
        memset(err, 0, sizeof(*err));
        err->status = status;
        memcpy(err->message, message, strlen(message) + 1);
    }
    return status;
}

void gen_error_place(struct gen_error *err, const char *file, uint32_t line, uint32_t column,
                     const char *path)
{
    if (err == NULL) {
        return;
    }
    if (file != NULL) {
        error_copy(err->file, sizeof(err->file), file);
    }
    if (path != NULL) {
        error_copy(err->path, sizeof(err->path), path);
    }
    err->line = line;
    err->column = column;
}

enum gen_status gen_error_within(struct gen_error *err, const char *format, ...)
{
    char context[GEN_ERROR_MESSAGE_SIZE];
    char whole[GEN_ERROR_MESSAGE_SIZE * 2 + 2];
    va_list values;

    GEN_CHECK(err != NULL);
    va_start(values, format);
    error_print(context, sizeof(context), format, values);
    va_end(values);
    snprintf(whole, sizeof(whole), "%s: %s", context, err->message);
    error_copy(err->message, sizeof(err->message), whole);
    return err->status;
}

const char *gen_error_text(const struct gen_error *err, char *out, size_t size)
{
    char place[GEN_ERROR_FILE_SIZE + 64] = "";
    char whole[GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 80];
    const char *gap = err->path[0] != '\0' ? ": " : "";

    GEN_CHECK(size > 0);
    if (err->file[0] != '\0' && err->line != 0 && err->column != 0) {
        snprintf(place, sizeof(place), "%s:%" PRIu32 ":%" PRIu32 ": ", err->file, err->line,
                 err->column);
    } else if (err->file[0] != '\0' && err->line != 0) {
        snprintf(place, sizeof(place), "%s:%" PRIu32 ": ", err->file, err->line);
    } else if (err->file[0] != '\0') {
        snprintf(place, sizeof(place), "%s: ", err->file);
    } else if (err->line != 0 && err->column != 0) {
        snprintf(place, sizeof(place), "line %" PRIu32 ", column %" PRIu32 ": ", err->line,
                 err->column);
    } else if (err->line != 0) {
        snprintf(place, sizeof(place), "line %" PRIu32 ": ", err->line);
    }
    snprintf(whole, sizeof(whole), "%s%s%s%s", place, err->path, gap, err->message);
    error_copy(out, size, whole);
    return out;
}

const char *gen_status_word(enum gen_status status)
{
    return (size_t)status < GEN_COUNT(status_rows) ? status_rows[status].word : "unknown";
}

const char *gen_status_meaning(enum gen_status status)
{
    return (size_t)status < GEN_COUNT(status_rows) ? status_rows[status].meaning : "unknown";
}
