/* One layout, comments kept, nothing said differently. */
#include "policy/policy_format.h"

#include "base/alloc.h"
#include "policy/policy_folder.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
    const char *before, *after;
} rows[] = {
    {"a: 1\n", "a: 1\n"},
    {"a:   1   \n", "a: 1\n"},                             /* spaces */
    {"a :  1", "a: 1\n"},                                  /* before the colon; no end of line */
    {"\n\na: 1\n\n\n\nb: 2\n\n\n", "a: 1\n\nb: 2\n"},      /* blank lines */
    {"a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"},                  /* ends of lines */
    {"# c\r\r\r\na: 1\r \r\n", "# c\na: 1\n"},             /* and more of them than needed */
    {"\xEF\xBB\xBF" "a: 1\n", "a: 1\n"},                   /* byte order mark */
    {"\n\n\xEF\xBB\xBF\n", ""},                            /* ... after blank lines */
    {"a:\n    b:\n        c: 1\n", "a:\n  b:\n    c: 1\n"}, /* four columns a level */
    {"a:\n- 1\n-   2\n", "a:\n  - 1\n  - 2\n"},            /* a list at the column of its key */
    {"a:\n- b:  1\n  c: 2\n", "a:\n  - b: 1\n    c: 2\n"}, /* maps in it */
    {"a:\n-   - 1\n    - 2\n", "a:\n  - - 1\n    - 2\n"},  /* lists in it */
    {"# top\na: 1 # end\n   # tail\n", "# top\na: 1 # end\n# tail\n"},
    {"a:\n    # of b\n    b: 1\n    # of b too\nc: 2\n",
     "a:\n  # of b\n  b: 1\n  # of b too\nc: 2\n"}, /* comments go with what they stand at */
    {"a: |\n      x\n        y  \n\nb: 1\n", "a: |\n  x\n    y  \n\nb: 1\n"}, /* blocks keep their shape */
    {"a:\n    b: >-\n        x\n        y\n", "a:\n  b: >-\n    x\n    y\n"},
    {"a: x\n     y\n", "a: x\n  y\n"},                       /* plain text goes on */
    {" t\n-", "t\n  -\n"},                                 /* where only the second pass sees it */
    {"a: 'x\n     y'\n", "a: 'x\n  y'\n"},
    {"a: \"b: c # d\"   # e\n", "a: \"b: c # d\"   # e\n"},  /* quotes hide colons and hashes */
    {"a: [1,\n        2\n  ]\n", "a: [1,\n  2\n  ]\n"},
    /* inside of brackets: one blank after a comma and a colon, none at the brackets */
    {"a: { b: 1 ,c:   [ 2,3 , 4 ],d : { } }\n", "a: {b: 1, c: [2, 3, 4], d: {}}\n"},
    {"a: {\"b\":1, 'c':[2],\"d\" : 3}\n", "a: {\"b\": 1, 'c': [2], \"d\": 3}\n"},
    {"- [ a,b ]   # [ c,d ]\n- {a: 1,\n   b:  2 ,\n   c: 3 }\n",
     "- [a, b]   # [ c,d ]\n- {a: 1,\n  b: 2,\n  c: 3}\n"},
    {"a: [b  c,\"d,  e\" , 'f ''[ g', http://h:80/, i:j]\n",
     "a: [b  c, \"d,  e\", 'f ''[ g', http://h:80/, i:j]\n"}, /* texts stay as they are */
    {"a: [ 1, # one,two\n  2 ]\n", "a: [1, # one,two\n  2]\n"},
    {"a: [1, ]\nb: x[ 1 ,2 ]\nc: {d: }\n", "a: [1,]\nb: x[ 1 ,2 ]\nc: {d: }\n"},
    {"\n{\"a\":1,\"b\":[2,3]}", "{\"a\":1,\"b\":[2,3]}\n"}, /* JSON is laid out by whoever wrote it */
    {"a: {b\":1}\n", "a: {b\":1}\n"}, /* no quoted key, but a text: nothing is touched */
    /* a comment at the margin stays there, whatever ends before it */
    {"a:\n    b:\n        c: 1\n# tail\nd: 2\n", "a:\n  b:\n    c: 1\n# tail\nd: 2\n"},
    {"a:\n    - b: |\n        x\n# tail\n\nc: 1\n# end\n", "a:\n  - b: |\n      x\n# tail\n\nc: 1\n# end\n"},
    {"a:\n    b: 1\n# end\n", "a:\n  b: 1\n# end\n"},
    {"a: it's\nb: 1\n", "a: it's\nb: 1\n"},                 /* an apostrophe is no quote */
    {"\"a b\":   1\n'c':  2\n", "\"a b\": 1\n'c': 2\n"},    /* quoted keys */
    {"", ""},
    {"# nothing\n", "# nothing\n"},
};

Test(policy_format, layouts)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_bytes once, twice;
        struct gen_error err = {0};

        gen_bytes_init(&once, 4096);
        gen_bytes_init(&twice, 4096);
        cr_assert(eq(int, gen_policy_format(rows[i].before, strlen(rows[i].before), "f", &once, &err),
                     GEN_OK), "%s: %s", rows[i].before, err.message);
        cr_expect(eq(str, once.data != NULL ? once.data : "", (char *)rows[i].after), "%s",
                  rows[i].before);
        cr_assert(eq(int, gen_policy_format(once.data != NULL ? once.data : "", once.size, "f", &twice,
                                            &err), GEN_OK));
        cr_expect(eq(str, twice.data != NULL ? twice.data : "", once.data != NULL ? once.data : ""));
        gen_bytes_fini(&once);
        gen_bytes_fini(&twice);
    }
}

/* What is not YAML is refused with its place, and nothing is written. */
Test(policy_format, not_yaml)
{
    struct gen_bytes out;
    struct gen_error err = {0};

    gen_bytes_init(&out, 4096);
    cr_expect(eq(int, gen_policy_format("a: [1\n", 6, "f.yaml", &out, &err), GEN_EINVAL));
    cr_expect(eq(str, err.file, "f.yaml"));
    cr_expect(gt(u32, err.line, 0));
    cr_expect(eq(sz, out.size, 0));
    gen_bytes_fini(&out);
}

/* What is shipped is laid out as we lay out. */
Test(policy_format, shipped_policies)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_problems problems;
    struct gen_policy_folder folder;
    struct gen_error err = {0};

    gen_policy_problems_init(&problems);
    cr_assert(eq(int, gen_policy_folder_read(GEN_SOURCE_DIR "/policies", arena, &problems, &folder,
                                             &err), GEN_OK), "%s", err.message);
    cr_expect(ge(sz, folder.count, 20));
    for (size_t i = 0; i < folder.count; i++) {
        const struct gen_policy_source *source = &folder.sources[i];
        struct gen_bytes out;

        gen_bytes_init(&out, 1 << 20);
        cr_assert(eq(int, gen_policy_format(source->text, source->size, source->name, &out, &err),
                     GEN_OK), "%s: %s", source->name, err.message);
        cr_expect(eq(str, out.data, (char *)source->text), "%s: run gen policy fmt", source->name);
        gen_bytes_fini(&out);
    }
    gen_policy_problems_fini(&problems);
    gen_arena_destroy(arena);
}

/* Every allocation failing in turn: an error, and nothing appended. */
Test(policy_format, no_memory)
{
    static const char text[] = "a:\n- b: 1\n  # c\n- |\n    x\n";
    enum gen_status status = GEN_ENOMEM;

    for (uint64_t nth = 1; status != GEN_OK && nth < 1000; nth++) {
        struct gen_bytes out;
        struct gen_error err = {0};

        gen_bytes_init(&out, 4096);
        gen_alloc_fail_at(nth);
        status = gen_policy_format(text, sizeof(text) - 1, "f", &out, &err);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "%s", err.message);
        cr_expect(eq(int, out.size > 0, status == GEN_OK));
        gen_bytes_fini(&out);
    }
    cr_expect(eq(int, status, GEN_OK));
}
