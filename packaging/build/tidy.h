/* tidy.h - read before each file of the core by clang-tidy (packaging/tidy.sh), never compiled.
 *
 * Its analyzer sees one file at a time and would have to assume that gen_error_set gives GEN_OK
 * back; every path after `return gen_error_set(...)` would look as if it had succeeded.
 */
#include "base/error.h"

#define gen_error_set(err, status, ...) \
    ((void)(gen_error_set)((err), (status), __VA_ARGS__), (status))
