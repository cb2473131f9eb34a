/* SPDX-License-Identifier: MIT */
#include "classify/providers.h"

#include <criterion/criterion.h>

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
