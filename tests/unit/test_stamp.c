/* SPDX-License-Identifier: MIT */
/* parse/stamp: time stamps, and the years that RFC 3164 leaves out. */
#include "parse/stamp.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct zone *zone;

static void open_zone(void)
{
    zone = zone_open("UTC");
}

static void close_zone(void)
{
    zone_free(zone);
}

TestSuite(stamp, .init = open_zone, .fini = close_zone);

static int64_t day(int year, int month, int dom)
{
    struct civil c = {year, month, dom, 12, 0, 0};
    return civil_seconds(&c);
}

/* "2026-11-23 12:16:49.610367" of ${micros} */
static const char *show(int64_t micros)
{
    static char text[64];
    int64_t seconds = micros / 1000000 - (micros % 1000000 < 0);
    struct civil c;
    civil_of(seconds, &c);
    snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d.%06d", c.year,
        c.month, c.day, c.hour, c.minute, c.second,
        (int)(micros - seconds * 1000000));
    return text;
}

struct stamp_row {
    const char *text; /* followed by more on the line */
    size_t len;       /* 0: no stamp */
    const char *want;
};

static void check_stamp(const struct stamp_row *row)
{
    struct stamp_reader r;
    int64_t time = -1;
    stamp_init(&r, zone, day(2026, 12, 31) - 43201, 0);
    size_t n = stamp_read(&r, span_of(row->text), &time);
    cr_expect_eq(n, row->len, "\"%s\": %zu bytes", row->text, n);
    if (row->len > 0) {
        cr_expect_str_eq(show(time), row->want, "\"%s\"", row->text);
        cr_expect_eq(r.last, time / 1000000, "\"%s\": last", row->text);
    } else {
        cr_expect_eq(r.last, 0, "\"%s\": last", row->text);
    }
}

Test(stamp, rfc3164)
{
    static const struct stamp_row rows[] = {
        {"Nov  3 12:16:49 mx", 15, "2026-11-03 12:16:49.000000"},
        {"Nov 03 12:16:49 mx", 15, "2026-11-03 12:16:49.000000"},
        {"Nov 3 12:16:49 mx", 14, "2026-11-03 12:16:49.000000"},
        {"Nov 23 12:16:49 mx", 15, "2026-11-23 12:16:49.000000"},
        {"Jan  1 00:00:00 mx", 15, "2026-01-01 00:00:00.000000"},
        {"Dec 31 23:59:59", 15, "2026-12-31 23:59:59.000000"},
        {"Jun 30 23:59:60 mx", 15, "2026-07-01 00:00:00.000000"},
        {"Feb 29 01:02:03 mx", 15, "2024-02-29 01:02:03.000000"},
        {"Nov 23 12:16:49.123 mx", 15, "2026-11-23 12:16:49.000000"},
        /* none */
        {"nov 23 12:16:49 mx", 0, ""},
        {"Now 23 12:16:49 mx", 0, ""},
        {"Nov  0 12:16:49 mx", 0, ""},
        {"Nov 00 12:16:49 mx", 0, ""},
        {"Nov 31 12:16:49 mx", 0, ""},
        {"Nov 32 12:16:49 mx", 0, ""},
        {"Feb 30 12:16:49 mx", 0, ""},
        {"Nov 23 24:00:00 mx", 0, ""},
        {"Nov 23 12:60:00 mx", 0, ""},
        {"Nov 23 12:16:61 mx", 0, ""},
        {"Nov 23 12-16-49 mx", 0, ""},
        {"Nov 23 1:16:49 mx x", 0, ""},
        {"Nov 23  2:16:49 mx", 0, ""},
        {"Nov  23 12:16:49 mx", 0, ""},
        {"Nov23 12:16:49 mx x", 0, ""},
        {"Nov -3 12:16:49 mx", 0, ""},
        {"Nov x3 12:16:49 mx", 0, ""},
        {"Nov   12:16:49 mx x", 0, ""},
        {"Nov 23 12:16:4", 0, ""},
        {"Nov 23", 0, ""},
        {"", 0, ""},
        {"               ", 0, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_stamp(&rows[i]);
    }
}

Test(stamp, rfc3339)
{
    static const struct stamp_row rows[] = {
        {"2026-11-23T12:16:49+00:00 mx", 25, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49Z mx", 20, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49 mx", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23 12:16:49 mx", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23 12:16:49.5 mx", 21, "2026-11-23 12:16:49.500000"},
        /* Exim, log_timezone */
        {"2026-11-23 12:16:49 +0100 mx", 25, "2026-11-23 11:16:49.000000"},
        {"2026-11-23 12:16:49.5 -0530", 27, "2026-11-23 17:46:49.500000"},
        {"2026-11-23 12:16:49 +010", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49.610367+00:00 mx", 32,
            "2026-11-23 12:16:49.610367"},
        {"2026-11-23T12:16:49.610367890Z mx", 30, "2026-11-23 12:16:49.610367"},
        {"2026-11-23T12:16:49,610Z mx", 24, "2026-11-23 12:16:49.610000"},
        {"2026-11-23T12:16:49.000001Z", 27, "2026-11-23 12:16:49.000001"},
        {"2026-11-23T12:16:49+01:00 mx", 25, "2026-11-23 11:16:49.000000"},
        {"2026-11-23T12:16:49-05:30 mx", 25, "2026-11-23 17:46:49.000000"},
        {"2026-11-23T12:16:49+0530 mx", 24, "2026-11-23 06:46:49.000000"},
        {"2026-11-23T12:16:49.25-0800 mx", 27, "2026-11-23 20:16:49.250000"},
        {"2026-01-01T00:30:00+01:00 mx", 25, "2025-12-31 23:30:00.000000"},
        {"2024-02-29T00:00:00Z mx", 20, "2024-02-29 00:00:00.000000"},
        {"2016-12-31T23:59:60Z mx", 20, "2017-01-01 00:00:00.000000"},
        {"9999-12-31T23:59:59Z mx", 20, "9999-12-31 23:59:59.000000"},
        {"1970-01-01T00:00:01Z mx", 20, "1970-01-01 00:00:01.000000"},
        {"2026-11-23T12:16:49. mx", 19, "2026-11-23 12:16:49.000000"},
        /* what follows is not part of it; the caller wants a blank there */
        {"2026-11-23T12:16:49+01 mx", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49+01:0", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49+ab:cd mx", 19, "2026-11-23 12:16:49.000000"},
        {"2026-11-23T12:16:49z mx", 19, "2026-11-23 12:16:49.000000"},
        /* none */
        {"2026-02-29T00:00:00Z mx", 0, ""},
        {"2100-02-29T00:00:00Z mx", 0, ""},
        {"2026-13-01T00:00:00Z mx", 0, ""},
        {"2026-00-01T00:00:00Z mx", 0, ""},
        {"2026-11-00T00:00:00Z mx", 0, ""},
        {"2026-11-31T00:00:00Z mx", 0, ""},
        {"2026-11-23T24:00:00Z mx", 0, ""},
        {"2026-11-23T12:16:61Z mx", 0, ""},
        {"1969-12-31T23:59:59Z mx", 0, ""},
        {"0000-01-01T00:00:00Z mx", 0, ""},
        {"2026-11-23t12:16:49Z mx", 0, ""},
        {"2026/11/23T12:16:49Z mx", 0, ""},
        {"2026-11-23_12:16:49Z mx", 0, ""},
        {"2026-11-23T12:16:4", 0, ""},
        {"2026-1-23T12:16:49Z mx", 0, ""},
        {"20261123T121649Z mx xxxx", 0, ""},
        {"1795436209 mx", 10, "2026-11-23 12:16:49.000000"},
        {"1795436209.610367 mx", 17, "2026-11-23 12:16:49.610367"},
        {"12345678 mx", 0, ""},
        {"2026-11-23 13:16:49 +0100 1xVT", 25, "2026-11-23 12:16:49.000000"},
        {"2026-11-23 12:16:49.610 +0000 x", 29, "2026-11-23 12:16:49.610000"},
        {"@400000006b0430b113226f18 x", 25, "2026-11-23 12:25:11.321023"},
        {"@400000006b0430b1", 0, ""},
        {"@400000006b0430b1zz226f18 x", 0, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_stamp(&rows[i]);
    }
}

Test(stamp, local_zone)
{
    static const struct stamp_row rows[] = {
        {"Jul  1 12:00:00 mx", 15, "2026-07-01 10:00:00.000000"},
        {"Jan  2 00:30:00 mx", 15, "2026-01-01 23:30:00.000000"},
        {"Oct 25 02:30:00 mx", 15, "2026-10-25 00:30:00.000000"},
        {"2026-07-01 12:00:00.25 mx", 22, "2026-07-01 10:00:00.250000"},
        {"2026-07-01T12:00:00Z mx", 20, "2026-07-01 12:00:00.000000"},
    };
    zone_free(zone);
    zone = zone_open("Europe/Berlin");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        check_stamp(&rows[i]);
    }
}

enum { MAX_STAMPS = 12 };

/* Days without a year, in the order of their lines, and the years meant. */
struct years_row {
    const char *name;
    struct civil anchor;
    struct civil last; /* of a resumed source; year 0: a new one */
    int years_back;
    int over; /* stamp_years_over() at the end */
    struct {
        const char *day;
        int year;
    } lines[MAX_STAMPS];
};

static const struct years_row years_rows[] = {
    {"the anchor's year", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Nov 20", 2026}, {"Nov 21", 2026}, {"Nov 23", 2026}}},
    {"December, read in January", {2027, 1, 2, 12, 0, 0}, {0}, 0, 0,
        {{"Dec 30", 2026}, {"Dec 31", 2026}}},
    {"December to January", {2027, 1, 2, 12, 0, 0}, {0}, 0, 0,
        {{"Dec 31", 2026}, {"Jan  1", 2027}, {"Jan  2", 2027}}},
    {"the turn, out of order", {2027, 1, 2, 12, 0, 0}, {0}, 0, 0,
        {{"Dec 31", 2026}, {"Jan  1", 2027}, {"Dec 31", 2026},
            {"Jan  1", 2027}}},
    {"a little back", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Nov 20", 2026}, {"Nov 19", 2026}, {"Oct 25", 2026},
            {"Nov 21", 2026}}},
    {"a whole year in one file", {2026, 12, 30, 12, 0, 0}, {0}, 0, 0,
        {{"Jan  1", 2026}, {"Apr  1", 2026}, {"Aug  1", 2026},
            {"Dec 30", 2026}}},
    {"a pause of ten months", {2026, 12, 1, 12, 0, 0}, {0}, 0, 0,
        {{"Feb  1", 2026}, {"Dec  1", 2026}}},
    {"a pause over the turn", {2027, 6, 1, 12, 0, 0}, {0}, 0, 0,
        {{"Sep  1", 2026}, {"Jun  1", 2027}}},
    {"29 February of this year", {2024, 3, 1, 12, 0, 0}, {0}, 0, 0,
        {{"Feb 28", 2024}, {"Feb 29", 2024}, {"Mar  1", 2024}}},
    {"29 February alone", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Feb 29", 2024}, {"Mar  1", 2024}}},
    {"29 February, nine years on", {2104, 2, 1, 12, 0, 0}, {0}, 0, 0,
        {{"Feb 29", 2096}}},
    {"29 February of the next leap year", {2028, 3, 1, 12, 0, 0}, {0}, 0, 0,
        {{"Dec  1", 2027}, {"Feb 29", 2028}}},
    {"a clock that is ahead by hours", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Nov 24", 2026}}},
    {"from the future: the year before", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Nov 25", 2025}}},
    {"the turn of a zone ahead", {2026, 12, 31, 12, 0, 0}, {0}, 0, 0,
        {{"Jan  1", 2027}}},
    {"resumed", {2026, 11, 23, 12, 0, 0}, {2026, 11, 22, 0, 0, 0}, 0, 0,
        {{"Nov 22", 2026}, {"Nov 23", 2026}}},
    {"resumed over the turn", {2027, 1, 1, 12, 0, 0}, {2026, 12, 31, 0, 0, 0},
        0, 0, {{"Dec 31", 2026}, {"Jan  1", 2027}}},
    {"resumed; its own past counts, not the anchor", {2026, 11, 23, 12, 0, 0},
        {2024, 5, 1, 0, 0, 0}, 0, 0, {{"May  2", 2024}, {"Jun  1", 2024}}},
    {"two years, at first sight", {2026, 11, 23, 12, 0, 0}, {0}, 0, 1,
        {{"Mar  1", 2026}, {"Oct  1", 2026}, {"Mar  1", 2027},
            {"Nov 23", 2027}}},
    {"two years, again", {2026, 11, 23, 12, 0, 0}, {0}, 1, 0,
        {{"Mar  1", 2025}, {"Oct  1", 2025}, {"Mar  1", 2026},
            {"Nov 23", 2026}}},
    {"three years, at first sight", {2026, 11, 23, 12, 0, 0}, {0}, 0, 2,
        {{"Nov  1", 2026}, {"May  1", 2027}, {"Nov  1", 2027}, {"May  1", 2028},
            {"Nov 23", 2028}}},
    {"three years, again", {2026, 11, 23, 12, 0, 0}, {0}, 2, 0,
        {{"Nov  1", 2024}, {"May  1", 2025}, {"Nov  1", 2025}, {"May  1", 2026},
            {"Nov 23", 2026}}},
    {"two years that end long before the anchor", {2026, 11, 23, 12, 0, 0}, {0},
        0, 1, {{"Nov  1", 2026}, {"May  1", 2027}}},
    {"from 29 February on", {2026, 11, 23, 12, 0, 0}, {0}, 0, 0,
        {{"Feb 29", 2024}, {"Sep  1", 2024}, {"Mar  1", 2025},
            {"Nov 23", 2025}}},
    {"one year further back than 29 February", {2026, 11, 23, 12, 0, 0}, {0}, 1,
        0, {{"Feb 29", 2020}}},
    {"29 February shows the year, at first sight", {2026, 11, 23, 12, 0, 0},
        {0}, 0, 2,
        {{"Jan 10", 2026}, {"Feb 29", 2024}, {"Jan 10", 2025},
            {"Nov 23", 2025}}},
    {"29 February shows the year, again", {2026, 11, 23, 12, 0, 0}, {0}, 2, 0,
        {{"Jan 10", 2024}, {"Feb 29", 2024}, {"Jan 10", 2025},
            {"Nov 23", 2025}}},
    {"years back from December", {2027, 1, 2, 12, 0, 0}, {0}, 1, 0,
        {{"Dec 30", 2025}, {"Jan  2", 2026}}},
};

Test(stamp, years)
{
    for (size_t i = 0; i < sizeof(years_rows) / sizeof(years_rows[0]); i++) {
        const struct years_row *row = &years_rows[i];
        struct stamp_reader r;
        stamp_init(&r, zone, civil_seconds(&row->anchor),
            row->last.year != 0 ? civil_seconds(&row->last) : 0);
        r.years_back = row->years_back;
        for (int k = 0; k < MAX_STAMPS && row->lines[k].day != NULL; k++) {
            char text[32];
            int64_t time = 0;
            struct civil c;
            snprintf(text, sizeof(text), "%s 12:00:00 mx", row->lines[k].day);
            cr_expect_eq(stamp_read(&r, span_of(text), &time), 15, "%s: %s",
                row->name, text);
            civil_of(time / 1000000, &c);
            cr_expect_eq(c.year, row->lines[k].year, "%s: line %d, %s is %d",
                row->name, k + 1, row->lines[k].day, c.year);
        }
        cr_expect_eq(stamp_years_over(&r), row->over, "%s: %d years over",
            row->name, stamp_years_over(&r));
    }
}

/* Reading again with what stamp_years_over() said settles it, whatever the
 * number of years and the day of the anchor. */
Test(stamp, years_over_settles)
{
    for (int years = 0; years < 7; years++) {
        for (int late = 0; late < 360; late += 7) {
            struct stamp_reader r;
            int over = 0;
            int64_t time = 0;
            int64_t first = day(2026 - years, 6, 15);
            int64_t end = day(2026, 6, 15) - 86400;
            for (int round = 0; round < 2; round++) {
                stamp_init(&r, zone, end + late * 86400, 0);
                r.years_back = over;
                for (int64_t t = first; t <= end; t += 30 * 86400) {
                    static const char months[] =
                        "JanFebMarAprMayJunJulAugSepOctNovDec";
                    char text[32];
                    struct civil c;
                    civil_of(t, &c);
                    snprintf(text, sizeof(text), "%.3s %2d 12:00:00 mx",
                        months + 3 * (c.month - 1), c.day);
                    cr_assert_gt(stamp_read(&r, span_of(text), &time), 0);
                }
                over = round == 0 ? stamp_years_over(&r) : over;
            }
            cr_expect_eq(
                stamp_years_over(&r), 0, "%d years, %d days late", years, late);
            cr_expect_leq(time / 1000000, end + (int64_t)late * 86400 + 86400,
                "%d years, %d days late: %s", years, late, show(time));
        }
    }
}

Test(stamp, years_over_is_no_matter_of_full_stamps)
{
    struct stamp_reader r;
    int64_t time = 0;
    stamp_init(&r, zone, day(2026, 11, 23), 0);
    cr_expect_eq(stamp_read(&r, span_of("2030-01-01T00:00:00Z x"), &time), 20);
    cr_expect_eq(stamp_years_over(&r), 0);
    stamp_init(&r, zone, 0, 0);
    cr_expect_eq(stamp_years_over(&r), 0, "no anchor, no stamp");
}

/* A stamp that repeats is the same time; one that comes again after others
 * has its year worked out anew. */
Test(stamp, repeats)
{
    static const struct {
        const char *text;
        const char *want;
    } rows[] = {
        {"Nov 23 12:16:49 mx", "2026-11-23 12:16:49.000000"},
        {"Nov 23 12:16:49 mx", "2026-11-23 12:16:49.000000"},
        {"Nov 23 12:16:49", "2026-11-23 12:16:49.000000"},
        {"Nov 23 12:16:50 mx", "2026-11-23 12:16:50.000000"},
        {"Nov 3 12:16:50 mx", "2026-11-03 12:16:50.000000"},
        {"Nov 3 12:16:50 mx", "2026-11-03 12:16:50.000000"},
        {"2025-11-03T12:16:50Z mx", "2025-11-03 12:16:50.000000"},
        {"Nov 3 12:16:50 mx", "2025-11-03 12:16:50.000000"},
        {"Nov 3 12:16:50 mx", "2025-11-03 12:16:50.000000"},
    };
    struct stamp_reader r;
    stamp_init(&r, zone, day(2026, 12, 1), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t time = 0;
        cr_expect_gt(stamp_read(&r, span_of(rows[i].text), &time), 0, "%zu", i);
        cr_expect_str_eq(show(time), rows[i].want, "row %zu", i);
        cr_expect_eq(r.last, time / 1000000, "row %zu", i);
    }
    cr_expect(r.yearless);
}
