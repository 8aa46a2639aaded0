/* foresight_test.c - spans by rank, what has survived so far, few data, progress that never goes back. */
#include "decide/foresight.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdlib.h>

/* `count` renders of 5 s videos that took 10 s, 20 s, ... */
static struct gen_foresight_past steps(size_t count)
{
    struct gen_foresight_past past = {0};

    for (size_t i = 0; i < count; i++) {
        struct gen_foresight_sample sample = {.took_ms = (int64_t)(i + 1) * 10000,
                                              .video_ms = 5000,
                                              .accepted_at = 1,
                                              .ended_at = (gen_moment)(i + 1) * 10000};

        gen_foresight_add(&past, &sample);
    }
    return past;
}

/* What is left, by what has passed. */
Test(foresight, left)
{
    static const struct {
        size_t samples;
        struct gen_foresight_render render;
        double declared;
        int64_t middle, late;
        bool known;
    } cases[] = {
        /* nothing at all is known */
        {0, {.video_ms = 5000}, 0, 0, 0, false},
        /* a declared speed: the late one is far off */
        {0, {.video_ms = 5000}, 6, 30000, 75000, true},
        /* and when that has passed, it goes on for a part of what it took */
        {0, {.video_ms = 5000, .elapsed_ms = 40000}, 6, 10000, 85000, true},
        /* one sample: wide */
        {1, {.video_ms = 5000}, 0, 10000, 17411, true},
        /* ranks among nine */
        {9, {.video_ms = 5000}, 0, 50000, 90000, true},
        /* twice the video, twice the time, while nothing else is known */
        {9, {.video_ms = 10000}, 0, 100000, 180000, true},
        /* those that lasted longer than 45 s: 50 to 90 s, five of them */
        {9, {.video_ms = 5000, .elapsed_ms = 45000}, 0, 25000, 73755, true},
        /* longer than all: a part of what has passed */
        {9, {.video_ms = 5000, .elapsed_ms = 100000}, 0, 25000, 100000, true},
        /* the last of three: later than one */
        {9, {.video_ms = 5000, .beside = 2}, 0, 79370, 141705, true},
        /* only the first four had ended by then */
        {9, {.video_ms = 5000, .known_by = 40000}, 0, 25000, 56568, true},
        /* half is measured, after 30 s: 30 s more, and half of what history says is 20 s more */
        {9, {.video_ms = 5000, .elapsed_ms = 30000, .measured_ppm = 500000}, 0, 32500, 0, true},
        /* measured alone */
        {0, {.video_ms = 5000, .elapsed_ms = 30000, .measured_ppm = 500000}, 0, 30000, 60000, true},
        /* too little is measured to say anything */
        {0, {.video_ms = 5000, .elapsed_ms = 30000, .measured_ppm = 10000}, 0, 0, 0, false},
        /* more than all is measured: it is about to be there */
        {9, {.video_ms = 5000, .elapsed_ms = 30000, .measured_ppm = 1000000}, 0, 0, 0, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gen_foresight_past past = steps(cases[i].samples);
        struct gen_foresight_render render = cases[i].render;
        struct gen_foresight_span span;

        render.declared = cases[i].declared;
        cr_expect(gen_foresight_left(cases[i].samples > 0 ? &past : NULL, &render, &span) ==
                      cases[i].known,
                  "case %zu", i);
        cr_expect(llabs(span.middle - cases[i].middle) <= 2, "case %zu: middle %d", i,
                  (int)span.middle);
        cr_expect(cases[i].late == 0 || llabs(span.late - cases[i].late) <= 2, "case %zu: late %d",
                  i, (int)span.late);
        cr_expect(span.late >= span.middle && span.middle >= 0, "case %zu", i);
    }
}

/* The end that is foreseen never lies behind, whatever has passed; and fewer samples are never surer. */
Test(foresight, never_over_and_few_are_wide)
{
    double wide = INFINITY;

    for (size_t count = 1; count <= 8; count++) {
        struct gen_foresight_past past = {0};
        struct gen_foresight_sample sample = {.took_ms = 60000, .video_ms = 5000, .ended_at = 1};
        struct gen_foresight_render render = {.video_ms = 5000};
        struct gen_foresight_span span;

        for (size_t i = 0; i < count; i++) {
            gen_foresight_add(&past, &sample);
        }
        cr_assert(gen_foresight_left(&past, &render, &span));
        cr_expect(wide > (double)span.late, "%zu samples: %d", count, (int)span.late);
        wide = (double)span.late;
        for (render.elapsed_ms = 0; render.elapsed_ms < 300000; render.elapsed_ms += 1000) {
            cr_assert(gen_foresight_left(&past, &render, &span));
            cr_assert(span.middle >= 0 && span.late >= span.middle && span.late > 0);
        }
    }
}

/* A fixed part and one that goes with the length are told apart, once there is enough. */
Test(foresight, lengths)
{
    struct gen_foresight_past past = {0};
    struct gen_foresight_render render = {.video_ms = 20000};
    struct gen_foresight_span span;

    for (int i = 0; i < 12; i++) {
        int64_t video = 4000 + i % 3 * 3000;
        struct gen_foresight_sample sample = {.took_ms = 30000 + 4 * video, .video_ms = video,
                                              .ended_at = i + 1};

        gen_foresight_add(&past, &sample);
    }
    cr_assert(gen_foresight_left(&past, &render, &span));
    cr_expect(llabs(span.middle - 110000) <= 2, "%d", (int)span.middle);
}

/* Only the newest count. */
Test(foresight, forgets)
{
    struct gen_foresight_past past = steps(1000);
    struct gen_foresight_render render = {.video_ms = 5000};
    struct gen_foresight_span span;

    cr_expect(past.count == GEN_FORESIGHT_KEPT);
    cr_assert(gen_foresight_left(&past, &render, &span));
    cr_expect(span.middle > (1000 - GEN_FORESIGHT_SAMPLES) * 10000);
}

/* Lesson 22: queued or hung? Stuck is what lasts longer than 99 of 100 did, and only where that is known. */
Test(foresight, overdue)
{
    static const struct {
        size_t samples;
        int64_t elapsed_ms;
        bool overdue;
    } cases[] = {
        {0, 10000000, false}, {9, 10000000, false}, {20, 190000, false},
        {20, 300000, false}, {20, 400000, true},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gen_foresight_past past = steps(cases[i].samples);
        struct gen_foresight_render render = {.video_ms = 5000, .elapsed_ms = cases[i].elapsed_ms};

        cr_expect(gen_foresight_overdue(&past, &render) == cases[i].overdue, "case %zu", i);
    }
}

/* By its time it gets further all the time, and never there. */
Test(foresight, progress_grows)
{
    struct gen_foresight_past past = steps(9);
    struct gen_foresight_render render = {.video_ms = 5000};
    int32_t last = -1;

    for (render.elapsed_ms = 0; render.elapsed_ms < 1000000; render.elapsed_ms += 1000) {
        int32_t now = gen_foresight_progress(&past, &render);

        cr_assert(now >= last && now <= GEN_FORESIGHT_MOST_PPM);
        last = now;
    }
    render.elapsed_ms = 25000;
    cr_expect(gen_foresight_progress(&past, &render) == 500000);
    past.count = 0;
    cr_expect(gen_foresight_progress(&past, &render) == 0);
    render.declared = 10;
    cr_expect(gen_foresight_progress(&past, &render) == 500000);
}

Test(foresight, sums)
{
    struct gen_foresight_span a = {10, 13}, b = {20, 24};
    struct gen_foresight_span then = gen_foresight_then(a, b), both = gen_foresight_both(a, b);
    struct gen_foresight_span queue = gen_foresight_queue(8, 2, b);

    cr_expect(then.middle == 30 && then.late == 35); /* 3 and 4 make 5 */
    cr_expect(both.middle == 20 && both.late == 24);
    cr_expect(queue.middle == 80 && queue.late == 88); /* four turns */
    queue = gen_foresight_queue(0, 0, b);
    cr_expect(queue.middle == 0 && queue.late == 0);
}

Test(foresight, words)
{
    cr_expect(gen_phase_of("waiting") == GEN_PHASE_WAITING);
    cr_expect(gen_phase_of("stuck") == GEN_PHASE_STUCK);
    cr_expect(gen_phase_of("no") == GEN_PHASE_NONE);
    cr_expect(gen_phase_of(NULL) == GEN_PHASE_NONE);
    cr_expect(gen_phase_word(GEN_PHASE_NONE) == NULL);
    for (int phase = GEN_PHASE_QUEUED; phase <= GEN_PHASE_STUCK; phase++) {
        cr_expect(gen_phase_of(gen_phase_word((enum gen_phase)phase)) == (enum gen_phase)phase);
    }
}
