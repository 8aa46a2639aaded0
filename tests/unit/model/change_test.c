/* change_test.c - a set of changes owns all that it says. */
#include "model/change.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static struct gen_ident ident(const char *text)
{
    struct gen_ident made = {0};

    strcpy(made.text, text);
    return made;
}

struct nouns {
    char text[8]; /* what every text of every noun points to */
    struct gen_job job;
    struct gen_pipeline pipeline;
    struct gen_supply supply;
    struct gen_shot shot;
    struct gen_output output;
};

static void nouns_make(struct nouns *nouns)
{
    const char *text = nouns->text;

    memset(nouns, 0, sizeof(*nouns));
    strcpy(nouns->text, "before");
    nouns->supply = (struct gen_supply){.asset = {.id = ident("ast_1"), .digest = text,
                                                  .kind = text, .media_type = text, .size = 5},
                                        .scene = 3};
    nouns->shot = (struct gen_shot){
        .id = ident("sht_1"), .provider = text, .model = text, .role = GEN_SHOT_FINISH,
        .shown_ms = 4, .supplies = &nouns->supply, .supply_count = 1,
        .parameters = text, .clip = text, .note = text, .attempt_count = 2,
        .attempt = {.id = ident("att_1"), .state = GEN_ATTEMPT_ACCEPTED, .handle = text,
                    .step_state = text, .hold = 7, .failure_code = text, .failure_message = text,
                    .failure_field = text}};
    nouns->pipeline = (struct gen_pipeline){.id = ident("pip_1"), .provider = text, .model = text,
                                            .failure_message = text, .warning = text,
                                            .shots = &nouns->shot,
                                            .shot_count = 1};
    nouns->job = (struct gen_job){.id = ident("gen_1"), .organization = text, .user = text,
                                  .project = text, .decision = text, .pipelines = &nouns->pipeline,
                                  .pipeline_count = 1, .budget = 9, .cancel_requested = true};
    nouns->output = (struct gen_output){.id = ident("out_1"), .organization = text,
                                        .variation = text, .digest = text, .thumbnail = text,
                                        .sheet = text, .format = text, .probe = text, .size = 3};
}

static void nouns_add(const struct nouns *nouns, struct gen_changes *changes)
{
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, &nouns->job);
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_SET, &nouns->job, &nouns->pipeline);
    gen_changes_shot(changes, GEN_CHANGE_SHOT_SET, &nouns->job, &nouns->pipeline, &nouns->shot);
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, &nouns->job, &nouns->pipeline,
                        &nouns->shot, GEN_ATTEMPT_SUBMITTING);
    gen_changes_output(changes, &nouns->output);
    gen_changes_supply(changes, GEN_CHANGE_SUPPLY_SET, &nouns->job, &nouns->shot, 0);
}

static void same(const char *text)
{
    cr_assert(eq(str, (char *)text, "before"));
}

Test(change, copies_outlive_the_nouns)
{
    struct nouns nouns;
    struct gen_changes *changes = gen_changes_create();
    const struct gen_change *at;

    nouns_make(&nouns);
    nouns_add(&nouns, changes);
    strcpy(nouns.text, "after!");
    cr_assert(eq(sz, changes->count, 6));
    at = changes->first;
    same(at->as.job.organization);
    same(at->as.job.user);
    same(at->as.job.project);
    same(at->as.job.decision);
    cr_assert(at->as.job.cancel_requested && at->as.job.budget == 9);
    at = at->next;
    same(at->as.pipeline.provider);
    same(at->as.pipeline.model);
    same(at->as.pipeline.failure_message);
    same(at->as.pipeline.warning);
    cr_assert(eq(i32, at->as.pipeline.ordinal, 1));
    at = at->next;
    same(at->as.shot.parameters);
    same(at->as.shot.clip);
    same(at->as.shot.provider);
    same(at->as.shot.model);
    cr_assert(at->as.shot.role == GEN_SHOT_FINISH && at->as.shot.shown_ms == 4);
    cr_assert(eq(i32, at->as.shot.attempt_count, 2));
    at = at->next;
    same(at->as.attempt.attempt.handle);
    same(at->as.attempt.attempt.step_state);
    same(at->as.attempt.attempt.failure_code);
    same(at->as.attempt.attempt.failure_message);
    same(at->as.attempt.attempt.failure_field);
    cr_assert(eq(int, at->as.attempt.from, GEN_ATTEMPT_SUBMITTING));
    at = at->next;
    same(at->as.output.organization);
    same(at->as.output.variation);
    same(at->as.output.digest);
    same(at->as.output.thumbnail);
    same(at->as.output.sheet);
    same(at->as.output.format);
    same(at->as.output.probe);
    at = at->next;
    same(at->as.supply.asset.digest);
    same(at->as.supply.asset.kind);
    same(at->as.supply.asset.media_type);
    cr_assert(at->as.supply.ordinal == 1 && at->as.supply.scene == 3);
    cr_assert(at->as.supply.asset.size == 5);
    cr_assert(at->next == NULL && changes->last == at);
    gen_changes_destroy(changes);
}

/* Texts that are NULL come out empty: the store knows no NULL. */
Test(change, no_text_is_null)
{
    struct nouns nouns;
    struct gen_changes *changes = gen_changes_create();

    nouns_make(&nouns);
    nouns.job.project = NULL;
    nouns.job.decision = NULL;
    nouns.shot.attempt.failure_field = NULL;
    nouns_add(&nouns, changes);
    cr_assert(eq(str, (char *)changes->first->as.job.project, ""));
    cr_assert(eq(str, (char *)changes->first->as.job.decision, ""));
    gen_changes_destroy(changes);
    gen_changes_destroy(NULL);
}

/* Each allocation failing in turn: no crash, no leak, and the arena says so. */
Test(change, every_allocation_fails)
{
    struct nouns nouns;
    bool complete = false;

    nouns_make(&nouns);
    for (long nth = 1; complete == false; nth++) {
        struct gen_changes *changes;

        gen_alloc_fail_at(nth);
        changes = gen_changes_create();
        if (changes != NULL) {
            nouns_add(&nouns, changes);
            complete = gen_arena_failed(changes->arena) == false;
            cr_assert(complete == false || changes->count == 6);
        }
        gen_alloc_fail_at(0);
        gen_changes_destroy(changes);
        cr_assert(nth < 100);
    }
}
