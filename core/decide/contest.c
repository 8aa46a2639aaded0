/* contest.c - see contest.h. */
#include "decide/contest.h"

const char *gen_contest_asked(const struct gen_question *question)
{
    return question->strategy != NULL ? question->strategy : question->brief->strategy;
}

const char *gen_contest_ceiling(const struct gen_question *question, gen_micros needed,
                                struct gen_arena *arena)
{
    gen_micros left = question->snapshot->team.remaining;
    gen_micros most = question->policy->budget->job_most;
    char money[GEN_MONEY_TEXT_SIZE];

    if (left != GEN_SNAPSHOT_NO_LIMIT && left < needed) {
        return gen_arena_printf(arena, "the budget of the organization has $%s left",
                                gen_money_text(left < 0 ? 0 : left, 2, money));
    }
    return most > 0 && most < needed
               ? gen_arena_printf(arena, "budget.yaml allows a job at most $%s",
                                  gen_money_text(most, 2, money))
               : NULL;
}

const char *gen_contest_model_name(const struct gen_model *model, struct gen_arena *arena)
{
    return gen_arena_printf(arena, "%s/%s", model->provider, model->id);
}

bool gen_contest_whole(const struct gen_contender *contender)
{
    return (contender->model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
}

size_t gen_contest_shots(const struct gen_contender *contender)
{
    if (contender->quote.shots > 0) {
        return contender->quote.shots;
    }
    return gen_contest_whole(contender) ? 1 : contender->scene_count;
}

int64_t gen_contest_shot_ms(const struct gen_brief *brief, const struct gen_contender *contender,
                            size_t shot)
{
    int64_t sum = 0;

    if (!gen_contest_whole(contender)) {
        return gen_brief_scene(brief, contender->first_scene + shot)->duration_ms;
    }
    if (contender->scene_count == brief->scenes.count) {
        return gen_brief_duration(brief);
    }
    for (size_t i = 0; i < contender->scene_count; i++) {
        sum += gen_brief_scene(brief, contender->first_scene + i)->duration_ms;
    }
    return sum;
}

int64_t gen_contest_longest_ms(const struct gen_brief *brief, const struct gen_contender *contender)
{
    size_t shots = gen_contest_whole(contender) ? 1 : contender->scene_count;
    int64_t longest = 0;

    for (size_t i = 0; i < shots; i++) {
        int64_t duration = gen_contest_shot_ms(brief, contender, i);

        longest = duration > longest ? duration : longest;
    }
    return longest;
}

size_t gen_contest_in(const struct gen_contest *contest)
{
    size_t count = 0;

    for (size_t i = 0; i < contest->contender_count; i++) {
        count += contest->contenders[i].filter == GEN_FILTER_NONE;
    }
    return count;
}

int gen_contest_bits(uint32_t bits)
{
    int count = 0;

    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}
