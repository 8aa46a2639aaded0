/* delivery_test.c - clips become one conforming video with its pictures, under the real launcher. */
#include "engine/delivery.h"

#include "store/blob.h"
#include "unit/engine/world.h"

TestSuite(delivery, .timeout = 120);

struct delivered {
    int calls;
    enum gen_status status;
    int32_t width, height;
    int64_t duration_ms, size, thumbnail_size, sheet_size;
    char digest[65], reason[300];
};

static void on_end(void *context, enum gen_status status, const struct gen_output *output,
                   const char *reason)
{
    struct delivered *delivered = context;

    delivered->calls++;
    delivered->status = status;
    snprintf(delivered->reason, sizeof(delivered->reason), "%.280s", reason == NULL ? "" : reason);
    if (status == GEN_OK) {
        delivered->width = output->width;
        delivered->height = output->height;
        delivered->duration_ms = output->duration_ms;
        delivered->size = output->size;
        delivered->thumbnail_size = output->thumbnail_size;
        delivered->sheet_size = output->sheet_size;
        snprintf(delivered->digest, sizeof(delivered->digest), "%s", output->digest);
    }
}

/* Makes a file with ffmpeg (or the shell) and puts it into the blobs. */
static void blob_make(struct world *world, const char *command, char *digest)
{
    char line[700], path[128];
    int64_t size = 0;

    snprintf(path, sizeof(path), "%s/made", world->folder);
    snprintf(line, sizeof(line), "cd %s && rm -f made && %s", world->folder, command);
    cr_assert(system(line) == 0, "%s", line);
    WORLD_OK(world, gen_blob_adopt(world->blobs, path, digest, &size, &world->err));
}

#define FFMPEG "ffmpeg -nostdin -loglevel error -f lavfi -i "
#define WITH_SOUND "-f lavfi -i sine=330 -shortest -c:v libx264 -pix_fmt yuv420p -c:a aac -ar 48000 " \
                   "-ac 2 -movflags +faststart -f mp4 made"

struct studio {
    struct world world;
    struct gen_programs *programs;
    char wide[65], tall[65], exact[65], words[65], music[65];
};

static void studio_open(struct studio *studio)
{
    struct world *world = &studio->world;
    struct gen_programs_options options;

    world_open(world);
    WORLD_OK(world, gen_files_make_folder(world->scratch, 0700, &world->err));
    options = (struct gen_programs_options){.loop = world->loop, .media = WORLD_MEDIA,
                                            .blobs = world->blobs};
    WORLD_OK(world, gen_programs_create(&options, &studio->programs, &world->err));
    blob_make(world, FFMPEG "testsrc=s=320x180:r=25:d=1 " WITH_SOUND, studio->wide);
    blob_make(world, FFMPEG "testsrc=s=90x160:r=30:d=1 -f mp4 made", studio->tall);
    blob_make(world, FFMPEG "testsrc=s=160x90:r=30:d=1 " WITH_SOUND, studio->exact);
    blob_make(world, "echo no video > made", studio->words);
    blob_make(world, FFMPEG "sine=220:d=1 -f wav made", studio->music);
}

static void studio_close(struct studio *studio)
{
    gen_programs_destroy(studio->programs);
    while (gen_loop_working(studio->world.loop)) {
        gen_loop_turn(studio->world.loop);
    }
    world_close(&studio->world);
}

static struct gen_delivery_spec studio_spec(struct studio *studio, const char *const *clips,
                                            size_t count, struct delivered *delivered)
{
    static const int64_t durations[] = {1000, 1500};
    static struct gen_delivery_clip them[2];

    memset(delivered, 0, sizeof(*delivered));
    for (size_t i = 0; i < count; i++) {
        them[i] = (struct gen_delivery_clip){clips[i], durations[i], GEN_SEAM_CUT};
    }
    return (struct gen_delivery_spec){
        .loop = studio->world.loop, .programs = studio->programs, .blobs = studio->world.blobs,
        .scratch = studio->world.scratch, .id = "pip_1", .clips = them, .clip_count = count, .width = 160, .height = 90, .frame_rate_milli = 30000,
        .on_end = on_end, .context = delivered};
}

static struct delivered deliver(struct studio *studio, const char *const *clips, size_t count,
                                const char *music)
{
    struct delivered delivered;
    struct gen_delivery_spec spec = studio_spec(studio, clips, count, &delivered);
    struct gen_delivery *delivery = NULL;

    spec.music = music;
    WORLD_OK(&studio->world, gen_delivery_start(&spec, &delivery, &studio->world.err));
    cr_assert(eq(int, delivered.calls, 0), "nothing is called from inside");
    while (delivered.calls == 0) {
        gen_loop_turn(studio->world.loop);
    }
    return delivered;
}

Test(delivery, clips_of_any_shape_become_one_video)
{
    struct studio studio;
    struct delivered delivered;
    const char *clips[] = {studio.wide, studio.tall};
    char path[GEN_BLOB_PATH_SIZE];
    struct gen_error err = {0};

    studio_open(&studio);
    delivered = deliver(&studio, clips, 2, studio.music);
    cr_assert(delivered.status == GEN_OK, "%s", delivered.reason);
    cr_assert(delivered.width == 160 && delivered.height == 90);
    cr_assert(delivered.duration_ms > 2400 && delivered.duration_ms < 2700, "%lld ms",
              (long long)delivered.duration_ms);
    cr_assert(delivered.size > 0 && delivered.thumbnail_size > 0 && delivered.sheet_size > 0);
    WORLD_OK(&studio.world, gen_blob_path(studio.world.blobs, delivered.digest, path, &err));
    cr_assert(access(path, R_OK) == 0);
    studio_close(&studio);
}

/* One clip that is what was asked for is not encoded again. */
Test(delivery, a_fitting_clip_stays_as_it_is)
{
    struct studio studio;
    struct delivered delivered;
    const char *clips[] = {studio.exact};

    studio_open(&studio);
    delivered = deliver(&studio, clips, 1, NULL);
    cr_assert(delivered.status == GEN_OK, "%s", delivered.reason);
    cr_assert(eq(str, delivered.digest, studio.exact));
    clips[0] = studio.wide;
    delivered = deliver(&studio, clips, 1, NULL);
    cr_assert(delivered.status == GEN_OK, "%s", delivered.reason);
    cr_assert(ne(str, delivered.digest, studio.wide));
    cr_assert(delivered.width == 160 && delivered.height == 90);
    studio_close(&studio);
}

/* What will never be a video says so, and is no trouble of ours that is tried again for ever. */
Test(delivery, a_clip_that_is_no_video)
{
    struct studio studio;
    struct delivered delivered;
    const char *clips[] = {studio.exact, studio.words};

    studio_open(&studio);
    delivered = deliver(&studio, clips, 2, NULL);
    cr_assert(delivered.status == GEN_EINVAL || delivered.status == GEN_EUNSUPPORTED, "%s: %s",
              gen_status_word(delivered.status), delivered.reason);
    cr_assert(ne(str, delivered.reason, ""));
    studio_close(&studio);
}

/* Stopped at any moment: silent, and nothing leaks. */
Test(delivery, stopped)
{
    struct studio studio;
    const char *clips[] = {studio.wide, studio.tall};

    studio_open(&studio);
    for (int turns = 0; turns < 60; turns += 4) {
        struct delivered delivered;
        struct gen_delivery_spec spec = studio_spec(&studio, clips, 2, &delivered);
        struct gen_delivery *delivery = NULL;

        WORLD_OK(&studio.world, gen_delivery_start(&spec, &delivery, &studio.world.err));
        for (int i = 0; i < turns && delivered.calls == 0; i++) {
            gen_loop_turn(studio.world.loop);
        }
        if (delivered.calls == 0) {
            gen_delivery_stop(&delivery);
            cr_assert(delivery == NULL);
            /* Under the same id the next one may begin when the last trace of this one is gone. */
            while (gen_programs_running(studio.programs) > 0 ||
                   gen_loop_working(studio.world.loop)) {
                gen_loop_turn(studio.world.loop);
            }
            cr_assert(eq(int, delivered.calls, 0));
        }
    }
    studio_close(&studio);
}
