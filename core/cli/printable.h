/* printable.h - text from elsewhere made harmless for a terminal, and how wide it is there.
 *
 * Control characters, overrides of the writing direction, line separators and broken UTF-8 become
 * U+FFFD, so that no name or message can move the cursor, set a title or hide behind another text.
 * Newlines and tabs become spaces.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/printable_test.c
 */
#ifndef GEN_CLI_PRINTABLE_H
#define GEN_CLI_PRINTABLE_H

#include "base/bytes.h"

/* Appends the harmless form of a text (NULL = nothing). */
void gen_printable_add(struct gen_bytes *out, const char *text);

/* The same, but cut to so many columns; a cut text ends in an ellipsis. Returns the columns used. */
size_t gen_printable_fit(struct gen_bytes *out, const char *text, size_t columns);

/* Columns that a text takes once it is harmless. */
size_t gen_printable_width(const char *text);

/* Columns of one character: 0 (combining), 1 or 2 (East Asian wide, emoji). */
size_t gen_printable_columns(uint32_t codepoint);

#endif
