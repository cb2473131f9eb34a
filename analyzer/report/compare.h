/* SPDX-License-Identifier: MIT */
/* report/compare.h - one report of two periods, row by row. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "report/table.h"

/* For whom: programs get all, people what changed. */
enum compare_rows { COMPARE_ALL = 0, COMPARE_CHANGED };

/**
 * compare_tables(now, before, about, rows):
 * Match the rows of ${now} and ${before}, the same report of two periods, by
 * their key columns, and return a new table of what the periods have in each:
 * the keys; "change", which is new, gone, more, less or same (by the sum of
 * the chief counts); and for each measure M the columns M_before, M_now and
 *
 *   counts      M_change, M_percent
 *   shares      M_points
 *   durations   M_percent
 *
 * empty where there is nothing to compare with.  A row that one period lacks
 * counts 0 there.  The greatest changes of each direction come first.  With
 * COMPARE_CHANGED only chief measures and rows whose chief measures changed
 * are there, as many as the report's limit allows; and of a report whose only
 * key is the direction each number becomes a row.  ${about} is copied; the
 * caller ends the table with table_free().
 */
struct table *compare_tables(const struct table *now,
    const struct table *before, struct span about, enum compare_rows rows);

/**
 * compare_annotate(now, before):
 * A new table of all columns and rows of ${now}, in their order, and after
 * each chief measure M, and each share that is compared, how it differs from
 * ${before}: M_change, M_points or M_percent as above.  The caller ends the
 * table with table_free().
 */
struct table *compare_annotate(
    const struct table *now, const struct table *before);

/**
 * compare_gone(now, before, about):
 * A new table of the rows of ${before} that ${now}, which holds all rows of its
 * period, does not have; ${about} is copied.  The caller ends the table with
 * table_free().
 */
struct table *compare_gone(
    const struct table *now, const struct table *before, struct span about);

#endif
