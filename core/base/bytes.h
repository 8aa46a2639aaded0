/* bytes.h - a growing buffer with a named maximum.
 *
 * Failure is sticky like the arena's: after the first failed append every later one fails with the
 * same status, so a writer may check once at the end with gen_bytes_status.
 * Invariant: data[size] is a NUL whenever data is not NULL; size <= maximum.
 *
 * Thread: one at a time. Floor: base. Tests: tests/unit/base/bytes_test.c
 */
#ifndef GEN_BASE_BYTES_H
#define GEN_BASE_BYTES_H

#include "base/error.h"

#include <stdarg.h>

struct gen_bytes { /* caller owns; set up with gen_bytes_init, end with gen_bytes_fini */
    char *data;    /* NULL while empty */
    size_t size;
    size_t capacity;
    size_t maximum;
    enum gen_status status; /* first failure, or GEN_OK */
};

void gen_bytes_init(struct gen_bytes *bytes, size_t maximum);
void gen_bytes_fini(struct gen_bytes *bytes);
void gen_bytes_clear(struct gen_bytes *bytes); /* keeps the memory, forgets content and failure */

/* GEN_ENOMEM, GEN_ELIMIT (maximum reached); unchanged on failure. May be ignored, see above. */
enum gen_status gen_bytes_append(struct gen_bytes *bytes, const void *data, size_t size);
enum gen_status gen_bytes_text(struct gen_bytes *bytes, const char *text);
enum gen_status gen_bytes_printf(struct gen_bytes *bytes, const char *format, ...) GEN_PRINTF(2, 3);
enum gen_status gen_bytes_vprintf(struct gen_bytes *bytes, const char *format, va_list values);

/* Removes `size` bytes from the front (at most what is there). */
void gen_bytes_drop(struct gen_bytes *bytes, size_t size);

enum gen_status gen_bytes_status(const struct gen_bytes *bytes);

/* Hands the memory over (free with gen_free) and leaves the buffer empty. NULL when it is empty. */
char *gen_bytes_take(struct gen_bytes *bytes, size_t *size);

#endif
