/* price_book.h - quotes from the price rows of providers/NAME.yaml, for decisions without plugins.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/price_book_test.c
 */
#ifndef GEN_DECIDE_PRICE_BOOK_H
#define GEN_DECIDE_PRICE_BOOK_H

#include "decide/contest.h"

/* A gen_quote_call; the context is the const struct gen_question *. The basis lives in `arena`
 * of the struct below. */
struct gen_price_desk {
    const struct gen_question *question;
    struct gen_arena *arena;
    bool standard; /* the price without hours, see gen_price_task */
};
gen_quote_call gen_price_book_quote; /* context: struct gen_price_desk */

/* What it costs where recent bills were above the price list (gen_model_state). False: they were
 * not, or it is free, and nothing is changed. What does not fit any more stays as it is. */
bool gen_price_book_raise(int64_t bill_ppm, gen_micros *price, gen_micros *most);

/* What is held for a price: estimates with the margin of budget.yaml. false: it does not fit. */
GEN_MUST_CHECK bool gen_price_book_most(const struct gen_budget_policy *budget, gen_micros price,
                                        bool exact, gen_micros *most);

#endif
