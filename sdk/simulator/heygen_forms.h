/* heygen_forms.h - the tables of fields of the four kinds of video that HeyGen takes.
 *
 * Thread: [any], constant. Apart: sdk/simulator. Tests: tests/data/exchanges/heygen.jsonl
 */
#ifndef SIM_HEYGEN_FORMS_H
#define SIM_HEYGEN_FORMS_H

#include "simulator/dialect.h"

/* By the body's (or scene's, or input's) `type`; NULL = there is no such type. */
const struct sim_field *heygen_form_video(const char *type);
const struct sim_field *heygen_form_scene(const char *type);
const struct sim_field *heygen_form_input(const char *type);
const struct sim_field *heygen_form_media(const char *type);

#endif
