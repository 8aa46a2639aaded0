/* tried.c - see tried.h. */
#include "host/tried.h"

#include "base/bytes.h"
#include "platform/files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRIED_FILE = 1 << 20 };

static const char *const tried_words[] = {
    [GEN_TRIED_FITS] = "fits", [GEN_TRIED_REFUSED] = "refused", [GEN_TRIED_TRYING] = "trying"};

/* One line without its end; false: it is none of ours. */
static bool tried_parse(char *text, struct gen_tried_line *out)
{
    char *word = strchr(text, '\t'), *reason = word == NULL ? NULL : strchr(word + 1, '\t');

    memset(out, 0, sizeof(*out));
    if (reason == NULL || (size_t)(word - text) != sizeof(out->digest) - 1) {
        return false;
    }
    *word++ = '\0';
    *reason++ = '\0';
    (void)snprintf(out->digest, sizeof(out->digest), "%s", text);
    (void)snprintf(out->reason, sizeof(out->reason), "%s", reason);
    for (size_t i = GEN_TRIED_FITS; i < GEN_COUNT(tried_words); i++) {
        size_t size = strlen(tried_words[i]);

        if (strncmp(word, tried_words[i], size) == 0 && (word[size] == '\0' || word[size] == ' ')) {
            out->word = (enum gen_tried_word)i;
            out->tries = (int)strtol(word + size, NULL, 10);
        }
    }
    return out->word != 0;
}

void gen_tried_read(const char *path, struct gen_tried *out)
{
    struct gen_bytes bytes;
    struct gen_error err = {0};
    char *line, *end;

    memset(out, 0, sizeof(*out));
    out->path = path;
    gen_bytes_init(&bytes, TRIED_FILE);
    if (path != NULL && gen_files_read(path, &bytes, &err) == GEN_OK && bytes.size > 0) {
        for (line = bytes.data; out->count < GEN_TRIED_LINES && (end = strchr(line, '\n')) != NULL;
             line = end + 1) {
            *end = '\0';
            out->count += tried_parse(line, &out->lines[out->count]) ? 1 : 0;
        }
    }
    gen_bytes_fini(&bytes);
}

void gen_tried_write(const struct gen_tried *tried)
{
    struct gen_bytes text;
    struct gen_error err = {0};

    if (tried->path == NULL) {
        return;
    }
    gen_bytes_init(&text, TRIED_FILE);
    for (size_t i = 0; i < tried->count; i++) {
        const struct gen_tried_line *line = &tried->lines[i];

        (void)gen_bytes_printf(&text, "%s\t%s", line->digest, tried_words[line->word]);
        if (line->word == GEN_TRIED_TRYING) {
            (void)gen_bytes_printf(&text, " %d", line->tries);
        }
        (void)gen_bytes_printf(&text, "\t%s\n", line->reason);
    }
    if (gen_bytes_status(&text) == GEN_OK) {
        (void)!gen_files_write(tried->path, text.data == NULL ? "" : text.data, text.size, 0600,
                               &err);
    }
    gen_bytes_fini(&text);
}

struct gen_tried_line *gen_tried_find(struct gen_tried *tried, const char *digest)
{
    for (size_t i = 0; i < tried->count; i++) {
        if (strcmp(tried->lines[i].digest, digest) == 0) {
            return &tried->lines[i];
        }
    }
    return NULL;
}

void gen_tried_forget(struct gen_tried *tried, const char *digest)
{
    struct gen_tried_line *line = gen_tried_find(tried, digest);

    if (line != NULL) {
        tried->count--;
        memmove(line, line + 1, (size_t)(tried->lines + tried->count - line) * sizeof(*line));
    }
}

struct gen_tried_line *gen_tried_line(struct gen_tried *tried, const char *digest)
{
    struct gen_tried_line *line = gen_tried_find(tried, digest);

    if (line != NULL) {
        return line;
    }
    if (tried->count == GEN_TRIED_LINES) {
        gen_tried_forget(tried, tried->lines[0].digest);
    }
    line = &tried->lines[tried->count++];
    memset(line, 0, sizeof(*line));
    line->word = GEN_TRIED_TRYING;
    (void)snprintf(line->digest, sizeof(line->digest), "%s", digest);
    return line;
}
