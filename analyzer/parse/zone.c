/* SPDX-License-Identifier: MIT */
/*
 * The C library knows the rules of all zones, but applies one at a time for
 * the whole process.  So a zone's changes of offset are read out of it once,
 * into a table that any thread can search.
 */
#include "parse/zone.h"

#include "base/diag.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Logs older than 1990 have not been met; 2100 is far enough ahead. */
#define FIRST_SECOND INT64_C(631152000) /* 1990-01-01 */
#define LAST_SECOND INT64_C(4102444800) /* 2100-01-01 */
enum { DAY = 86400, MAX_CHANGES = 512, STEP = 20 * DAY };

struct change {
    int64_t from;   /* UTC second since which */
    int64_t offset; /* local time is UTC plus this */
};

struct zone {
    struct change changes[MAX_CHANGES];
    int n_changes;
};

/* Days since 1970-01-01 of a day of the Gregorian calendar, by counting years
 * from March, so that the leap day comes last. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

int64_t civil_seconds(const struct civil *c)
{
    return days_of(c->year, c->month, c->day) * DAY + c->hour * 3600 +
           c->minute * 60 + c->second;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_is_valid(const struct civil *c)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (c->month < 1 || c->month > 12 || c->day < 1) {
        return false;
    }
    int most = days[c->month - 1] + (c->month == 2 && is_leap(c->year));
    return c->day <= most && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 &&
           c->minute <= 59 && c->second >= 0 && c->second <= 60;
}

void civil_of(int64_t seconds, struct civil *c)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    gmtime_r(&t, &tm);
    *c = (struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
        tm.tm_hour, tm.tm_min, tm.tm_sec};
}

/* The offset of the process's zone at ${utc}. */
static int64_t offset_at(int64_t utc)
{
    time_t t = (time_t)utc;
    struct tm tm;
    localtime_r(&t, &tm);
    struct civil c = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
        tm.tm_min, tm.tm_sec};
    return civil_seconds(&c) - utc;
}

/* The second in (${low}, ${high}] at which the offset becomes ${high}'s. */
static int64_t find_change(int64_t low, int64_t high)
{
    int64_t after = offset_at(high);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(middle) == after) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

static void read_changes(struct zone *z)
{
    int64_t offset = offset_at(FIRST_SECOND);
    z->changes[z->n_changes++] = (struct change){FIRST_SECOND, offset};
    for (int64_t t = FIRST_SECOND; t < LAST_SECOND; t += STEP) {
        int64_t next = offset_at(t + STEP);
        if (next != offset && z->n_changes < MAX_CHANGES) {
            int64_t from = find_change(t, t + STEP);
            z->changes[z->n_changes++] = (struct change){from, next};
            offset = next;
        }
    }
}

/* The C library takes any name and falls back to UTC, so look for the rules
 * where it would. */
static bool zone_exists(const char *name)
{
    if (strcmp(name, "UTC") == 0) {
        return true;
    }
    char path[512];
    if (name[0] == '/' || strstr(name, "..") != NULL) {
        return false;
    }
    snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return false;
    }
    /* the folder also holds folders and tables (RFC 8536, 3.1) */
    char magic[4];
    bool rules = fread(magic, 1, sizeof(magic), f) == sizeof(magic) &&
                 memcmp(magic, "TZif", sizeof(magic)) == 0;
    fclose(f);
    return rules;
}

struct zone *zone_open(const char *name)
{
    if (name != NULL && !zone_exists(name)) {
        diag_error("%s: no such time zone", name);
        return NULL;
    }
    const char *before = getenv("TZ");
    char *kept = before != NULL ? memory_copy(span_of(before)) : NULL;
    if (name != NULL) {
        setenv("TZ", name, 1);
    }
    tzset();
    struct zone *z = memory_zalloc(1, sizeof(*z));
    read_changes(z);
    if (kept != NULL) {
        setenv("TZ", kept, 1);
    } else {
        unsetenv("TZ");
    }
    tzset();
    free(kept);
    return z;
}

/* The larger of the offsets before and after ${c}, which is not the first. */
static int64_t ahead(const struct change *c)
{
    return c[-1].offset > c->offset ? c[-1].offset : c->offset;
}

int64_t zone_utc(const struct zone *z, const struct civil *local)
{
    int64_t wall = civil_seconds(local);
    /* the last change that had happened when clocks first showed this: its
     * moment is not later, read on the clock as it goes ahead of the other */
    int i = z->n_changes - 1;
    while (i > 0 && wall < z->changes[i].from + ahead(&z->changes[i])) {
        i--;
    }
    return wall - z->changes[i].offset;
}

void zone_local(const struct zone *z, int64_t utc, struct civil *local)
{
    int i = z->n_changes - 1;
    while (i > 0 && utc < z->changes[i].from) {
        i--;
    }
    civil_of(utc + z->changes[i].offset, local);
}

void zone_free(struct zone *z)
{
    free(z);
}
