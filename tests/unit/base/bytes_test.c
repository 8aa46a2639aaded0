/* bytes_test.c - growth, the maximum, and failure that stays. */
#include "base/alloc.h"
#include "base/bytes.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(bytes, grows)
{
    struct gen_bytes bytes;

    gen_bytes_init(&bytes, 100000);
    for (int i = 0; i < 1000; i++) {
        cr_assert(eq(int, gen_bytes_printf(&bytes, "%03d,", i), GEN_OK));
        cr_assert(eq(int, bytes.data[bytes.size], '\0'));
    }
    cr_expect(eq(sz, bytes.size, 4000));
    gen_bytes_drop(&bytes, 3992);
    cr_expect(eq(str, bytes.data, "998,999,"));
    gen_bytes_drop(&bytes, 100);
    cr_expect(eq(str, bytes.data, ""));
    gen_bytes_fini(&bytes);
    cr_expect(eq(ptr, bytes.data, NULL));
    gen_bytes_drop(&bytes, 1);
}

Test(bytes, maximum)
{
    struct gen_bytes bytes;

    gen_bytes_init(&bytes, 5);
    cr_expect(eq(int, gen_bytes_text(&bytes, "12345"), GEN_OK)); /* exactly full */
    cr_expect(eq(int, gen_bytes_text(&bytes, ""), GEN_OK));
    cr_expect(eq(int, gen_bytes_text(&bytes, "6"), GEN_ELIMIT));
    cr_expect(eq(str, bytes.data, "12345"));
    gen_bytes_drop(&bytes, 5);
    cr_expect(eq(int, gen_bytes_text(&bytes, "6"), GEN_ELIMIT)); /* sticky */
    gen_bytes_clear(&bytes);
    cr_expect(eq(int, gen_bytes_printf(&bytes, "%d", 67), GEN_OK));
    cr_expect(eq(int, gen_bytes_status(&bytes), GEN_OK));
    cr_expect(eq(int, gen_bytes_printf(&bytes, "%d", 123456), GEN_ELIMIT));
    cr_expect(eq(str, bytes.data, "67"));
    gen_bytes_fini(&bytes);
}

Test(bytes, take)
{
    struct gen_bytes bytes;
    size_t size = 9;
    char *data;

    gen_bytes_init(&bytes, 50);
    cr_expect(eq(ptr, gen_bytes_take(&bytes, &size), NULL));
    cr_expect(eq(sz, size, 0));
    gen_bytes_append(&bytes, "a\0b", 3);
    data = gen_bytes_take(&bytes, &size);
    cr_expect(eq(sz, size, 3));
    cr_expect(eq(int, memcmp(data, "a\0b", 4), 0));
    cr_expect(eq(sz, bytes.size, 0));
    gen_free(data);
    gen_bytes_fini(&bytes);
}

Test(bytes, no_memory)
{
    struct gen_bytes bytes;

    gen_bytes_init(&bytes, 1000);
    gen_alloc_fail_at(1);
    cr_expect(eq(int, gen_bytes_text(&bytes, "x"), GEN_ENOMEM));
    cr_expect(eq(int, gen_bytes_printf(&bytes, "x"), GEN_ENOMEM)); /* sticky */
    cr_expect(eq(sz, bytes.size, 0));
    gen_alloc_fail_at(0);
    gen_bytes_fini(&bytes);
}
