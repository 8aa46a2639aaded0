/* address_test.c - core/platform/address.c: each block's first and last address, and the neighbours
 * that are not in it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "platform/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address_case {
    const char *text;
    bool public;
};

static const struct address_case CASES[] = {
    /* ordinary ones */
    {"8.8.8.8", true},
    {"1.1.1.1", true},
    {"93.184.216.34", true},
    {"2606:4700::1111", true},
    {"2a00:1450:4001:82a::200e", true},
    /* this network, private, shared, loopback, link-local */
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.169.254", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"192.167.255.255", true},
    {"192.168.0.1", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    /* protocol assignments, documentation, benchmarks */
    {"192.0.0.8", false},
    {"192.0.1.0", true},
    {"192.0.2.1", false},
    {"192.0.3.0", true},
    {"192.88.99.1", false},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.100.7", false},
    {"203.0.113.7", false},
    {"203.0.114.0", true},
    /* multicast, reserved, broadcast */
    {"223.255.255.255", true},
    {"224.0.0.1", false},
    {"239.255.255.255", false},
    {"240.0.0.0", false},
    {"255.255.255.255", false},
    /* IPv6: unspecified, loopback, compatible, mapped */
    {"::", false},
    {"::1", false},
    {"::8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:10.1.2.3", false},
    {"::ffff:169.254.169.254", false},
    {"::ffff:8.8.8.8", true},
    /* NAT64, 6to4: what is inside decides */
    {"64:ff9b::127.0.0.1", false},
    {"64:ff9b::8.8.8.8", true},
    {"64:ff9b:1::8.8.8.8", false},
    {"2002:7f00:1::", false},
    {"2002:a00:1::", false},
    {"2002:808:808::", true},
    /* the rest of the registry */
    {"100::1", false},
    {"2001::1", false},
    {"2001:20::1", false},
    {"2001:1ff::1", false},
    {"2001:200::1", true},
    {"2001:db8::1", false},
    {"3fff::1", false},
    {"3fff:fff::1", false},
    {"3fff:1000::1", true},
    {"5f00::1", false},
    {"fbff::1", true},
    {"fc00::1", false},
    {"fdff::1", false},
    {"fe80::1", false},
    {"fe80::1%eth0", false},
    {"febf::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
    /* not addresses */
    {"", false},
    {"localhost", false},
    {"127.1", false},
    {"8.8.8.8x", false},
    {"8.8.8", false},
    {"2130706433", false},
    {"0x8.8.8.8", false},
    {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc", false},
    {NULL, false},
};

Test(address, judges_texts_and_sockets_alike)
{
    for (const struct address_case *row = CASES; row->text != NULL; row++) {
        struct sockaddr_in four = {.sin_family = AF_INET};
        struct sockaddr_in6 six = {.sin6_family = AF_INET6};
        char out[GEN_ADDRESS_TEXT_SIZE];

        cr_expect(gen_address_text_public(row->text) == row->public, "%s", row->text);
        if (inet_pton(AF_INET, row->text, &four.sin_addr) == 1) {
            cr_expect(gen_address_public((struct sockaddr *)&four, sizeof four) == row->public);
            cr_expect(strcmp(gen_address_text((struct sockaddr *)&four, sizeof four, out),
                             row->text) == 0);
            cr_expect(gen_address_public((struct sockaddr *)&four, sizeof four - 1) == false);
        } else if (inet_pton(AF_INET6, row->text, &six.sin6_addr) == 1) {
            cr_expect(gen_address_public((struct sockaddr *)&six, sizeof six) == row->public, "%s",
                      row->text);
            cr_expect(strlen(gen_address_text((struct sockaddr *)&six, sizeof six, out)) > 1);
        }
    }
}

Test(address, other_families_are_not_public)
{
    struct sockaddr_un path = {.sun_family = AF_UNIX};
    char out[GEN_ADDRESS_TEXT_SIZE];

    cr_expect(gen_address_public((struct sockaddr *)&path, sizeof path) == false);
    cr_expect(strcmp(gen_address_text((struct sockaddr *)&path, sizeof path, out), "?") == 0);
}

Test(address, this_machine)
{
    static const struct {
        const char *text;
        bool is;
    } rows[] = {{"127.0.0.1", true},   {"127.255.0.9", true}, {"::1", true},
                {"128.0.0.1", false},  {"0.0.0.0", false},    {"::", false},
                {"10.0.0.1", false},   {"::ffff:127.0.0.1", false}, /* not how curl says it */
                {"localhost", false},  {"127.0.0.1.", false}, {"", false},
                {"127.1", false}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect(gen_address_text_loopback(rows[i].text) == rows[i].is, "%s", rows[i].text);
    }
}
