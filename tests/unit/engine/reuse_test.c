/* reuse_test.c - a finished clip is used again for the very same order, and for no other: with real clips,
 * from the brief to the video. */
#include "unit/engine/film.h"

#include "engine/reuse.h"

TestSuite(reuse, .timeout = 280);

#define TWO(more) \
    "{\"title\": \"t\", \"models\": [\"filmer/slices\"], \"frameRate\": 24, \"resolution\": \"640x360\", " \
    "\"budget\": 5, " more "}"
#define SCENES "\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}, {\"prompt\": \"q\", \"duration\": 6}]"
#define LONG "\"scenes\": [{\"id\": \"a\", \"prompt\": \"p\", \"duration\": 11}]"
#define ALWAYS ", \"reuse\": \"always\""

/* What a job has come to: dollars spent, and how many of its shots were used again. */
static void check_job(struct film *film, const char *brief, double spent, const char *reused)
{
    struct film_admitted admitted = film_admit(film, brief);
    const struct gen_node *job;
    char text[80];

    film_wait(film, admitted.job);
    job = film_read(film, admitted.job);
    cr_assert(eq(str, (char *)film_text(job, "status"), "completed"), "%s: %s", brief,
              film_text(job, "pipelines[0].failure.message"));
    cr_assert(eq(dbl, film_number(job, "costs.spent"), spent), "%s", brief);
    cr_assert(eq(dbl, film_number(job, "costs.held"), 0), "%s", brief);
    film_ask(film, "SELECT count(*) FROM event WHERE job = ? AND kind = 'shot.reused'",
             admitted.job, text, sizeof text);
    cr_assert(eq(str, text, (char *)reused), "%s", brief);
    film_ask(film, "SELECT count(*) FROM clip_use WHERE job = ?", admitted.job, text, sizeof text);
    cr_assert(eq(str, text, (char *)reused), "%s", brief);
    film_ask(film, "SELECT count(*) FROM attempt WHERE job = ? AND state = 'settled' AND "
                   "accepted_at = 0 AND cost = 0 AND estimate > 0", admitted.job, text, sizeof text);
    cr_assert(eq(str, text, (char *)reused), "%s", brief);
    film_ask(film, "SELECT COALESCE(SUM(p.amount), 0) FROM posting p JOIN ledger_entry e ON e.id = p.entry "
                   "WHERE e.job = ? AND p.account IN ('held', 'unverified')", admitted.job, text,
             sizeof text);
    cr_assert(eq(str, text, "0"), "%s", brief);
}

/* One after the other in one store; the filmer takes 0.05 a second. */
static const struct {
    const char *brief;
    double spent;
    const char *reused, *why;
} jobs[] = {
    {TWO(SCENES), 0.5, "0", "the first"},
    {TWO(SCENES), 0.5, "0", "who does not ask for it gets a new take"},
    {TWO(SCENES ALWAYS), 0, "2", "both scenes are there"},
    {TWO(SCENES ", \"tags\": [\"x\"], \"priority\": \"high\"" ALWAYS), 0, "2",
     "who wants it, and how fast, is nothing to the model"},
    {TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}, {\"prompt\": \"r\", \"duration\": 6}]"
         ALWAYS), 0.3, "1", "another prompt"},
    {TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 6}]" ALWAYS), 0.3, "0", "another length"},
    {TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}], \"language\": \"de\"" ALWAYS), 0.2, "0",
     "another language"},
    {TWO(SCENES ", \"reuse\": \"never\""), 0.5, "0", "always fresh"},
};

Test(reuse, only_the_very_same_order)
{
    struct film film;

    film_open(&film, false);
    film_begin(&film);
    for (size_t i = 0; i < GEN_COUNT(jobs); i++) {
        check_job(&film, jobs[i].brief, jobs[i].spent, jobs[i].reused);
    }
    film_end(&film);
    world_close(&film.world);
}

/* Scenes that are alike in one job are different takes, and stay so when they are used again. */
Test(reuse, never_twice_in_a_job)
{
#define ALIKE "\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}, {\"prompt\": \"p\", \"duration\": 4}]"
    struct film film;

    film_open(&film, false);
    film_begin(&film);
    check_job(&film, TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}]" ALWAYS), 0.2, "0");
    check_job(&film, TWO(ALIKE ALWAYS), 0.2, "1");
    check_job(&film, TWO(ALIKE ALWAYS), 0, "2");
    film_end(&film);
    world_close(&film.world);
}

/* A scene in slices: the second slice is ordered with the last frame of the first, which is the same frame
 * when the first was used again. An engine that comes up with the job half done goes on like this, too. */
Test(reuse, slices)
{
    struct film film;

    film_open(&film, false);
    film_begin(&film);
    check_job(&film, TWO(LONG), 0.6, "0");
    check_job(&film, TWO(LONG ALWAYS), 0, "2");
    film_end(&film);
    film_begin(&film);
    check_job(&film, TWO(LONG ALWAYS), 0, "2");
    film_end(&film);
    world_close(&film.world);
}

/* Nothing of another organization, nothing whose file is gone, nothing that is too old. */
Test(reuse, not_everything_that_fits)
{
    static const char *const hide[] = {
        "UPDATE clip SET organization = 'org_2'",
        "UPDATE clip SET created_at = created_at - 31 * 86400000",
        "UPDATE clip SET digest = '0000000000000000000000000000000000000000000000000000000000000000'",
    };

    for (size_t i = 0; i < GEN_COUNT(hide); i++) {
        struct film film;
        struct gen_database *database = NULL;

        film_open(&film, false);
        film_begin(&film);
        check_job(&film, TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}]"), 0.2, "0");
        WORLD_OK(&film.world, gen_database_open(film.world.database, 0, &database, &film.world.err));
        WORLD_OK(&film.world, gen_database_run(database, hide[i], &film.world.err));
        gen_database_close(database);
        check_job(&film, TWO("\"scenes\": [{\"prompt\": \"p\", \"duration\": 4}]" ALWAYS), 0.2, "0");
        film_end(&film);
        world_close(&film.world);
    }
}

/* Whether it is wanted is the brief's and the policy's matter. */
Test(reuse, wanted_without_a_rulebook)
{
    const struct gen_engine_options options = {0};
    struct gen_brief brief = {.reuse = GEN_REUSE_POLICY};

    cr_assert(gen_reuse_wanted(&options, &brief) == false);
    brief.reuse = GEN_REUSE_ALWAYS;
    cr_assert(gen_reuse_wanted(&options, &brief));
    brief.reuse = GEN_REUSE_NEVER;
    cr_assert(gen_reuse_wanted(&options, &brief) == false);
    cr_assert(eq(i64, gen_reuse_since(&options, INT64_C(86400000) * 40), INT64_C(86400000) * 10));
}
