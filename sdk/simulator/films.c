/* films.c - see films.h. The pattern is ffmpeg's testsrc2 (which moves, and shows its own clock)
 * in one of twelve hues; the number of each frame stands at the lower edge in sixteen bits, white
 * boxes for ones, so that a test can read it without a font or an eye. */
#include "simulator/films.h"

#include "base/alloc.h"
#include "base/number.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FILMS_MAX = 10000, /* looks remembered */
    FILMS_BITS = 16,
    FILMS_ARGUMENTS = 96,
    FILMS_TEXT_MAX = 8192,
};

struct film {
    struct film *next; /* in the queue */
    enum sim_film_state state;
    struct sim_clip clip;
    int hue;
    char *path;
};

struct sim_films {
    struct sim_world *world;
    pthread_t worker;
    pthread_cond_t wanted;
    struct gen_map *films; /* path -> struct film */
    struct film *first, **last;
    pid_t child; /* ffmpeg at work, 0 = none */
    bool end;
    struct gen_arena *arena; /* of the films */
};

/* ----------------------------------------------------------------------------------- one render */

struct films_command {
    const char *arguments[FILMS_ARGUMENTS];
    size_t count;
};

static void films_add(struct films_command *command, const char *first, const char *second)
{
    GEN_CHECK(command->count + 3 < FILMS_ARGUMENTS);
    command->arguments[command->count++] = first;
    if (second != NULL) {
        command->arguments[command->count++] = second;
    }
}

/* The number of the frame in boxes along the lower edge. */
static const char *films_bits(struct gen_arena *arena, const struct sim_clip *clip)
{
    char text[FILMS_TEXT_MAX];
    size_t used = 0;
    int side = clip->width / (FILMS_BITS + 2);

    side = side > clip->height / 24 ? clip->height / 24 : side;
    used += (size_t)snprintf(text, sizeof(text), "drawbox=x=0:y=ih-%d:w=%d:h=%d:color=black:t=fill",
                             side * 2, side * (FILMS_BITS + 2), side * 2);
    for (int bit = 0; bit < FILMS_BITS; bit++) {
        used += (size_t)snprintf(text + used, sizeof(text) - used,
                                 ",drawbox=x=%d:y=ih-%d:w=%d:h=%d:color=white:t=fill"
                                 ":enable='gt(bitand(n,%d),0)'",
                                 side * (FILMS_BITS - bit), side + side / 2, side - 1, side,
                                 1 << bit);
    }
    return gen_arena_strdup(arena, text);
}

static bool films_is_picture(const char *path)
{
    unsigned char head[64];
    ssize_t size = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    const char *type;

    if (fd >= 0) {
        size = read(fd, head, sizeof(head));
        (void)close(fd);
    }
    type = size > 0 ? sim_media_type(head, (size_t)size) : NULL;
    return type != NULL && strncmp(type, "image/", 6) == 0;
}

static void films_picture_input(struct films_command *command, struct gen_arena *arena,
                                const struct film *film, const char *seconds)
{
    const struct sim_clip *clip = &film->clip;

    films_add(command, "-protocol_whitelist", "file");
    if (films_is_picture(clip->first_frame)) {
        films_add(command, "-loop", "1");
        films_add(command, "-framerate", gen_arena_printf(arena, "%d", clip->fps));
    } else {
        films_add(command, "-stream_loop", "-1");
    }
    films_add(command, "-i", clip->first_frame);
    films_add(command, "-t", seconds);
}

static const char *films_filter(struct gen_arena *arena, const struct film *film)
{
    const struct sim_clip *clip = &film->clip;
    const char *bits = films_bits(arena, clip);

    if (clip->first_frame == NULL) {
        return gen_arena_printf(arena, "hue=h=%d,%s,setsar=1", film->hue * 360 / SIM_HUES, bits);
    }
    return gen_arena_printf(
        arena,
        "fps=%d,scale=%d:%d:force_original_aspect_ratio=increase,crop=%d:%d,"
        "scale=w='trunc(%d*(1+0.0008*n)/2)*2':h='trunc(%d*(1+0.0008*n)/2)*2':eval=frame,"
        "crop=%d:%d,%s,setsar=1",
        clip->fps, clip->width, clip->height, clip->width, clip->height, clip->width, clip->height,
        clip->width, clip->height, bits);
}

static void films_compose(struct films_command *command, struct gen_arena *arena,
                          const struct film *film, const char *ffmpeg, const char *to)
{
    const struct sim_clip *clip = &film->clip;
    const char *seconds = gen_arena_printf(arena, "%d.%03d", (int)(clip->duration_ms / 1000),
                                           (int)(clip->duration_ms % 1000));

    films_add(command, ffmpeg, "-nostdin");
    films_add(command, "-v", "error");
    films_add(command, "-y", NULL);
    if (clip->first_frame != NULL) {
        films_picture_input(command, arena, film, seconds);
    } else {
        films_add(command, "-f", "lavfi");
        films_add(command, "-i",
                  gen_arena_printf(arena, "testsrc2=size=%dx%d:rate=%d:duration=%s", clip->width,
                                   clip->height, clip->fps, seconds));
    }
    if (clip->sound) {
        films_add(command, "-f", "lavfi");
        films_add(command, "-i",
                  gen_arena_printf(arena,
                                   "sine=frequency=%d:beep_factor=4:sample_rate=48000:"
                                   "duration=%s",
                                   220 + film->hue * 20, seconds));
    }
    films_add(command, "-map", "0:v:0");
    if (clip->sound) {
        films_add(command, "-map", "1:a:0");
        films_add(command, "-c:a", "aac");
        films_add(command, "-b:a", "96k");
        films_add(command, "-ac", "2");
    }
    films_add(command, "-vf", films_filter(arena, film));
    films_add(command, "-c:v", "libx264");
    films_add(command, "-preset", "ultrafast");
    films_add(command, "-crf", "30");
    films_add(command, "-pix_fmt", "yuv420p");
    films_add(command, "-t", seconds);
    films_add(command, "-fflags", "+bitexact");
    films_add(command, "-movflags", "+faststart");
    films_add(command, "-f", "mp4");
    films_add(command, to, NULL);
}

/* Starts ffmpeg and waits; the lock is not held meanwhile. */
static bool films_run(struct sim_films *films, const struct films_command *command)
{
    static const char *const environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C",
                                              NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    int end = -1;
    int failed;

    (void)posix_spawn_file_actions_init(&actions);
    (void)posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    (void)posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    failed = posix_spawn(&child, command->arguments[0], &actions, NULL,
                         (char *const *)(uintptr_t)command->arguments,
                         (char *const *)(uintptr_t)environment);
    (void)posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        (void)fprintf(stderr, "gen-sim: %s: %s\n", command->arguments[0], strerror(failed));
        return false;
    }
    (void)pthread_mutex_lock(&films->world->lock);
    films->child = child;
    if (films->end) {
        (void)kill(child, SIGKILL);
    }
    (void)pthread_mutex_unlock(&films->world->lock);
    while (waitpid(child, &end, 0) < 0 && errno == EINTR) {
    }
    (void)pthread_mutex_lock(&films->world->lock);
    films->child = 0;
    (void)pthread_mutex_unlock(&films->world->lock);
    return WIFEXITED(end) && WEXITSTATUS(end) == 0;
}

static bool films_render(struct sim_films *films, const struct film *film)
{
    struct films_command command = {.count = 0};
    struct gen_arena *arena = gen_arena_create(0);
    bool good = false;
    char *to;

    if (arena == NULL) {
        return false;
    }
    to = gen_arena_printf(arena, "%s.part", film->path);
    films_compose(&command, arena, film, films->world->settings.ffmpeg, to);
    if (!gen_arena_failed(arena)) {
        good = films_run(films, &command) && rename(to, film->path) == 0;
    }
    if (!good && to != NULL) {
        (void)unlink(to);
    }
    gen_arena_destroy(arena);
    return good;
}

static void *films_work(void *context)
{
    struct sim_films *films = context;

    (void)pthread_mutex_lock(&films->world->lock);
    while (!films->end) {
        struct film *film = films->first;
        bool good;

        if (film == NULL) {
            (void)pthread_cond_wait(&films->wanted, &films->world->lock);
            continue;
        }
        films->first = film->next;
        films->last = films->first == NULL ? &films->first : films->last;
        (void)pthread_mutex_unlock(&films->world->lock);
        good = films_render(films, film);
        (void)pthread_mutex_lock(&films->world->lock);
        film->state = good ? SIM_FILM_READY : SIM_FILM_BROKEN;
        if (!good && !films->end) {
            (void)fprintf(stderr, "gen-sim: ffmpeg could not render %s\n", film->path);
        }
    }
    (void)pthread_mutex_unlock(&films->world->lock);
    return NULL;
}

/* -------------------------------------------------------------------------------- the outside */

static void films_free(struct sim_films *films)
{
    gen_map_destroy(films->films);
    gen_arena_destroy(films->arena);
    (void)pthread_cond_destroy(&films->wanted);
    gen_free(films);
}

enum gen_status sim_films_begin(struct sim_world *world, struct gen_error *err)
{
    struct sim_films *films = gen_alloc(sizeof(*films));

    if (films == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    films->world = world;
    films->last = &films->first;
    films->films = gen_map_create(FILMS_MAX);
    films->arena = gen_arena_create(0);
    (void)pthread_cond_init(&films->wanted, NULL);
    if (films->films == NULL || films->arena == NULL) {
        films_free(films);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (pthread_create(&films->worker, NULL, films_work, films) != 0) {
        films_free(films);
        return gen_error_set(err, GEN_EIO, "no thread for rendering");
    }
    world->films = films;
    return GEN_OK;
}

void sim_films_end(struct sim_world *world)
{
    struct sim_films *films = world->films;

    if (films == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&world->lock);
    films->end = true;
    if (films->child > 0) {
        (void)kill(films->child, SIGKILL);
    }
    (void)pthread_cond_signal(&films->wanted);
    (void)pthread_mutex_unlock(&world->lock);
    (void)pthread_join(films->worker, NULL);
    world->films = NULL;
    films_free(films);
}

static struct film *films_add_look(struct sim_films *films, const struct sim_clip *clip, int hue,
                                   const char *path)
{
    struct film *film = gen_arena_alloc(films->arena, sizeof(*film));

    if (film == NULL) {
        return NULL;
    }
    film->path = gen_arena_strdup(films->arena, path);
    film->clip = *clip;
    film->clip.first_frame = gen_arena_strdup(films->arena, clip->first_frame);
    film->hue = hue;
    if (film->path == NULL || gen_map_put(films->films, path, film, NULL) != GEN_OK) {
        return NULL;
    }
    if (access(path, R_OK) == 0) {
        film->state = SIM_FILM_READY;
        return film;
    }
    film->state = SIM_FILM_WAITING;
    *films->last = film;
    films->last = &film->next;
    (void)pthread_cond_signal(&films->wanted);
    return film;
}

enum sim_film_state sim_films_want(struct sim_world *world, const struct sim_clip *clip, int hue,
                                   struct gen_arena *arena, const char **path)
{
    const char *name = clip->first_frame == NULL ? NULL : strrchr(clip->first_frame, '/');
    struct film *film;
    char *look;

    hue = clip->first_frame == NULL || clip->sound ? hue : 0; /* silent pictures have no hue */
    look = gen_arena_printf(arena, "%s/clips/%dx%d-%dfps-%dms-%s-hue%d%s%s.mp4",
                            world->settings.folder, clip->width, clip->height, clip->fps,
                            (int)clip->duration_ms, clip->sound ? "sound" : "silent", hue,
                            name == NULL ? "" : "-from-", name == NULL ? "" : name + 1);
    *path = look;
    if (look == NULL || world->films == NULL) {
        return SIM_FILM_WAITING;
    }
    film = gen_map_get(world->films->films, look);
    if (film == NULL) {
        film = films_add_look(world->films, clip, hue, look);
    }
    return film == NULL ? SIM_FILM_BROKEN : film->state;
}
