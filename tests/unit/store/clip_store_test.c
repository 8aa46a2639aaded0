/* clip_store_test.c - finished clips: kept under their order, found by their organization only, counted,
 * and forgotten. */
#include "unit/store/sample.h"

#include "store/reading.h"

static enum gen_status apply_clip(struct sample *sample, enum gen_change_kind kind,
                                  struct gen_change_clip clip)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_add(changes, kind)->as.clip = clip;
    return sample_apply(sample, changes);
}

static void keep(struct sample *sample, const struct gen_job *job, size_t shot, const char *request,
                 const char *digest, gen_moment at)
{
    OK(apply_clip(sample, GEN_CHANGE_CLIP_ADD,
                  (struct gen_change_clip){.attempt = job->pipelines[0].shots[shot].attempt.id,
                                           .job = job->id, .pipeline = job->pipelines[0].id,
                                           .organization = "org_1", .request = request,
                                           .digest = digest, .at = at}));
}

static const char *find(struct sample *sample, const char *organization, const char *request,
                        const char *job, int64_t skip, struct gen_clip_found *found)
{
    const struct gen_clip_query query = {.organization = organization, .request = request,
                                         .job = job, .since = SAMPLE_NOW, .skip = skip};

    return gen_read_clip(sample->store, &query, found, NULL) == GEN_OK ? found->digest : "";
}

Test(clip_store, found_by_its_order)
{
    struct sample sample;
    struct gen_job *first, *second;
    struct gen_clip_found found;
    bool older = true, used = false;

    sample_open(&sample);
    first = sample_admit(&sample, 1, 2);
    second = sample_admit(&sample, 2, 1);
    keep(&sample, first, 0, "order", "d1", SAMPLE_NOW);
    keep(&sample, first, 1, "order", "d2", SAMPLE_NOW + 1);
    keep(&sample, first, 1, "order", "d3", SAMPLE_NOW + 2); /* said twice: nothing happens */
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", "x", 0, &found), "d2"), "the newest");
    cr_assert(eq(str, found.attempt.text, first->pipelines[0].shots[1].attempt.id.text));
    cr_assert(eq(str, found.job.text, first->id.text));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", "x", 1, &found), "d1"));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", "x", 2, &found), ""));
    cr_assert(eq(str, (char *)find(&sample, "org_2", "order", "x", 0, &found), ""), "another's");
    cr_assert(eq(str, (char *)find(&sample, "org_1", "other", "x", 0, &found), ""));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", first->id.text, 0, &found), ""),
              "its own");
    OK(gen_read_blob_used(sample.store, "d1", &used, NULL));
    cr_assert(used, "its file must stay");
    OK(apply_clip(&sample, GEN_CHANGE_CLIP_USED,
                  (struct gen_change_clip){.attempt = second->pipelines[0].shots[0].attempt.id,
                                           .job = second->id, .pipeline = second->pipelines[0].id,
                                           .from = first->pipelines[0].shots[1].attempt.id,
                                           .saved = 5, .at = SAMPLE_NOW + 9}));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", second->id.text, 0, &found), "d1"),
              "the other one was given to it");
    cr_assert(eq(int, apply_clip(&sample, GEN_CHANGE_CLIP_USED,
                                 (struct gen_change_clip){
                                     .attempt = second->pipelines[0].shots[0].attempt.id,
                                     .job = second->id, .pipeline = second->pipelines[0].id,
                                     .from = first->pipelines[0].shots[1].attempt.id}),
                 GEN_ECONFLICT), "twice in one job");
    OK(gen_read_older_clip(sample.store, SAMPLE_NOW, &older, NULL));
    cr_assert(older == false);
    OK(gen_read_older_clip(sample.store, SAMPLE_NOW + 1, &older, NULL));
    cr_assert(older);
    OK(apply_clip(&sample, GEN_CHANGE_CLIP_EXPIRE, (struct gen_change_clip){.at = SAMPLE_NOW + 1}));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", "x", 1, &found), ""));
    cr_assert(eq(str, (char *)find(&sample, "org_1", "order", "x", 0, &found), "d2"));
    OK(gen_read_blob_used(sample.store, "d1", &used, NULL));
    cr_assert(used == false);
    gen_arena_destroy(first->arena);
    gen_arena_destroy(second->arena);
    sample_close(&sample);
}
