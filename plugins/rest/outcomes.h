/* outcomes.h - the parts of a description that say how it ends: poll with its words, envelope,
 * errors.
 *
 * Readers of type reading_part, given the struct rest; the rest of the conversations is read by
 * sections.c.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_OUTCOMES_H
#define REST_OUTCOMES_H

#include "description.h"

reading_part outcomes_poll, outcomes_envelope, outcomes_errors;

/* Statuses as "422" and "5xx", into a NULL-ended list. */
reading_part outcomes_statuses;

extern const struct kit_choice outcomes_kinds[]; /* the words of enum gen_failure_kind */

#endif
