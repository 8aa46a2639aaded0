/* library.h - all functions of the language, and which row a call means.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_LIBRARY_H
#define GEN_EXPR_LIBRARY_H

#include "expr/function.h"
#include "expr/type.h"

enum { GEN_LIBRARY_MOST = 24 }; /* rows of one name */

/* Rows with this name that are methods, or that are not. Returns how many (at most `GEN_LIBRARY_MOST`). */
size_t gen_library_find(const char *name, bool method, const struct gen_overload **out);

/* Are there functions whose name begins with "prefix."? */
bool gen_library_is_namespace(const char *prefix);

/* Those functions: "math.abs(), math.ceil(), ..."; cut at `size`. Returns `out`. */
const char *gen_library_members(const char *prefix, char *out, size_t size);

/* The nearest known function name, or NULL. */
const char *gen_library_nearest(const char *name, bool method);

/* Would these types, or these values, fit the row? */
bool gen_library_takes(const struct gen_overload *row, const struct gen_type *const *types,
                       size_t count);
bool gen_library_accepts(const struct gen_overload *row, const struct gen_value *values,
                         size_t count);

/* The type that the row gives. */
const struct gen_type *gen_library_result(const struct gen_overload *row);

#endif
