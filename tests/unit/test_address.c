/* SPDX-License-Identifier: MIT */
/* mail/address: domains of envelope addresses. */
#include "mail/address.h"

#include <criterion/criterion.h>

Test(address, domain)
{
    static const struct {
        struct span address;
        struct span want;
        bool known;
    } rows[] = {
        {SPAN_INIT("a@b.example"), SPAN_INIT("b.example"), true},
        {SPAN_INIT("a@b.example."), SPAN_INIT("b.example"), true},
        {SPAN_INIT("\"x@y\"@b.example"), SPAN_INIT("b.example"), true},
        {SPAN_INIT("@relay.example,@b:c@d.example"), SPAN_INIT("d.example"),
            true},
        {SPAN_INIT("a@[192.0.2.1]"), SPAN_INIT("[192.0.2.1]"), true},
        {SPAN_INIT("postmaster"), SPAN_INIT(""), true},
        {SPAN_INIT("a@"), SPAN_INIT(""), true},
        {SPAN_INIT("a@."), SPAN_INIT(""), true},
        {SPAN_INIT("@"), SPAN_INIT(""), true},
        {SPAN_INIT(""), SPAN_INIT(""), true},
        {{NULL, 0}, {NULL, 0}, false},
        {SPAN_INIT("a@b\0c"), SPAN_INIT("b\0c"), true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span got = address_domain(rows[i].address);
        cr_expect(span_equal(got, rows[i].want), "row %zu: %.*s", i,
            (int)got.len, got.ptr);
        cr_expect_eq(span_is_known(got), rows[i].known, "row %zu", i);
    }
}

Test(address, normalise)
{
    char text[DOMAIN_TEXT_LEN];
    char longest[DOMAIN_TEXT_LEN];
    memset(longest, 'A', sizeof(longest));
    struct span got = domain_normalise(SPAN_LITERAL("Mx.EXAMPLE"), text);
    cr_expect(span_equal(got, SPAN_LITERAL("mx.example")));
    got = domain_normalise(SPAN_LITERAL(""), text);
    cr_expect(span_is_known(got) && got.len == 0);
    got = domain_normalise((struct span){longest, 255}, text);
    cr_expect_eq(got.len, 255);
    cr_expect_eq(got.ptr[254], 'a');
    got = domain_normalise((struct span){longest, 256}, text);
    cr_expect(span_equal(got, SPAN_LITERAL("(too long)")));
}

Test(address, is_under)
{
    static const struct {
        const char *domain;
        const char *parent;
        bool want;
    } rows[] = {
        {"example.org", "example.org", true},
        {"a.example.org", "example.org", true},
        {"A.Example.ORG", "example.org", true},
        {"a.b.example.org", "EXAMPLE.org", true},
        {"badexample.org", "example.org", false},
        {"example.org", "a.example.org", false},
        {"example.org.evil", "example.org", false},
        {"org", "example.org", false},
        {"", "example.org", false},
        {".example.org", "example.org", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool got =
            domain_is_under(span_of(rows[i].domain), span_of(rows[i].parent));
        cr_expect_eq(
            got, rows[i].want, "%s, %s", rows[i].domain, rows[i].parent);
    }
}
