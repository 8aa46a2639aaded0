/* price_book.c - see price_book.h. */
#include "decide/price_book.h"

#include "decide/slicing.h"

bool gen_price_book_most(const struct gen_budget_policy *budget, gen_micros price, bool exact,
                         gen_micros *most)
{
    gen_micros margin = 0;

    if (exact) {
        *most = price;
        return true;
    }
    return gen_money_scale(&margin, price, (int64_t)(budget->price_margin * 10000.0 + 0.5),
                           10000) &&
           gen_money_add(most, price, margin);
}

bool gen_price_book_raise(int64_t bill_ppm, gen_micros *price, gen_micros *most)
{
    gen_micros dearer = 0, dearest = 0;

    if (bill_ppm <= 1000000 || *price <= 0 ||
        !gen_money_scale(&dearer, *price, bill_ppm, 1000000) ||
        !gen_money_scale(&dearest, *most, bill_ppm, 1000000)) {
        return false;
    }
    *price = dearer;
    *most = dearest;
    return true;
}

/* What is bought for the part number `part` of the contender: a scene in slices, or all of it. 0: it
 * would be too many. */
static size_t price_book_calls(const struct gen_brief *brief, const struct gen_contender *contender,
                               size_t part, struct gen_slice out[GEN_SLICING_MOST])
{
    int64_t asked = gen_contest_shot_ms(brief, contender, part);

    if (!gen_contest_whole(contender)) {
        return gen_slicing_plan(contender->model, asked, out);
    }
    out[0].ordered_ms = asked < contender->model->min_duration_ms
                            ? contender->model->min_duration_ms
                            : asked;
    return 1;
}

/* Adds one call to the quote, and to `*dearest` what it costs at the worst hour. */
static enum gen_status price_book_add(const struct gen_records *rows, const struct gen_price *row,
                                      const struct gen_price_task *task, struct gen_quote *out,
                                      gen_micros *dearest, struct gen_error *err)
{
    const struct gen_price *other = gen_price_dearest(rows, task);
    gen_micros price = 0, most = 0;
    enum gen_status status = gen_price_of(row, task, &price, err);

    if (status == GEN_OK) {
        status = gen_price_of(other == NULL ? row : other, task, &most, err);
    }
    if (status != GEN_OK || !gen_money_add(&out->price, out->price, price) ||
        !gen_money_add(dearest, *dearest, most)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    return GEN_OK;
}

enum gen_status gen_price_book_quote(void *context, const struct gen_contender *contender,
                                     struct gen_quote *out, struct gen_error *err)
{
    const struct gen_price_desk *desk = context;
    const struct gen_question *question = desk->question;
    const struct gen_model *model = contender->model;
    const struct gen_provider_policy *provider = gen_policy_provider(question->policy,
                                                                     model->provider);
    const struct gen_variation *variation = gen_brief_variation(question->brief,
                                                                contender->variation);
    struct gen_price_task task = {.model = model->id,
                                  .width = variation->width,
                                  .height = variation->height,
                                  .audio = (model->traits & GEN_TRAIT_AUDIO) != 0,
                                  .volume_s = contender->provider->volume_s,
                                  .now = question->snapshot->now,
                                  .zones = question->zones,
                                  .standard = desk->standard};
    const struct gen_price *row = provider == NULL ? NULL : gen_price_find(provider, &task);
    size_t parts = gen_contest_whole(contender) ? 1 : contender->scene_count;
    struct gen_slice slices[GEN_SLICING_MOST];
    enum gen_status status = GEN_OK;
    gen_micros dearest = 0;
    int64_t length = 0;

    *out = (struct gen_quote){0};
    for (size_t i = 0; i < parts && status == GEN_OK; i++) {
        size_t calls = price_book_calls(question->brief, contender, i, slices);

        for (size_t k = 0; k < calls && row != NULL && status == GEN_OK; k++) {
            task.duration_ms = slices[k].ordered_ms;
            status = price_book_add(&provider->prices, row, &task, out, &dearest, err);
            length += task.duration_ms;
        }
        out->shots += calls;
    }
    if (status != GEN_OK || row == NULL) {
        return status;
    }
    out->known = true;
    out->exact = !row->estimate;
    if (!gen_price_book_most(question->policy->budget, dearest, out->exact, &out->most)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    out->basis = gen_arena_printf(desk->arena, "%g s in %zu call%s, by providers/%s.yaml:%u",
                                  (double)length / 1000.0, out->shots, out->shots == 1 ? "" : "s",
                                  model->provider, (unsigned)row->line);
    if (gen_price_book_raise(contender->state->bill_ppm, &out->price, &out->most)) {
        out->exact = false;
        out->basis = gen_arena_printf(desk->arena, "%s, and bills of late up to %.2f times that",
                                      out->basis == NULL ? "" : out->basis,
                                      (double)contender->state->bill_ppm / 1e6);
    }
    return out->basis == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
