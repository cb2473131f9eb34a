/* SPDX-License-Identifier: MIT */
#include "parse/pairs.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct {
    const char *name;
    const char *between;
    const char *text;
    const char *want; /* key|value, then ";" */
} rows[] = {
    {"Postfix", ", ", "to=<a@b>, relay=h[1]:25, delay=0.1",
        "to|a@b;relay|h[1]:25;delay|0.1;"},
    {"comma in brackets", ", ", "to=<\"a, x=1\"@b>, relay=h",
        "to|\"a, x=1\"@b;relay|h;"},
    {"bracket that does not end", ", ", "to=<a, relay=h", "to|<a;relay|h;"},
    {"several recipients", ", ", "to=<a@b>,<c@d>, delay=1",
        "to|a@b>,<c@d;delay|1;"},
    {"quotes", " ", "relay=\"1.2.3.4 (h)\" stat=\"250 \\\"ok\\\" x\" n=1",
        "relay|1.2.3.4 (h);stat|250 \\\"ok\\\" x;n|1;"},
    {"quote that does not end", " ", "stat=\"250 ok n=1", "stat|\"250;n|1;"},
    {"words before a key", " ", "mta delivery evpid=12 from=<a>",
        "evpid|12;from|a;"},
    {"empty values", ", ", "a=, b=, c=", "a|;b|;c|;"},
    {"comma in a value", ", ", "a=1,2,, b=,3,", "a|1,2,;b|,3,;"},
    {"no blank behind the key", ", ", "x y,a=1, (b,c=2", "a|1;c|2;"},
    {"sign in a value", ", ", "a=b=c, d=e", "a|b=c;d|e;"},
    {"nothing", ", ", "", ""},
    {"no pair", ", ", "hello", ""},
};

Test(pairs, next)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char got[512] = "";
        size_t len = 0;
        struct span rest = span_of(rows[i].text);
        struct pair p;
        while (pairs_next(&rest, span_of(rows[i].between), &p)) {
            len += (size_t)snprintf(got + len, sizeof(got) - len, "%.*s|%.*s;",
                (int)p.key.len, p.key.ptr, (int)p.value.len, p.value.ptr);
        }
        cr_expect_str_eq(got, rows[i].want, "%s: %s", rows[i].name, got);
    }
}
