/* SPDX-License-Identifier: MIT */
#include "classify/networks.h"

#include <criterion/criterion.h>

Test(networks, is_valid)
{
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"192.0.2.0/24", true},
        {"192.0.2.1/24", true},
        {"192.0.2.1", true},
        {"0.0.0.0/0", true},
        {"2001:db8::/32", true},
        {"2001:db8::1", true},
        {"::ffff:192.0.2.1", true},
        {"2001:db8::/128", true},
        {"", false},
        {"/24", false},
        {"192.0.2.0/", false},
        {"192.0.2.0/33", false},
        {"192.0.2.0/-1", false},
        {"192.0.2.0/24x", false},
        {"192.0.2/24", false},
        {"192.0.2.256", false},
        {"2001:db8::/129", false},
        {"mail.example", false},
        {"2001:0db8:0000:0000:0000:0000:0000:0001:0000:0000:0000", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(networks_is_valid(rows[i].text), rows[i].want, "\"%s\"",
            rows[i].text);
    }
}

Test(networks, hold)
{
    static const char *const texts[] = {
        "192.0.2.0/25", "198.51.100.7", "2001:db8:1::/47"};
    static const struct {
        const char *address;
        bool want;
    } rows[] = {
        {"192.0.2.0", true},
        {"192.0.2.127", true},
        {"192.0.2.128", false},
        {"192.0.3.1", false},
        {"198.51.100.7", true},
        {"198.51.100.6", false},
        {"::ffff:192.0.2.1", true},
        {"2001:db8:0::1", true},
        {"2001:db8:1:ffff::", true},
        {"2001:db8:2::", false},
        {"", false},
        {"zen.example", false},
    };
    struct networks *set = networks_create(texts, 3);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(networks_hold(set, span_of(rows[i].address)), rows[i].want,
            "\"%s\"", rows[i].address);
        cr_expect_not(networks_hold(NULL, span_of(rows[i].address)));
    }
    networks_free(set);
}
