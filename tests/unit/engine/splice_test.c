/* splice_test.c - footage of scenes and last pictures, made of real clips under the real launcher. */
#include "engine/splice.h"

#include "engine/joining.h"
#include "unit/engine/film.h"

TestSuite(splice, .timeout = 120);

enum { PICTURES = 100 };

struct bench {
    struct film film; /* its world; nothing is loaded */
    struct gen_programs *programs;
    char one[65], two[65], mute[65], words[65];
};

struct spliced {
    int calls;
    enum gen_status status;
    char digest[65], reason[300], path[GEN_BLOB_PATH_SIZE];
    int32_t width, height;
    int64_t duration_ms, size;
};

static void blob_make(struct world *world, const char *command, char *digest)
{
    char line[700], path[128];
    int64_t size = 0;

    snprintf(path, sizeof(path), "%s/made", world->folder);
    snprintf(line, sizeof(line), "cd %s && rm -f made && %s", world->folder, command);
    cr_assert(system(line) == 0, "%s", line);
    WORLD_OK(world, gen_blob_adopt(world->blobs, path, digest, &size, &world->err));
}

#define PICTURE "ffmpeg -nostdin -v error -f lavfi -i testsrc2=s=320x180:r=24:d=2 "
#define CODED "-pix_fmt yuv420p -preset ultrafast -crf 6 -f mp4 made"

static void bench_open(struct bench *bench)
{
    struct world *world = &bench->film.world;
    struct gen_programs_options options;

    world_open_bare(world);
    WORLD_OK(world, gen_files_make_folder(world->scratch, 0700, &world->err));
    options = (struct gen_programs_options){.loop = world->loop, .media = WORLD_MEDIA,
                                            .blobs = world->blobs};
    WORLD_OK(world, gen_programs_create(&options, &bench->programs, &world->err));
    blob_make(world, PICTURE "-f lavfi -i sine=330:r=48000:d=2 -shortest " CODED, bench->one);
    blob_make(world, PICTURE "-f lavfi -i sine=470:r=48000:d=2 -vf hflip -shortest " CODED,
              bench->two);
    blob_make(world, PICTURE CODED, bench->mute);
    blob_make(world, "echo no video > made", bench->words);
}

static void bench_close(struct bench *bench)
{
    gen_programs_destroy(bench->programs);
    while (gen_loop_working(bench->film.world.loop)) {
        gen_loop_turn(bench->film.world.loop);
    }
    world_close(&bench->film.world);
}

static void on_end(void *context, enum gen_status status, const struct gen_asset *made,
                   const char *reason)
{
    struct spliced *spliced = context;

    spliced->calls++;
    spliced->status = status;
    snprintf(spliced->reason, sizeof(spliced->reason), "%.280s", reason);
    if (status == GEN_OK) {
        snprintf(spliced->digest, sizeof(spliced->digest), "%s", made->digest);
        spliced->width = made->width;
        spliced->height = made->height;
        spliced->duration_ms = made->duration_ms;
        spliced->size = made->size;
    }
}

static struct gen_splice_spec bench_spec(struct bench *bench, const struct gen_splice_clip *clips,
                                         size_t count, bool picture, struct spliced *spliced)
{
    struct world *world = &bench->film.world;

    memset(spliced, 0, sizeof(*spliced));
    return (struct gen_splice_spec){.loop = world->loop, .programs = bench->programs,
                                    .blobs = world->blobs, .scratch = world->scratch,
                                    .id = "ast_1", .clips = clips, .clip_count = count,
                                    .picture = picture, .frame_rate_milli = 24000,
                                    .on_end = on_end, .context = spliced};
}

static struct spliced splice(struct bench *bench, const struct gen_splice_clip *clips, size_t count,
                             bool picture)
{
    struct spliced spliced;
    struct gen_splice_spec spec = bench_spec(bench, clips, count, picture, &spliced);
    struct gen_splice *it = NULL;

    WORLD_OK(&bench->film.world, gen_splice_start(&spec, &it, &bench->film.world.err));
    cr_assert(eq(int, spliced.calls, 0), "nothing is called from inside");
    while (spliced.calls == 0) {
        gen_loop_turn(bench->film.world.loop);
    }
    if (spliced.status == GEN_OK) {
        film_path(&bench->film, spliced.digest, spliced.path);
    }
    return spliced;
}

/* The picture that is shown last of a part, and of a part that is longer than its clip. */
Test(splice, last_pictures)
{
    static const struct {
        int64_t shown;
        bool chained;
        size_t picture; /* of the clip */
    } cases[] = {
        {1500, false, 35}, {1500, true, 36}, {2000, false, 47}, {2000, true, 47},
        {3000, false, 47}, {42, false, 0},   {1, true, 1},
    };
    struct bench bench;
    char clip[GEN_BLOB_PATH_SIZE];

    bench_open(&bench);
    film_path(&bench.film, bench.one, clip);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_splice_clip from = {bench.one, 0, cases[i].shown, cases[i].chained};
        struct spliced spliced = splice(&bench, &from, 1, true);

        cr_assert(spliced.status == GEN_OK, "case %zu: %s", i, spliced.reason);
        cr_assert(spliced.width == 320 && spliced.height == 180 && spliced.size > 0);
        cr_assert(film_alike(spliced.path, 0, clip, cases[i].picture) > 35, "case %zu: %g dB", i,
                  film_alike(spliced.path, 0, clip, cases[i].picture));
    }
    bench_close(&bench);
}

/* One clip is its scene as it came. */
Test(splice, one_clip)
{
    struct bench bench;
    struct gen_splice_clip from;
    struct spliced spliced;

    bench_open(&bench);
    from = (struct gen_splice_clip){bench.one, 0, 1500, false};
    spliced = splice(&bench, &from, 1, false);
    cr_assert(spliced.status == GEN_OK, "%s", spliced.reason);
    cr_assert(eq(str, spliced.digest, bench.one));
    cr_assert(spliced.width == 320 && spliced.height == 180 && spliced.size > 0);
    cr_assert(spliced.duration_ms >= 2000 && spliced.duration_ms < 2100);
    bench_close(&bench);
}

/* How loud what is left of the sound above every tone is: a click. */
static double clicks(const char *path)
{
    char command[1400];
    double level = 0;

    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -i %s -vn -af \"highpass=f=6000:p=2,highpass=f=6000:p=2,"
             "atrim=0.2:2.8,volumedetect\" -f null - 2>&1 | "
             "sed -n 's/.*max_volume: \\(.*\\) dB/\\1/p'", path);
    cr_assert(film_measure(command, &level, 1) == 1, "%s", command);
    return level;
}

/* Parts of a scene: exact, without a repeated picture, and without a click in the sound. */
Test(splice, parts_of_a_scene)
{
    struct bench bench;
    char one[GEN_BLOB_PATH_SIZE], two[GEN_BLOB_PATH_SIZE];
    double pictures[PICTURES];

    bench_open(&bench);
    film_path(&bench.film, bench.one, one);
    film_path(&bench.film, bench.two, two);
    for (int chained = 0; chained < 2; chained++) {
        struct gen_splice_clip from[] = {{bench.one, 0, 1500, false},
                                         {bench.two, 1500, 1500, chained}};
        struct spliced spliced = splice(&bench, from, 2, false);

        cr_assert(spliced.status == GEN_OK, "%s", spliced.reason);
        cr_assert(film_signal(spliced.path, "", "YAVG", pictures, PICTURES) == 72);
        cr_assert(film_alike(spliced.path, 35, one, 35) > 35);
        cr_assert(film_alike(spliced.path, 36, two, (size_t)chained) > 35,
                  "the picture that a slice starts from is shown once");
        cr_assert(film_alike(spliced.path, 71, two, 35 + (size_t)chained) > 35);
        cr_assert(clicks(spliced.path) < -45, "%g dB", clicks(spliced.path));
    }
    bench_close(&bench);
}

/* No sound is no sound; with some, the rest is silent. */
Test(splice, sound)
{
    struct bench bench;
    double rate = 0;
    char command[1300];

    bench_open(&bench);
    for (int heard = 0; heard < 2; heard++) {
        struct gen_splice_clip from[] = {{bench.mute, 0, 1500, false},
                                         {heard ? bench.one : bench.mute, 1500, 1500, false}};
        struct spliced spliced = splice(&bench, from, 2, false);

        cr_assert(spliced.status == GEN_OK, "%s", spliced.reason);
        snprintf(command, sizeof(command),
                 "ffprobe -v error -select_streams a -show_entries stream=sample_rate -of csv=p=0 "
                 "%s", spliced.path);
        cr_assert(eq(sz, film_measure(command, &rate, 1), heard ? 1 : 0));
    }
    bench_close(&bench);
}

Test(splice, no_video)
{
    struct bench bench;
    struct gen_splice_clip from[2];
    struct spliced spliced;

    bench_open(&bench);
    from[0] = (struct gen_splice_clip){bench.one, 0, 1500, false};
    from[1] = (struct gen_splice_clip){bench.words, 1500, 500, true};
    spliced = splice(&bench, from, 2, false);
    cr_assert(spliced.status == GEN_EINVAL || spliced.status == GEN_EUNSUPPORTED, "%s: %s",
              gen_status_word(spliced.status), spliced.reason);
    cr_assert(ne(str, spliced.reason, ""));
    bench_close(&bench);
}

/* Stopped at any moment: silent, and nothing leaks. */
Test(splice, stopped)
{
    struct bench bench;

    bench_open(&bench);
    for (int turns = 0; turns < 30; turns += 3) {
        struct gen_splice_clip from[] = {{bench.one, 0, 1500, false},
                                         {bench.two, 1500, 1500, true}};
        struct spliced spliced;
        struct gen_splice_spec spec = bench_spec(&bench, from, 2, false, &spliced);
        struct gen_splice *it = NULL;

        WORLD_OK(&bench.film.world, gen_splice_start(&spec, &it, &bench.film.world.err));
        for (int i = 0; i < turns && spliced.calls == 0; i++) {
            gen_loop_turn(bench.film.world.loop);
        }
        if (spliced.calls == 0) {
            gen_splice_stop(&it);
            cr_assert(it == NULL);
            while (gen_programs_running(bench.programs) > 0 ||
                   gen_loop_working(bench.film.world.loop)) {
                gen_loop_turn(bench.film.world.loop);
            }
            cr_assert(eq(int, spliced.calls, 0));
        }
    }
    bench_close(&bench);
}
