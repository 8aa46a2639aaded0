/* eye.c - see eye.h. The picture shrunk to a few pixels a cell: noise is gone, edges remain. */
#include "eye.h"

#include "raster.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { PIXELS = 4, SIDE = EYE_CELLS * PIXELS }; /* pixels a cell, and of the shrunk picture */

/* How much a pixel of skin counts beside an edge of full contrast. */
#define SKIN 0.10
/* How far a window may be drawn from the middle by weight alone. */
#define PULL 0.55

static void pixel_at(const unsigned char *data, int stride, int x, int y, double rgb[3])
{
    const unsigned char *pixel = data + (size_t)y * (size_t)stride + (size_t)x * 4;

    rgb[0] = pixel[2] / 255.0;
    rgb[1] = pixel[1] / 255.0;
    rgb[2] = pixel[0] / 255.0;
}

/* Skin of any shade keeps this order of channels; brighter oranges and browns are too saturated. */
static int is_skin(const double c[3])
{
    return c[0] > 0.35 && c[0] > c[1] + 0.05 && c[1] > c[2] && c[0] - c[2] > 0.08 &&
           c[0] - c[2] < 0.48 * c[0];
}

static double interest(const unsigned char *data, int stride, int x, int y)
{
    double here[3], right[3], below[3], edge = 0;
    int i;

    pixel_at(data, stride, x, y, here);
    pixel_at(data, stride, x + 1 < SIDE ? x + 1 : x, y, right);
    pixel_at(data, stride, x, y + 1 < SIDE ? y + 1 : y, below);
    for (i = 0; i < 3; i++) {
        edge += fabs(right[i] - here[i]) + fabs(below[i] - here[i]);
    }
    return edge / 3 + (is_skin(here) ? SKIN : 0);
}

int eye_open(struct eye *eye, cairo_surface_t *surface)
{
    cairo_surface_t *small = raster_resize(surface, SIDE, SIDE);
    const unsigned char *data;
    double all = 0;
    int stride, x, y;

    memset(eye, 0, sizeof(*eye));
    if (small == NULL) {
        return -1;
    }
    data = cairo_image_surface_get_data(small);
    stride = cairo_image_surface_get_stride(small);
    for (y = 0; y < SIDE; y++) {
        for (x = 0; x < SIDE; x++) {
            double weight = interest(data, stride, x, y);

            eye->cells[y / PIXELS][x / PIXELS] += weight;
            all += weight;
        }
    }
    cairo_surface_destroy(small);
    for (y = 0; y < EYE_CELLS; y++) {
        for (x = 0; x < EYE_CELLS; x++) { /* a plain picture is the same everywhere */
            eye->cells[y][x] = all > 0 ? eye->cells[y][x] / all : 1.0 / (EYE_CELLS * EYE_CELLS);
        }
    }
    return 0;
}

/* The part of cell number `cell` that lies between two points of the side. */
static double covered(int cell, double from, double to)
{
    double begin = fmax(from * EYE_CELLS, cell), end = fmin(to * EYE_CELLS, cell + 1);

    return end > begin ? end - begin : 0;
}

double eye_weight(const struct eye *eye, double x, double y, double w, double h)
{
    double sum = 0;
    int row, column;

    for (row = 0; row < EYE_CELLS; row++) {
        double part = covered(row, y, y + h);

        for (column = 0; part > 0 && column < EYE_CELLS; column++) {
            sum += part * covered(column, x, x + w) * eye->cells[row][column];
        }
    }
    return sum;
}

double eye_crop(const struct eye *eye, double share, int down)
{
    double middle = (1 - share) * (down ? 0.4 : 0.5), best = middle, most = -1;
    int step;

    for (step = 0; step <= 40; step++) {
        double at = (1 - share) * step / 40;
        double weight = down ? eye_weight(eye, 0, at, 1, share) : eye_weight(eye, at, 0, share, 1);

        weight -= PULL * fabs(at - middle);
        if (weight > most + 1e-9) {
            most = weight;
            best = at;
        }
    }
    return best;
}
