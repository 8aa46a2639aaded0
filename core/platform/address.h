/* address.h - may a request to a stranger's URL go to this network address?
 *
 * The table holds what IANA registers as not globally reachable (loopback, private, link-local,
 * shared, documentation, multicast, reserved), so that a link handed out by a provider cannot reach
 * our own machines. IPv4 addresses wrapped in IPv6 (mapped, NAT64, 6to4) are judged by what is
 * inside. It resolves no names and opens no sockets.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/address_test.c
 */
#ifndef GEN_PLATFORM_ADDRESS_H
#define GEN_PLATFORM_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { GEN_ADDRESS_TEXT_SIZE = 64 };

struct sockaddr;

/* Is it a globally reachable unicast address? Anything but IPv4 and IPv6 is not. */
bool gen_address_public(const struct sockaddr *address, size_t size);

/* The same for its text ("192.0.2.1", "fe80::1%eth0"); text that is no address is not public. */
bool gen_address_text_public(const char *text);

/* This machine: 127.0.0.0/8 or ::1. */
bool gen_address_text_loopback(const char *text);

/* The address without its port, "?" when it is neither IPv4 nor IPv6. Returns `out`
 * (GEN_ADDRESS_TEXT_SIZE bytes). */
const char *gen_address_text(const struct sockaddr *address, size_t size, char *out);

#endif
