/* steady.c - in builds with libFuzzer: no randomness inside a target, so that an input does the same
 * each time and a seed leads to the same inputs each time (packaging/fuzz.sh --fixed).
 *
 * base/map takes the seed of its hashes from arc4random_buf: this one stands before the C library's.
 * jansson has a seed of its own, and libFuzzer sees the comparisons of its keys.
 * NOT here: addresses, which libFuzzer sees where pointers are compared; fuzz.sh turns their
 * randomness off. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void arc4random_buf(void *out, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
extern void json_object_seed(size_t seed) __attribute__((weak)); /* NULL: without jansson */

void arc4random_buf(void *out, size_t size)
{
    memset(out, 0x5a, size);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (json_object_seed != NULL) {
        json_object_seed(0x5a5a5a5a);
    }
    return 0;
}
