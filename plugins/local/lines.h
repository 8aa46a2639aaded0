/* lines.h - growing texts and argument lists in an arena, for building programs' arguments.
 *
 * Running out of memory makes the object `broken`; the one who finishes it looks, nobody before.
 * Thread: any. Stands on gen/provider.h. Tests: tests/contract/local/render_test.sh
 */
#ifndef LOCAL_LINES_H
#define LOCAL_LINES_H

#include <gen/provider.h>

struct lines {
    const struct gen_host *host;
    struct gen_arena *arena;
    char *text;
    size_t used, room;
    int broken;
};

void lines_init(struct lines *lines, const struct gen_host *host, struct gen_arena *arena);
__attribute__((format(printf, 2, 3))) void lines_add(struct lines *lines, const char *format, ...);

struct words {
    const struct gen_host *host;
    struct gen_arena *arena;
    const char **list; /* NULL-terminated */
    size_t used, room;
    int broken;
};

void words_init(struct words *words, const struct gen_host *host, struct gen_arena *arena);
void words_add(struct words *words, const char *word);
/* Several, separated by single spaces: for the constant parts of a command. */
void words_split(struct words *words, const char *text);
__attribute__((format(printf, 2, 3))) void words_print(struct words *words, const char *format,
                                                       ...);

#endif
