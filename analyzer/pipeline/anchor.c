/* SPDX-License-Identifier: MIT */
#include "pipeline/anchor.h"

#include <ctype.h>
#include <time.h>

static const int64_t NANOSECONDS = 1000000000;
enum { DAY = 86400 };

/* The last second of a day; the reader of stamps allows a day more, which
 * covers every time zone. */
static int64_t end_of_day(int year, int month, int day)
{
    struct civil c = {year, month, day, 23, 59, 59};
    return civil_is_valid(&c) ? civil_seconds(&c) : 0;
}

/* ${n} digits at ${p}, or -1. */
static int digits(const char *p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (!isdigit((unsigned char)p[i])) {
            return -1;
        }
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

/* "20261101" or "2026-11-01" at ${p}, not part of a longer number. */
static int64_t date_at(const char *p)
{
    size_t left = strlen(p);
    bool dashes = left >= 10 && p[4] == '-' && p[7] == '-';
    if (left < (dashes ? 10u : 8u)) {
        return 0;
    }
    int year = digits(p, 4);
    int month = digits(p + (dashes ? 5 : 4), 2);
    int day = digits(p + (dashes ? 8 : 6), 2);
    if (year < 1990 || year > 2099 || month < 1 || day < 1 ||
        isdigit((unsigned char)p[dashes ? 10 : 8])) {
        return 0;
    }
    return end_of_day(year, month, day);
}

int64_t anchor_in_name(const char *path)
{
    const char *name = strrchr(path, '/');
    name = name != NULL ? name + 1 : path;
    for (const char *p = name; *p != '\0'; p++) {
        bool starts = p == name || !isdigit((unsigned char)p[-1]);
        int64_t day = starts && isdigit((unsigned char)*p) ? date_at(p) : 0;
        if (day != 0) {
            return day;
        }
    }
    return 0;
}

int64_t anchor_of(const struct path_entry *file, const struct decoder *decoder,
    int year, const struct zone *zone)
{
    if (year != 0) {
        /* the year ends on the log's own clock, and with the day that the
         * reader allows, so that 1 January is not taken for the next one's */
        struct civil end = {year, 12, 31, 23, 59, 59};
        return zone_utc(zone, &end) - DAY;
    }
    int64_t named = anchor_in_name(file->path);
    if (named != 0) {
        return named;
    }
    if (decoder_mtime_hint(decoder) != 0) {
        return decoder_mtime_hint(decoder);
    }
    if (file->mtime != 0) {
        return file->mtime / NANOSECONDS;
    }
    return (int64_t)time(NULL);
}
