/* crypto_test.c - core/platform/crypto.c against published vectors and a predictable generator. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "platform/crypto.h"

#include <stdio.h>
#include <string.h>

static void init(void)
{
    struct gen_error err;

    cr_assert(gen_crypto_init(&err) == GEN_OK);
}

TestSuite(crypto, .init = init);

Test(crypto, init_may_be_called_again)
{
    struct gen_error err;

    cr_expect(gen_crypto_init(&err) == GEN_OK);
}

Test(crypto, digests_are_blake2b_of_256_bits)
{
    static const struct {
        const char *text, *hex;
    } cases[] = {
        /* of nothing */
        {"", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
        /* RFC 7693's input, at 256 bits */
        {"abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char hex[GEN_DIGEST_TEXT_SIZE];

        gen_digest_of(cases[i].text, strlen(cases[i].text), hex);
        cr_expect(eq(str, hex, (char *)cases[i].hex));
    }
}

Test(crypto, a_digest_does_not_depend_on_how_the_data_is_cut)
{
    unsigned char data[1000];
    char whole[GEN_DIGEST_TEXT_SIZE];

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (unsigned char)(i * 7);
    }
    gen_digest_of(data, sizeof(data), whole);
    for (size_t piece = 1; piece <= 300; piece += 13) {
        struct gen_digest digest;
        char hex[GEN_DIGEST_TEXT_SIZE];

        gen_digest_init(&digest);
        for (size_t at = 0; at < sizeof(data); at += piece) {
            gen_digest_add(&digest, data + at,
                           sizeof(data) - at < piece ? sizeof(data) - at : piece);
        }
        gen_digest_text(&digest, hex);
        cr_expect(eq(str, hex, whole));
    }
}

Test(crypto, equal_is_equality)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"", "", true},
        {"a", "a", true},
        {"secret", "secret", true},
        {"a", "b", false},
        {"", "a", false},
        {"secret", "secre", false},
        {"aa", "a", false},
        {"secret", "Secret", false},
        /* differ in the last, and in the top bit only */
        {"abcd", "abce", false},
        {"\x80", "\x01", false},
        {"\xc3\xa9", "\xc3\xa9", true},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_crypto_equal(cases[i].a, cases[i].b) == cases[i].equal, "case %zu", i);
        cr_expect(gen_crypto_equal(cases[i].b, cases[i].a) == cases[i].equal, "case %zu", i);
    }
}

static void counting_fill(void *context, uint8_t *out, size_t size)
{
    uint8_t *next = context;

    for (size_t i = 0; i < size; i++) {
        out[i] = (*next)++;
    }
}

Test(crypto, tokens_are_url_safe_text_of_the_random_bytes)
{
    static const struct {
        uint8_t first;
        size_t size;
        const char *token;
    } cases[] = {
        {0, 0, ""},     {0, 1, "AA"},         {0, 2, "AAE"},
        {0, 3, "AAEC"}, {250, 6, "-vv8_f7_"}, /* the two characters in which URL-safe differs */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        uint8_t next = cases[i].first;
        struct gen_random random = {counting_fill, &next};
        char token[16];

        gen_crypto_token(&random, cases[i].size, token, sizeof(token));
        cr_expect(eq(str, token, (char *)cases[i].token));
    }
}

Test(crypto, real_randomness_differs_from_call_to_call)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};

    gen_random_fill(gen_random_real(), a, sizeof(a));
    gen_random_fill(gen_random_real(), b, sizeof(b));
    cr_expect(memcmp(a, b, sizeof(a)) != 0);
}

Test(crypto, idents_are_valid_and_carry_the_random_bytes_of_the_port)
{
    uint8_t next = 7;
    struct gen_random random = {counting_fill, &next};
    struct gen_ident first;
    struct gen_ident second;
    struct gen_ident again;

    gen_random_ident(&random, GEN_IDENT_JOB, 1700000000000, &first);
    gen_random_ident(&random, GEN_IDENT_JOB, 1700000000000, &second);
    next = 7;
    gen_random_ident(&random, GEN_IDENT_JOB, 1700000000000, &again);
    cr_expect(gen_ident_valid(GEN_IDENT_JOB, first.text));
    cr_expect(eq(str, first.text, again.text));
    cr_expect(ne(str, first.text, second.text));
}

Test(crypto, base64_there_and_back)
{
    static const struct {
        const char *text, *base64;
    } cases[] = {
        /* RFC 4648, section 10 */
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"}, /* the standard alphabet, not the URL-safe one */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char *encoded = NULL;
        void *decoded = NULL;
        size_t size = 99;

        cr_assert(gen_base64_encode(cases[i].text, strlen(cases[i].text), &encoded) == GEN_OK);
        cr_expect(eq(str, encoded, (char *)cases[i].base64));
        cr_assert(gen_base64_decode(encoded, strlen(encoded), &decoded, &size) == GEN_OK);
        cr_expect(eq(sz, size, strlen(cases[i].text)));
        cr_expect(memcmp(decoded, cases[i].text, size) == 0);
        gen_free(encoded);
        gen_free(decoded);
    }
}

Test(crypto, base64_that_is_not_exactly_base64_is_refused)
{
    static const char *const cases[] = {
        "Zg",     /* no padding */
        "Zg=",    /* half of it */
        "Zg===",  /* too much */
        "Z",      /* no byte at all */
        "Zm9v\n", /* white space */
        "Zm 9",
        "Zm9-", /* the other alphabet */
        "====",
        "Zh==",     /* bits that stand for nothing */
        "Zg==Zg==", /* something after the end */
        "Zm9v\xc3\xa9xx",
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        void *decoded = NULL;
        size_t size = 0;

        cr_expect(gen_base64_decode(cases[i], strlen(cases[i]), &decoded, &size) == GEN_EINVAL,
                  "%s", cases[i]);
        cr_expect(decoded == NULL);
    }
}

Test(crypto, base64_without_memory)
{
    void *decoded = NULL;
    char *encoded = NULL;
    size_t size = 0;

    gen_alloc_fail_at(1);
    cr_expect(gen_base64_encode("abc", 3, &encoded) == GEN_ENOMEM);
    gen_alloc_fail_at(1);
    cr_expect(gen_base64_decode("Zm9v", 4, &decoded, &size) == GEN_ENOMEM);
    gen_alloc_fail_at(0);
    cr_expect(encoded == NULL);
    cr_expect(decoded == NULL);
}
