/* aside.h - what stands apart from the stack of texts: the small print and the seal.
 *
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_ASIDE_H
#define TYPESET_ASIDE_H

#include "stack.h"

/* Small print stands alone at the bottom of the safe area and takes its height from the zone.
 * 0, or -1 (message printed). */
int aside_legal(struct stack_fit *fit);

/* A seal: a short badge as a round burst on the picture. 0, or -1 (message printed). */
int aside_seal(struct stack_fit *fit, struct board_item *item);

#endif
