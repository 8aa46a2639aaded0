/* parser_test.c - the tree of each form, limits, what is refused and with which words; every expression
 * of the vectors. */
#include "tree_text.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

struct form {
    const char *text, *tree;
};

static void check_forms(const struct form *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[2000];

        cr_expect(eq(str, (char *)tree_text(cases[i].text, strlen(cases[i].text), out, sizeof(out)),
                     (char *)cases[i].tree));
    }
}

Test(parser, values)
{
    static const struct form cases[] = {
        {"1", "1"},
        {"1u", "1u"},
        {"1.5", "1.5"},
        {"'a'", "'a'"},
        {"b'a'", "b'a'"},
        {"true", "true"},
        {"null", "null"},
        {"a", "a"},
        {".a", ".a"},
        {" ( a ) // why\n", "a"},
        {"[]", "(list)"},
        {"[1, 2,]", "(list 1 2)"}, /* the last comma */
        {"[?a, b, ?c]", "(list ?a b ?c)"},
        {"{}", "(map)"},
        {"{'a': 1, 2: b,}", "(map 'a' 1 2 b)"},
        {"{?'a': x, 'b': y}", "(map ?'a' x 'b' y)"},
        {"{a ? b : c: d}", "(map (?: a b c) d)"},
        {"f()", "(call f)"},
        {"f(a, b)", "(call f a b)"},
        {".f(a)", "(.call f a)"},
    };

    check_forms(cases, GEN_COUNT(cases));
}

Test(parser, members)
{
    static const struct form cases[] = {
        {"a.b.c", "(.c (.b a))"},
        {".a.b", "(.b .a)"},
        {"a.?b", "(.?b a)"},
        {"a[b]", "(index a b)"},
        {"a[?b]", "(index? a b)"},
        {"a.b[c].d(e)[f]", "(index (call .d (index (.b a) c) e) f)"},
        {"m.`a-b`.c", "(.c (.a-b m))"},
        {"m.if.while.package()", "(call .package (.while (.if m)))"}, /* reserved only as names */
        {"math.greatest(x)", "(call .greatest math x)"},
        {"'a'.size()", "(call .size 'a')"},
        {"[1][0]", "(index (list 1) 0)"},
        {"{1: 2}[1]", "(index (map 1 2) 1)"},
        {"(a + b).c", "(.c (+ a b))"},
        {"1.f()", "(call .f 1)"},
        {"a . b", "(.b a)"},
    };

    check_forms(cases, GEN_COUNT(cases));
}

Test(parser, operators)
{
    static const struct form cases[] = {
        {"a + b * c", "(+ a (* b c))"},
        {"a * b + c", "(+ (* a b) c)"},
        {"a - b - c", "(- (- a b) c)"},
        {"a / b * c % d", "(% (* (/ a b) c) d)"},
        {"(a - (b - c))", "(- a (- b c))"},
        {"a + b < c - d", "(< (+ a b) (- c d))"},
        {"a < b == c", "(== (< a b) c)"},
        {"a in b != c", "(!= (in a b) c)"},
        {"a == b && c >= d || e <= f", "(|| (&& (== a b) (>= c d)) (<= e f))"},
        {"a || b && c || d", "(|| a (&& b c) d)"}, /* a chain is one node */
        {"a && b && c && d", "(&& a b c d)"},
        {"a && (b && c)", "(&& a (&& b c))"},
        {"(a || b) || c", "(|| (|| a b) c)"},
        {"a > b ? c : d", "(?: (> a b) c d)"},
        {"a ? b : c ? d : e", "(?: a b (?: c d e))"},
        {"a ? (b ? c : d) : e", "(?: a (?: b c d) e)"},
        {"a || b ? c || d : e && f", "(?: (|| a b) (|| c d) (&& e f))"},
        {"a ?.b : c", "(?: a .b c)"},
        {"a ? [?b] : c", "(?: a (list ?b) c)"},
    };

    check_forms(cases, GEN_COUNT(cases));
}

Test(parser, signs)
{
    static const struct form cases[] = {
        {"!a", "(! a)"},
        {"! ! a", "(! (! a))"},
        {"-a", "(- a)"},
        {"--a", "(- (- a))"},
        {"-1", "-1"},
        {"- 1", "-1"},
        {"--1", "(- -1)"},
        {"-1.5", "-1.5"},
        {"-1u", "(- 1u)"}, /* the checker says that there is no such thing */
        {"!-1", "(! -1)"},
        {"-a.b", "(- (.b a))"},
        {"-1.f()", "(call .f -1)"},
        {"-(1)", "(- 1)"},
        {"4--4", "(- 4 -4)"},
        {"4 - -a", "(- 4 (- a))"},
        {"a * -b", "(* a (- b))"},
        {"!a && !b", "(&& (! a) (! b))"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"--9223372036854775808", "(- -9223372036854775808)"}, /* overflows when it runs */
    };

    check_forms(cases, GEN_COUNT(cases));
}

/* The whole message: what was expected, what was found, and advice for what people write. */
Test(parser, refused)
{
    static const struct form cases[] = {
        {"", "1:1: expected an expression such as a == 1, found end of expression"},
        {" // none", "1:9: expected an expression such as a == 1, found end of expression"},
        {"1 + 2\n3 +", "2:1: expected an operator or the end of the expression, found the number 3"},
        {"f((1 + 2", "1:9: expected ')' to close the '(' at 1:3, found end of expression"},
        {"f(\n1", "2:2: expected ',' or ')' to close the '(' at 1:2, found end of expression"},
        {"[1", "1:3: expected ',' or ']' to close the '[' at 1:1, found end of expression"},
        {"a[1}", "1:4: expected ']' to close the '[' at 1:2, found '}'"},
        {"{1: 2", "1:6: expected ',' or '}' to close the '{' at 1:1, found end of expression"},
        {"{1}", "1:3: expected ':' and a value after the key of a map, found '}'"},
        {"{:a}", "1:2: expected a value, found ':'"},
        {"[,]", "1:2: expected a value, found ','"},
        {"a ? b", "1:6: expected ':' of the '?' at 1:3, found end of expression"},
        {"a?.b", "1:5: expected ':' (an optional field is written a.?b) of the '?' at 1:2, found end "
                 "of expression"},
        {"a ? b ? c : d : e", "1:7: expected ':', or parentheses around the inner ?:, of the '?' at "
                              "1:3, found '?'"},
        {"a.", "1:3: expected a field or method after '.', found end of expression"},
        {"7.", "1:3: expected a method after '.' (a double has a digit behind its point: 7.0), found "
               "end of expression"},
        {"m.in", "1:3: expected a field after '.' that is not true, false, null or in (write "
                 "m['in']), found 'in'"},
        {".1.a.", "1:6: expected a field or method after '.', found end of expression"},
        {". + a", "1:3: expected a name after '.', found '+'"},
        {"a[0](1)", "1:5: expected an operator: only a name can be called, as in f(x) or x.f(), found "
                    "'('"},
        {"A{b: 1}", "1:2: expected an operator: there are no messages such as Name{field: 1} here (a "
                    "map is written {'key': value}), found '{'"},
        {"`a`", "1:1: expected a value, found '`a`'; `name` stands only behind a dot: m.`name`"},
        {"m.`a`()", "1:6: expected no call of a quoted name, which is a field, found '('"},
        {"m.?a()", "1:5: expected no call after '.?', which reads a field, found '('"},
        {"-!a", "1:2: expected a value after '-' (write -(!a) if it is meant), found '!'"},
        {"!-a", "1:3: expected a number after '!-' (write !(-a) otherwise), found 'a'"},
        {"while", "1:1: expected a value, found the reserved word 'while'"},
        {"var(1)", "1:1: expected a value, found the reserved word 'var'"},
        {"a\x01", "1:2: expected an operator or the end of the expression, found the invisible "
                  "character U+0001"},
        {"\xFF", "1:1: expected UTF-8, found the byte 0xFF"},
        {"'\xC3\xA9' + '\xED\xA0\x80'", "1:8: expected UTF-8, found the byte 0xED"},
        {"9223372036854775808", "1:1: expected an int from -9223372036854775808 to "
                                "9223372036854775807, found 9223372036854775808, which does not fit"},
    };

    check_forms(cases, GEN_COUNT(cases));
}

Test(parser, advice)
{
    static const struct {
        const char *text, *place, *advice; /* NULL: none */
    } cases[] = {
        {"a and b", "1:3", "use && for and"},
        {"(a or b)", "1:4", "use || for or"},
        {"not a", "1:5", "use ! for not"},
        {"a not in b", "1:3", "use !(a in b) for not in"},
        {"a = 1", "1:3", "use == to compare"},
        {"a is null", "1:3", "use == to compare"},
        {"a === 1", "1:5", "== is enough"},
        {"a <> 1", "1:4", "use != for unequal"},
        {"a & b", "1:3", "use && for and"},
        {"[a | b]", "1:4", "use || for or"},
        {"a ** b", "1:4", "there is no operator for powers"},
        {"a ?? b", "1:4", "there is no ??; use a.?b.orValue(c)"},
        {"a contains b", "1:3", "it is a method: a.contains(b)"},
        {"if a then b", "1:1", "a choice is written condition ? a : b"},
        {"a # b", "1:3", "a comment begins with //"},
        {"$a", "1:1", "variables are written without $"},
        {"f(1,)", "1:5", "the last argument has no comma behind it"},
        {"1_000", "1:2", "a number is written without _"},
        {"5s", "1:2", "a name does not begin with a digit, and units are strings: duration('5s')"},
        {"a.0", "1:2", "an item of a list is written a[0]"},
        {"f'x'", "1:2", "what stands before a string may be r (raw), b (bytes) or br"},
        {"'it's'", "1:5",
         "a quote within a string is written \\' or \\\", or the string stands between the other "
         "quotes"},
        {"\xE2\x80\x9C"
         "a\xE2\x80\x9D",
         "1:1", "strings stand between plain quotes, ' or \""},
        {"a \xE2\x89\xA4 b", "1:3", "use <="},
        {"a\xC2\xA0+ b", "1:2", "it looks like a space; write a plain one"},
        {"a b", "1:3", NULL},
        {"a +", "1:4", NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[2000];
        const char *advice;

        tree_text(cases[i].text, strlen(cases[i].text), out, sizeof(out));
        advice = strchr(out, ';');
        cr_expect(eq(int, strncmp(out, cases[i].place, strlen(cases[i].place)), 0), "%s: %s",
                  cases[i].text, out);
        if (cases[i].advice == NULL) {
            cr_expect(eq(ptr, (void *)advice, NULL), "%s: %s", cases[i].text, out);
        } else {
            cr_assert(ne(ptr, (void *)advice, NULL), "%s: %s", cases[i].text, out);
            cr_expect(eq(str, (char *)advice + 2, (char *)cases[i].advice));
        }
    }
}

/* Where messages about it will point. */
Test(parser, offsets)
{
    static const struct {
        const char *text;
        uint32_t offset;
        bool grouped;
    } cases[] = {
        {"  abc", 2, false},        /* where it begins */
        {"a + b", 2, false},        /* the operator */
        {"a && b && c", 2, false},  /* the first one */
        {"a ? b : c", 2, false},
        {"abc.def", 4, false},      /* the field */
        {"abc[0]", 3, false},
        {"abc.def(1)", 4, false},   /* the name of a call */
        {"f(1)", 0, false},
        {" -1", 1, false},
        {"--1", 0, false},
        {"(a.b)", 3, true},
        {"l.map(x, x)", 2, false},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_tree *tree = NULL;

        cr_assert(eq(int,
                     gen_parser_parse(cases[i].text, strlen(cases[i].text), arena, &tree, NULL),
                     GEN_OK));
        cr_expect(eq(u32, tree->offset, cases[i].offset), "%s", cases[i].text);
        cr_expect(eq(int, tree->grouped, cases[i].grouped), "%s", cases[i].text);
        gen_arena_destroy(arena);
    }
}

/* `count` times `first`, `middle`, `count` times `last`. */
static enum gen_status parse_repeated(const char *first, const char *middle, const char *last,
                                      size_t count, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_tree *tree = NULL;
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, 1000000);
    for (size_t i = 0; i < count; i++) {
        gen_bytes_text(&text, first);
    }
    gen_bytes_text(&text, middle);
    for (size_t i = 0; i < count; i++) {
        gen_bytes_text(&text, last);
    }
    cr_assert(eq(int, gen_bytes_status(&text), GEN_OK));
    status = gen_parser_parse(text.data, text.size, arena, &tree, err);
    if (status == GEN_OK) {
        cr_expect(le(u32, tree->height, GEN_PARSER_DEEPEST));
    }
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
    return status;
}

Test(parser, limits)
{
    static const struct {
        const char *first, *middle, *last;
        size_t fine, refused; /* repetitions */
    } cases[] = {
        {"(", "7", ")", 249, 250},
        {"[", "", "]", 250, 251},
        {"[", "", "]", 32, 40000},
        {"a[", "0", "]", 249, 250},
        {"f(", "7", ")", 249, 250},
        {"{1:", "2", "}", 249, 250},
        {"!", "true", "", 249, 250},
        {"-", "19", "", 250, 251}, /* the last one is of the number */
        {"-", "a", "", 249, 90000},
        {"a ? b : ", "c", "", 249, 250},
        {"", "a", " + 1", 249, 250},
        {"", "a", " + 1", 32, 1000},
        {"", "a", ".b", 249, 250},
        {"", "a", "[0]", 249, 250},
        {"", "a", ".f()", 249, 250},
        {"", "a", " == 1", 249, 250},
        {"", "a", " && b", 10000, 20000},    /* a chain is not deep, only large */
        {"", "a", " || b && c", 6000, 10000},
        {"[", "1", ",1]", 1, 250},
        {"((((!", "a", "))))", 62, 63}, /* parentheses count too */
        {"l.all(x, ", "x", ")", 249, 250},
        {"cel.bind(x, ", "x", ", x)", 249, 250},
        {"o.optMap(x, ", "x", ")", 62, 63}, /* four nodes each */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};

        if (cases[i].fine > 0) {
            cr_expect(eq(int,
                         parse_repeated(cases[i].first, cases[i].middle, cases[i].last,
                                        cases[i].fine, &err),
                         GEN_OK),
                      "%s%s: %s", cases[i].first, cases[i].last, err.message);
        }
        if (cases[i].refused > 0) {
            cr_expect(eq(int,
                         parse_repeated(cases[i].first, cases[i].middle, cases[i].last,
                                        cases[i].refused, &err),
                         GEN_ELIMIT),
                      "%s%s: %s", cases[i].first, cases[i].last, err.message);
            cr_expect(gt(u32, err.column, 0));
        }
    }
}

Test(parser, too_long)
{
    struct gen_error err = {0};

    cr_expect(eq(int, parse_repeated(" ", "1", "", GEN_PARSER_LONGEST - 1, &err), GEN_OK));
    cr_expect(eq(int, parse_repeated(" ", "1", "", GEN_PARSER_LONGEST, &err), GEN_ELIMIT));
    cr_expect(eq(u32, err.column, GEN_PARSER_LONGEST + 1));
}

Test(parser, place)
{
    uint32_t line = 0, column = 0;

    gen_parser_place("a\n\xC3\xA9 b", 6, 5, &line, &column);
    cr_expect(eq(u32, line, 2));
    cr_expect(eq(u32, column, 3));
}

Test(parser, no_memory)
{
    static const char text[] =
        "l.exists_one(i, v, has(v.a) && -i < 2.5) ? cel.bind(z, {?'k': m[?1]}, z.`a-b`) : [?o, b'x']"
        ".optMap(x, x + 1) == [1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5]";
    enum gen_status status = GEN_ENOMEM;
    long nth;

    for (nth = 1; status != GEN_OK; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_tree *tree = NULL;
        struct gen_error err = {0};

        gen_alloc_fail_at(nth);
        status = gen_parser_parse(text, sizeof(text) - 1, arena, &tree, &err);
        gen_alloc_fail_at(0);
        if (status != GEN_OK) {
            cr_expect(eq(int, status, GEN_ENOMEM));
            cr_expect(eq(int, err.status, GEN_ENOMEM));
            cr_expect(eq(ptr, tree, NULL));
        }
        gen_arena_destroy(arena);
        cr_assert(lt(long, nth, 10000));
    }
    cr_expect(gt(long, nth, 2)); /* it did allocate */
}

/* Calls `look` with each row of a file of vectors; returns how many there were. */
static size_t each_row(const char *name, void (*look)(const char *id, const struct gen_node *row))
{
    char path[1000];
    struct gen_bytes text;
    char block[4096];
    size_t rows = 0;
    size_t got;
    FILE *file;

    snprintf(path, sizeof(path), "%s/tests/data/cel/%s.jsonl", GEN_SOURCE_DIR, name);
    file = fopen(path, "rb");
    cr_assert(ne(ptr, file, NULL), "%s", path);
    gen_bytes_init(&text, 10000000);
    while ((got = fread(block, 1, sizeof(block), file)) > 0) {
        gen_bytes_append(&text, block, got);
    }
    fclose(file);
    cr_assert(eq(int, gen_bytes_status(&text), GEN_OK));
    for (char *line = text.data, *end; line < text.data + text.size; line = end + 1) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *row = NULL;
        struct gen_error err = {0};

        end = memchr(line, '\n', (size_t)(text.data + text.size - line));
        cr_assert(ne(ptr, end, NULL));
        cr_assert(eq(int, gen_json_read_as(line, (size_t)(end - line), name, GEN_JSON_NULS, arena, &row,
                                      &err), GEN_OK));
        look(gen_node_text(gen_node_get(row, "id"), "?"), row);
        rows++;
        gen_arena_destroy(arena);
    }
    gen_bytes_fini(&text);
    return rows;
}

/* The status of a row's expression; `words` gets the message. */
static enum gen_status parse_row(const struct gen_node *row, char *words, size_t size)
{
    const struct gen_node *text = gen_node_get(row, "expr");
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_tree *tree = NULL;
    struct gen_error err = {0};
    enum gen_status status = gen_parser_parse(text->text, text->size, arena, &tree, &err);

    gen_error_text(&err, words, size);
    gen_arena_destroy(arena);
    return status;
}

static void look_parses(const char *id, const struct gen_node *row)
{
    char words[1000];

    cr_expect(eq(int, parse_row(row, words, sizeof(words)), GEN_OK), "%s: %s", id, words);
}

static void look_syntax(const char *id, const struct gen_node *row)
{
    bool parses = gen_node_truth(gen_node_get(row, "parses"), false);
    char words[1000];
    enum gen_status status = parse_row(row, words, sizeof(words));

    cr_expect(eq(int, status, parses ? GEN_OK : GEN_EINVAL), "%s: %s", id, words);
    if (!parses) {
        cr_expect(ne(ptr, strstr(words, "expected "), NULL), "%s: %s", id, words);
    }
}

Test(parser, vectors)
{
    cr_expect(eq(sz, each_row("conformance", look_parses), 896));
    cr_expect(eq(sz, each_row("extras", look_parses), 121));
    cr_expect(eq(sz, each_row("syntax", look_syntax), 89));
}
