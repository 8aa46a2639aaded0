/* log.c - see log.h. A line is built on the stack and written with one call, so lines of several
 * threads do not mix and logging works without memory. */
#include "platform/log.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LOG_LINE = 4096,
    LOG_CUT = sizeof("\" cut=true\n"), /* kept free for the end of a line that is too long */
    LOG_ESCAPED = 12,                  /* bytes that one character may become */
};

struct log_line {
    char text[LOG_LINE];
    size_t size;
    bool full;
};

static const char *log_word(enum gen_level level)
{
    static const char *const words[] = {"none", "debug", "info", "warn", "error"};

    return (size_t)level < GEN_COUNT(words) ? words[level] : words[0];
}

/* Adds all of it or, when the line is full, nothing from here on. */
static void log_add(struct log_line *line, const char *data, size_t size)
{
    if (line->full || size > sizeof(line->text) - LOG_CUT - line->size) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->size, data, size);
    line->size += size;
}

static void log_add_text(struct log_line *line, const char *text)
{
    log_add(line, text, strlen(text));
}

/* C0, DEL and C1 controls, and the separators that some viewers take for the end of a line. */
static bool log_is_control(uint32_t codepoint)
{
    return codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0) || codepoint == 0x2028 ||
           codepoint == 0x2029;
}

static bool log_is_plain(const char *value)
{
    for (const char *at = value; *at != '\0'; at++) {
        if (*at <= ' ' || *at == '"' || *at == '=' || *at == '\\' || *at == 0x7f) {
            return false; /* also every byte that is not ASCII, where char is signed */
        }
        if ((unsigned char)*at >= 0x80) {
            return false;
        }
    }
    return *value != '\0';
}

/* One character of a quoted value; returns the bytes it took from `value`. */
static size_t log_add_character(struct log_line *line, const char *value, size_t left)
{
    uint32_t codepoint = 0;
    size_t size = gen_utf8_next(value, left, &codepoint);
    char escaped[LOG_ESCAPED];

    if (size == 0) {
        (void)snprintf(escaped, sizeof(escaped), "\\x%02x", (unsigned)(unsigned char)*value);
        size = 1;
    } else if (codepoint == '\n') {
        (void)snprintf(escaped, sizeof(escaped), "\\n");
    } else if (codepoint == '\t') {
        (void)snprintf(escaped, sizeof(escaped), "\\t");
    } else if (codepoint == '"' || codepoint == '\\') {
        (void)snprintf(escaped, sizeof(escaped), "\\%c", (char)codepoint);
    } else if (log_is_control(codepoint)) {
        (void)snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)codepoint);
    } else {
        log_add(line, value, size);
        return size;
    }
    log_add_text(line, escaped);
    return size;
}

static void log_add_pair(struct log_line *line, const char *key, const char *value)
{
    size_t left = strlen(value);
    size_t start = line->size;

    if (line->full) {
        return;
    }
    if (line->size > 0) {
        log_add_text(line, " ");
    }
    log_add_text(line, key);
    log_add_text(line, "=");
    if (line->full) {
        line->size = start; /* no half key */
        return;
    }
    if (log_is_plain(value) && left < sizeof(line->text) - LOG_CUT - line->size) {
        log_add(line, value, left);
        return;
    }
    log_add_text(line, "\"");
    if (line->full) {
        line->size = start;
        return;
    }
    while (left > 0 && !line->full) {
        size_t taken = log_add_character(line, value, left);

        value += taken;
        left -= taken;
    }
    line->text[line->size++] = '"'; /* there is always room: LOG_CUT */
    if (line->size > sizeof(line->text) - LOG_CUT) {
        line->full = true;
    }
}

static void log_write(const struct gen_log *log, struct log_line *line)
{
    size_t done = 0;

    if (line->full) {
        memcpy(line->text + line->size, " cut=true", sizeof(" cut=true") - 1);
        line->size += sizeof(" cut=true") - 1;
    }
    line->text[line->size++] = '\n';
    while (done < line->size) {
        ssize_t count = write(log->fd, line->text + done, line->size - done);

        if (count < 0 && errno != EINTR) {
            return; /* there is nowhere to complain */
        }
        done += count > 0 ? (size_t)count : 0;
    }
}

void gen_log_init(struct gen_log *log, const struct gen_clock *clock, enum gen_level least, int fd)
{
    log->clock = clock;
    log->least = least;
    log->fd = fd;
}

void gen_log_line(const struct gen_log *log, enum gen_level level, const char *room,
                  const char *message, ...)
{
    char time[GEN_MOMENT_TEXT_SIZE];
    struct log_line line;
    const char *key;
    va_list pairs;
    int saved = errno; /* callers log between a failure and looking at it */

    if (log == NULL || level < log->least) {
        return;
    }
    line.size = 0;
    line.full = false;
    log_add_pair(&line, "time", gen_moment_text(gen_clock_now(log->clock), time));
    log_add_pair(&line, "level", log_word(level));
    log_add_pair(&line, "room", room);
    log_add_pair(&line, "msg", message);
    va_start(pairs, message);
    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);

        if (value != NULL) {
            log_add_pair(&line, key, value);
        }
    }
    va_end(pairs);
    log_write(log, &line);
    errno = saved;
}

void gen_log_error(const struct gen_log *log, enum gen_level level, const char *room,
                   const struct gen_error *err)
{
    char text[GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 32];

    gen_log_line(log, level, room, gen_error_text(err, text, sizeof(text)), "code",
                 gen_status_word(err->status), NULL);
}
