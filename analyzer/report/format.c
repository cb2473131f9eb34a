/* SPDX-License-Identifier: MIT */
/*
 * Numbers are written without the locale: a nightly run and a person's shell
 * must give the same bytes.
 */
#include "report/format.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

/* Times outside the years 0 to 9999 come from nothing but damage. */
static bool split(int64_t seconds, struct tm *tm)
{
    time_t t = (time_t)seconds;
    return seconds > -62167219200 && seconds < 253402300800 &&
           gmtime_r(&t, tm) != NULL;
}

static void add_time(struct buffer *out, int64_t seconds, const char *format)
{
    struct tm tm;
    char text[40];
    if (split(seconds, &tm) && strftime(text, sizeof text, format, &tm) > 0) {
        buffer_add_string(out, text);
    }
}

void format_time_utc(struct buffer *out, int64_t seconds)
{
    add_time(out, seconds, "%Y-%m-%dT%H:%M:%SZ");
}

void format_time(struct buffer *out, int64_t seconds)
{
    add_time(out, seconds, "%Y-%m-%d %H:%M");
}

void format_count(struct buffer *out, int64_t n)
{
    struct buffer digits;
    buffer_init(&digits, 32);
    buffer_addf(&digits, "%" PRId64, n);
    struct span s = buffer_span(&digits);
    for (size_t i = 0; i < s.len; i++) {
        size_t left = s.len - i;
        if (i > 0 && left % 3 == 0 && s.ptr[i - 1] != '-') {
            buffer_add_char(out, ',');
        }
        buffer_add_char(out, s.ptr[i]);
    }
    buffer_free(&digits);
}

void format_share(struct buffer *out, double share)
{
    double percent = share * 100;
    if (percent > 0 && percent < 0.01) {
        buffer_add_string(out, "<0.01 %");
    } else if (percent < 100 && percent > 99.9) {
        /* Rounding must not hide that something is missing. */
        buffer_addf(out, percent > 99.99 ? ">99.99 %%" : "%.2f %%", percent);
    } else if (percent > 0 && percent < 0.095) {
        buffer_addf(out, "%.2f %%", percent);
    } else {
        buffer_addf(
            out, "%.*f %%", percent == 0 || percent == 100 ? 0 : 1, percent);
    }
}

void format_duration(struct buffer *out, double seconds)
{
    static const struct {
        double from;
        double unit;
        const char *name;
    } units[] = {{2 * 86400.0, 86400, "d"}, {5400, 3600, "h"}, {90, 60, "min"},
        {0.9995, 1, "s"}, {0, 0.001, "ms"}};
    size_t i = 0;
    while (seconds < units[i].from && units[i].from > 0) {
        i++;
    }
    double value = seconds / units[i].unit;
    buffer_addf(out, "%.*f %s", value < 9.95 && units[i].unit >= 1 ? 1 : 0,
        value, units[i].name);
}

void format_size(struct buffer *out, double bytes)
{
    static const char *const names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t i = 0;
    while (bytes >= 1000 && i + 1 < sizeof names / sizeof names[0]) {
        bytes /= 1024;
        i++;
    }
    buffer_addf(out, "%.*f %s", i > 0 && bytes < 9.95 ? 1 : 0, bytes, names[i]);
}

void format_change(struct buffer *out, int64_t n)
{
    buffer_add_string(out, n > 0 ? "+" : "");
    format_count(out, n);
}

void format_percent(struct buffer *out, double percent)
{
    if (percent > 0) {
        buffer_add_char(out, '+');
    }
    if (fabs(percent) < 9.95) {
        buffer_addf(
            out, "%.*f %%", percent < 0 || percent > 0 ? 1 : 0, percent);
        return;
    }
    format_count(out, (int64_t)llround(percent));
    buffer_add_string(out, " %");
}

void format_points(struct buffer *out, double points)
{
    buffer_add_string(out, points > 0 ? "+" : "");
    buffer_addf(out, "%.*f", points < 0 || points > 0 ? 1 : 0, points);
}

static double as_number(const struct cell *cell)
{
    return cell->type == CELL_REAL ? cell->real : (double)cell->integer;
}

static int64_t as_integer(const struct cell *cell)
{
    return cell->type == CELL_REAL ? (int64_t)llround(cell->real)
                                   : cell->integer;
}

void format_human(
    struct buffer *out, const struct cell *cell, enum column_kind kind)
{
    if (cell->type == CELL_NONE) {
        return;
    }
    if (cell->type == CELL_TEXT) {
        buffer_add(out, cell->text);
        return;
    }
    switch (kind) {
    case COLUMN_COUNT:
        format_count(out, as_integer(cell));
        break;
    case COLUMN_SHARE:
        format_share(out, as_number(cell));
        break;
    case COLUMN_TIME:
        format_time(out, as_integer(cell));
        break;
    case COLUMN_SECONDS:
        format_duration(out, as_number(cell));
        break;
    case COLUMN_BYTES:
        format_size(out, as_number(cell));
        break;
    case COLUMN_CHANGE:
        format_change(out, as_integer(cell));
        break;
    case COLUMN_PERCENT:
        format_percent(out, as_number(cell));
        break;
    case COLUMN_POINTS:
        format_points(out, as_number(cell));
        break;
    default:
        format_machine(out, cell, kind);
    }
}

void format_machine(
    struct buffer *out, const struct cell *cell, enum column_kind kind)
{
    switch (cell->type) {
    case CELL_NONE:
        break;
    case CELL_TEXT:
        buffer_add(out, cell->text);
        break;
    case CELL_INTEGER:
        if (kind == COLUMN_TIME) {
            format_time_utc(out, cell->integer);
        } else {
            buffer_addf(out, "%" PRId64, cell->integer);
        }
        break;
    case CELL_REAL:
        /* JSON knows neither infinity nor NaN. */
        if (isfinite(cell->real)) {
            buffer_addf(out, "%.10g", cell->real);
        }
        break;
    }
}
