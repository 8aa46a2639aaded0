/* names.h - what a template may name, where it may, and what it stands for.
 *
 * A name is a row of one table: base, prompt, model.ANY, handle.NAME, ... A value that is not there
 * (a negative prompt that nobody wrote, a picture that the scene has not) is NULL: the template
 * leaves out what would hold it.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_NAMES_H
#define REST_NAMES_H

#include "description.h"

/* Where a template stands: what is known there. */
enum names_scope {
    NAMES_ALWAYS = 1 << 0,
    NAMES_TASK = 1 << 1,    /* the shot and its parameters */
    NAMES_UPLOAD = 1 << 2,  /* what uploads gave */
    NAMES_HANDLE = 1 << 3,  /* what submit was answered */
    NAMES_ITEM = 1 << 4,    /* a part of an answer */
    NAMES_SECONDS = 1 << 5, /* of durationAs: the number of seconds alone */
};

/* Bits of `sends`: whether a submission says so. */
enum names_bit {
    NAMES_SENDS_PROMPT = 1 << 0,
    NAMES_SENDS_NEGATIVE = 1 << 1,
    NAMES_SENDS_REFERENCE = 1 << 2,
    NAMES_SENDS_PICTURE = 1 << 3,
    NAMES_SENDS_DIALOGUE = 1 << 4,
};

/* What values are taken from. */
struct names_from {
    const struct kit *kit;
    const struct rest *rest;
    const struct rest_model *model;
    const struct gen_provider_task *task; /* NULL = none */
    const struct gen_node *parameters;    /* of format */
    const struct gen_node *uploads;       /* map */
    const struct gen_node *handle;        /* map; NULL: the handle is the text */
    const struct gen_node *item;
};

/* Everything that a call knows; uploads and item are NULL. */
struct names_from names_of(const struct rest_call *call);

/* Index of the scene's picture among the task's assets, -1 = this model gets none. */
int32_t names_picture(const struct rest_model *model, const struct gen_provider_task *task);

/* The value of a name (without filters); NULL = absent. */
const struct gen_node *names_value(const struct names_from *from, const char *name);

/* May a template at this place name it? On no, a sentence is left. `every`: each model must have
 * it, not only one. Adds to *sends what the name says about the submission. `uploads`: how many
 * of them are over. */
void names_check(struct reading *reading, const struct rest *rest, const char *name, const char *at,
                 uint32_t scopes, int every, size_t uploads, uint32_t *sends);

/* Does its value stand in a URL as it is (it was written by the author of the description)? */
int names_trusted(const char *name);

#endif
