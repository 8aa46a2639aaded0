/* sections.h - the parts of a description that are about conversations: upload, submit, poll, fetch, cancel,
 * recover, health, envelope, errors. One reader each (of type reading_part, given the struct rest).
 *
 * Thread: any. Stands on gen/kit.h alone. Tests: tests/contract/provider_rest_test.c
 */
#ifndef REST_SECTIONS_H
#define REST_SECTIONS_H

#include "description.h"

reading_part sections_upload, sections_submit, sections_poll, sections_fetch, sections_cancel,
    sections_recover, sections_health, sections_envelope, sections_errors;

/* What of them can only be checked when all is read: templates beside the requests. */
void sections_check(struct reading *reading, struct rest *rest);

#endif
