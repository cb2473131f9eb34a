/* SPDX-License-Identifier: MIT */
/*
 * Times on the command line are in local time unless they say otherwise, as
 * the person who types them thinks; times in data are always UTC.
 */
#include "cli/moment.h"

#include <stdio.h>
#include <time.h>

#include "parse/zone.h"

enum { DAY = 86400 };

/* Ages beyond this are typing errors, and would overflow further on. */
static const int64_t longest_age = (int64_t)1000 * 365 * DAY;

static bool read_digits(const char **text, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++) {
        char c = **text;
        if (c < '0' || c > '9') {
            return false;
        }
        *value = *value * 10 + (c - '0');
        (*text)++;
    }
    return true;
}

static bool read_char(const char **text, char c)
{
    if (**text != c) {
        return false;
    }
    (*text)++;
    return true;
}

static bool read_date(const char **text, struct civil *c)
{
    return read_digits(text, 4, &c->year) && read_char(text, '-') &&
           read_digits(text, 2, &c->month) && read_char(text, '-') &&
           read_digits(text, 2, &c->day) && c->year >= 1970;
}

/* "HH:MM[:SS[.fraction]]"; the fraction is dropped. */
static bool read_clock(const char **text, struct civil *c)
{
    if (!read_digits(text, 2, &c->hour) || !read_char(text, ':') ||
        !read_digits(text, 2, &c->minute)) {
        return false;
    }
    if (read_char(text, ':') && !read_digits(text, 2, &c->second)) {
        return false;
    }
    if (read_char(text, '.')) {
        *text += strspn(*text, "0123456789");
    }
    return true;
}

/* "Z" or "+HH:MM"; nothing means local time. */
static bool read_offset(const char **text, bool *local, int64_t *offset)
{
    *local = **text == '\0';
    *offset = 0;
    if (*local || read_char(text, 'Z') || read_char(text, 'z')) {
        return true;
    }
    int sign = **text == '-' ? -1 : 1;
    int hours = 0;
    int minutes = 0;
    if ((!read_char(text, '+') && !read_char(text, '-')) ||
        !read_digits(text, 2, &hours) || !read_char(text, ':') ||
        !read_digits(text, 2, &minutes)) {
        return false;
    }
    *offset = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

static int64_t local_seconds(const struct civil *c)
{
    struct tm tm = {.tm_year = c->year - 1900,
        .tm_mon = c->month - 1,
        .tm_mday = c->day,
        .tm_hour = c->hour,
        .tm_min = c->minute,
        .tm_sec = c->second,
        .tm_isdst = -1};
    return (int64_t)mktime(&tm);
}

static bool parse_calendar(const char *text, int64_t *moment)
{
    struct civil c = {0};
    bool local = true;
    int64_t offset = 0;
    if (!read_date(&text, &c)) {
        return false;
    }
    if (*text != '\0') {
        bool separated = read_char(&text, 'T') || read_char(&text, 't') ||
                         read_char(&text, ' ');
        if (!separated || !read_clock(&text, &c) ||
            !read_offset(&text, &local, &offset)) {
            return false;
        }
    }
    if (*text != '\0' || !civil_is_valid(&c)) {
        return false;
    }
    *moment = local ? local_seconds(&c) : civil_seconds(&c) - offset;
    return true;
}

/* The beginning of the day ${days} days before ${now}, local time. */
static int64_t midnight(int64_t now, int days)
{
    time_t clock = (time_t)now;
    struct tm tm;
    localtime_r(&clock, &tm);
    tm.tm_mday -= days;
    tm.tm_hour = 0;
    tm.tm_min = 0;
    tm.tm_sec = 0;
    tm.tm_isdst = -1;
    return (int64_t)mktime(&tm);
}

bool moment_parse(const char *text, int64_t now, int64_t *moment)
{
    int64_t age = 0;
    if (strcmp(text, "now") == 0) {
        *moment = now;
    } else if (strcmp(text, "today") == 0) {
        *moment = midnight(now, 0);
    } else if (strcmp(text, "yesterday") == 0) {
        *moment = midnight(now, 1);
    } else if (moment_parse_age(text, &age)) {
        *moment = now - age;
    } else {
        return parse_calendar(text, moment);
    }
    return true;
}

bool moment_parse_age(const char *text, int64_t *seconds)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY}, {'w', 7 * DAY},
        {'y', 365 * DAY}};
    size_t len = strlen(text);
    int64_t n = 0;
    if (len < 2 || !span_number((struct span){text, len - 1}, &n)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].unit == text[len - 1] &&
            n <= longest_age / units[i].seconds) {
            *seconds = n * units[i].seconds;
            return true;
        }
    }
    return false;
}

size_t moment_format(int64_t microseconds, char *out)
{
    struct civil c;
    int64_t fraction = microseconds % 1000000;
    fraction += fraction < 0 ? 1000000 : 0;
    civil_of((microseconds - fraction) / 1000000, &c);
    int len = snprintf(out, MOMENT_TEXT_LEN, "%04d-%02d-%02dT%02d:%02d:%02d",
        c.year, c.month, c.day, c.hour, c.minute, c.second);
    if (fraction % 1000 != 0) {
        len += snprintf(out + len, 8, ".%06d", (int)fraction);
    } else if (fraction != 0) {
        len += snprintf(out + len, 8, ".%03d", (int)(fraction / 1000));
    }
    out[len] = 'Z';
    out[len + 1] = '\0';
    return (size_t)len + 1;
}
