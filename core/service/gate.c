/* gate.c - see gate.h. */
#include "service/gate.h"

#include "base/alloc.h"

#include <arpa/inet.h>
#include <string.h>

enum { WAYS = 8, SETS = GEN_GATE_SLOTS / WAYS, NETWORK = 8 /* bytes of an IPv6 /64 */ };

struct bucket {
    unsigned char network[NETWORK]; /* IPv4: 4 bytes, then 0xff */
    bool used;
    int64_t left_ms; /* failures that are left, as the time that makes them */
    int64_t at;      /* as of */
};

struct gen_gate {
    uint64_t seed;
    struct bucket sets[SETS][WAYS];
};

enum { FULL_MS = GEN_GATE_BURST * GEN_GATE_REFILL_MS };

struct gen_gate *gen_gate_create(uint64_t seed)
{
    struct gen_gate *gate = gen_alloc(sizeof *gate);

    if (gate != NULL) {
        gate->seed = seed;
    }
    return gate;
}

void gen_gate_destroy(struct gen_gate *gate)
{
    gen_free(gate);
}

/* The network of an address; false for loopback, and for what is none. */
static bool network_of(const char *address, unsigned char out[NETWORK])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    struct in6_addr six;
    struct in_addr four;

    memset(out, 0xff, NETWORK);
    if (address == NULL) {
        return false;
    }
    if (inet_pton(AF_INET6, address, &six) == 1) {
        if (memcmp(six.s6_addr, mapped, sizeof mapped) != 0) {
            memcpy(out, six.s6_addr, NETWORK);
            return !IN6_IS_ADDR_LOOPBACK(&six);
        }
        memcpy(&four, six.s6_addr + sizeof mapped, sizeof four);
    } else if (inet_pton(AF_INET, address, &four) != 1) {
        return false;
    }
    memcpy(out, &four, sizeof four);
    return out[0] != 127;
}

static struct bucket *set_of(struct gen_gate *gate, const unsigned char network[NETWORK])
{
    uint64_t hash = gate->seed ^ UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < NETWORK; i++) {
        hash = (hash ^ network[i]) * UINT64_C(0x100000001b3);
    }
    hash ^= hash >> 32;
    return gate->sets[hash % SETS];
}

static int64_t left_at(const struct bucket *bucket, int64_t now)
{
    int64_t left = bucket->left_ms + (now > bucket->at ? now - bucket->at : 0);

    return left > FULL_MS ? FULL_MS : left;
}

static struct bucket *bucket_of(struct gen_gate *gate, const unsigned char network[NETWORK])
{
    struct bucket *set = set_of(gate, network);

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].used && memcmp(set[i].network, network, NETWORK) == 0) {
            return &set[i];
        }
    }
    return NULL;
}

bool gen_gate_open(struct gen_gate *gate, const char *address, int64_t now, int64_t *wait_s)
{
    unsigned char network[NETWORK];
    const struct bucket *bucket = !network_of(address, network) ? NULL : bucket_of(gate, network);
    int64_t left = bucket == NULL ? FULL_MS : left_at(bucket, now);

    *wait_s = left >= GEN_GATE_REFILL_MS ? 0 : (GEN_GATE_REFILL_MS - left + 999) / 1000;
    return *wait_s == 0;
}

void gen_gate_fail(struct gen_gate *gate, const char *address, int64_t now)
{
    unsigned char network[NETWORK];
    struct bucket *bucket;

    if (!network_of(address, network)) {
        return;
    }
    bucket = bucket_of(gate, network);
    if (bucket == NULL) { /* a free one, else the one that is nearest to full */
        struct bucket *set = set_of(gate, network);

        bucket = &set[0];
        for (size_t i = 1; i < WAYS && bucket->used; i++) {
            if (!set[i].used || left_at(&set[i], now) > left_at(bucket, now)) {
                bucket = &set[i];
            }
        }
        memcpy(bucket->network, network, NETWORK);
        bucket->used = true;
        bucket->left_ms = FULL_MS;
        bucket->at = now;
    }
    bucket->left_ms = left_at(bucket, now) - GEN_GATE_REFILL_MS;
    bucket->left_ms = bucket->left_ms < 0 ? 0 : bucket->left_ms;
    bucket->at = now;
}
