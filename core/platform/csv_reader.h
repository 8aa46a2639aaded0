/* csv_reader.h - comma-separated values as RFC 4180 has them: a list of maps, by the names of the first line.
 *
 * Every value is text; what it means is the caller's matter. A byte order mark and LF without CR are
 * taken, too, and blank lines are left out. A semicolon or a tab between the values is taken where the
 * first line has no comma.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/csv_reader_test.c
 */
#ifndef GEN_PLATFORM_CSV_READER_H
#define GEN_PLATFORM_CSV_READER_H

#include "base/error.h"
#include "base/node.h"

enum { GEN_CSV_MOST_COLUMNS = 200, GEN_CSV_MOST_ROWS = 20000 };

/* In `arena`. GEN_EINVAL with the line: a quote that does not end or stands where none may, a line with
 * more or fewer values than names, a name twice, a byte that is no UTF-8. GEN_ELIMIT: too many of
 * something. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_csv_read(const char *text, size_t size, struct gen_arena *arena,
                                            struct gen_node **out, struct gen_error *err);

/* What stands between the values: ',', ';' or a tab. Where it is a semicolon, commas are decimal ones. */
char gen_csv_separator(const char *text, size_t size);

#endif
