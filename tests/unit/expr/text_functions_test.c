/* text_functions_test.c - the functions over strings: conformance vectors, positions, empty texts. */
#include "expr/text_functions.h"

#include "call.h"
#include "expr/type.h"

#define E_ACUTE "\xC3\xA9"
#define COPY "\xC2\xA9"         /* U+00A9 */
#define ALPHA "\xCE\xB1"        /* U+03B1 */
#define CAT "\xF0\x9F\x90\xB1"  /* U+1F431 */
#define GRIN "\xF0\x9F\x98\x80" /* U+1F600 */
#define GREEK "\xCF\x80\xCE\xAD\xCE\xBD\xCF\x84\xCE\xB5"
#define TACO "ta" COPY "o" COPY ALPHA "T"

Test(text_functions, size)
{
    const struct call_case cases[] = {
        CALL("size", I(0), S("")),
        CALL("size", I(1), S("\xC3\xBF")),
        CALL("size", I(5), S(GREEK)),
        CALL("size", I(1), S(GRIN)),
        CALL("size", I(3), S("a\0b")),
        CALL("size", I(0), Y("")),
        CALL("size", I(2), Y("\xC3\xBF")),
        CALL("size", I(0), EMPTY),
        CALL("size", I(2), LIST(I(1), I(2))),
        CALL(".size", I(1), S(GRIN)),
        CALL(".size", I(4), Y(GRIN)),
        CALL(".size", I(1), LIST(N)),
        CALL("size", WRONG, I(1)),
        CALL("size", WRONG, N),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, size_of_maps)
{
    static const struct gen_shape_field fields[] = {
        {"a", &gen_type_int, ""}, {"b", &gen_type_int, ""}, {"c", &gen_type_int, ""}, {0}};
    static const struct gen_shape shape = {"job", fields, ""};
    const struct gen_value values[] = {I(1), {0}, N};
    const struct gen_record_value record = {&shape, values};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_table *table = gen_table_create(arena, 2);
    struct call_case cases[] = {
        CALL("size", I(2), gen_value_map(table)),
        CALL(".size", I(2), gen_value_map(table)),
        CALL("size", I(2), gen_value_record(&record)), /* what is absent does not count */
        CALL(".size", I(2), gen_value_record(&record)),
    };

    cr_assert(gen_table_put(table, I(1), N) == GEN_OK);
    cr_assert(gen_table_put(table, S("two"), N) == GEN_OK);
    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
    gen_arena_destroy(arena);
}

Test(text_functions, finding)
{
    const struct call_case cases[] = {
        CALL(".contains", B(true), S("hello"), S("he")),
        CALL(".contains", B(true), S("hello"), S("")),
        CALL(".contains", B(false), S("hello"), S("ol")),
        CALL(".contains", B(true), S("abababc"), S("ababc")),
        CALL(".contains", B(true), S(CAT GRIN), S(GRIN)),
        CALL(".contains", B(true), S(""), S("")),
        CALL(".contains", B(false), S(""), S("a")),
        CALL(".contains", B(true), S("a\0b"), S("\0b")),
        CALL(".contains", WRONG, S("a1"), I(1)),
        CALL(".contains", WRONG, Y("a"), Y("a")),
        CALL(".startsWith", B(false), S(""), S("foo")),
        CALL(".startsWith", B(true), S("foobar"), S("")),
        CALL(".startsWith", B(true), S("foobar"), S("foobar")),
        CALL(".startsWith", B(true), S(CAT GRIN), S(CAT)),
        CALL(".startsWith", B(false), S("foo"), S("food")),
        CALL(".endsWith", B(false), S("foobar"), S("foo")),
        CALL(".endsWith", B(true), S("foobar"), S("")),
        CALL(".endsWith", B(true), S(""), S("")),
        CALL(".endsWith", B(true), S("fort" E_ACUTE), S("t" E_ACUTE)),
        CALL(".endsWith", B(false), S("r"), S("bar")),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, index_of)
{
    const struct call_case cases[] = {
        CALL(".indexOf", I(0), S("tacocat"), S("")),
        CALL(".indexOf", I(1), S("tacocat"), S("ac")),
        CALL(".indexOf", I(-1), S("tacocat"), S("none")),
        CALL(".indexOf", I(3), S("tacocat"), S(""), I(3)),
        CALL(".indexOf", I(7), S("tacocat"), S(""), I(7)),
        CALL(".indexOf", I(4), S(TACO), S(COPY), I(3)),
        CALL(".indexOf", I(4), S(TACO), S(COPY ALPHA "T"), I(3)),
        CALL(".indexOf", I(-1), S(TACO), S(COPY ALPHA), I(5)),
        CALL(".indexOf", I(7), S("hello wello"), S("ello"), I(6)),
        CALL(".indexOf", I(-1), S(""), S("a")),
        CALL(".indexOf", I(0), S(""), S(""), I(0)),
        CALL(".indexOf", I(-1), S("abc"), S("c"), I(3)), /* the end is a position */
        CALL(".indexOf", WRONG, S("tacocat"), S("a"), I(30)),
        CALL(".indexOf", WRONG, S("tacocat"), S(""), I(8)),
        CALL(".indexOf", WRONG, S(GRIN), S(""), I(2)), /* inside the bytes, outside the text */
        CALL(".indexOf", WRONG, S("tacocat"), S("a"), I(-1)),
        CALL(".indexOf", WRONG, S("tacocat"), S("a"), I(INT64_MAX)),
        CALL(".indexOf", WRONG, I(42), S("4"), I(0)),
        CALL(".indexOf", WRONG, S("42"), S("4"), S("0")),
        CALL(".lastIndexOf", I(-1), S(""), S("@@")),
        CALL(".lastIndexOf", I(-1), S("tacocat"), S("none")),
        CALL(".lastIndexOf", I(7), S("tacocat"), S("")),
        CALL(".lastIndexOf", I(3), S("tacocat"), S(""), I(3)),
        CALL(".lastIndexOf", I(5), S("tacocat"), S("at")),
        CALL(".lastIndexOf", I(4), S(TACO), S(COPY)),
        CALL(".lastIndexOf", I(2), S(TACO), S(COPY), I(3)),
        CALL(".lastIndexOf", I(4), S(TACO), S(COPY ALPHA), I(4)),
        CALL(".lastIndexOf", I(-1), S("hello wello"), S("low")),
        CALL(".lastIndexOf", I(-1), S("hello wello"), S("elbo room!!")),
        CALL(".lastIndexOf", I(0), S("hello wello"), S("hello wello")),
        CALL(".lastIndexOf", I(1), S("hello mellow"), S("ello"), I(6)),
        CALL(".lastIndexOf", I(6), S("bananananana"), S("nana"), I(7)),
        CALL(".lastIndexOf", I(0), S("aaa"), S("a"), I(0)),
        CALL(".lastIndexOf", WRONG, S("tacocat"), S("a"), I(-1)),
        CALL(".lastIndexOf", WRONG, S("tacocat"), S("a"), I(30)),
        CALL(".lastIndexOf", WRONG, S("tacocat"), S("longer than it"), I(30)),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, parts)
{
    const struct call_case cases[] = {
        CALL(".charAt", S("o"), S("tacocat"), I(3)),
        CALL(".charAt", S(""), S("tacocat"), I(7)),
        CALL(".charAt", S(COPY), S(TACO), I(4)),
        CALL(".charAt", S(""), S(""), I(0)),
        CALL(".charAt", S(""), S(GRIN), I(1)),
        CALL(".charAt", WRONG, S("tacocat"), I(8)),
        CALL(".charAt", WRONG, S(GRIN), I(2)),
        CALL(".charAt", WRONG, S("tacocat"), I(-1)),
        CALL(".charAt", WRONG, I(42), I(2)),
        CALL(".substring", S("cat"), S("tacocat"), I(4)),
        CALL(".substring", S(""), S("tacocat"), I(7)),
        CALL(".substring", S("taco"), S("tacocat"), I(0), I(4)),
        CALL(".substring", S(""), S("tacocat"), I(4), I(4)),
        CALL(".substring", S(COPY "o" COPY ALPHA), S(TACO), I(2), I(6)),
        CALL(".substring", S(COPY ALPHA "T"), S(TACO), I(4)),
        CALL(".substring", WRONG, S("tacocat"), I(40)),
        CALL(".substring", WRONG, S("tacocat"), I(-1)),
        CALL(".substring", WRONG, S("tacocat"), I(1), I(50)),
        CALL(".substring", WRONG, S("tacocat"), I(49), I(50)),
        CALL(".substring", WRONG, S("tacocat"), I(4), I(3)),
        CALL(".substring", WRONG, S("tacocat"), I(0), I(-1)),
        CALL(".substring", WRONG, S("hello"), I(1), I(2), I(3)),
        CALL(".substring", WRONG, S("tacocat"), B(true), I(3)),
        CALL(".trim", S(""), S("")),
        CALL(".trim", S(""), S(" \t\r\n\v\f ")),
        CALL(".trim", S("a b"), S("  a b\n")),
        CALL(".trim", S("text"), S("\xC2\x85\xC2\xA0\xE1\x9A\x80text")),
        CALL(".trim", S("text"),
             S("\xE2\x80\x8Atext\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAF\xE2\x81\x9F\xE3\x80\x80")),
        /* zero width is not white */
        CALL(".trim", S("\xE1\xA0\x8Etext\xE2\x80\x8B\xE2\x81\xA0\xEF\xBB\xBF"),
             S("\xE1\xA0\x8Etext\xE2\x80\x8B\xE2\x81\xA0\xEF\xBB\xBF")),
        CALL(".trim", S("\0"), S(" \0 ")),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, changing)
{
    const struct call_case cases[] = {
        CALL(".lowerAscii", S("tacoc\xC3\x86t xii"), S("TacoC\xC3\x86t Xii")),
        CALL(".lowerAscii", S("@[`{az"), S("@[`{AZ")),
        CALL(".lowerAscii", S(""), S("")),
        CALL(".upperAscii", S("TACOCAT"), S("tacoCat")),
        CALL(".upperAscii", S("TACOC" ALPHA "T"), S("tacoC" ALPHA "t")),
        CALL(".upperAscii", S("@[`{AZ"), S("@[`{az")),
        CALL(".reverse", S(""), S("")),
        CALL(".reverse", S("\xE2\x98\xBA"), S("\xE2\x98\xBA")),
        CALL(".reverse", S("t" ALPHA "Co" COPY "aT"), S("Ta" COPY "oC" ALPHA "t")),
        CALL(".reverse", S(GRIN "\0" CAT), S(CAT "\0" GRIN)),
        CALL(".replace", S("12 days 12 hours"), S("12 days 12 hours"), S("{0}"), S("2")),
        CALL(".replace", S("2 days {0} hours"), S("{0} days {0} hours"), S("{0}"), S("2"), I(1)),
        CALL(".replace", S("23 days 23 hours"), S("{0} days {0} hours"), S("{0}"), S("23")),
        CALL(".replace", S("wello wello"), S("hello hello"), S("he"), S("we"), I(-1)),
        CALL(".replace", S("hello hello"), S("hello hello"), S("he"), S("we"), I(0)),
        CALL(".replace", S("1 " COPY "o" COPY ALPHA " taco"), S("1 " COPY ALPHA "T taco"),
             S(ALPHA "T"), S("o" COPY ALPHA)),
        CALL(".replace", S("baba"), S("aaaba"), S("aa"), S("b"), I(1)),
        CALL(".replace", S("a"), S("aaa"), S("aa"), S("")),
        CALL(".replace", S(""), S("aaaa"), S("aa"), S("")),
        /* an empty text stands before every character and at the end */
        CALL(".replace", S("_a_" E_ACUTE "_"), S("a" E_ACUTE), S(""), S("_")),
        CALL(".replace", S("_a" E_ACUTE), S("a" E_ACUTE), S(""), S("_"), I(1)),
        CALL(".replace", S("_a_" E_ACUTE), S("a" E_ACUTE), S(""), S("_"), I(2)),
        CALL(".replace", S("_"), S(""), S(""), S("_")),
        CALL(".replace", WRONG, S("42"), I(2), S("1"), I(1)),
        CALL(".replace", WRONG, S("42"), S("2"), S("1"), S("1")),
        CALL(".replace", WRONG, S("42"), S("2"), S("1"), I(1), B(false)),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, lists)
{
    const struct call_case cases[] = {
        CALL(".join", S("xy"), LIST(S("x"), S("y"))),
        CALL(".join", S("x-y"), LIST(S("x"), S("y")), S("-")),
        CALL(".join", S(""), EMPTY, S("-")),
        CALL(".join", S(""), EMPTY),
        CALL(".join", S("x"), LIST(S("x")), S("-")),
        CALL(".join", S("--"), LIST(S(""), S(""), S("")), S("-")),
        CALL(".join", WRONG, LIST(S("x"), I(1))),
        CALL(".join", WRONG, LIST(S("x")), I(1)),
        CALL(".split", LIST(S("hello"), S("world")), S("hello world"), S(" ")),
        CALL(".split", EMPTY, S("hello world events!"), S(" "), I(0)),
        CALL(".split", LIST(S("hello world")), S("hello world"), S(" "), I(1)),
        CALL(".split", LIST(S("hello"), S("world again")), S("hello world again"), S(" "), I(2)),
        CALL(".split", LIST(S("o"), S("o"), S("o"), S("o")), S("o" COPY "o" COPY "o" COPY "o"),
             S(COPY), I(-1)),
        CALL(".split", LIST(S("")), S(""), S(",")),
        CALL(".split", LIST(S(""), S("")), S(","), S(",")),
        CALL(".split", LIST(S("a"), S(""), S("b"), S("")), S("a,,b,"), S(",")),
        CALL(".split", LIST(S("a")), S("a"), S(","), I(5)),
        /* without a separator: characters */
        CALL(".split", LIST(S("a"), S(E_ACUTE), S(GRIN)), S("a" E_ACUTE GRIN), S("")),
        CALL(".split", LIST(S("a"), S(E_ACUTE GRIN)), S("a" E_ACUTE GRIN), S(""), I(2)),
        CALL(".split", EMPTY, S(""), S("")),
        CALL(".split", WRONG, I(42), S("2")),
        CALL(".split", WRONG, S("42"), S("2"), S("1")),
        CALL(".split", WRONG, S("42"), I(2), I(1)),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

Test(text_functions, quote)
{
    const struct call_case cases[] = {
        CALL("strings.quote", S("\"\""), S("")),
        CALL("strings.quote", S("\"verbatim\""), S("verbatim")),
        CALL("strings.quote", S("\"first\\nsecond\""), S("first\nsecond")),
        CALL("strings.quote", S("\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\""), S("\a\b\f\n\r\t\v\\\"")),
        CALL("strings.quote", S("\"double \\\\\\\\ slash\""), S("double \\\\ slash")),
        CALL("strings.quote", S("\"size('" GREEK "')\""), S("size('" GREEK "')")),
        CALL("strings.quote", S("\"" CAT GRIN "\""), S(CAT GRIN)),
        CALL("strings.quote", S("\"a\0b\""), S("a\0b")),
        CALL("strings.quote", WRONG, I(1)),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

/* An empty text may point nowhere. */
Test(text_functions, nowhere)
{
    const struct gen_value none = gen_value_string(NULL, 0), no_bytes = gen_value_bytes(NULL, 0);
    const struct call_case cases[] = {
        CALL("size", I(0), none),
        CALL("size", I(0), no_bytes),
        CALL(".contains", B(true), none, none),
        CALL(".contains", B(true), S("a"), none),
        CALL(".startsWith", B(true), none, none),
        CALL(".endsWith", B(true), none, none),
        CALL(".charAt", S(""), none, I(0)),
        CALL(".indexOf", I(0), none, none),
        CALL(".lastIndexOf", I(0), none, none),
        CALL(".join", S(""), LIST(none, none), none),
        CALL(".lowerAscii", S(""), none),
        CALL(".replace", S("_"), none, none, S("_")),
        CALL(".replace", S("ab"), S("ab"), none, none),
        CALL(".replace", S("a"), S("ab"), S("b"), none),
        CALL(".split", EMPTY, none, none),
        CALL(".split", LIST(S("")), none, S(",")),
        CALL(".substring", S(""), none, I(0), I(0)),
        CALL(".trim", S(""), none),
        CALL(".reverse", S(""), none),
        CALL("strings.quote", S("\"\""), none),
    };

    check_cases(gen_text_functions, cases, GEN_COUNT(cases));
}

/* The price grows with the work: a search that starts over at every byte is stopped. */
Test(text_functions, price)
{
    enum { LONG = 20000 };
    static char hay[LONG], needle[LONG / 2];
    const struct gen_value args[2] = {gen_value_string(hay, sizeof(hay)),
                                      gen_value_string(needle, sizeof(needle))};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = 100000};
    struct gen_value got;

    memset(hay, 'a', sizeof(hay));
    memset(needle, 'a', sizeof(needle));
    needle[sizeof(needle) - 1] = 'b';
    got = call_find(gen_text_functions, ".lastIndexOf", args, 2)->run(&run, args, 2);
    cr_assert(gen_value_is(got, GEN_KIND_FAULT));
    cr_expect(got.as.fault->final);
    run.budget = 100000;
    got = call_find(gen_text_functions, ".indexOf", args, 2)->run(&run, args, 2);
    cr_expect(call_same(got, I(-1)));
    gen_arena_destroy(arena);
}

/* A result that no string can hold is refused before memory is asked for. */
Test(text_functions, too_long)
{
    enum { LONG = 70000 };
    static char letters[LONG];
    const struct gen_value text = gen_value_string(letters, LONG);
    const struct gen_value args[3] = {text, S("a"), text};
    struct gen_arena *arena = gen_arena_create(1000000);
    struct gen_run run = {.arena = arena, .budget = UINT64_MAX};
    struct gen_value got;

    memset(letters, 'a', LONG);
    got = call_find(gen_text_functions, ".replace", args, 3)->run(&run, args, 3);
    cr_assert(gen_value_is(got, GEN_KIND_FAULT));
    cr_expect(eq(str, (char *)got.as.fault->message, "the text would be too long"));
    gen_arena_destroy(arena);
}
