/* bytes.c - see bytes.h. */
#include "base/bytes.h"

#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BYTES_FIRST = 64 };

void gen_bytes_init(struct gen_bytes *bytes, size_t maximum)
{
    memset(bytes, 0, sizeof(*bytes));
    /* One byte is kept for the NUL, so that size + 1 never wraps. */
    bytes->maximum = maximum < SIZE_MAX / 2 ? maximum : SIZE_MAX / 2;
}

void gen_bytes_fini(struct gen_bytes *bytes)
{
    gen_free(bytes->data);
    gen_bytes_init(bytes, bytes->maximum);
}

void gen_bytes_clear(struct gen_bytes *bytes)
{
    bytes->size = 0;
    bytes->status = GEN_OK;
    if (bytes->data != NULL) {
        bytes->data[0] = '\0';
    }
}

/* Makes room for `more` bytes and the NUL. */
static enum gen_status bytes_reserve(struct gen_bytes *bytes, size_t more)
{
    size_t needed;
    size_t capacity;
    char *data;

    if (bytes->status != GEN_OK) {
        return bytes->status;
    }
    if (more > bytes->maximum - bytes->size) {
        bytes->status = GEN_ELIMIT;
        return bytes->status;
    }
    needed = bytes->size + more + 1;
    if (needed <= bytes->capacity) {
        return GEN_OK;
    }
    capacity = bytes->capacity > 0 ? bytes->capacity : BYTES_FIRST;
    while (capacity < needed) {
        capacity *= 2;
    }
    if (capacity > bytes->maximum + 1) {
        capacity = bytes->maximum + 1;
    }
    data = gen_realloc(bytes->data, capacity);
    if (data == NULL) {
        bytes->status = GEN_ENOMEM;
        return bytes->status;
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return GEN_OK;
}

enum gen_status gen_bytes_append(struct gen_bytes *bytes, const void *data, size_t size)
{
    enum gen_status status = bytes_reserve(bytes, size);

    if (status == GEN_OK) {
        if (size > 0) {
            memcpy(bytes->data + bytes->size, data, size);
        }
        bytes->size += size;
        bytes->data[bytes->size] = '\0';
    }
    return status;
}

enum gen_status gen_bytes_text(struct gen_bytes *bytes, const char *text)
{
    return gen_bytes_append(bytes, text, strlen(text));
}

enum gen_status gen_bytes_printf(struct gen_bytes *bytes, const char *format, ...)
{
    va_list values;
    enum gen_status status;

    va_start(values, format);
    status = gen_bytes_vprintf(bytes, format, values);
    va_end(values);
    return status;
}

enum gen_status gen_bytes_vprintf(struct gen_bytes *bytes, const char *format, va_list values)
{
    va_list again;
    int needed;
    enum gen_status status;

    va_copy(again, values);
    needed = vsnprintf(NULL, 0, format, again);
    va_end(again);
    GEN_CHECK(needed >= 0); /* only a broken format or wide characters, and we write the formats */
    status = bytes_reserve(bytes, (size_t)needed);
    if (status == GEN_OK) {
        vsnprintf(bytes->data + bytes->size, (size_t)needed + 1, format, values);
        bytes->size += (size_t)needed;
    }
    return status;
}

void gen_bytes_drop(struct gen_bytes *bytes, size_t size)
{
    if (bytes->data == NULL) {
        return;
    }
    size = size < bytes->size ? size : bytes->size;
    memmove(bytes->data, bytes->data + size, bytes->size - size + 1);
    bytes->size -= size;
}

enum gen_status gen_bytes_status(const struct gen_bytes *bytes)
{
    return bytes->status;
}

char *gen_bytes_take(struct gen_bytes *bytes, size_t *size)
{
    char *data = bytes->data;

    if (size != NULL) {
        *size = bytes->size;
    }
    gen_bytes_init(bytes, bytes->maximum);
    return data;
}
