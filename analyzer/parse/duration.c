/* SPDX-License-Identifier: MIT */
#include "parse/duration.h"

static const int64_t LONGEST = INT64_C(100000000); /* three years, seconds */

static int64_t unit_seconds(char c)
{
    switch (c) {
    case 'w':
        return 7 * 86400;
    case 'd':
    case '+':
        return 86400;
    case 'h':
        return 3600;
    case 'm':
        return 60;
    case 's':
        return 1;
    default:
        return 0;
    }
}

/* ".52" in milliseconds; ${s} is advanced behind it. */
static int64_t fraction(struct span *s)
{
    int64_t value = 0;
    int64_t unit = 100;
    *s = span_skip(*s, 1);
    while (s->len > 0 && s->ptr[0] >= '0' && s->ptr[0] <= '9') {
        value += (s->ptr[0] - '0') * unit;
        unit /= 10;
        *s = span_skip(*s, 1);
    }
    return value;
}

static bool take_number(struct span *s, int64_t *value)
{
    size_t n = 0;
    while (n < s->len && n < 9 && s->ptr[n] >= '0' && s->ptr[n] <= '9') {
        n++;
    }
    bool ok = span_number(span_first(*s, n), value);
    *s = span_skip(*s, n);
    return ok;
}

int64_t duration_parse(struct span s)
{
    int64_t total = 0; /* seconds in units that are complete */
    int64_t clock = 0; /* hh:mm:ss so far */
    int64_t n = 0;
    if (s.len == 0) {
        return -1;
    }
    while (s.len > 0 && total <= LONGEST && clock <= LONGEST) {
        if (!take_number(&s, &n)) {
            return -1;
        }
        char c = s.len > 0 ? s.ptr[0] : '\0';
        if (s.len == 0 || c == '.') {
            int64_t ms = c == '.' ? fraction(&s) : 0;
            if (s.len > 0 && unit_seconds(s.ptr[0]) != 1) {
                return -1;
            }
            return s.len > 1 ? -1 : (total + clock * 60 + n) * 1000 + ms;
        }
        if (c == ':') {
            clock = clock * 60 + n;
        } else if (unit_seconds(c) > 0) {
            total += n * unit_seconds(c);
        } else {
            return -1;
        }
        s = span_skip(s, 1);
    }
    return s.len == 0 && clock == 0 ? total * 1000 : -1;
}
