/* SPDX-License-Identifier: MIT */
/* parse/zone: local time of a place to UTC, and the calendar. */
#include "parse/zone.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    struct civil c = {year, month, day, hour, minute, 0};
    return civil_seconds(&c);
}

/* The wall clock ${wall} in ${zone} is UTC's ${want}. */
struct zone_row {
    const char *name;
    const char *zone;
    struct civil wall;
    struct civil want;
};

Test(zone, local_to_utc)
{
    static const struct zone_row rows[] = {
        {"UTC", "UTC", {2026, 6, 1, 12, 0, 0}, {2026, 6, 1, 12, 0, 0}},
        {"winter", "Europe/Berlin", {2026, 1, 15, 12, 0, 0},
            {2026, 1, 15, 11, 0, 0}},
        {"summer", "Europe/Berlin", {2026, 7, 15, 12, 0, 0},
            {2026, 7, 15, 10, 0, 0}},
        {"before spring", "Europe/Berlin", {2026, 3, 29, 1, 59, 59},
            {2026, 3, 29, 0, 59, 59}},
        {"first of spring", "Europe/Berlin", {2026, 3, 29, 3, 0, 0},
            {2026, 3, 29, 1, 0, 0}},
        {"left out in spring", "Europe/Berlin", {2026, 3, 29, 2, 0, 0},
            {2026, 3, 29, 1, 0, 0}},
        {"left out in spring, later", "Europe/Berlin", {2026, 3, 29, 2, 59, 59},
            {2026, 3, 29, 1, 59, 59}},
        {"before autumn", "Europe/Berlin", {2026, 10, 25, 1, 59, 59},
            {2026, 10, 24, 23, 59, 59}},
        {"twice in autumn", "Europe/Berlin", {2026, 10, 25, 2, 0, 0},
            {2026, 10, 25, 0, 0, 0}},
        {"twice in autumn, later", "Europe/Berlin", {2026, 10, 25, 2, 59, 59},
            {2026, 10, 25, 0, 59, 59}},
        {"behind autumn", "Europe/Berlin", {2026, 10, 25, 3, 0, 0},
            {2026, 10, 25, 2, 0, 0}},
        {"New York, winter", "America/New_York", {2026, 1, 15, 12, 0, 0},
            {2026, 1, 15, 17, 0, 0}},
        {"New York, before spring", "America/New_York", {2026, 3, 8, 1, 59, 0},
            {2026, 3, 8, 6, 59, 0}},
        {"New York, left out", "America/New_York", {2026, 3, 8, 2, 30, 0},
            {2026, 3, 8, 7, 30, 0}},
        {"New York, spring", "America/New_York", {2026, 3, 8, 3, 0, 0},
            {2026, 3, 8, 7, 0, 0}},
        {"New York, twice", "America/New_York", {2026, 11, 1, 1, 30, 0},
            {2026, 11, 1, 5, 30, 0}},
        {"New York, behind it", "America/New_York", {2026, 11, 1, 2, 0, 0},
            {2026, 11, 1, 7, 0, 0}},
        {"New York, other rules once", "America/New_York",
            {2005, 11, 15, 12, 0, 0}, {2005, 11, 15, 17, 0, 0}},
        {"half an hour", "Asia/Kolkata", {2026, 6, 1, 0, 0, 0},
            {2026, 5, 31, 18, 30, 0}},
        {"quarter of an hour", "Asia/Kathmandu", {2026, 6, 1, 0, 0, 0},
            {2026, 5, 31, 18, 15, 0}},
        {"change of half an hour", "Australia/Lord_Howe",
            {2026, 4, 5, 1, 45, 0}, {2026, 4, 4, 14, 45, 0}},
        {"south", "Australia/Sydney", {2026, 1, 1, 0, 0, 0},
            {2025, 12, 31, 13, 0, 0}},
        {"ahead of all", "Pacific/Kiritimati", {2026, 1, 1, 0, 0, 0},
            {2025, 12, 31, 10, 0, 0}},
        {"a day that was left out", "Pacific/Apia", {2011, 12, 31, 0, 0, 0},
            {2011, 12, 30, 10, 0, 0}},
        {"far ahead", "Europe/Berlin", {2080, 7, 1, 12, 0, 0},
            {2080, 7, 1, 10, 0, 0}},
        {"before all changes that are known", "Europe/Berlin",
            {1980, 1, 1, 12, 0, 0}, {1980, 1, 1, 11, 0, 0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct zone *z = zone_open(rows[i].zone);
        cr_assert_not_null(z, "%s", rows[i].zone);
        int64_t got = zone_utc(z, &rows[i].wall);
        int64_t want = civil_seconds(&rows[i].want);
        cr_expect_eq(got, want, "%s: %lld seconds off", rows[i].name,
            (long long)(got - want));
        zone_free(z);
    }
    zone_free(NULL);
}

/* Time goes on while clocks do, the repeated hour apart. */
Test(zone, goes_on)
{
    struct zone *z = zone_open("Europe/Berlin");
    struct civil c;
    int64_t last = 0;
    for (int64_t t = utc(2026, 3, 28, 0, 0); t < utc(2026, 3, 31, 0, 0);
         t += 600) {
        civil_of(t, &c);
        int64_t now = zone_utc(z, &c);
        bool left_out =
            t >= utc(2026, 3, 29, 2, 0) && t < utc(2026, 3, 29, 4, 0);
        cr_expect(last == 0 || left_out || now == last + 600, "%d-%d %d:%d",
            c.month, c.day, c.hour, c.minute);
        last = now;
    }
    zone_free(z);
}

Test(zone, no_such_zone)
{
    static const char *const rows[] = {"Europe/Nowhere", "", "Europe", ".",
        "..", "../zoneinfo/UTC", "/etc/localtime", "zone.tab", "CEST-2",
        "Europe/Berlin ", "europe/\x1b[31m"};
    cr_redirect_stderr();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_null(zone_open(rows[i]), "%s", rows[i]);
    }
    fflush(stderr);
    char first[128] = "";
    cr_assert_not_null(fgets(first, sizeof(first), cr_get_redirected_stderr()));
    cr_expect_str_eq(first, "smtpscope: Europe/Nowhere: no such time zone\n");
}

Test(zone, system)
{
    setenv("TZ", "Asia/Kolkata", 1);
    struct zone *z = zone_open(NULL);
    struct civil c = {2026, 1, 1, 5, 30, 0};
    cr_expect_eq(zone_utc(z, &c), utc(2026, 1, 1, 0, 0));
    zone_free(z);
    /* other zones leave the process's own as it was */
    zone_free(zone_open("America/New_York"));
    cr_expect_str_eq(getenv("TZ"), "Asia/Kolkata");
    time_t then = 0;
    struct tm tm;
    localtime_r(&then, &tm);
    cr_expect_eq(tm.tm_hour, 5);
    unsetenv("TZ");
    zone_free(zone_open("America/New_York"));
    cr_expect_null(getenv("TZ"));
}

Test(civil, valid)
{
    static const struct {
        struct civil c;
        bool want;
    } rows[] = {
        {{2026, 1, 1, 0, 0, 0}, true},
        {{2026, 12, 31, 23, 59, 60}, true},
        {{2026, 12, 31, 23, 59, 61}, false},
        {{2024, 2, 29, 0, 0, 0}, true},
        {{2026, 2, 29, 0, 0, 0}, false},
        {{2000, 2, 29, 0, 0, 0}, true},
        {{2100, 2, 29, 0, 0, 0}, false},
        {{2026, 4, 31, 0, 0, 0}, false},
        {{2026, 0, 1, 0, 0, 0}, false},
        {{2026, 13, 1, 0, 0, 0}, false},
        {{2026, 1, 0, 0, 0, 0}, false},
        {{2026, 1, 32, 0, 0, 0}, false},
        {{2026, 1, 1, 24, 0, 0}, false},
        {{2026, 1, 1, -1, 0, 0}, false},
        {{2026, 1, 1, 0, 60, 0}, false},
        {{2026, 1, 1, 0, -1, 0}, false},
        {{2026, 1, 1, 0, 0, -1}, false},
        {{2026, -1, 1, 0, 0, 0}, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(civil_is_valid(&rows[i].c), rows[i].want, "row %zu", i);
    }
}

Test(civil, seconds_there_and_back)
{
    static const struct {
        struct civil c;
        int64_t want;
    } rows[] = {
        {{1970, 1, 1, 0, 0, 0}, 0},
        {{1969, 12, 31, 23, 59, 59}, -1},
        {{2000, 2, 29, 12, 0, 0}, 951825600},
        {{2000, 3, 1, 0, 0, 0}, 951868800},
        {{2026, 11, 23, 12, 16, 49}, 1795436209},
        {{2038, 1, 19, 3, 14, 8}, INT64_C(2147483648)},
        {{2100, 3, 1, 0, 0, 0}, INT64_C(4107542400)},
        {{9999, 12, 31, 23, 59, 59}, INT64_C(253402300799)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct civil back;
        cr_expect_eq(civil_seconds(&rows[i].c), rows[i].want, "row %zu", i);
        civil_of(rows[i].want, &back);
        cr_expect_arr_eq(&back, &rows[i].c, sizeof(back), "row %zu", i);
    }
}
