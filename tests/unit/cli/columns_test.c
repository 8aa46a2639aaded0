/* columns_test.c - tables of text: aligned by what is seen, cut at the end only. */
#include "cli/columns.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const char *const heads[] = {"NAME", ">SIZE", "TITLE", NULL};

static void table(size_t width, struct gen_bytes *out)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_columns columns;

    gen_bytes_init(out, 65536);
    gen_columns_init(&columns, heads, arena);
    gen_columns_add(&columns, (const char *const[]){"a", "7", "first"});
    gen_columns_add(&columns, (const char *const[]){"\xe6\x97\xa5\xe6\x9c\xac", "1234567", NULL});
    gen_columns_add(&columns, (const char *const[]){"c", NULL, "evil\033[2J"});
    gen_columns_write(&columns, width, out);
    gen_arena_destroy(arena);
}

Test(columns, aligns_what_is_seen)
{
    struct gen_bytes out;

    table(0, &out);
    cr_assert(eq(str, out.data, "NAME     SIZE  TITLE\n"
                                "a           7  first\n"
                                "\xe6\x97\xa5\xe6\x9c\xac  1234567\n"
                                "c              evil\xef\xbf\xbd[2J\n"));
    gen_bytes_fini(&out);
}

Test(columns, cuts_the_last_column)
{
    struct gen_bytes out;

    table(18, &out);
    cr_assert(strstr(out.data, "fi\xe2\x80\xa6\n") != NULL, "%s", out.data);
    gen_bytes_fini(&out);
}
