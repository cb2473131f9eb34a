/* SPDX-License-Identifier: MIT */
/*
 * Times on the command line are in the site's time zone unless they say
 * otherwise, as the person who types them thinks; times in data are always
 * UTC.
 */
#include "cli/moment.h"

#include <stdio.h>

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

/* "YYYY-MM-DD", or "YYYY-MM" for the first of the month. */
static bool read_date(const char **text, struct civil *c)
{
    c->day = 1;
    if (!read_digits(text, 4, &c->year) || !read_char(text, '-') ||
        !read_digits(text, 2, &c->month) || c->year < 1970) {
        return false;
    }
    return **text == '\0' ||
           (read_char(text, '-') && read_digits(text, 2, &c->day));
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

/* "Z" or "+HH:MM"; nothing means the zone's time. */
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

static bool parse_calendar(
    const char *text, const struct zone *zone, int64_t *moment)
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
    *moment = local ? zone_utc(zone, &c) : civil_seconds(&c) - offset;
    return true;
}

/* --- days --------------------------------------------------------------- */

/* The beginning of the day ${days} days after that of ${c}; civil_seconds()
 * counts on over the ends of months. */
static int64_t midnight(const struct zone *zone, struct civil c, int days)
{
    c.day += days;
    c.hour = 0;
    c.minute = 0;
    c.second = 0;
    return zone_utc(zone, &c);
}

int64_t moment_add_days(const struct zone *zone, int64_t moment, int days)
{
    struct civil c;
    zone_local(zone, moment, &c);
    c.day += days;
    return zone_utc(zone, &c);
}

/* How many days ago the day called ${word} began: the latest of its name, of
 * which today is one; -1 if it is no day. */
static int days_ago(struct span word, const struct civil *today)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday",
        "thursday", "friday", "saturday", "sunday"};
    struct civil day = *today;
    day.hour = day.minute = day.second = 0;
    /* 1970-01-01 was a Thursday */
    int weekday = (int)((civil_seconds(&day) / DAY + 3) % 7);
    for (int i = 0; i < 7; i++) {
        struct span name = span_of(names[i]);
        if (span_equal_nocase(word, name) ||
            span_equal_nocase(word, span_first(name, 3))) {
            return (weekday - i + 7) % 7;
        }
    }
    return span_equal_nocase(word, SPAN_LITERAL("today"))       ? 0
           : span_equal_nocase(word, SPAN_LITERAL("yesterday")) ? 1
                                                                : -1;
}

/* --- ages --------------------------------------------------------------- */

/* Months differ in length: where there is a calendar they are counted in it,
 * else these seconds stand for them. */
static const struct unit {
    struct span letter;
    struct span word; /* an "s" may follow */
    int64_t seconds;
    int months;
} units[] = {
    {SPAN_INIT("s"), SPAN_INIT("second"), 1, 0},
    {SPAN_INIT("m"), SPAN_INIT("minute"), 60, 0},
    {SPAN_INIT("h"), SPAN_INIT("hour"), 3600, 0},
    {SPAN_INIT("d"), SPAN_INIT("day"), DAY, 0},
    {SPAN_INIT("w"), SPAN_INIT("week"), 7 * DAY, 0},
    {SPAN_INIT("mo"), SPAN_INIT("month"), 30 * DAY, 1},
    {SPAN_INIT("y"), SPAN_INIT("year"), 365 * DAY, 12},
};

static const struct unit *find_unit(struct span word)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        const struct unit *u = &units[i];
        bool starts = span_starts(word, u->word);
        if (span_equal(word, u->letter) || span_equal(word, u->word) ||
            (starts &&
                span_equal(span_skip(word, u->word.len), SPAN_LITERAL("s")))) {
            return u;
        }
    }
    return NULL;
}

/* "7d", "7 days"; NULL if ${text} is no age. */
static const struct unit *read_age(struct span text, int64_t *n)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' &&
           text.ptr[digits] <= '9') {
        digits++;
    }
    const struct unit *unit = find_unit(span_trim(span_skip(text, digits)));
    bool fits = unit != NULL && span_number(span_first(text, digits), n) &&
                *n <= longest_age / unit->seconds;
    return fits ? unit : NULL;
}

bool moment_parse_age(const char *text, int64_t *seconds)
{
    int64_t n = 0;
    const struct unit *unit = read_age(span_of(text), &n);
    if (unit != NULL) {
        *seconds = n * unit->seconds;
    }
    return unit != NULL;
}

/* The same day and time ${n} months before ${c}; the last of the month where
 * it has no such day. */
static int64_t months_before(const struct zone *zone, struct civil c, int64_t n)
{
    int64_t month = (int64_t)c.year * 12 + c.month - 1 - n;
    c.year = (int)(month / 12);
    c.month = (int)(month % 12) + 1;
    while (!civil_is_valid(&c)) {
        c.day--;
    }
    return zone_utc(zone, &c);
}

/* "7d", "3 months", "2 weeks ago". */
static bool parse_ago(
    struct span text, int64_t now, const struct zone *zone, int64_t *moment)
{
    static const struct span ago = SPAN_INIT(" ago");
    struct civil c;
    int64_t n = 0;
    if (span_ends(text, ago)) {
        text = span_trim(span_first(text, text.len - ago.len));
    }
    const struct unit *unit = read_age(text, &n);
    if (unit == NULL) {
        return false;
    }
    zone_local(zone, now, &c);
    if (unit->months > 0 && n * unit->months < (int64_t)c.year * 12) {
        *moment = months_before(zone, c, n * unit->months);
    } else {
        *moment = now - n * unit->seconds;
    }
    return true;
}

bool moment_parse(
    const char *text, int64_t now, const struct zone *zone, int64_t *moment)
{
    struct civil today;
    zone_local(zone, now, &today);
    int days = days_ago(span_of(text), &today);
    if (span_equal_nocase(span_of(text), SPAN_LITERAL("now"))) {
        *moment = now;
    } else if (days >= 0) {
        *moment = midnight(zone, today, -days);
    } else {
        return parse_ago(span_of(text), now, zone, moment) ||
               parse_calendar(text, zone, moment);
    }
    return true;
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
