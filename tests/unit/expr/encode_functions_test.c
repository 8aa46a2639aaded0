/* encode_functions_test.c - base64, both ways. */
#include "expr/encode_functions.h"

#include "call.h"

Test(encode_functions, base64)
{
    const struct call_case cases[] = {
        /* RFC 4648, section 10 */
        CALL("base64.encode", S(""), Y("")),
        CALL("base64.encode", S("Zg=="), Y("f")),
        CALL("base64.encode", S("Zm8="), Y("fo")),
        CALL("base64.encode", S("Zm9v"), Y("foo")),
        CALL("base64.encode", S("Zm9vYg=="), Y("foob")),
        CALL("base64.encode", S("Zm9vYmE="), Y("fooba")),
        CALL("base64.encode", S("Zm9vYmFy"), Y("foobar")),
        CALL("base64.encode", S("aGVsbG8="), Y("hello")),
        CALL("base64.encode", S("AP/+"), Y("\0\xff\xfe")),
        CALL("base64.encode", S(""), gen_value_bytes(NULL, 0)),
        CALL("base64.decode", Y(""), gen_value_string(NULL, 0)),
        CALL("base64.encode", WRONG, S("text")), /* bytes only */
        CALL("base64.decode", Y(""), S("")),
        CALL("base64.decode", Y("f"), S("Zg==")),
        CALL("base64.decode", Y("fo"), S("Zm8=")),
        CALL("base64.decode", Y("foobar"), S("Zm9vYmFy")),
        CALL("base64.decode", Y("hello"), S("aGVsbG8=")),
        CALL("base64.decode", Y("Hello World!"), S("SGVsbG8gV29ybGQh")),
        CALL("base64.decode", Y("\0\xff\xfe"), S("AP/+")),
        /* padding may be left out, lines may end */
        CALL("base64.decode", Y("hello"), S("aGVsbG8")),
        CALL("base64.decode", Y("f"), S("Zg")),
        CALL("base64.decode", Y("foobar"), S("Zm9v\r\nYmFy\n")),
        /* not base64 */
        CALL("base64.decode", WRONG, S("Z")),
        CALL("base64.decode", WRONG, S("Zm9vY")),
        CALL("base64.decode", WRONG, S("Zg=")),
        CALL("base64.decode", WRONG, S("Zg===")),
        CALL("base64.decode", WRONG, S("====")),
        CALL("base64.decode", WRONG, S("=Zg=")),
        CALL("base64.decode", WRONG, S("Zg==Zg==")),
        CALL("base64.decode", WRONG, S("Zm9v YmFy")),
        CALL("base64.decode", WRONG, S("AP_-")), /* the other alphabet */
        CALL("base64.decode", WRONG, S("Zm\0v")),
        CALL("base64.decode", WRONG, S("Zm9\xC3\xA9")),
    };

    check_cases(gen_encode_functions, cases, GEN_COUNT(cases));
}

/* Every length and every byte comes back. */
Test(encode_functions, round_trip)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_run run = {.arena = arena, .budget = CALL_BUDGET};
    const struct gen_overload *rows = gen_encode_functions;
    char data[300];

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (char)(i * 7 + i / 256);
    }
    for (size_t size = 0; size <= sizeof(data); size++) {
        struct gen_value bytes = gen_value_bytes(data, size);
        struct gen_value text = rows[0].run(&run, &bytes, 1);
        struct gen_value back = rows[1].run(&run, &text, 1);

        cr_assert(call_same(bytes, back), "%zu bytes", size);
    }
    gen_arena_destroy(arena);
}
