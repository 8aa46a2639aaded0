/* vetting.h - would the loaded plugins take these policies? Asked before a set comes into force.
 *
 * It changes nothing: each plugin is configured aside with what it would be told.
 * Thread: [loop]. Floor: daemon. Tests: tests/api/api_test.c
 */
#ifndef GEN_DAEMON_VETTING_H
#define GEN_DAEMON_VETTING_H

#include "engine/provider_terms.h"
#include "host/loader.h"

/* Adds a mistake for each provider whose plugin refuses, at its place in the provider's file; `folder`
 * stands before the file's name. `terms`: with the set in question. */
void gen_vetting_judge(struct gen_loader *loader, struct gen_provider_terms *terms,
                       const char *folder, struct gen_policy_problems *problems);

#endif
