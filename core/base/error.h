/* error.h - the closed set of statuses and the detail that goes with one.
 *
 * A fallible function returns a status and fills the caller's struct gen_error, which has a fixed
 * size so that running out of memory can be reported too. There is no global last error.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/error_test.c
 */
#ifndef GEN_BASE_ERROR_H
#define GEN_BASE_ERROR_H

#include "base/check.h"

#include <stddef.h>
#include <stdint.h>

/* The statuses: name, word on the API and in --json (`code`), meaning. */
#define GEN_STATUS_TABLE(ROW) \
    ROW(GEN_OK, "ok", "no error") \
    ROW(GEN_ENOMEM, "no_memory", "out of memory") \
    ROW(GEN_EINVAL, "invalid", "the input is wrong") \
    ROW(GEN_ENOTFOUND, "not_found", "there is no such thing") \
    ROW(GEN_ECONFLICT, "conflict", "it is not in a state that allows this") \
    ROW(GEN_EBUDGET, "budget_exceeded", "the budget does not allow it") \
    ROW(GEN_EOVERFLOW, "overflow", "the number does not fit") \
    ROW(GEN_ELIMIT, "limit", "a named maximum was reached") \
    ROW(GEN_ETOOLARGE, "too_large", "the input is larger than allowed") \
    ROW(GEN_EIO, "io", "the operating system refused an operation") \
    ROW(GEN_ENOSPACE, "no_space", "the disk is full") \
    ROW(GEN_EBUSY, "busy", "another process or request holds it") \
    ROW(GEN_ECANCELED, "canceled", "it was cancelled") \
    ROW(GEN_ETIMEOUT, "timeout", "it took too long") \
    ROW(GEN_EUNSUPPORTED, "unsupported", "this cannot be done here") \
    ROW(GEN_EDENIED, "denied", "not allowed") \
    ROW(GEN_EUNREACHABLE, "unreachable", "the other side cannot be reached") \
    ROW(GEN_ECORRUPT, "corrupt", "stored data is damaged")

enum gen_status {
#define GEN_STATUS_ENUM(name, word, text) name,
    GEN_STATUS_TABLE(GEN_STATUS_ENUM)
#undef GEN_STATUS_ENUM
};

enum {
    GEN_ERROR_FILE_SIZE = 256,
    GEN_ERROR_PATH_SIZE = 192,
    GEN_ERROR_MESSAGE_SIZE = 640,
};

/* Caller owns the memory; all zero is "no error". Text is cut at its size, on a UTF-8 border. */
struct gen_error {
    enum gen_status status;
    uint32_t line;                        /* 1-based, 0 = unknown */
    uint32_t column;                      /* 1-based in characters, 0 = unknown */
    char file[GEN_ERROR_FILE_SIZE];       /* as the user named it, "" = unknown */
    char path[GEN_ERROR_PATH_SIZE];       /* key path such as scenes[2].duration, "" = none */
    char message[GEN_ERROR_MESSAGE_SIZE]; /* one line: what is wrong and what to do */
};

/* Replaces everything in `err` (may be NULL) and returns `status`, so that callers can write
 * `return gen_error_set(err, GEN_EINVAL, "...");`. */
enum gen_status gen_error_set(struct gen_error *err, enum gen_status status, const char *format,
                              ...) GEN_PRINTF(3, 4);

/* Adds a place to an error that is already set; `file`, `path` may be NULL to leave them. */
void gen_error_place(struct gen_error *err, const char *file, uint32_t line, uint32_t column,
                     const char *path);

/* Puts "context: " before the message. Returns err->status. */
enum gen_status gen_error_within(struct gen_error *err, const char *format, ...) GEN_PRINTF(2, 3);

/* "file:line:column: path: message", leaving out what is unknown; without a file it begins with
 * "line 3, column 4: ". Cut at `size` (not 0) on a UTF-8 border. Returns `out`. */
const char *gen_error_text(const struct gen_error *err, char *out, size_t size);

/* The word ("budget_exceeded") and the meaning of a status; "unknown" outside the set. */
const char *gen_status_word(enum gen_status status);
const char *gen_status_meaning(enum gen_status status);

#endif
