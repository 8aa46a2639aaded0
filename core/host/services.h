/* services.h - what the host does for a plugin: the table struct gen_host of the contract.
 *
 * Every plugin gets a table of its own, whose address is the address of its struct gen_services:
 * that is how a log line gets the plugin's name without state of this file's.
 * Invariant: no service aborts on what a plugin passes (a NULL arena excepted).
 *
 * Thread: [any], one call at a time for one plugin. Floor: host.
 * Tests: tests/unit/host/services_test.c
 */
#ifndef GEN_HOST_SERVICES_H
#define GEN_HOST_SERVICES_H

#include "platform/log.h"

#include <gen/provider.h>

struct gen_service_program { /* one row of a plugin's list of programs */
    const char *name, *hint;
    const char *path; /* NULL = not installed */
};

struct gen_services {          /* caller's memory, stays where it is while the plugin is loaded */
    struct gen_host host;      /* first */
    const struct gen_log *log; /* may be NULL */
    const char *plugin;        /* its id, or its file name before that is known */
    const struct gen_service_program *programs;
    size_t program_count;
};

/* Texts are borrowed. gen_crypto_init must have been called. */
void gen_services_init(struct gen_services *services, const char *plugin, const char *version,
                       const struct gen_log *log);

/* The row of a program, NULL when it is not in the plugin's list. */
const struct gen_service_program *gen_services_program(const struct gen_services *services,
                                                       const char *name);

#endif
