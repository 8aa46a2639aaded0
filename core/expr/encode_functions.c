/* encode_functions.c - see encode_functions.h. */
#include "expr/encode_functions.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static struct gen_value encode(struct gen_run *run, const struct gen_value *args, size_t count)
{
    const char *data = args[0].as.text;
    uint64_t left = args[0].size;
    uint64_t size = (left + 2) / 3 * 4;
    char *text, *at;

    (void)count;
    if (size > UINT32_MAX) {
        return gen_value_fault(run->arena, "base64.encode: too many bytes");
    }
    if (!gen_run_charge(run, left + size)) {
        return gen_run_exhausted();
    }
    text = at = gen_arena_alloc(run->arena, size);
    if (text == NULL) {
        return gen_run_no_memory();
    }
    for (; left > 0; data += 3, at += 4, left -= left < 3 ? left : 3) {
        uint32_t bits = (uint32_t)(uint8_t)data[0] << 16;

        bits |= left > 1 ? (uint32_t)(uint8_t)data[1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(uint8_t)data[2] : 0;
        at[0] = alphabet[bits >> 18];
        at[1] = alphabet[bits >> 12 & 63];
        at[2] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
        at[3] = left > 2 ? alphabet[bits & 63] : '=';
        if (left <= 3) {
            break;
        }
    }
    return gen_value_string(text, size);
}

static int digit_of(char byte)
{
    const char *found = byte != '\0' ? strchr(alphabet, byte) : NULL;

    return found != NULL ? (int)(found - alphabet) : -1;
}

/* Characters and padding of a text; `*wrong` is the offset of what is neither, or the size. */
static void measure(const char *text, size_t size, size_t *digits, size_t *padding, size_t *wrong)
{
    size_t i;

    *digits = *padding = 0;
    for (i = 0; i < size; i++) {
        if (text[i] == '\n' || text[i] == '\r') {
            continue;
        }
        if (text[i] == '=') {
            ++*padding;
        } else if (*padding == 0 && digit_of(text[i]) >= 0) {
            ++*digits;
        } else {
            break;
        }
    }
    *wrong = i;
}

static struct gen_value decode(struct gen_run *run, const struct gen_value *args, size_t count)
{
    const char *text = args[0].as.text;
    size_t i, digits, padding, wrong, size = 0;
    uint32_t bits = 0, held = 0;
    char *data;

    (void)count;
    if (!gen_run_charge(run, (uint64_t)args[0].size * 2)) {
        return gen_run_exhausted();
    }
    measure(text, args[0].size, &digits, &padding, &wrong);
    if (wrong < args[0].size) {
        return gen_value_fault(run->arena, "base64.decode: not base64 at byte %zu", wrong);
    }
    if (digits % 4 == 1 || (padding > 0 && (padding > 2 || (digits + padding) % 4 != 0))) {
        return gen_value_fault(run->arena, "base64.decode: the text is cut off or padded wrongly");
    }
    data = gen_arena_alloc(run->arena, digits / 4 * 3 + 3);
    if (data == NULL) {
        return gen_run_no_memory();
    }
    for (i = 0; i < args[0].size; i++) {
        int digit = digit_of(text[i]);

        if (digit < 0) {
            continue; /* a line end, or padding */
        }
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            data[size++] = (char)(uint8_t)(bits >> held);
        }
    }
    return gen_value_bytes(data, size);
}

const struct gen_overload gen_encode_functions[] = {
    {"base64.encode", "y:s", encode},
    {"base64.decode", "s:y", decode},
    {0},
};
