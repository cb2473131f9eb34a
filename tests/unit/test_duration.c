/* SPDX-License-Identifier: MIT */
/* parse/duration: how long something took, as MTAs write it. */
#include "parse/duration.h"

#include <criterion/criterion.h>

Test(duration, parse)
{
    static const struct {
        const char *text;
        int64_t want;
    } rows[] = {
        /* Postfix */
        {"0", 0},
        {"4.52", 4520},
        {"0.05", 50},
        {"30", 30000},
        {"0.001", 1},
        {"0.0009", 0},
        {"1.9999", 1999},
        {"5.", 5000},
        {"432001.25", 432001250},
        /* Sendmail */
        {"00:00:01", 1000},
        {"01:02:03", 3723000},
        {"02:03", 123000},
        {"1+02:03:04", 93784000},
        {"5+00:00:00", 432000000},
        {"00:00:01.5", 1500},
        /* OpenSMTPD, Exim */
        {"1s", 1000},
        {"1.5s", 1500},
        {"0.25s", 250},
        {"1m", 60000},
        {"2m3s", 123000},
        {"1h", 3600000},
        {"1d2h3m4s", 93784000},
        {"1w", 604800000},
        {"1w1d", 691200000},
        {"10m5", 605000},
        /* none at all */
        {"", -1},
        {"-1", -1},
        {"+1", -1},
        {".5", -1},
        {"1,5", -1},
        {"abc", -1},
        {"1x", -1},
        {"1.5m", -1},
        {"1.5sx", -1},
        {"1 s", -1},
        {" 1", -1},
        {"1 ", -1},
        {"12:", -1},
        {"1:2d", -1},
        {"d", -1},
        {"1:x", -1},
        /* what nobody wrote in good faith */
        {"999999999", INT64_C(999999999000)},
        {"9999999999", -1},
        {"999999999w1s", -1},
        {"999999999:999999999:1", -1},
        {"1d1d1d1d1d1d1d1d1d1d", 864000000},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t got = duration_parse(span_of(rows[i].text));
        cr_expect_eq(
            got, rows[i].want, "\"%s\": %lld", rows[i].text, (long long)got);
    }
    cr_expect_eq(duration_parse(SPAN_NONE), -1);
    cr_expect_eq(duration_parse(SPAN_LITERAL("1\0s")), -1);
}
