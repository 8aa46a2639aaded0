/* sections.h - the parts of a description that are about conversations: upload, submit, fetch,
 * cancel, recover, health. One reader each (of type reading_part, given the struct rest); poll is
 * outcomes.c's.
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_SECTIONS_H
#define REST_SECTIONS_H

#include "description.h"

reading_part sections_upload, sections_submit, sections_fetch, sections_cancel, sections_recover,
    sections_health;

/* What of them can only be checked when all is read: templates beside the requests. */
void sections_check(struct reading *reading, struct rest *rest);

#endif
