/* job.c - see job.h. The one room of this program that includes jansson. */
#include "job.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    enum job_role role;
} roles[] = {
    {"headline", JOB_HEADLINE}, {"body", JOB_BODY},   {"badge", JOB_BADGE},
    {"action", JOB_ACTION},     {"legal", JOB_LEGAL}, {NULL, JOB_BODY},
};

static enum job_role role_of(const char *word)
{
    size_t i = 0;

    while (roles[i].word != NULL && strcmp(roles[i].word, word) != 0) {
        i++;
    }
    return roles[i].role;
}

static const char *text_of(const json_t *map, const char *key)
{
    const char *text = json_string_value(json_object_get(map, key));

    return text != NULL ? text : "";
}

static int number_of(const json_t *map, const char *key, int least, int most)
{
    json_int_t value = json_integer_value(json_object_get(map, key));

    if (value < least) {
        return least;
    }
    return value > most ? most : (int)value;
}

/* A copy without control characters (newlines stay; a tab becomes a space), trimmed, at most
 * JOB_MAX_CHARACTERS long. NULL when memory is short. jansson has checked that it is UTF-8. */
static char *clean(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    size_t at = 0, characters = 0;

    if (copy == NULL) {
        return NULL;
    }
    for (; *text != '\0' && characters < JOB_MAX_CHARACTERS; text++) {
        unsigned char byte = (unsigned char)*text;

        characters += (byte & 0xc0) != 0x80;
        if (byte == '\r' && text[1] == '\n') {
            continue;
        }
        if ((byte < 0x20 && byte != '\n') || byte == 0x7f) {
            byte = ' ';
        }
        if (at == 0 && (byte == ' ' || byte == '\n')) {
            continue;
        }
        copy[at++] = (char)byte;
    }
    while ((*text & 0xc0) == 0x80) { /* never cut inside a character */
        copy[at++] = *text++;
    }
    while (at > 0 && (copy[at - 1] == ' ' || copy[at - 1] == '\n')) {
        at--;
    }
    copy[at] = '\0';
    return copy;
}

static int read_texts(struct job *job, const json_t *list)
{
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item)
    {
        struct job_text *slot;

        if (job->text_count == JOB_MAX_TEXTS) {
            break;
        }
        slot = &job->texts[job->text_count];
        slot->role = role_of(text_of(item, "role"));
        slot->text = clean(text_of(item, "text"));
        if (slot->text == NULL) {
            fprintf(stderr, "gen-typeset: out of memory\n");
            return -1;
        }
        if (slot->text[0] == '\0') {
            free(slot->text);
            continue;
        }
        job->text_count++;
    }
    return 0;
}

static void read_brand(struct job *job, const json_t *brand)
{
    job->brand_name = text_of(brand, "name");
    job->font = text_of(brand, "font");
    job->primary = text_of(brand, "primary");
    job->accent = text_of(brand, "accent");
    job->background = text_of(brand, "background");
    job->text = text_of(brand, "text");
}

int job_read(struct job *job, const char *file)
{
    json_error_t error;
    json_t *root;

    memset(job, 0, sizeof(*job));
    root = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
    job->root = root;
    if (!json_is_object(root)) {
        fprintf(stderr, "gen-typeset: %s:%d:%d: %s\n", file, error.line, error.column,
                root == NULL ? error.text : "not a map");
        return -1;
    }
    job->width = number_of(root, "width", 16, 8192) & ~1;
    job->height = number_of(root, "height", 16, 8192) & ~1;
    job->rate_milli = number_of(root, "frameRateMilli", 1000, 240000);
    job->frames = number_of(root, "frames", 1, 1000000);
    job->enter = number_of(root, "enter", 0, 1000);
    job->wait = number_of(root, "wait", 0, 1000);
    job->index = number_of(root, "index", 0, 10000);
    job->card = json_is_true(json_object_get(root, "card"));
    job->footage = json_is_true(json_object_get(root, "footage"));
    job->language = text_of(root, "language");
    job->font_file = text_of(root, "fontFile");
    job->picture = text_of(root, "picture");
    job->logo = text_of(root, "logo");
    job->mood = text_of(root, "mood");
    job->duration_ms = number_of(root, "durationMs", 1, 3600000);
    read_brand(job, json_object_get(root, "brand"));
    return read_texts(job, json_object_get(root, "texts"));
}

void job_fini(struct job *job)
{
    size_t i;

    for (i = 0; i < job->text_count; i++) {
        free(job->texts[i].text);
    }
    json_decref(job->root);
    memset(job, 0, sizeof(*job));
}

int job_frames(const struct job *job, double milliseconds)
{
    int frames = (int)(milliseconds * job->rate_milli / 1e6 + 0.5);

    return frames > 1 ? frames : 1;
}
