/* remote.h - where a job lives at Kling: its region, the endpoint it was ordered from, its id.
 *
 * The handle is "singapore/text2video/ID": hosts are per region, and in the legacy dialect the path of
 * the status depends on that of the order. "tasks" stands for the new dialect; "" as the region for a
 * base URL of the settings. "@REFERENCE" in place of the ID: by our reference, which is unique whatever ids
 * Kling gives.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_REMOTE_H
#define KLING_REMOTE_H

#include "settings.h"

struct remote {
    const char *base;
    const char *kind; /* "text2video", ...; "tasks" */
    const char *id;   /* or our reference, without the "@" */
    int by_reference;
};

/* The handle of a job that was just ordered, or was found by our reference; NULL without memory. */
const char *remote_handle(const struct kling_call *call, const char *kind, const char *id);
const char *remote_found_handle(const struct kling_call *call, const char *kind,
                                const char *reference);

/* 0 when the handle is not ours. */
int remote_read(const struct kling_call *call, const char *handle, struct remote *out);

/* Asks for the status of a job. */
int32_t remote_ask(const struct kling_call *call, const struct remote *remote, const char *state);

/* Asks for the status of the job that has our reference; `kind` as of the order. */
int32_t remote_search(const struct kling_call *call, const char *kind, const char *state);

/* The job of an answer. */
enum remote_found {
    REMOTE_JOB = 1,
    REMOTE_NONE = 2,  /* Kling is certain that there is none */
    REMOTE_FAULT = 3, /* the answer says something else */
    REMOTE_OTHER = 4, /* the job has the id, and the reference of another order */
};

struct remote_answer {
    int32_t found;               /* enum remote_found */
    const struct gen_node *body; /* the envelope; NULL = not JSON */
    const struct gen_node *job;
    const char *id, *reference, *status, *words, *link;
};

/* Reads an answer of either dialect: one object, or a list in which `id` (or the reference) is looked
 * for. "" = the only one there is. */
struct remote_answer remote_job(const struct kling_call *call, const char *id,
                                const char *reference);

/* What it cost, in micro-dollars; -1 = not said. */
int64_t remote_cost(const struct kling_call *call, const struct gen_node *job);

#endif
