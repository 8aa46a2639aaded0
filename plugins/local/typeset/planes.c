/* planes.c - the writing half of raster.h: colours to planes of limited-range BT.709.
 *
 * Chroma of a 2x2 block is the mean weighted by alpha, so the colour beside a glyph's edge is the
 * glyph's own and not that of the transparent pixels around it.
 */
#include "raster.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct planes {
    int width, height, opaque;
    unsigned char *y, *u, *v, *a; /* one allocation, at y */
};

static int planes_init(struct planes *planes, int width, int height, int opaque)
{
    size_t pixels = (size_t)width * (size_t)height;

    planes->width = width;
    planes->height = height;
    planes->opaque = opaque;
    planes->y = malloc(pixels * 5 / 2);
    if (planes->y == NULL) {
        fprintf(stderr, "gen-typeset: out of memory for a frame of %dx%d\n", width, height);
        return -1;
    }
    planes->u = planes->y + pixels;
    planes->v = planes->u + pixels / 4;
    planes->a = planes->v + pixels / 4;
    return 0;
}

static int planes_write(struct planes *planes, FILE *file)
{
    size_t pixels = (size_t)planes->width * (size_t)planes->height;
    size_t size = planes->opaque ? pixels * 3 / 2 : pixels * 5 / 2;
    int bad = fwrite(planes->y, 1, size, file) != size;

    if (bad) {
        perror("gen-typeset: writing a frame");
    }
    free(planes->y);
    planes->y = NULL;
    return bad ? -1 : 0;
}

static unsigned char byte_of(double value)
{
    return (unsigned char)(value < 0 ? 0 : value > 255 ? 255 : value + 0.5);
}

/* A fixed pattern of noise in -0.5..0.5, triangular: hides the bands of an 8-bit gradient. */
static double noise_at(int x, int y)
{
    uint32_t h = (uint32_t)x * 0x9e3779b1u ^ (uint32_t)y * 0x85ebca77u;

    h ^= h >> 15;
    h *= 0x2c1b3c6du;
    h ^= h >> 12;
    h *= 0x297a2d39u;
    h ^= h >> 15;
    return ((double)(h & 0xffff) + (double)(h >> 16)) / 131072.0 - 0.5;
}

static double luma(struct tint c)
{
    return 16 + 219 * (0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b);
}

/* The chroma of the 2x2 block at (x, y) from its four samples. */
static void put_chroma(struct planes *planes, int x, int y, const struct raster_sample block[4])
{
    size_t at = (size_t)(y / 2) * (size_t)(planes->width / 2) + (size_t)(x / 2);
    double weight = 0, r = 0, g = 0, b = 0, l;
    int i;

    for (i = 0; i < 4; i++) {
        weight += block[i].alpha;
        r += block[i].color.r * block[i].alpha;
        g += block[i].color.g * block[i].alpha;
        b += block[i].color.b * block[i].alpha;
    }
    if (weight <= 0) {
        planes->u[at] = planes->v[at] = 128;
        return;
    }
    l = (0.2126 * r + 0.7152 * g + 0.0722 * b) / weight;
    planes->u[at] = byte_of(128 + 224 * (b / weight - l) / 1.8556);
    planes->v[at] = byte_of(128 + 224 * (r / weight - l) / 1.5748);
}

static struct raster_sample sample_of(uint32_t pixel)
{
    struct raster_sample sample = {{0, 0, 0}, (double)(pixel >> 24) / 255};

    if (pixel >> 24 != 0) {
        double scale = 1.0 / (pixel >> 24);

        sample.color.r = (pixel >> 16 & 255) * scale;
        sample.color.g = (pixel >> 8 & 255) * scale;
        sample.color.b = (pixel & 255) * scale;
    }
    return sample;
}

int raster_write(cairo_surface_t *surface, int opaque, FILE *file)
{
    struct planes planes;
    const unsigned char *data;
    int stride = cairo_image_surface_get_stride(surface), x, y, i;

    cairo_surface_flush(surface);
    data = cairo_image_surface_get_data(surface);
    if (planes_init(&planes, cairo_image_surface_get_width(surface),
                    cairo_image_surface_get_height(surface), opaque) != 0) {
        return -1;
    }
    for (y = 0; y < planes.height; y += 2) {
        for (x = 0; x < planes.width; x += 2) {
            struct raster_sample block[4];

            for (i = 0; i < 4; i++) {
                size_t row = (size_t)y + (size_t)i / 2, column = (size_t)x + (size_t)i % 2;
                size_t at = row * (size_t)planes.width + column;
                uint32_t pixel;

                memcpy(&pixel, data + row * (size_t)stride + column * 4, sizeof(pixel));
                block[i] = sample_of(pixel);
                planes.y[at] = pixel >> 24 == 0 ? 16 : byte_of(luma(block[i].color));
                if (!opaque) {
                    planes.a[at] = (unsigned char)(pixel >> 24);
                }
            }
            put_chroma(&planes, x, y, block);
        }
    }
    return planes_write(&planes, file);
}

int raster_write_field(raster_field *field, const void *context, int width, int height, int opaque,
                       FILE *file)
{
    struct planes planes;
    int x, y, i;

    if (planes_init(&planes, width, height, opaque) != 0) {
        return -1;
    }
    for (y = 0; y < height; y += 2) {
        for (x = 0; x < width; x += 2) {
            struct raster_sample block[4];

            for (i = 0; i < 4; i++) {
                int px = x + i % 2, py = y + i / 2;
                size_t at = (size_t)py * (size_t)width + (size_t)px;
                double noise = noise_at(px, py);

                block[i] = field(context, px + 0.5, py + 0.5);
                planes.y[at] = byte_of(luma(block[i].color) + noise * 1.6);
                if (!opaque) {
                    planes.a[at] = byte_of(block[i].alpha * 255 +
                                           (block[i].alpha > 0 && block[i].alpha < 1 ? noise : 0));
                }
            }
            put_chroma(&planes, x, y, block);
        }
    }
    return planes_write(&planes, file);
}
