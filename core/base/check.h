/* check.h - what must hold in our own code, and the attributes that let compilers help.
 *
 * GEN_CHECK is for our bugs only and stays on in release builds; it is never used on input, disk,
 * network or plugins, which fail with a status instead.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/check_test.c
 */
#ifndef GEN_BASE_CHECK_H
#define GEN_BASE_CHECK_H

/* The result must be looked at. */
#define GEN_MUST_CHECK __attribute__((warn_unused_result))

/* Argument `f` is a printf format, its values begin at argument `a`. */
#define GEN_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* Number of elements of a true array. */
#define GEN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Aborts with the expression and its place when a promise of our own code is broken. */
#define GEN_CHECK(expr) \
    do { \
        if (!(expr)) { \
            gen_check_failed(#expr, __FILE__, __LINE__); \
        } \
    } while (0)

/* Prints one line on standard error and aborts. Only GEN_CHECK calls it. */
__attribute__((noreturn, cold)) void gen_check_failed(const char *expr, const char *file, int line);

#endif
