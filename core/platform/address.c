/* address.c - see address.h. Sources of the tables: the IANA IPv4 and IPv6 special-purpose address
 * registries (RFC 6890 and its updates). */
#include "platform/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct block {
    uint8_t prefix[16];
    int bits;     /* 0 ends a table */
    int inner_at; /* an IPv4 address begins at this byte and decides; 0 = refused as a whole */
};

static const struct block BLOCKS_4[] = {
    {{0}, 8, 0},             /* this network; 0.0.0.0 reaches the own machine on Linux */
    {{10}, 8, 0},            /* private */
    {{100, 64}, 10, 0},      /* shared by carriers (CGNAT) */
    {{127}, 8, 0},           /* loopback */
    {{169, 254}, 16, 0},     /* link-local, and the metadata services of clouds */
    {{172, 16}, 12, 0},      /* private */
    {{192, 0, 0}, 24, 0},    /* protocol assignments */
    {{192, 0, 2}, 24, 0},    /* documentation */
    {{192, 88, 99}, 24, 0},  /* 6to4 relays, withdrawn */
    {{192, 168}, 16, 0},     /* private */
    {{198, 18}, 15, 0},      /* benchmarks */
    {{198, 51, 100}, 24, 0}, /* documentation */
    {{203, 0, 113}, 24, 0},  /* documentation */
    {{224}, 4, 0},           /* multicast */
    {{240}, 4, 0},           /* reserved, and broadcast */
    {{0}, 0, 0},
};

static const struct block BLOCKS_6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12}, /* IPv4-mapped */
    {{0}, 96, 0},                                         /* ::, ::1, IPv4-compatible (withdrawn) */
    {{0, 0x64, 0xff, 0x9b}, 96, 12},                      /* NAT64 */
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, 0},                 /* NAT64 of a local network */
    {{0x01}, 64, 0},                                      /* discard only */
    {{0x20, 0x02}, 16, 2},                                /* 6to4 */
    {{0x20, 0x01}, 23, 0},             /* protocol assignments, Teredo and ORCHID among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, 0}, /* documentation */
    {{0x3f, 0xff}, 20, 0},             /* documentation */
    {{0x5f}, 16, 0},                   /* segment routing */
    {{0xfc}, 7, 0},                    /* unique local */
    {{0xfe, 0x80}, 10, 0},             /* link-local */
    {{0xfe, 0xc0}, 10, 0},             /* site-local, withdrawn */
    {{0xff}, 8, 0},                    /* multicast */
    {{0}, 0, 0},
};

static bool block_has(const struct block *block, const uint8_t *bytes)
{
    int whole = block->bits / 8;
    int rest = block->bits % 8;
    uint8_t mask = (uint8_t)(0xff00 >> rest);

    if (memcmp(block->prefix, bytes, (size_t)whole) != 0) {
        return false;
    }
    return rest == 0 || ((block->prefix[whole] ^ bytes[whole]) & mask) == 0;
}

static bool bytes_public_4(const uint8_t *bytes)
{
    for (const struct block *block = BLOCKS_4; block->bits > 0; block++) {
        if (block_has(block, bytes)) {
            return false;
        }
    }
    return true;
}

static bool bytes_public_6(const uint8_t *bytes)
{
    for (const struct block *block = BLOCKS_6; block->bits > 0; block++) {
        if (block_has(block, bytes)) {
            return block->inner_at > 0 && bytes_public_4(bytes + block->inner_at);
        }
    }
    return true;
}

bool gen_address_public(const struct sockaddr *address, size_t size)
{
    if (address->sa_family == AF_INET && size >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in four;

        memcpy(&four, address, sizeof four);
        return bytes_public_4((const uint8_t *)&four.sin_addr);
    }
    if (address->sa_family == AF_INET6 && size >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 six;

        memcpy(&six, address, sizeof six);
        return bytes_public_6(six.sin6_addr.s6_addr);
    }
    return false;
}

bool gen_address_text_public(const char *text)
{
    char plain[INET6_ADDRSTRLEN];
    size_t size = strcspn(text, "%"); /* without the scope */
    uint8_t bytes[16];

    if (size >= sizeof plain) {
        return false;
    }
    memcpy(plain, text, size);
    plain[size] = '\0';
    if (inet_pton(AF_INET, plain, bytes) == 1) {
        return bytes_public_4(bytes);
    }
    return inet_pton(AF_INET6, plain, bytes) == 1 && bytes_public_6(bytes);
}

bool gen_address_text_loopback(const char *text)
{
    uint8_t bytes[16];

    if (inet_pton(AF_INET, text, bytes) == 1) {
        return bytes[0] == 127;
    }
    return inet_pton(AF_INET6, text, bytes) == 1 &&
           memcmp(bytes, &in6addr_loopback, sizeof bytes) == 0;
}

const char *gen_address_text(const struct sockaddr *address, size_t size, char *out)
{
    const void *bytes = NULL;
    struct sockaddr_in four;
    struct sockaddr_in6 six;

    if (address->sa_family == AF_INET && size >= sizeof four) {
        memcpy(&four, address, sizeof four);
        bytes = &four.sin_addr;
    } else if (address->sa_family == AF_INET6 && size >= sizeof six) {
        memcpy(&six, address, sizeof six);
        bytes = &six.sin6_addr;
    }
    if (bytes == NULL || inet_ntop(address->sa_family, bytes, out, GEN_ADDRESS_TEXT_SIZE) == NULL) {
        memcpy(out, "?", 2);
    }
    return out;
}
