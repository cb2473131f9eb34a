/* SPDX-License-Identifier: MIT */
#include "classify/provider_memo.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
    const char *relay;
    const char *want; /* "": none */
} rows[] = {
    {"gmail-smtp-in.l.google.com", "Google"},
    {"GMAIL-SMTP-IN.L.GOOGLE.COM.", "Google"},
    {"example-com.mail.protection.outlook.com", "Microsoft 365"},
    {"hotmail-com.olc.protection.outlook.com", "Microsoft Outlook.com"},
    {"notgoogle.com", ""},
    {"com", ""},
    {"", ""},
};

Test(providers, by_relay)
{
    struct provider_table *t = providers_load(NULL);
    cr_assert_not_null(t);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct provider_entry *p =
            providers_by_relay(t, span_of(rows[i].relay));
        cr_expect_str_eq(
            p != NULL ? p->name : "", rows[i].want, "%s", rows[i].relay);
    }
    cr_expect_null(providers_by_relay(t, SPAN_NONE));
    providers_free(t);
}

Test(providers, by_domain_and_name)
{
    struct provider_table *t = providers_load(NULL);
    cr_assert_not_null(t);
    const struct provider_entry *p =
        providers_by_domain(t, SPAN_LITERAL("gmail.com"));
    cr_assert_not_null(p);
    cr_expect_str_eq(p->name, "Google");
    cr_expect_eq(providers_by_name(t, SPAN_LITERAL("Google")), p);
    cr_expect_null(providers_by_name(t, SPAN_LITERAL("Nobody")));
    providers_free(t);
}

/* What is recalled is what the table says, also where two names have the same
 * place, or none. */
Test(providers, recalled)
{
    struct provider_table *t = providers_load(NULL);
    cr_assert_not_null(t);
    struct provider_memo *m = provider_memo_create(t);
    for (int round = 0; round < 2; round++) {
        for (unsigned i = 0; i < 3000; i++) {
            char name[128];
            int len = snprintf(name, sizeof(name), "%*s%u.%s",
                i % 50 == 7 ? 60 : 0, "", i % 1500,
                i % 3 == 0   ? "l.google.com"
                : i % 3 == 1 ? "gmail.com"
                             : "example");
            struct span s = {name, (size_t)len};
            cr_expect_eq(provider_memo_by_relay(m, s), providers_by_relay(t, s),
                "%s", name);
            cr_expect_eq(provider_memo_by_domain(m, s),
                providers_by_domain(t, s), "%s", name);
        }
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            struct span s = span_of(rows[i].relay);
            cr_expect_eq(provider_memo_by_relay(m, s), providers_by_relay(t, s),
                "%s", rows[i].relay);
        }
    }
    cr_expect_null(provider_memo_by_relay(m, SPAN_NONE));
    provider_memo_free(m);
    provider_memo_free(NULL);
    providers_free(t);
}
