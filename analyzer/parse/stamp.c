/* SPDX-License-Identifier: MIT */
#include "parse/stamp.h"

/* Logs of more years than MAX_YEARS are shuffled lines, not logs. */
enum { DAY = 86400, SLACK = DAY, MAX_YEARS = 50 };

void stamp_init(struct stamp_reader *r, const struct zone *zone, int64_t anchor,
    int64_t last)
{
    *r = (struct stamp_reader){.zone = zone, .anchor = anchor, .last = last};
}

/* A number of exactly ${n} digits at ${p}, or -1. */
static int digits(const char *p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9') {
            return -1;
        }
        value = value * 10 + (p[i] - '0');
    }
    return value;
}

static int month_of(const char *p)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++) {
        if (memcmp(p, names + 3 * i, 3) == 0) {
            return i + 1;
        }
    }
    return 0;
}

/* "12:16:49" */
static bool read_clock(const char *p, struct civil *c)
{
    c->hour = digits(p, 2);
    c->minute = digits(p + 3, 2);
    c->second = digits(p + 6, 2);
    return p[2] == ':' && p[5] == ':' && c->hour >= 0 && c->minute >= 0 &&
           c->second >= 0;
}

/* The time of ${c} in ${year}; false if there is no such day in it. */
static bool in_year(
    const struct stamp_reader *r, struct civil *c, int year, int64_t *time)
{
    c->year = year;
    if (!civil_is_valid(c)) {
        return false;
    }
    *time = zone_utc(r->zone, c);
    return true;
}

/* The latest year not after ${year} in which ${c} exists and lies no later
 * than ${limit}. */
static bool at_or_before(const struct stamp_reader *r, struct civil *c,
    int year, int64_t limit, int64_t *time)
{
    for (int back = 0; back < 9; back++) {
        if (in_year(r, c, year - back, time) && *time <= limit) {
            return true;
        }
    }
    return false;
}

/* Choose the year of a stamp that has none. */
static bool infer_year(struct stamp_reader *r, struct civil *c, int64_t *time)
{
    struct civil near;
    if (r->last == 0) {
        civil_of(r->anchor + SLACK, &near);
        return at_or_before(r, c, near.year, r->anchor + SLACK, time) &&
               at_or_before(r, c, c->year - r->years_back, INT64_MAX, time);
    }
    /* Lines may come a little out of order, and a log may pause for months:
     * up to eleven months ahead, or one month back. */
    int64_t limit = r->last + INT64_C(335) * DAY;
    civil_of(limit, &near);
    if (!at_or_before(r, c, near.year, limit, time)) {
        return false;
    }
    if (*time < r->last - INT64_C(60) * DAY) {
        civil_of(r->last, &near);
        r->leap_years_back = near.year - c->year;
    }
    return true;
}

/* ${s} begins a minute that begins at ${time}. */
static void keep_minute(struct stamp_reader *r, struct span s, int64_t time)
{
    memcpy(r->cached, s.ptr, s.len);
    r->cached_len = s.len;
    r->cached_minute = time;
    r->cached_dated = false;
}

/* The second of a stamp in the minute that is kept; -1 if it is in none.
 * Clocks are set forward and back at full minutes, and a leap second is left
 * to those who read the whole stamp. */
static int second_of_kept(const struct stamp_reader *r, struct span s)
{
    size_t n = r->cached_len;
    if (n == 0 || s.len < n + 2 || !span_same_bytes(s.ptr, r->cached, n)) {
        return -1;
    }
    int second = digits(s.ptr + n, 2);
    return second <= 59 ? second : -1;
}

static size_t read_3164(struct stamp_reader *r, struct span s, int64_t *time)
{
    const char *p = s.ptr;
    struct civil c = {0};
    int second = r->cached_dated ? -1 : second_of_kept(r, s);
    if (second >= 0) {
        *time = r->cached_minute + second;
        return r->cached_len + 2;
    }
    if (s.len < 15 || p[3] != ' ') {
        return 0;
    }
    c.month = month_of(p);
    /* "Nov  3", "Nov 03" and, from hands and scripts, "Nov 3" */
    size_t clock = p[5] == ' ' ? 6 : 7;
    if (p[4] == ' ' || clock == 6) {
        c.day = digits(p + clock - 2, 1);
    } else {
        c.day = digits(p + 4, 2);
    }
    if (c.month == 0 || c.day < 1 || p[clock - 1] != ' ' ||
        !read_clock(p + clock, &c) || !infer_year(r, &c, time)) {
        return 0;
    }
    r->yearless = true;
    keep_minute(r, span_first(s, clock + 6), *time - c.second);
    return clock + 8;
}

/* "Z", "+01:00", "+0100" or nothing; -1 in ${len}: no offset was given. */
static bool read_offset(struct span s, int64_t *offset, size_t *len)
{
    *len = 0;
    *offset = 0;
    if (s.len >= 1 && s.ptr[0] == 'Z') {
        *len = 1;
        return true;
    }
    if (s.len < 5 || (s.ptr[0] != '+' && s.ptr[0] != '-')) {
        return false;
    }
    bool colon = s.ptr[3] == ':';
    if (colon && s.len < 6) {
        return false;
    }
    int hours = digits(s.ptr + 1, 2);
    int minutes = digits(s.ptr + (colon ? 4 : 3), 2);
    if (hours < 0 || minutes < 0) {
        return false;
    }
    *offset = (hours * 3600 + minutes * 60) * (s.ptr[0] == '-' ? -1 : 1);
    *len = colon ? 6 : 5;
    return true;
}

/* ".610367": microseconds; further digits are dropped. */
static size_t read_fraction(struct span s, int64_t *micros)
{
    *micros = 0;
    if (s.len < 2 || (s.ptr[0] != '.' && s.ptr[0] != ',')) {
        return 0;
    }
    size_t n = 1;
    int64_t unit = 100000;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9') {
        *micros += (s.ptr[n] - '0') * unit;
        unit /= 10;
        n++;
    }
    return n > 1 ? n : 0;
}

static bool read_civil(const char *p, struct civil *c)
{
    c->year = digits(p, 4);
    c->month = digits(p + 5, 2);
    c->day = digits(p + 8, 2);
    return c->year >= 1970 && read_clock(p + 11, c) && civil_is_valid(c);
}

/* The minute of an RFC 3339 stamp as if it were UTC, and its second; of a
 * minute that is kept, the rest of ${c} is left alone. */
static bool read_minute(
    struct stamp_reader *r, struct span s, struct civil *c, int64_t *minute)
{
    int second = r->cached_dated ? second_of_kept(r, s) : -1;
    if (second >= 0) {
        c->second = second;
        *minute = r->cached_minute;
        return true;
    }
    if (!read_civil(s.ptr, c)) {
        return false;
    }
    *minute = civil_seconds(c) - c->second;
    keep_minute(r, span_first(s, 17), *minute);
    r->cached_dated = true;
    return true;
}

static size_t read_3339(struct stamp_reader *r, struct span s, int64_t *time)
{
    const char *p = s.ptr;
    if (s.len < 19 || p[4] != '-' || p[7] != '-' ||
        (p[10] != 'T' && p[10] != ' ')) {
        return 0;
    }
    struct civil c = {.year = 0};
    int64_t minute = 0;
    if (!read_minute(r, s, &c, &minute)) {
        return 0;
    }
    int64_t micros = 0;
    int64_t offset = 0;
    size_t at = 19 + read_fraction(span_skip(s, 19), &micros);
    size_t len = 0;
    bool utc = read_offset(span_skip(s, at), &offset, &len);
    if (!utc && at < s.len && p[10] == ' ' && p[at] == ' ') {
        utc = read_offset(span_skip(s, at + 1), &offset, &len); /* Exim */
        len += utc ? 1 : 0;
    }
    if (!utc && c.year == 0) {
        read_civil(p, &c);
    }
    int64_t seconds = utc ? minute + c.second - offset : zone_utc(r->zone, &c);
    r->yearless = false;
    *time = seconds * 1000000 + micros;
    return at + len;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* "@" and 24 hexadecimal digits: seconds as TAI plus 2^62, nanoseconds.
 * cr.yp.to/libtai/tai64.html; leap seconds are the 10 of 1970, as multilog
 * counts them. */
static size_t read_tai64n(struct stamp_reader *r, struct span s, int64_t *time)
{
    uint64_t half[2] = {0, 0};
    if (s.len < 25) {
        return 0;
    }
    for (int i = 0; i < 24; i++) {
        int digit = hex_value(s.ptr[1 + i]);
        if (digit < 0) {
            return 0;
        }
        half[i / 16] = half[i / 16] << 4 | (uint64_t)digit;
    }
    uint64_t epoch = UINT64_C(4611686018427387914);
    if (half[0] < epoch || half[0] - epoch > UINT64_C(1) << 33 ||
        half[1] >= 1000000000) {
        return 0;
    }
    r->yearless = false;
    *time = (int64_t)(half[0] - epoch) * 1000000 + (int64_t)(half[1] / 1000);
    return 25;
}

/* Nine or ten digits of seconds, and a fraction. */
static size_t read_epoch(struct stamp_reader *r, struct span s, int64_t *time)
{
    size_t n = 0;
    while (n < s.len && s.ptr[n] >= '0' && s.ptr[n] <= '9') {
        n++;
    }
    int64_t seconds = 0;
    int64_t micros = 0;
    if (n < 9 || n > 10 || !span_number(span_first(s, n), &seconds)) {
        return 0;
    }
    n += read_fraction(span_skip(s, n), &micros);
    r->yearless = false;
    *time = seconds * 1000000 + micros;
    return n;
}

/* The stamps that name their year. */
static size_t read_dated(struct stamp_reader *r, struct span s, int64_t *time)
{
    size_t n =
        s.ptr[0] == '@' ? read_tai64n(r, s, time) : read_3339(r, s, time);
    if (n == 0 && s.ptr[0] != '@') {
        n = read_epoch(r, s, time);
    }
    if (n > 0) {
        r->last = *time / 1000000;
        if (!r->cached_dated) {
            r->cached_len = 0; /* its year was worked out before this stamp */
        }
    }
    return n;
}

size_t stamp_read(struct stamp_reader *r, struct span s, int64_t *time)
{
    char first = s.len > 0 ? s.ptr[0] : '\0';
    if (first == '@' || (first >= '0' && first <= '9')) {
        return read_dated(r, s, time);
    }
    int64_t seconds = 0;
    size_t n = read_3164(r, s, &seconds);
    if (n > 0) {
        r->last = seconds;
        *time = seconds * 1000000;
    }
    return n;
}

int stamp_years_over(const struct stamp_reader *r)
{
    if (!r->yearless || r->anchor == 0) {
        return 0;
    }
    int over = r->leap_years_back;
    struct civil c;
    civil_of(r->last, &c);
    c.year -= over;
    while (over < MAX_YEARS && civil_seconds(&c) > r->anchor + SLACK) {
        c.year--;
        over++;
    }
    return over;
}
