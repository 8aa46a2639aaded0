/* price_book.c - see price_book.h. */
#include "decide/price_book.h"

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

/* What is bought where `asked` is wanted: never less than the least, and one of a model's own
 * lengths. */
static int64_t price_book_length(const struct gen_model *model, int64_t asked)
{
    int64_t length = asked < model->min_duration_ms ? model->min_duration_ms : asked, best = 0;

    for (size_t i = 0; i < model->duration_count; i++) {
        int64_t own = model->durations_ms[i];

        if (own >= length && (best == 0 || own < best)) {
            best = own;
        }
    }
    return best != 0 ? best : length;
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
                                  .now = question->snapshot->now};
    const struct gen_price *row = provider == NULL ? NULL : gen_price_find(provider, &task);
    size_t shots = gen_contest_shots(contender);
    int64_t length = 0;

    *out = (struct gen_quote){.shots = shots};
    if (row == NULL) {
        return GEN_OK;
    }
    for (size_t i = 0; i < shots; i++) {
        gen_micros price;
        enum gen_status status;

        task.duration_ms = price_book_length(model,
                                             gen_contest_shot_ms(question->brief, contender, i));
        status = gen_price_of(row, &task, &price, err);
        if (status != GEN_OK || !gen_money_add(&out->price, out->price, price)) {
            return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
        }
        length += task.duration_ms;
    }
    out->known = true;
    out->exact = !row->estimate;
    if (!gen_price_book_most(question->policy->budget, out->price, out->exact, &out->most)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    out->basis = gen_arena_printf(desk->arena, "%g s in %zu call%s, by providers/%s.yaml:%u",
                                  (double)length / 1000.0, shots, shots == 1 ? "" : "s",
                                  model->provider, (unsigned)row->line);
    return out->basis == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
