/* language.h - is this text shaped like a language tag (BCP 47)?
 *
 * Only the shape is looked at, as RFC 5646 calls it well-formed: language[-script][-region]
 * [-variant...], with extended languages, extensions and private use. Which languages there are is
 * not known here; the retired tags of before 2006 (i-klingon) are not taken.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/brief_test.c
 */
#ifndef GEN_MODEL_LANGUAGE_H
#define GEN_MODEL_LANGUAGE_H

#include "base/error.h"

/* GEN_EINVAL: which part of the tag is wrong, and how it is written; no place. */
GEN_MUST_CHECK enum gen_status gen_language_check(const char *tag, struct gen_error *err);

#endif
