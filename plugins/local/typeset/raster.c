/* raster.c - see raster.h. Fixed-point BT.709, limited range, rounding to nearest. */
#include "raster.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

cairo_surface_t *raster_create(int width, int height)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);

    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        fprintf(stderr, "gen-typeset: picture of %dx%d: %s\n", width, height,
                cairo_status_to_string(cairo_surface_status(surface)));
        cairo_surface_destroy(surface);
        return NULL;
    }
    return surface;
}

cairo_surface_t *raster_load(const char *file)
{
    cairo_surface_t *read = cairo_image_surface_create_from_png(file), *surface = NULL;
    cairo_t *cr;

    if (cairo_surface_status(read) != CAIRO_STATUS_SUCCESS) {
        fprintf(stderr, "gen-typeset: %s: %s\n", file,
                cairo_status_to_string(cairo_surface_status(read)));
        goto done;
    }
    surface = raster_create(cairo_image_surface_get_width(read),
                            cairo_image_surface_get_height(read));
    if (surface != NULL) {
        cr = cairo_create(surface);
        cairo_set_source_surface(cr, read, 0, 0);
        cairo_paint(cr);
        cairo_destroy(cr);
        cairo_surface_flush(surface);
    }
done:
    cairo_surface_destroy(read);
    return surface;
}

static uint32_t pixel_at(const unsigned char *data, int stride, int x, int y)
{
    uint32_t pixel;

    memcpy(&pixel, data + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof(pixel));
    return pixel;
}

void raster_examine(cairo_surface_t *surface, struct raster_look *look)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface);
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    int left = width, top = height, right = 0, bottom = 0, x, y;
    double clear = 0, weight = 0, light = 0;

    for (y = 0; y < height; y++) {
        for (x = 0; x < width; x++) {
            uint32_t pixel = pixel_at(data, stride, x, y), alpha = pixel >> 24;

            if (alpha < 16) {
                clear++;
                continue;
            }
            left = x < left ? x : left;
            right = x >= right ? x + 1 : right;
            top = y < top ? y : top;
            bottom = y + 1;
            weight += alpha;
            light += 0.2126 * (pixel >> 16 & 255) + 0.7152 * (pixel >> 8 & 255) +
                     0.0722 * (pixel & 255);
        }
    }
    look->clear = clear / ((double)width * height);
    look->luminance = weight > 0 ? light / weight : 0;
    look->x = right > left ? left : 0;
    look->y = right > left ? top : 0;
    look->width = right > left ? right - left : width;
    look->height = right > left ? bottom - top : height;
}

/* One box blur along a line of `count` pixels that lie `step` bytes apart. */
static void blur_line(unsigned char *line, size_t step, int count, int radius, uint32_t *copy)
{
    uint32_t sum[4] = {0, 0, 0, 0}, width = 2 * (uint32_t)radius + 1;
    int i, c;

    for (i = 0; i < count; i++) {
        memcpy(&copy[i], line + (size_t)i * step, sizeof(copy[i]));
    }
    for (i = -radius; i < count + radius; i++) {
        int in = i + radius, out = i - radius - 1;

        for (c = 0; c < 4; c++) {
            sum[c] += in < count && in >= 0 ? copy[in] >> (8 * c) & 255 : 0;
            sum[c] -= out >= 0 && out < count ? copy[out] >> (8 * c) & 255 : 0;
        }
        if (i >= 0 && i < count) {
            for (c = 0; c < 4; c++) {
                line[(size_t)i * step + (size_t)c] = (unsigned char)(sum[c] / width);
            }
        }
    }
}

int raster_blur(cairo_surface_t *surface, int radius)
{
    int stride = cairo_image_surface_get_stride(surface);
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    int most = width > height ? width : height, pass, i;
    unsigned char *data;
    uint32_t *copy;

    radius = radius / 2; /* three passes of r/2 look like a Gaussian of about r/2 + r/4 */
    if (radius < 1) {
        return 0;
    }
    copy = malloc((size_t)most * sizeof(*copy));
    if (copy == NULL) {
        fprintf(stderr, "gen-typeset: out of memory\n");
        return -1;
    }
    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    for (pass = 0; pass < 3; pass++) {
        for (i = 0; i < height; i++) {
            blur_line(data + (size_t)i * (size_t)stride, 4, width, radius, copy);
        }
        for (i = 0; i < width; i++) {
            blur_line(data + (size_t)i * 4, (size_t)stride, height, radius, copy);
        }
    }
    cairo_surface_mark_dirty(surface);
    free(copy);
    return 0;
}

cairo_surface_t *raster_shadow(cairo_surface_t *surface, struct tint color, double alpha,
                               int radius)
{
    cairo_surface_t *shadow = raster_create(cairo_image_surface_get_width(surface),
                                            cairo_image_surface_get_height(surface));
    cairo_t *cr;

    if (shadow == NULL) {
        return NULL;
    }
    cr = cairo_create(shadow);
    cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
    cairo_mask_surface(cr, surface, 0, 0);
    cairo_destroy(cr);
    if (raster_blur(shadow, radius) != 0) {
        cairo_surface_destroy(shadow);
        return NULL;
    }
    return shadow;
}

cairo_surface_t *raster_resize(cairo_surface_t *source, int width, int height)
{
    cairo_surface_t *surface = raster_create(width > 0 ? width : 1, height > 0 ? height : 1);
    cairo_t *cr;

    if (surface == NULL) {
        return NULL;
    }
    cr = cairo_create(surface);
    cairo_scale(cr, (double)width / cairo_image_surface_get_width(source),
                (double)height / cairo_image_surface_get_height(source));
    cairo_set_source_surface(cr, source, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    return surface;
}
