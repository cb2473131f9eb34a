/* SPDX-License-Identifier: MIT */
#include "cli/moment.h"

#include <criterion/criterion.h>

/* 2026-03-29 12:00:00 UTC: the day on which Berlin lost an hour. */
static const int64_t now = 1774785600;

Test(moment, parse)
{
    static const struct {
        const char *text;
        bool fits;
        int64_t want;
    } rows[] = {
        {"now", true, 1774785600},
        {"today", true, 1774738800},     /* 00:00 +01:00 */
        {"yesterday", true, 1774652400}, /* a day of 24 hours before that */
        {"7d", true, 1774785600 - 7 * 86400},
        {"24h", true, 1774785600 - 86400},
        {"90m", true, 1774785600 - 5400},
        {"24 hours ago", true, 1774785600 - 86400},
        {"7 days", true, 1774785600 - 7 * 86400},
        {"1 day", true, 1774785600 - 86400},
        {"1mo", true, 1772283600},      /* 28 February, 14:00 local */
        {"3 months", true, 1767013200}, /* 29 December, winter time */
        {"1 month ago", true, 1772283600},
        {"1y", true, 1743253200}, /* 2025-03-29 13:00 UTC */
        {"2 years", true, 1711717200},
        {"sunday", true, 1774738800}, /* today is one */
        {"Sun", true, 1774738800},
        {"saturday", true, 1774652400},
        {"monday", true, 1774220400},
        {"Yesterday", true, 1774652400},
        {"2026-03", true, 1772319600},
        {"2026-04", true, 1774994400},
        {"2w", true, 1774785600 - 14 * 86400},
        {"1970-01-01T00:00:00Z", true, 0},
        {"2024-02-29T12:34:56Z", true, 1709210096},
        {"2024-02-29T12:34:56.789Z", true, 1709210096},
        {"2024-02-29t12:34Z", true, 1709210040},
        {"2024-02-29 12:34:56+01:00", true, 1709206496},
        {"2024-02-29T12:34:56-05:30", true, 1709229896},
        {"2000-02-29T00:00:00Z", true, 951782400},
        {"2100-03-01T00:00:00Z", true, 4107542400},
        {"2026-01-15", true, 1768431600}, /* local midnight, winter */
        {"2026-07-15", true, 1784066400}, /* summer */
        {"2026-07-15 06:30", true, 1784066400 + 23400},
        {"", false, 0},
        {"7", false, 0},
        {"d", false, 0},
        {"7x", false, 0},
        {"-7d", false, 0},
        {"9999999999999y", false, 0},
        {"2026-02-29", false, 0},
        {"2100-02-29", false, 0},
        {"2026-13-01", false, 0},
        {"2026-00-01", false, 0},
        {"2026-01-32", false, 0},
        {"2026-1-1", false, 0},
        {"1969-12-31", false, 0},
        {"2026-01-01T", false, 0},
        {"2026-01-01T24:00:00Z", false, 0},
        {"2026-01-01T12:60:00Z", false, 0},
        {"2026-01-01T12:00:00+0100", false, 0},
        {"2026-01-01T12:00:00Zx", false, 0},
        {"tomorrow", false, 0},
        {"mond", false, 0},
        {"7 dayss", false, 0},
        {"7 days later", false, 0},
        {"ago", false, 0},
        {" ago", false, 0},
        {"days", false, 0},
        {"2026-13", false, 0},
        {"2026-11 12:00", false, 0},
        {"2026-", false, 0},
    };
    struct zone *berlin = zone_open("Europe/Berlin");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t got = 0;
        bool fits = moment_parse(rows[i].text, now, berlin, &got);
        cr_expect_eq(fits, rows[i].fits, "\"%s\"", rows[i].text);
        if (fits && rows[i].fits) {
            cr_expect_eq(got, rows[i].want, "\"%s\": %lld, not %lld",
                rows[i].text, (long long)got, (long long)rows[i].want);
        }
    }
    zone_free(berlin);
}

Test(moment, format)
{
    static const struct {
        int64_t microseconds;
        const char *want;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {1709210096000000, "2024-02-29T12:34:56Z"},
        {1709210096250000, "2024-02-29T12:34:56.250Z"},
        {1709210096000001, "2024-02-29T12:34:56.000001Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char got[MOMENT_TEXT_LEN];
        size_t len = moment_format(rows[i].microseconds, got);
        cr_expect_str_eq(got, rows[i].want);
        cr_expect_eq(len, strlen(rows[i].want));
    }
}
