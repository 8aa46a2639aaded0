/* asset_reading_test.c - assets by id, by content, by page. */
#include "unit/store/sample.h"

#include "store/asset_reading.h"

static void fill(struct sample *sample)
{
    struct gen_changes *changes = gen_changes_create();

    for (int i = 1; i <= 7; i++) {
        gen_changes_add(changes, GEN_CHANGE_ASSET_ADD)->as.asset = (struct gen_asset){
            .id = sample_ident(GEN_IDENT_ASSET, i), .organization = i == 7 ? "org_2" : "org_1",
            .digest = i == 3 || i == 5 || i == 7 ? "same" : "other", .name = "logo.png",
            .kind = "picture", .media_type = "image/png", .size = 1000 + i, .width = 640,
            .height = 480, .duration_ms = 0, .created_at = SAMPLE_NOW + i};
    }
    OK(sample_apply(sample, changes));
}

Test(asset_reading, one_comes_back_as_it_was)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_asset asset;
    const char *id;

    sample_open(&sample);
    fill(&sample);
    id = sample_ident(GEN_IDENT_ASSET, 2).text;
    OK(gen_read_asset(sample.store, "org_1", id, arena, &asset, NULL));
    cr_assert(strcmp(asset.id.text, id) == 0 && strcmp(asset.organization, "org_1") == 0);
    cr_assert(strcmp(asset.digest, "other") == 0 && strcmp(asset.name, "logo.png") == 0);
    cr_assert(strcmp(asset.kind, "picture") == 0 && strcmp(asset.media_type, "image/png") == 0);
    cr_assert(asset.size == 1002 && asset.width == 640 && asset.height == 480);
    cr_assert(asset.duration_ms == 0 && asset.created_at == SAMPLE_NOW + 2);
    cr_assert(gen_read_asset(sample.store, "org_2", id, arena, &asset, NULL) == GEN_ENOTFOUND);
    OK(gen_read_asset_of_digest(sample.store, "org_1", "same", arena, &asset, NULL));
    cr_assert(strcmp(asset.id.text, sample_ident(GEN_IDENT_ASSET, 3).text) == 0, "not the oldest");
    OK(gen_read_asset_of_digest(sample.store, "org_2", "same", arena, &asset, NULL));
    cr_assert(strcmp(asset.id.text, sample_ident(GEN_IDENT_ASSET, 7).text) == 0);
    cr_assert(gen_read_asset_of_digest(sample.store, "org_2", "other", arena, &asset, NULL) ==
              GEN_ENOTFOUND);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(asset_reading, pages_add_up)
{
    struct sample sample;

    sample_open(&sample);
    fill(&sample);
    for (int64_t limit = 1; limit <= 8; limit++) {
        struct gen_arena *arena = gen_arena_create(0);
        const char *after = NULL;
        int expected = 6;
        bool more = true;

        while (more) {
            struct gen_asset *assets;
            size_t count;

            OK(gen_read_assets(sample.store, "org_1", after, limit, arena, &assets, &count, &more,
                               NULL));
            cr_assert(count == (size_t)(expected < limit ? expected : limit));
            for (size_t i = 0; i < count; i++) {
                cr_assert(strcmp(assets[i].id.text,
                                 sample_ident(GEN_IDENT_ASSET, expected--).text) == 0);
            }
            after = assets[count - 1].id.text;
        }
        cr_assert(expected == 0);
        gen_arena_destroy(arena);
    }
    sample_close(&sample);
}

Test(asset_reading, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_asset *assets;
    size_t count;
    bool more;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    fill(&sample);
    do {
        struct gen_arena *arena = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_read_assets(sample.store, "org_1", NULL, 5, arena, &assets, &count, &more,
                                 &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        gen_arena_destroy(arena);
    } while (status != GEN_OK);
    cr_assert(nth > 2);
    sample_close(&sample);
}
