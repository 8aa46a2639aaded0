/* template.h - JSON and texts with ${names} inside: checked when they are read, filled in when they
 * are sent.
 *
 * A text that is nothing but one ${name} becomes the value itself, with its JSON type; within other
 * words it becomes part of the text. ${name|text} makes a text of it, ${name|integer} and
 * ${name|number} a number; $${ is a plain ${. What is absent is left out: the text, the element,
 * the key, and the map or list of which nothing is left. Maps may begin with
 *   $when: name       and stand only where the name has a value, other than false ($unless: where
 * it
 *                     has not)
 *   $value: anything  instead of a map, and $else: what stands there otherwise
 *   $picture: base64  (or dataUri) is the picture itself
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_TEMPLATE_H
#define REST_TEMPLATE_H

#include "names.h"

struct template_place { /* where a template stands, while it is checked */
    struct reading *reading;
    const struct rest *rest;
    uint32_t scopes; /* bits of enum names_scope */
    size_t uploads;  /* that are over */
    int every;       /* each model must have what it names */
    int pictures;    /* $picture is allowed */
    int anywhere;    /* its URL may lead to other hosts than those that are declared */
    uint32_t sends;  /* what was named */
};

void template_check(struct template_place *place, const struct gen_node *node, const char *at);
void template_check_text(struct template_place *place, const char *text, const char *at);

/* Stands where the picture's bytes must go, in the text of a filled template: base64 of them. */
const char *template_mark(const struct names_from *from);

/* NULL: nothing is left of it, or no memory. */
struct gen_node *template_fill(const struct names_from *from, const struct gen_node *node);
const char *template_text(const struct names_from *from, const char *text);

/* A URL: values are escaped, but for those that its author wrote, and for a text that is one
 * ${name} and so a URL itself. "/..." is below the base URL. NULL: it cannot be filled in, or is
 * no URL then. */
const char *template_url(const struct names_from *from, const char *text);

#endif
