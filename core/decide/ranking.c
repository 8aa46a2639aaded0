/* ranking.c - see ranking.h. */
#include "decide/ranking.h"

#include "decide/sieve.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------------------------ order -- */

/* -1, 0, 1; what differs only by rounding is the same. */
static int ranking_numbers(double a, double b)
{
    double scale = fmax(fabs(a), fabs(b));

    if (fabs(a - b) <= scale * 1e-9) {
        return 0;
    }
    return a < b ? -1 : 1;
}

static int ranking_names(const struct gen_contender *a, const struct gen_contender *b)
{
    int order = strcmp(a->model->provider, b->model->provider);

    return order != 0 ? order : strcmp(a->model->id, b->model->id);
}

static int ranking_tie(enum gen_tie tie, const struct gen_contender *a,
                       const struct gen_contender *b)
{
    switch (tie) {
    case GEN_TIE_CHEAPER:
        return (a->quote.price > b->quote.price) - (a->quote.price < b->quote.price);
    case GEN_TIE_FASTER:
        return ranking_numbers(a->seconds, b->seconds);
    case GEN_TIE_BETTER:
        return ranking_numbers(b->quality, a->quality);
    case GEN_TIE_IDLER:
        return ranking_numbers(a->load, b->load);
    case GEN_TIE_NAME:
        return ranking_names(a, b);
    }
    return 0;
}

/* FNV-1a over the name, from the seed: who comes first among equals is as good as drawn. */
static uint64_t ranking_draw(const struct gen_portrait *portrait,
                             const struct gen_contender *contender)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ portrait->question->snapshot->seed;

    for (const char *at = portrait->cards[contender->model_index].name; *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    }
    return hash ^ (hash >> 29);
}

static int ranking_ties(const struct gen_portrait *portrait, const struct gen_contender *a,
                        const struct gen_contender *b)
{
    const struct gen_texts *words = portrait->strategy->tie_breaks.count > 0
                                        ? &portrait->strategy->tie_breaks
                                        : &portrait->question->policy->routing->tie_breaks;
    uint64_t draw_a, draw_b;

    for (size_t i = 0; i < words->count; i++) {
        int tie = gen_choice_value(gen_tie_choices, words->items[i]);
        int order = ranking_tie((enum gen_tie)tie, a, b);

        if (order != 0) {
            return order;
        }
    }
    draw_a = ranking_draw(portrait, a);
    draw_b = ranking_draw(portrait, b);
    return draw_a != draw_b ? (draw_a < draw_b ? -1 : 1) : ranking_names(a, b);
}

int gen_ranking_compare(const struct gen_portrait *portrait, const struct gen_contender *a,
                        const struct gen_contender *b)
{
    int unmet = gen_contest_bits(a->unmet) - gen_contest_bits(b->unmet), order;

    if (a->name_rank != b->name_rank) {
        return a->name_rank < b->name_rank ? -1 : 1;
    }
    if (portrait->strategy->unmet == GEN_UNMET_LAST && unmet != 0) {
        return unmet;
    }
    order = ranking_numbers(b->total, a->total);
    return order != 0 ? order : ranking_ties(portrait, a, b);
}

/* ----------------------------------------------------------------------------------- choice -- */

struct field { /* those that are in, best first */
    struct gen_contest *contest;
    struct gen_contender **order;
    size_t count;
    gen_micros least; /* lowest `most` */
};

static bool ranking_sort(struct gen_portrait *portrait, struct gen_contest *contest,
                         struct field *field)
{
    *field = (struct field){.contest = contest, .least = INT64_MAX};
    field->order = gen_arena_array(portrait->arena, contest->contender_count + 1,
                                   sizeof(*field->order));
    contest->chosen = gen_arena_array(portrait->arena, contest->contender_count + 1,
                                      sizeof(*contest->chosen));
    if (field->order == NULL || contest->chosen == NULL) {
        return false;
    }
    for (size_t i = 0; i < contest->contender_count; i++) {
        struct gen_contender *contender = &contest->contenders[i];
        size_t place = field->count;

        if (contender->filter != GEN_FILTER_NONE) {
            continue;
        }
        for (; place > 0 && gen_ranking_compare(portrait, contender, field->order[place - 1]) < 0;
             place--) {
            field->order[place] = field->order[place - 1];
        }
        field->order[place] = contender;
        field->count++;
        field->least = contender->quote.most < field->least ? contender->quote.most : field->least;
    }
    return true;
}

static bool ranking_provider_taken(const struct gen_contest *contest,
                                   const struct gen_contender *contender)
{
    for (size_t i = 0; i < contest->chosen_count; i++) {
        if (strcmp(contest->chosen[i]->model->provider, contender->model->provider) == 0) {
            return true;
        }
    }
    return false;
}

/* Takes the best that `left` pays for, in one pass; false where it had to leave one out for
 * money. */
static bool ranking_pass(const struct gen_portrait *portrait, struct field *field, bool distinct,
                         gen_micros *left)
{
    struct gen_contest *contest = field->contest;
    bool all = true;

    for (size_t i = 0;
         i < field->count && contest->chosen_count < (size_t)portrait->strategy->parallel; i++) {
        struct gen_contender *contender = field->order[i];

        if (contender->chosen || (distinct && ranking_provider_taken(contest, contender))) {
            continue;
        }
        if (contender->quote.most > *left) {
            all = false;
            continue;
        }
        *left -= contender->quote.most;
        contender->chosen = true;
        contest->chosen[contest->chosen_count++] = contender;
    }
    return all;
}

static bool ranking_take(const struct gen_portrait *portrait, struct field *field, gen_micros *left)
{
    bool all = ranking_pass(portrait, field, portrait->strategy->distinct_providers, left);

    return ranking_pass(portrait, field, false, left) && all;
}

static void ranking_reset(struct field *field)
{
    for (size_t i = 0; i < field->contest->chosen_count; i++) {
        field->contest->chosen[i] = NULL;
    }
    for (size_t i = 0; i < field->count; i++) {
        field->order[i]->chosen = false;
    }
    field->contest->chosen_count = 0;
}

/* Those that would have come before a chosen one, but for the money. */
static void ranking_too_dear(struct gen_portrait *portrait, struct field *field, gen_micros share)
{
    size_t last = 0;
    char cost[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE];

    for (size_t i = 0; i < field->count; i++) {
        last = field->order[i]->chosen ? i : last;
    }
    for (size_t i = 0; i < last; i++) {
        struct gen_contender *contender = field->order[i];

        if (!contender->chosen && contender->quote.most > share) {
            gen_sieve_reject(
                portrait, contender, GEN_FILTER_BUDGET,
                gen_arena_printf(
                    portrait->arena,
                    "can cost up to $%s, and the budget leaves $%s for it beside the rest "
                    "of the job",
                    gen_money_text(contender->quote.most, 2, cost),
                    gen_money_text(share, 2, limit)));
        }
    }
}

/* What would help: more money where it can be had. */
static enum gen_status ranking_short(const struct gen_portrait *portrait, gen_micros needed,
                                     struct gen_error *err)
{
    const char *ceiling = gen_contest_ceiling(portrait->question, needed, portrait->arena);
    char cost[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE], more[GEN_MONEY_TEXT_SIZE];

    gen_money_text(needed, 2, cost);
    gen_money_text(portrait->budget, 2, limit);
    if (ceiling != NULL) {
        gen_error_set(
            err, GEN_EBUDGET,
            "even the cheapest choice can cost up to $%s, and %s; ask for fewer variations "
            "or shorter scenes",
            cost, ceiling);
    } else {
        gen_error_set(err, GEN_EBUDGET,
                      "even the cheapest choice can cost up to $%s, the budget is $%s; raise "
                      "`budget` by $%s, or ask for fewer variations or shorter scenes",
                      cost, limit, gen_money_text(needed - portrait->budget, 2, more));
    }
    gen_error_place(err, NULL, 0, 0, "budget");
    return GEN_EBUDGET;
}

/* Every contest gets its cheapest, and an equal share of what is left; what one does not use
 * goes on to the next. */
static enum gen_status ranking_share(struct gen_portrait *portrait, struct field *fields,
                                     size_t count, struct gen_error *err)
{
    gen_micros needed = 0, left = portrait->budget, slack;
    bool fits = true;

    for (size_t i = 0; i < count; i++) {
        ranking_reset(&fields[i]);
        fits = fits && (fields[i].count == 0 || gen_money_add(&needed, needed, fields[i].least));
    }
    if (!fits) {
        return gen_error_set(err, GEN_EBUDGET, "the price of the job does not fit");
    }
    if (needed > left) {
        return ranking_short(portrait, needed, err);
    }
    slack = left - needed;
    for (size_t i = 0; i < count; i++) {
        gen_micros share = slack / (gen_micros)(count - i), mine, before;

        if (fields[i].count == 0) {
            continue;
        }
        mine = fields[i].least + share;
        before = mine;
        if (!ranking_take(portrait, &fields[i], &mine)) {
            gen_portrait_warn(portrait,
                              "the budget decides: not all of the best models fit into it");
        }
        slack -= before - mine - fields[i].least;
        ranking_too_dear(portrait, &fields[i], before);
    }
    return GEN_OK;
}

static void ranking_finish(struct gen_portrait *portrait, struct field *field)
{
    size_t rank = 0;

    for (size_t i = 0; i < field->count; i++) {
        field->order[i]->rank = field->order[i]->filter == GEN_FILTER_NONE ? ++rank : 0;
    }
    if (field->count > 0 && field->contest->chosen_count < (size_t)portrait->strategy->parallel) {
        gen_portrait_warn(portrait,
                          "the strategy \"%s\" asks for %d models at once, %zu can be taken",
                          portrait->strategy->named.name, (int)portrait->strategy->parallel,
                          field->contest->chosen_count);
    }
}

enum gen_status gen_ranking_choose(struct gen_portrait *portrait, struct gen_contest *contests,
                                   size_t count, struct gen_error *err)
{
    bool limited = portrait->budget != GEN_SNAPSHOT_NO_LIMIT, all = true;
    gen_micros left = limited ? portrait->budget : INT64_MAX;
    struct field *fields = gen_arena_array(portrait->arena, count + 1, sizeof(*fields));
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < count; i++) {
        if (fields == NULL || !ranking_sort(portrait, &contests[i], &fields[i])) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    for (size_t i = 0; i < count; i++) {
        all = ranking_take(portrait, &fields[i], &left) && all;
    }
    if (!all && limited) {
        status = ranking_share(portrait, fields, count, err);
    } else if (!all) {
        status = gen_error_set(err, GEN_EBUDGET, "the price of the job does not fit");
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        ranking_finish(portrait, &fields[i]);
    }
    return status;
}
