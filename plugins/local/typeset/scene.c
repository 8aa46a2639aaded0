/* scene.c - one scene: chooses the board, writes every part to a file, prints the list of parts.
 *
 * The list is what the plugin builds ffmpeg's filter graph from: one JSON object on standard
 * output, parts from bottom to top. `n` frames of a part are its entry, starting with frame `at`
 * of the scene; the last one stands. See ../README.md.
 */
#include "scene.h"

#include "board.h"
#include "mark.h"
#include "motion.h"
#include "plate.h"

#include <stdio.h>
#include <string.h>

struct scene {
    const struct job *job;
    struct palette palette;
    struct letter_press press;
    struct plate plate;
    struct board board;
    struct mark mark;
    int parts; /* printed so far */
};

static void print_part(struct scene *scene, const char *file, const char *what,
                       struct board_box box, int frames, int at)
{
    printf("%s\n  {\"file\": \"%s\", \"what\": \"%s\", \"x\": %d, \"y\": %d, \"w\": %d, "
           "\"h\": %d, \"n\": %d, \"at\": %d}",
           scene->parts++ > 0 ? "," : "", file, what, box.x, box.y, box.w, box.h, frames, at);
}

static FILE *open_part(const char *name)
{
    FILE *file = fopen(name, "wb");

    if (file == NULL) {
        perror(name);
    }
    return file;
}

static int close_part(FILE *file, int result)
{
    if (fclose(file) != 0) {
        perror("gen-typeset: closing a part");
        return -1;
    }
    return result;
}

static int write_base(struct scene *scene)
{
    struct board_box all = {0, 0, scene->job->width, scene->job->height};
    int filled = scene->board.kind == BOARD_FULL || scene->board.kind == BOARD_SPLIT;
    FILE *file;

    if (scene->job->footage) {
        return 0;
    }
    file = open_part("base.yuv");
    if (file == NULL ||
        close_part(file, plate_write_base(&scene->plate, &scene->board, file)) != 0) {
        return -1;
    }
    print_part(scene, "base.yuv", filled ? "picture" : "backdrop", all, 1, 0);
    return 0;
}

static int write_layer(struct scene *scene)
{
    struct board_box box;
    cairo_surface_t *layer;
    FILE *file;
    int result;

    if (!board_is_stage(&scene->board)) {
        return 0;
    }
    layer = plate_layer(&scene->plate, &scene->board, &box);
    file = layer != NULL ? open_part("layer.yuv") : NULL;
    if (file == NULL) {
        return -1;
    }
    result = close_part(file, raster_write(layer, 0, file));
    cairo_surface_destroy(layer);
    print_part(scene, "layer.yuv", "layer", box, 1, 0);
    return result;
}

static int write_veil(struct scene *scene)
{
    struct board_box all = {0, 0, scene->job->width, scene->job->height};
    FILE *file;

    if (!plate_has_veil(&scene->plate, &scene->board)) {
        return 0;
    }
    file = open_part("veil.yuv");
    if (file == NULL ||
        close_part(file, plate_write_veil(&scene->plate, &scene->board, file)) != 0) {
        return -1;
    }
    print_part(scene, "veil.yuv", "veil", all, 1, 0);
    return 0;
}

static int write_art(struct scene *scene, struct motion_art *art, const char *name, int at)
{
    FILE *file = open_part(name);
    int result = -1;

    if (file != NULL) {
        result = close_part(file, motion_write(art, file));
        print_part(scene, name, "text", art->box, art->frames, at);
    }
    motion_fini(art);
    return result;
}

/* When an item comes in, ms after the scene is fully there. */
static int delay_of(const struct board_item *item, int place)
{
    if (item->dress == BOARD_SEAL) {
        return 420;
    }
    return item->role == JOB_LEGAL ? 380 : 60 + 105 * place;
}

/* The first frame of a video is its poster in every feed: what says whose ad it is and what it is
 * about stands there from the beginning. So it does after a cut, which would else show a blank. */
static int is_poster(const struct board_item *item)
{
    return item->dress != BOARD_SEAL && item->role != JOB_ACTION && item->role != JOB_LEGAL;
}

static int write_entry(struct scene *scene, struct motion_art *art, const char *name, int at,
                       int poster)
{
    if (poster && scene->job->enter == 0 && !scene->job->card) {
        art->frames = 1;
        at = 0;
    }
    return write_art(scene, art, name, at);
}

static int write_items(struct scene *scene)
{
    const struct job *job = scene->job;
    double seconds = (double)job->frames * 1000 / job->rate_milli;
    double hurry = seconds < 2.4 ? seconds / 2.4 : 1; /* short scenes cannot wait */
    int place = scene->board.kind == BOARD_END;
    size_t i;

    for (i = 0; i < scene->board.item_count; i++) {
        const struct board_item *item = &scene->board.items[i];
        struct motion_art art;
        char name[32];
        int at = (int)(job->wait + delay_of(item, place) * hurry * job->rate_milli / 1e6);

        place += item->dress != BOARD_SEAL && item->role != JOB_LEGAL;
        snprintf(name, sizeof(name), "text%zu.yuv", i);
        if (motion_draw_item(&art, job, &scene->board, item, &scene->palette) != 0 ||
            write_entry(scene, &art, name, at, is_poster(item)) != 0) {
            motion_fini(&art);
            return -1;
        }
    }
    return 0;
}

static int write_logo(struct scene *scene)
{
    struct motion_art art;
    int half = scene->job->enter / 2; /* before, the mark of the scene that goes may be there */

    if (scene->mark.surface == NULL || scene->board.logo.w < 2 || scene->board.logo.h < 2) {
        return 0;
    }
    if (motion_draw_logo(&art, scene->job, &scene->board, scene->mark.surface, &scene->palette) !=
            0 ||
        write_entry(scene, &art, "logo.yuv", scene->job->wait > half ? scene->job->wait : half,
                    1) != 0) {
        motion_fini(&art);
        return -1;
    }
    return 0;
}

int scene_set(const struct job *job)
{
    struct scene scene = {.job = job};
    enum board_kind kind;
    int result = -1;

    palette_derive(&scene.palette, job->primary, job->accent, job->background, job->text);
    if (letter_press_init(&scene.press, job) != 0) {
        goto done;
    }
    kind = plate_open(&scene.plate, job, &scene.palette);
    if (kind == 0 || mark_open(&scene.mark, job, kind, &scene.palette, &scene.press) != 0 ||
        board_lay(&scene.board, job, kind, &scene.mark.shape, &scene.press) != 0) {
        goto done;
    }
    printf("{\"kind\": %d, \"rtl\": %d, \"focus\": [%d, %d], \"parts\": [", (int)kind,
           scene.board.rtl, scene.board.picture.x + scene.board.picture.w / 2,
           scene.board.picture.y + scene.board.picture.h / 2);
    if (write_base(&scene) != 0 || write_layer(&scene) != 0 || write_veil(&scene) != 0 ||
        write_items(&scene) != 0 || write_logo(&scene) != 0) {
        goto done;
    }
    printf("\n]}\n");
    result = fflush(stdout) == 0 ? 0 : -1;
done:
    board_fini(&scene.board);
    plate_fini(&scene.plate);
    mark_fini(&scene.mark);
    letter_press_fini(&scene.press, result == 0); /* last: it empties the libraries' caches */
    return result;
}
