/* helpers.h - a drawer for everything.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/helpers_test.c
 */
