/* ledger.h - money.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/ledger_test.c
 */
