/* loop_frame.h - the frame of a macro on the stack: where it is and what it has found.
 *
 * Five values: the range, the next index, the result so far, and the two variables. all and exists absorb
 * faults like && and ||; every other macro ends with the first one.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_LOOP_FRAME_H
#define GEN_EXPR_LOOP_FRAME_H

#include "expr/function.h"
#include "expr/tree.h"

enum {
    GEN_FRAME_RANGE = 0,
    GEN_FRAME_INDEX,
    GEN_FRAME_RESULT,
    GEN_FRAME_FIRST,
    GEN_FRAME_SECOND,
    GEN_FRAME_SIZE,
};

/* frame[RANGE] is there; fills the rest. false: it has become the FAULT that is the macro's value. */
bool gen_frame_begin(struct gen_run *run, struct gen_value *frame, enum gen_loop_kind loop);

/* Sets the variables to the next element; false when there is none. */
bool gen_frame_next(struct gen_value *frame, bool two);

/* Takes the value of one turn; false when the result is decided. */
bool gen_frame_step(struct gen_run *run, struct gen_value *frame, enum gen_loop_kind loop,
                    struct gen_value value);

/* The macro's value. */
struct gen_value gen_frame_result(const struct gen_value *frame, enum gen_loop_kind loop);

/* A FAULT stays; anything but a bool becomes one. */
struct gen_value gen_frame_truth(struct gen_run *run, struct gen_value value);

#endif
