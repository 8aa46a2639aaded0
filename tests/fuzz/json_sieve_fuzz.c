/* json_sieve_fuzz.c - whatever a service answers, and however it is cut into pieces, the same is taken out
 * of it and the same stays; and what stays is never more than came.
 *
 * Input: a byte that chooses the pieces, then the answer. Runs of '~' stand for 1100 characters of base64,
 * so that small inputs reach the long texts. */
/* fuzz-runs: 5000 */
#include "base/json_sieve.h"

#include <stdlib.h>
#include <string.h>

enum { FUZZ_ANSWER = 65536, FUZZ_RUN = 1100 };

struct caught {
    unsigned char *data;
    size_t size;
};

static bool fuzz_sink(void *context, const void *data, size_t size)
{
    struct caught *caught = context;

    if (caught->size + size > FUZZ_ANSWER || size == 0) {
        abort(); /* base64 never becomes more */
    }
    memcpy(caught->data + caught->size, data, size);
    caught->size += size;
    return true;
}

static bool fuzz_pass(struct gen_json_sieve *sieve, const char *text, size_t size, unsigned piece,
                      struct caught *caught)
{
    static const char *const paths[] = {"data", "a[*].data", "a[*].b.c", "[*]", NULL};
    unsigned step = piece;

    gen_json_sieve_init(sieve, paths, FUZZ_ANSWER, fuzz_sink, caught);
    for (size_t at = 0; at < size;) {
        size_t next = piece == 0 ? size : 1 + step % (piece + 1);

        next = next < size - at ? next : size - at;
        if (!gen_json_sieve_feed(sieve, text + at, next)) {
            return false;
        }
        at += next;
        step = step * 1103515245u + 12345u;
    }
    return gen_json_sieve_end(sieve);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gen_json_sieve one, other;
    static unsigned char room[2][FUZZ_ANSWER];
    static char text[FUZZ_ANSWER];
    struct caught whole = {room[0], 0}, pieces = {room[1], 0};
    size_t used = 0;
    bool good;

    if (size < 2) {
        return 0;
    }
    for (size_t i = 1; i < size && used + FUZZ_RUN < sizeof(text); i++) {
        if (data[i] == '~') {
            memset(text + used, 'a' + data[i - 1] % 20, FUZZ_RUN);
            used += FUZZ_RUN;
        } else {
            text[used++] = (char)data[i];
        }
    }
    good = fuzz_pass(&one, text, used, 0, &whole);
    if (good != fuzz_pass(&other, text, used, data[0], &pieces) || one.found != other.found ||
        whole.size != pieces.size || memcmp(whole.data, pieces.data, whole.size) != 0 ||
        (good && (one.rest.size != other.rest.size || one.rest.size > used ||
                  (one.rest.size > 0 &&
                   memcmp(one.rest.data, other.rest.data, one.rest.size) != 0))) ||
        (!one.found && good && one.rest.size != used)) {
        abort();
    }
    gen_json_sieve_fini(&one);
    gen_json_sieve_fini(&other);
    return 0;
}
