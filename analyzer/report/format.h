/* SPDX-License-Identifier: MIT */
/* report/format.h - values of cells as people and as programs read them. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "base/buffer.h"
#include "report/table.h"

/*
 * Machines get full precision: times as RFC 3339 in UTC, shares as fractions,
 * durations as seconds, sizes as bytes.  People get "12,345", "1.3 %",
 * "2026-11-01 13:00", "1.4 s", "858 MiB"; of changes "+12", "-3.1 %", and
 * "+0.4" percentage points.
 */

/** format_time_utc(out, seconds): "2026-11-01T13:00:00Z". */
void format_time_utc(struct buffer *out, int64_t seconds);

/** format_time(out, seconds): "2026-11-01 13:00", UTC. */
void format_time(struct buffer *out, int64_t seconds);

/** format_count(out, n): "12,345". */
void format_count(struct buffer *out, int64_t n);

/** format_share(out, share): "1.3 %"; what is below a tenth keeps two digits
 * that count, and nothing but 1 becomes 100 %, nothing but 0 becomes 0 %. */
void format_share(struct buffer *out, double share);

/** format_change(out, n): "+1,234", "-12", "0". */
void format_change(struct buffer *out, int64_t n);

/** format_percent(out, percent): "+3.1 %", "-48 %", "+1,200 %", "0 %". */
void format_percent(struct buffer *out, double percent);

/** format_points(out, points): "+0.4", "-12.0", "0". */
void format_points(struct buffer *out, double points);

/** format_duration(out, seconds): "45 ms", "1.4 s", "12 min", "3.2 h". */
void format_duration(struct buffer *out, double seconds);

/** format_size(out, bytes): "858 MiB". */
void format_size(struct buffer *out, double bytes);

/**
 * format_human(out, cell, kind):
 * Append ${cell} as a person reads it; nothing for CELL_NONE.  Text is
 * appended raw: whoever calls escapes it.
 */
void format_human(
    struct buffer *out, const struct cell *cell, enum column_kind kind);

/** format_machine(out, cell, kind): The same for programs. */
void format_machine(
    struct buffer *out, const struct cell *cell, enum column_kind kind);

#endif
