/* SPDX-License-Identifier: MIT */
/* report/html_times.h - causes over time as one table, a column each. */
#ifndef REPORT_HTML_TIMES_H
#define REPORT_HTML_TIMES_H

#include "report/table.h"

/**
 * html_times_turn(table, direction):
 * The rows of ${direction} of the report "timeline_causes" as a new table: a
 * row for each time, a column for each cause, most attempts first.  The caller
 * ends it with table_free().
 */
struct table *html_times_turn(const struct table *table, const char *direction);

#endif
