/* chain_test.c - scenes that no model renders at once, and videos that several make: with real clips,
 * from the brief to the video. */
#include "unit/engine/film.h"

TestSuite(chain, .timeout = 280);

enum { PICTURES = 400 };

#define ELEVEN(more) \
    "{\"title\": \"t\", \"models\": [\"filmer/slices\"], \"scenes\": [{\"id\": \"a\", \"prompt\": " \
    "\"p\", \"duration\": 11" more "}], \"frameRate\": 24, \"resolution\": \"640x360\", " \
    "\"budget\": 5}"

static double least(const double *values, size_t from, size_t to)
{
    double found = values[from];

    for (size_t i = from; i < to; i++) {
        found = values[i] < found ? values[i] : found;
    }
    return found;
}

/* So many pictures, none black, and none the same as the one before. */
static void check_pictures(const char *path, size_t count)
{
    double bright[PICTURES], moves[PICTURES];
    size_t found = film_signal(path, "", "YAVG", bright, PICTURES);

    cr_assert(eq(sz, found, count));
    cr_assert(least(bright, 0, count) > 25, "a black picture: %g", least(bright, 0, count));
    found = film_signal(path, "tblend=all_mode=difference,", "YAVG", moves, PICTURES);
    cr_assert(found + 1 >= count, "%zu differences", found);
    for (size_t i = 1; i < found; i++) {
        cr_assert(moves[i] > 0.35, "picture %zu repeats the one before: %g", i, moves[i]);
    }
}

/* 11 s on a model of 4, 6 or 8 s: 8 and 4, of which 7.33 and 3.67 are shown; the second starts from what
 * is shown last of the first. Joined without words, so that the pictures can be compared. */
Test(chain, eleven_seconds_joined)
{
    struct film film;
    struct film_admitted admitted;
    const struct gen_node *job;
    char video[GEN_BLOB_PATH_SIZE], clip[GEN_BLOB_PATH_SIZE], digest[80];

    film_open(&film, false);
    film_begin(&film);
    admitted = film_admit(&film, ELEVEN(""));
    film_wait(&film, admitted.job);
    job = film_read(&film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "completed"), "%s",
              film_text(job, "pipelines[0].failure.message"));
    cr_assert(gen_node_count(gen_node_find(job, "pipelines[0].shots", NULL)) == 2);
    cr_assert(film_number(job, "pipelines[0].shots[0].duration") == 7.333);
    cr_assert(film_number(job, "pipelines[0].shots[0].rendered") == 8);
    cr_assert(film_number(job, "pipelines[0].shots[1].from") == 7.333);
    cr_assert(film_number(job, "pipelines[0].shots[1].rendered") == 4);
    cr_assert(film_number(job, "costs.spent") == 0.6, "12 s at 0.05");
    cr_assert(film_number(job, "results.outputs[0].duration") == 11);
    cr_assert(gen_node_type_of(gen_node_find(job, "pipelines[0].warning", NULL)) ==
              GEN_NODE_NULL, "nothing was asked for that is missing");
    film_video(&film, admitted.job, video);
    check_pictures(video, 264);
    film_ask(&film, "SELECT clip FROM shot WHERE job = ? AND ordinal = 2", admitted.job, digest,
             sizeof(digest));
    film_path(&film, digest, clip);
    cr_assert(film_alike(video, 175, clip, 0) > 30, "it goes on from what is shown last: %g dB",
              film_alike(video, 175, clip, 0));
    cr_assert(film_alike(video, 176, clip, 1) > 30, "and shows that once: %g dB",
              film_alike(video, 176, clip, 1));
    film_ask(&film, "SELECT count(*) FROM (SELECT DISTINCT seed FROM attempt WHERE job = ?)",
             admitted.job, digest, sizeof(digest));
    cr_assert(eq(str, digest, "1"));
    film_end(&film);
    world_close(&film.world);
}

/* The same with words: a finishing shot adds them, and the engine may die at any time. */
Test(chain, eleven_seconds_finished)
{
    struct film film;
    struct film_admitted admitted;
    const struct gen_node *job;
    char video[GEN_BLOB_PATH_SIZE], attempts[80];
    double bright[PICTURES];
    size_t count;

    film_open(&film, true);
    film_begin(&film);
    admitted = film_admit(&film, ELEVEN(", \"overlay\": \"Hello\""));
    for (int life = 0; life < 12 && gen_engine_job(film.world.engine, admitted.job) != NULL;
         life++) {
        for (int i = 0; i < 6 + life * 5 && gen_engine_job(film.world.engine, admitted.job) != NULL;
             i++) {
            gen_loop_turn(film.world.loop);
        }
        film_end(&film);
        film_begin(&film);
    }
    film_wait(&film, admitted.job);
    job = film_read(&film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "completed"), "%s",
              film_text(job, "pipelines[0].failure.message"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].provider"), "filmer"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].model"), "slices"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[2].role"), "finish"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[2].provider"), "local"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[2].state"), "settled"));
    cr_assert(film_number(job, "costs.spent") == 0.6, "%g", film_number(job, "costs.spent"));
    cr_assert(film_number(job, "costs.held") == 0);
    cr_assert(film_number(job, "results.outputs[0].duration") == 11);
    film_ask(&film, "SELECT COUNT(*) FROM attempt a JOIN shot s ON s.id = a.shot WHERE a.job = ? "
                    "AND s.role = 'scene'", admitted.job, attempts, sizeof(attempts));
    cr_assert(eq(str, attempts, "2"), "nothing was bought twice");
    film_video(&film, admitted.job, video);
    check_pictures(video, 264);
    count = film_signal(video, "", "YMAX", bright, PICTURES);
    cr_assert(count == 264 && least(bright, 40, 264) >= 200,
              "the words are the only thing that is white: %g", least(bright, 40, 264));
    film_end(&film);
    world_close(&film.world);
}

/* Nobody composes: the clips are joined, and the job says what is missing. */
Test(chain, nobody_composes)
{
    struct film film;
    struct film_admitted admitted;
    const struct gen_node *job;
    char video[GEN_BLOB_PATH_SIZE];
    double bright[PICTURES];

    film_open(&film, false);
    film_begin(&film);
    admitted = film_admit(&film, "{\"models\": [\"filmer/apart\"], \"scenes\": [{\"prompt\": \"p\", "
                                 "\"duration\": 5, \"overlay\": \"Hello\"}, {\"prompt\": \"q\", "
                                 "\"duration\": 9}], \"frameRate\": 24, \"resolution\": \"640x360\", "
                                 "\"budget\": 5}");
    film_wait(&film, admitted.job);
    job = film_read(&film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "completed"), "%s",
              film_text(job, "pipelines[0].failure.message"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].warning"),
                 "text overlays could not be added: no composing renderer is loaded"));
    cr_assert(eq(str, (char *)film_text(job, "routing.warnings[0]"),
                 "text overlays could not be added: no composing renderer is loaded"));
    cr_assert(gen_node_count(gen_node_find(job, "pipelines[0].shots", NULL)) == 3);
    cr_assert(film_number(job, "costs.spent") == 0.8, "6 s, and 6 and 4 for the second: %g",
              film_number(job, "costs.spent"));
    cr_assert(film_number(job, "results.outputs[0].duration") == 14);
    film_video(&film, admitted.job, video);
    cr_assert(film_signal(video, "", "YAVG", bright, PICTURES) == 14 * 24);
    film_end(&film);
    world_close(&film.world);
}

/* Loudness of a tone in a part of a video, in decibels. */
static double tone(const char *path, int hertz, double from, double seconds)
{
    char command[1400];
    double level = 0;

    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -ss %.2f -t %.2f -i %s -vn -af \"bandpass=f=%d:width_type=h:w=60,"
             "volumedetect\" -f null - 2>&1 | sed -n 's/.*mean_volume: \\(.*\\) dB/\\1/p'",
             from, seconds, path, hertz);
    cr_assert(film_measure(command, &level, 1) == 1, "%s", command);
    return level;
}

/* One scene on a model that films, one on a model whose presenter speaks: one video, with music under
 * it; who spoke is heard and nobody says the words again. */
Test(chain, a_scene_each)
{
    struct film film;
    struct film_admitted admitted;
    const struct gen_node *job;
    char video[GEN_BLOB_PATH_SIZE];

    film_open(&film, true);
    film_begin(&film);
    admitted = film_admit(
        &film, "{\"models\": [\"filmer/*\"], \"strategy\": \"per_scene\", "
               "\"language\": \"en\", \"scenes\": [{\"id\": \"a\", \"prompt\": \"p\", \"duration\": "
               "4, \"overlay\": \"Hello\"}, {\"id\": \"b\", \"prompt\": \"a woman speaks\", "
               "\"presenter\": true, \"dialogue\": \"Come and see us.\", \"duration\": 3, "
               "\"transition\": \"fade\"}], \"sound\": {\"mood\": \"calm\"}, \"endCard\": "
               "{\"headline\": \"Now\", \"duration\": 2}, \"frameRate\": 24, \"resolution\": "
               "\"640x360\", \"budget\": 5}");
    film_wait(&film, admitted.job);
    job = film_read(&film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "completed"), "%s",
              film_text(job, "pipelines[0].failure.message"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].provider"), "filmer"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].model"), "several"));
    cr_assert(ne(str, (char *)film_text(job, "pipelines[0].shots[0].model"), "speaker"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[1].model"), "speaker"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[1].scene"), "b"));
    cr_assert(film_number(job, "costs.spent") == 0.35);
    cr_assert(film_number(job, "results.outputs[0].duration") == 9);
    film_video(&film, admitted.job, video);
    cr_assert(tone(video, 1500, 4.5, 2) > -30, "the speaker is heard: %g dB",
              tone(video, 1500, 4.5, 2));
    cr_assert(tone(video, 1500, 0.5, 3) < tone(video, 1500, 4.5, 2) - 15, "and only there");
    cr_assert(tone(video, 200, 0.5, 3) > -30, "the first scene keeps its sound: %g dB",
              tone(video, 200, 0.5, 3));
    film_end(&film);
    world_close(&film.world);
}

/* A slice that fails ends the video; what waited for it never begins, and its money is free. */
Test(chain, a_slice_that_fails)
{
    struct film film;
    struct film_admitted admitted;
    const struct gen_node *job;

    film_open(&film, true);
    film_begin(&film);
    film.world.log.least = GEN_LEVEL_ERROR + 1;
    admitted = film_admit(&film, "{\"models\": [\"filmer/bad\"], \"scenes\": [{\"prompt\": \"p\", "
                                 "\"duration\": 11, \"overlay\": \"Hello\"}], \"resolution\": "
                                 "\"640x360\", \"budget\": 5}");
    film_wait(&film, admitted.job);
    job = film_read(&film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "failed"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[1].state"), "refused"));
    cr_assert(eq(str, (char *)film_text(job, "pipelines[0].shots[2].state"), "refused"));
    cr_assert(film_number(job, "costs.spent") == 0 && film_number(job, "costs.held") == 0);
    film_end(&film);
    world_close(&film.world);
}
