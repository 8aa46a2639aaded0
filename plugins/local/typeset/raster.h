/* raster.h - pixels in and out: PNG files in, raw planar YUV files for ffmpeg out, blur and shadow.
 *
 * Why raw planes and not PNG: no compression time, exact BT.709 colours, chroma averaged with the
 * alpha weights (no fringes on coloured text), and dither where a gradient would show bands.
 *
 * Invariant: every surface is CAIRO_FORMAT_ARGB32; written sizes are even.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_RASTER_H
#define TYPESET_RASTER_H

#include "tint.h"

#include <cairo.h>
#include <stdio.h>

/* A blank surface, or NULL (message printed). */
cairo_surface_t *raster_create(int width, int height);
/* A PNG file as ARGB32, or NULL (message printed). */
cairo_surface_t *raster_load(const char *file);

/* What a picture is like. */
struct raster_look {
    int x, y, width, height; /* the box that is not transparent */
    double clear;            /* share of pixels that are nearly transparent */
    double luminance;        /* mean of the visible ones, 0..1 */
};
void raster_examine(cairo_surface_t *surface, struct raster_look *look);

/* Three box blurs in place: near a Gaussian of this radius. 0, or -1 (message printed). */
int raster_blur(cairo_surface_t *surface, int radius);
/* A new surface of the same size: the alpha of `surface` in `color`, blurred. NULL on failure. */
cairo_surface_t *raster_shadow(cairo_surface_t *surface, struct tint color, double alpha,
                               int radius);
/* A share of the size of `source`, each side at least 1; for large reductions. NULL on failure. */
cairo_surface_t *raster_resize(cairo_surface_t *source, int width, int height);

/* Appends one frame to a raw file: yuva420p, or yuv420p when `opaque`. 0, or -1 (printed). */
int raster_write(cairo_surface_t *surface, int opaque, FILE *file);

/* A colour and alpha for each point of a frame, evaluated with dither. */
struct raster_sample {
    struct tint color;
    double alpha;
};
typedef struct raster_sample raster_field(const void *context, double x, double y);
int raster_write_field(raster_field *field, const void *context, int width, int height, int opaque,
                       FILE *file);

#endif
