/* sheet.c - see sheet.h. */
#include "media/sheet.h"

#include "media/decode.h"
#include "media/facts.h"
#include "media/picture.h"

#include <math.h>

enum {
    GROUND = 0x15171b, /* nearly black, a little blue: colours of the frames stay true on it */
    CELL_MIN = 32,     /* a narrower frame shows nothing */
    SIDE_MAX = 16384,
};

static enum gen_status picture_at(struct gen_container *c, double at, int max_width, int max_height,
                                  struct gen_picture *out, struct gen_error *err)
{
    const struct AVFrame *frame;
    struct gen_facts facts;
    int width, height;
    enum gen_status status = gen_decode_frame_at(c, at, &frame, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_facts_read(c, &facts); /* after decoding: a JPEG tells its orientation only then */
    gen_picture_fit(facts.width, facts.height, max_width, max_height, &width, &height);
    return gen_picture_from_frame(out, frame, c->orientation, width, height, err);
}

enum gen_status gen_sheet_thumbnail(struct gen_container *c, double at, double share, int longest,
                                    int fd, struct gen_sheet_result *out, struct gen_error *err)
{
    struct gen_picture picture = {0};
    struct gen_facts facts;
    enum gen_status status;

    gen_facts_read(c, &facts);
    if (at < 0) {
        at = facts.duration * share;
    }
    status = picture_at(c, at, longest, longest, &picture, err);
    if (status == GEN_OK) {
        status = gen_picture_write(&picture, fd, err);
    }
    if (status == GEN_OK) {
        *out = (struct gen_sheet_result){picture.width, picture.height, 1, 1, at};
    }
    gen_picture_fini(&picture);
    return status;
}

/* Twelve frames in the grid that makes the sheet itself a pleasant shape. */
static void choose_grid(const struct gen_facts *facts, int *columns, int *rows)
{
    double shape = (double)facts->width / facts->height;

    if (*columns == 0) {
        *columns = shape >= 1.2 ? 4 : shape >= 0.8 ? 4 : 6;
    }
    if (*rows == 0) {
        *rows = *columns >= 6 ? 2 : 3;
    }
}

struct grid {
    int columns, rows, gap, margin, radius;
    int cell_width, cell_height;
    int width, height;
};

static enum gen_status plan_grid(const struct gen_facts *facts, const struct gen_sheet_plan *plan,
                                 struct grid *out, struct gen_error *err)
{
    struct grid grid = {.columns = plan->columns, .rows = plan->rows, .width = plan->width};
    double height;

    choose_grid(facts, &grid.columns, &grid.rows);
    grid.gap = plan->width / 200 < 2 ? 2 : plan->width / 200;
    grid.margin = grid.gap * 2;
    grid.radius = grid.gap / 2;
    grid.cell_width = (plan->width - 2 * grid.margin - (grid.columns - 1) * grid.gap) /
                      grid.columns;
    if (grid.cell_width < CELL_MIN) {
        return gen_error_set(err, GEN_EINVAL,
                             "%d columns do not fit in a sheet of %d pixels; use "
                             "fewer --columns or a larger --width",
                             grid.columns, plan->width);
    }
    height = round((double)grid.cell_width * facts->height / facts->width);
    grid.cell_height = height < 1 ? 1 : height > SIDE_MAX ? SIDE_MAX : (int)height;
    grid.height = 2 * grid.margin + grid.rows * grid.cell_height + (grid.rows - 1) * grid.gap;
    if (grid.height > SIDE_MAX) {
        return gen_error_set(err, GEN_EINVAL,
                             "the sheet would be %d pixels high; use fewer --rows "
                             "or a smaller --width",
                             grid.height);
    }
    *out = grid;
    return GEN_OK;
}

static enum gen_status lay_cell(struct gen_container *c, const struct grid *grid, int index,
                                double at, struct gen_picture *sheet, struct gen_error *err)
{
    struct gen_picture cell = {0};
    int left = grid->margin + index % grid->columns * (grid->cell_width + grid->gap);
    int top = grid->margin + index / grid->columns * (grid->cell_height + grid->gap);
    enum gen_status status = picture_at(c, at, grid->cell_width, grid->cell_height, &cell, err);

    if (status == GEN_OK) { /* a small video is not blown up but stands in the middle of its cell */
        gen_picture_lay(sheet, &cell, left + (grid->cell_width - cell.width) / 2,
                        top + (grid->cell_height - cell.height) / 2, grid->radius);
    }
    gen_picture_fini(&cell);
    return status;
}

enum gen_status gen_sheet_write(struct gen_container *c, const struct gen_sheet_plan *plan, int fd,
                                struct gen_sheet_result *out, struct gen_error *err)
{
    struct gen_picture sheet = {0};
    struct gen_facts facts;
    struct grid grid = {0};
    enum gen_status status;
    int index, count;

    gen_facts_read(c, &facts);
    if (!facts.has_video || facts.duration <= 0) {
        return gen_error_set(err, GEN_EINVAL, "a contact sheet needs a video");
    }
    status = plan_grid(&facts, plan, &grid, err);
    if (status != GEN_OK) {
        return status;
    }
    status = gen_picture_init(&sheet, grid.width, grid.height, GROUND, err);
    count = grid.columns * grid.rows;
    for (index = 0; index < count && status == GEN_OK; index++) {
        /* the middle of each part, so neither the first nor the last (often black) frame */
        status = lay_cell(c, &grid, index, facts.duration * (index + 0.5) / count, &sheet, err);
    }
    if (status == GEN_OK) {
        status = gen_picture_write(&sheet, fd, err);
    }
    if (status == GEN_OK) {
        *out = (struct gen_sheet_result){grid.width, grid.height, grid.columns, grid.rows, 0};
    }
    gen_picture_fini(&sheet);
    return status;
}
