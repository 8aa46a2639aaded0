/* film.h - a world whose provider makes real clips (tests/contract/plugins/filmer.c), with or without
 * the local renderer that composes them, and looks at what comes out. */
#ifndef TESTS_UNIT_ENGINE_FILM_H
#define TESTS_UNIT_ENGINE_FILM_H

#include "store/blob.h"
#include "store/database.h"
#include "store/job_reading.h"
#include "unit/engine/world.h"

struct film {
    struct world world;
    char plugins[96];
};

/* Into the folder of plugins, which belongs to nobody else. */
static WORLD_UNUSED void film_copy(struct film *film, const char *plugin)
{
    char command[400];

    snprintf(command, sizeof(command), "install -m 700 '%s' '%s/'", plugin, film->plugins);
    cr_assert(system(command) == 0, "%s", command);
}

static WORLD_UNUSED void film_open(struct film *film, bool composes)
{
    struct world *world = &film->world;
    const char *folders[] = {film->plugins, NULL};
    static const char *const programs[] = {GEN_BUILD_DIR "/bin", NULL};
    struct gen_loader_options loader = {
        .plugin_folders = folders, .program_folders = programs, .version = "0.1.0"};

    world_open_bare(world);
    snprintf(film->plugins, sizeof(film->plugins), "%s/plugins", world->folder);
    WORLD_OK(world, gen_files_make_folder(film->plugins, 0700, &world->err));
    film_copy(film, GEN_BUILD_DIR "/lib/contract/film/filmer.so");
    if (composes) {
        film_copy(film, GEN_BUILD_DIR "/lib/plugins/local.so");
    }
    WORLD_OK(world, gen_loader_create(&loader, &world->loader, &world->err));
    cr_assert(gen_loader_find(world->loader, "filmer") != NULL, "filmer.so is not built");
    cr_assert(composes == (gen_loader_find(world->loader, "local") != NULL));
}

static WORLD_UNUSED void film_begin(struct film *film)
{
    struct world *world = &film->world;

    WORLD_OK(world, gen_http_client_create(world->loop, &world->http, &world->err));
    world_options(world);
    WORLD_OK(world, gen_engine_create(&world->options, &world->engine, &world->err));
    WORLD_OK(world, gen_engine_resume(world->engine, &world->err));
}

static WORLD_UNUSED void film_end(struct film *film)
{
    gen_engine_destroy(film->world.engine);
    gen_http_client_destroy(film->world.http);
    film->world.engine = NULL;
}

struct film_admitted {
    bool done;
    enum gen_status status;
    char job[GEN_IDENT_SIZE], message[300];
};

static void film_on_admitted(void *context, enum gen_status status, const struct gen_error *err,
                             const char *job, bool existing)
{
    struct film_admitted *admitted = context;

    (void)existing;
    admitted->done = true;
    admitted->status = status;
    snprintf(admitted->job, sizeof(admitted->job), "%s", job);
    snprintf(admitted->message, sizeof(admitted->message), "%.280s", err->message);
}

static WORLD_UNUSED struct film_admitted film_admit(struct film *film, const char *brief)
{
    struct film_admitted admitted = {0};
    struct gen_request request = {
        .organization = "org_1", .user = "usr_1", .brief = world_node(&film->world, brief)};

    gen_engine_admit(film->world.engine, &request, film_on_admitted, &admitted);
    while (!admitted.done) {
        gen_loop_turn(film->world.loop);
    }
    cr_assert(admitted.status == GEN_OK, "%s", admitted.message);
    return admitted;
}

static WORLD_UNUSED void film_wait(struct film *film, const char *job)
{
    while (gen_engine_job(film->world.engine, job) != NULL) {
        gen_loop_turn(film->world.loop);
    }
}

/* The job's document; lives in the world's arena. */
static WORLD_UNUSED const struct gen_node *film_read(struct film *film, const char *job)
{
    struct gen_node *document = NULL;

    WORLD_OK(&film->world, gen_read_job(film->world.store, "org_1", job, film->world.arena,
                                        &document, &film->world.err));
    return document;
}

static WORLD_UNUSED const char *film_text(const struct gen_node *document, const char *path)
{
    return gen_node_text(gen_node_find(document, path, NULL), "");
}

static WORLD_UNUSED double film_number(const struct gen_node *document, const char *path)
{
    return gen_node_number(gen_node_find(document, path, NULL), -1);
}

/* One text of the store, by SQL with one parameter. */
static WORLD_UNUSED void film_ask(struct film *film, const char *sql, const char *value, char *out,
                                  size_t size)
{
    struct gen_statement *statement;
    bool row = false;

    WORLD_OK(&film->world, gen_database_prepare(gen_store_reader(film->world.store), sql,
                                                &statement, &film->world.err));
    gen_statement_text(statement, value);
    WORLD_OK(&film->world, gen_statement_next(statement, &row, &film->world.err));
    cr_assert(row, "%s has no row", sql);
    snprintf(out, size, "%s", gen_statement_peek_text(statement));
    WORLD_OK(&film->world, gen_statement_next(statement, &row, &film->world.err));
}

static WORLD_UNUSED void film_path(struct film *film, const char *digest, char *out)
{
    WORLD_OK(&film->world, gen_blob_path(film->world.blobs, digest, out, &film->world.err));
}

/* The video of a job. */
static WORLD_UNUSED void film_video(struct film *film, const char *job, char *out)
{
    char digest[80];

    film_ask(film, "SELECT digest FROM output WHERE job = ?", job, digest, sizeof(digest));
    film_path(film, digest, out);
}

/* Runs a command and reads numbers from what it prints; how many came. */
static WORLD_UNUSED size_t film_measure(const char *command, double *out, size_t most)
{
    FILE *answer = popen(command, "r");
    size_t count = 0;
    char line[200];

    cr_assert(answer != NULL);
    while (fgets(line, sizeof(line), answer) != NULL && count < most) {
        const char *at = strrchr(line, '=');

        if (at != NULL || strspn(line, "-0123456789.\n") == strlen(line)) {
            out[count++] = strtod(at == NULL ? line : at + 1, NULL);
        }
    }
    pclose(answer);
    return count;
}

/* A figure of signalstats for each picture of a video, after a filter ("" = none). */
static WORLD_UNUSED size_t film_signal(const char *path, const char *filter, const char *figure,
                                       double *out, size_t most)
{
    char command[2600];

    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -v error -i %s -an -vf \"%ssignalstats,metadata=print:"
             "key=lavfi.signalstats.%s:file=-\" -f null - | grep signalstats",
             path, filter, figure);
    return film_measure(command, out, most);
}

/* How alike two pictures of two videos are, in decibels (100 = the same). */
static WORLD_UNUSED double film_alike(const char *a, size_t picture_a, const char *b,
                                      size_t picture_b)
{
    char command[2600];
    double psnr = 0;

    snprintf(command, sizeof(command),
             "ffmpeg -nostdin -v error -i %s -i %s -an -filter_complex "
             "\"[0:v]select=eq(n\\,%zu),setpts=0[a];[1:v]select=eq(n\\,%zu),setpts=0[b];"
             "[a][b]psnr,metadata=print:key=lavfi.psnr.psnr_avg:file=-\" -f null - | grep psnr_avg",
             a, b, picture_a, picture_b);
    cr_assert(film_measure(command, &psnr, 1) == 1, "%s", command);
    return psnr;
}

#endif
