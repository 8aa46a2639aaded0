/* http_form.h - what a request carries: text, a file, or a form of parts, given to curl. NOT its
 * headers, and not when it may go (platform/http_call.h).
 *
 * Invariant: the body of a `once` request is never rewound.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_client_test.c
 */
#ifndef GEN_PLATFORM_HTTP_FORM_H
#define GEN_PLATFORM_HTTP_FORM_H

#include "platform/http_request.h"

struct gen_http_form { /* stays where it is while curl has it */
    void *mime;        /* curl_mime; NULL = no form of parts */
    int fd;            /* of a body file, or -1 */
    bool once;
};

void gen_http_form_init(struct gen_http_form *form, bool once);

/* Gives the easy handle the body of `from` and `method`, which outlives the transfer. GEN_ENOTFOUND,
 * GEN_EIO, GEN_EDENIED: a file of it; GEN_EINVAL: which is none; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_form_set(struct gen_http_form *form, void *easy,
                                                 const struct gen_http_request *from,
                                                 const char *method, struct gen_error *err);

void gen_http_form_fini(struct gen_http_form *form); /* after the easy handle is gone */

#endif
