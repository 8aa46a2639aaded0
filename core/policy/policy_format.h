/* policy_format.h - one way to lay out a policy file: indentation, spacing, ends of lines.
 *
 * Works on lines, so comments, blank lines, quotes and the order of keys stay. Both texts are read
 * and compared: a layout that would change what the file says is refused.
 * Invariant: formatting twice gives what formatting once gave.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_format_test.c
 */
#ifndef GEN_POLICY_POLICY_FORMAT_H
#define GEN_POLICY_POLICY_FORMAT_H

#include "base/bytes.h"

/* `file` names the text in errors. Appends to `out`. GEN_EINVAL: not YAML (with its place).
 * GEN_ETOOLARGE, GEN_ENOMEM. GEN_ECONFLICT: the result would say something else; a bug worth a
 * report. */
GEN_MUST_CHECK enum gen_status gen_policy_format(const char *text, size_t size, const char *file,
                                                 struct gen_bytes *out, struct gen_error *err);

#endif
