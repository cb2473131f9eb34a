/* SPDX-License-Identifier: MIT */
/* report/named.h - the reports that lie as SQL files in schema/reports. */
#ifndef REPORT_NAMED_H
#define REPORT_NAMED_H

#include "report/table.h"

#include <sqlite3.h>

/*
 * A report is one file, schema/reports/NAME.sql: a head of comments, then one
 * SELECT.  The head's lines, in any order:
 *
 *   -- title: for people
 *   -- about: one sentence that says what is counted
 *   -- chart: none, or line|bar|stacked and the column to draw
 *   -- limit: rows of each direction shown to people; programs get all
 *   -- column NAME: KIND, meaning        (KIND: see report/table.h)
 *   -- key: columns                      that tell its rows apart
 *   -- compare: columns [; columns]      numbers that two periods are compared
 *                                        by; to people only those before ";"
 *   -- metrics: usual|asked              may be written as metrics: without
 *                                        being named, or only then
 *
 * one column line for each column of the SELECT, in its order; the last three
 * only where they make sense.  The SELECT
 * may use the parameters :since and :until (Unix seconds of an hour, always
 * bound), :direction and :domain (NULL: all), :step (seconds of a step that
 * suits the period) and the functions of findings/lexicon.h.
 */

/* Which facts count. */
struct named_filter {
    int64_t since;         /* Unix seconds, taken back to the full hour */
    int64_t until;         /* exclusive, taken on to the full hour */
    const char *direction; /* "outbound", "inbound", or NULL for both */
    const char *domain;    /* in lower case, or NULL for all */
};

/* Everything. */
#define NAMED_FILTER_NONE                                                      \
    ((struct named_filter){INT64_MIN, INT64_MAX, NULL, NULL})

/* How many rows of each direction named_run() keeps. */
enum named_rows { NAMED_ROWS_ALL = 0, NAMED_ROWS_SHORT };

/** named_widen(filter): ${filter} with its period widened to full hours, which
 * is what is counted. */
struct named_filter named_widen(const struct named_filter *filter);

/** named_exists(name): True if there is a report ${name}. */
bool named_exists(const char *name);

/** named_head(name, key): The value of the line "-- ${key}: " in the head of
 * the report ${name}, SPAN_NONE if there is none. */
struct span named_head(const char *name, const char *key);

/** named_next(after): The name of the first report after ${after} (NULL: from
 * the beginning) in alphabetical order, NULL at the end.  The caller frees
 * it. */
char *named_next(const char *after);

/**
 * named_run(db, name, filter, rows):
 * Run the report ${name} on ${db}, which has the views of schema/views.sql
 * and knows the functions of findings/lexicon.h.  With NAMED_ROWS_SHORT only
 * as many rows of each direction as the report's head says are kept;
 * table_left_out() tells how many were not.  Return NULL, having reported the
 * reason, on failure; the caller ends the table with table_free().
 */
struct table *named_run(sqlite3 *db, const char *name,
    const struct named_filter *filter, enum named_rows rows);

/**
 * named_run_apart(db, names, n, filter, tables):
 * Run the ${n} reports ${names} (NULL: none) whole, store them in ${tables},
 * and take back what was prepared for this period, which would be in the way
 * of another.  False, having reported the reason, on failure; then and
 * otherwise the caller ends the tables that are not NULL.
 */
bool named_run_apart(sqlite3 *db, const char *const *names, size_t n,
    const struct named_filter *filter, struct table **tables);

#endif
