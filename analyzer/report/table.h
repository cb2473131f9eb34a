/* SPDX-License-Identifier: MIT */
/* report/table.h - the result of a report: named columns and rows of cells. */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "base/span.h"

/*
 * What a column holds, which decides how each format writes it.
 *  text     text from logs or names of ours
 *  code     a reply or status code: digits that are no quantity
 *  count    a whole number of something
 *  share    a fraction, 0 to 1
 *  time     Unix seconds, UTC
 *  seconds  a duration
 *  bytes    a size
 *  url      a web address
 *  line     long text (a log line) that deserves a line of its own
 *  change   a count less another: signed
 *  percent  how much larger a number is than another, in percent: signed
 *  points   a share less another, in percentage points: signed
 */
#define COLUMN_KIND_LIST(X)                                                    \
    X(UNKNOWN, "")                                                             \
    X(TEXT, "text")                                                            \
    X(CODE, "code")                                                            \
    X(COUNT, "count")                                                          \
    X(SHARE, "share")                                                          \
    X(TIME, "time")                                                            \
    X(SECONDS, "seconds")                                                      \
    X(BYTES, "bytes")                                                          \
    X(URL, "url")                                                              \
    X(LINE, "line")                                                            \
    X(CHANGE, "change")                                                        \
    X(PERCENT, "percent")                                                      \
    X(POINTS, "points")

#define COLUMN_KIND_ENUM(name, text) COLUMN_##name,
enum column_kind { COLUMN_KIND_LIST(COLUMN_KIND_ENUM) COLUMN_KIND_COUNT };

/* What a column is for, when rows are told apart or compared. */
enum column_role {
    COLUMN_PLAIN = 0,
    COLUMN_KEY,     /* with the other keys it names the row */
    COLUMN_MEASURE, /* a number that periods are compared by */
    COLUMN_CHIEF    /* such a number that is shown to people, too */
};

enum cell_type {
    CELL_NONE = 0, /* SQL's NULL: not known, does not apply */
    CELL_TEXT,
    CELL_INTEGER,
    CELL_REAL
};

/* One value.  Text is hostile bytes, kept by the table. */
struct cell {
    enum cell_type type;
    int64_t integer;
    double real;
    struct span text;
};

struct column {
    const char *name;  /* as in CSV and JSON */
    const char *about; /* unit or meaning */
    enum column_kind kind;
    enum column_role role;
};

/* A table owns all its names and cells.  Rows keep the order of adding. */
struct table;

/** table_create(name, title, about): An empty table of the report ${name};
 * ${title} and ${about} are for people.  All are copied.  Ends with
 * table_free(). */
struct table *table_create(
    struct span name, struct span title, struct span about);

/** table_name(t), table_title(t), table_about(t): As given. */
const char *table_name(const struct table *t);
const char *table_title(const struct table *t);
const char *table_about(const struct table *t);

/** table_add_column(t, name, kind, about): Add a column at the right; only
 * before the first row. */
void table_add_column(struct table *t, struct span name, enum column_kind kind,
    struct span about);

/** table_set_title(t, title): Change the title; copied. */
void table_set_title(struct table *t, struct span title);

/** table_set_role(t, name, role): Set the role of the column ${name}, which is
 * COLUMN_PLAIN before; false if there is none. */
bool table_set_role(struct table *t, struct span name, enum column_role role);

/** table_chart(t), table_set_chart(t, chart): The report's chart hint, as in
 * its SQL file ("stacked attempts"); empty unless set. */
const char *table_chart(const struct table *t);
void table_set_chart(struct table *t, struct span chart);

/** table_n_columns(t): How many there are. */
size_t table_n_columns(const struct table *t);

/** table_column(t, i): Column ${i}, from 0. */
const struct column *table_column(const struct table *t, size_t i);

/** table_find(t, name): The number of the column ${name}, or
 * table_n_columns() if there is none. */
size_t table_find(const struct table *t, const char *name);

/** table_add_row(t): Add a row of CELL_NONE and return its cells, to be
 * filled before the next row is added. */
struct cell *table_add_row(struct table *t);

/** table_keep(t, text): A copy of ${text} that lives as long as ${t}. */
struct span table_keep(struct table *t, struct span text);

/** table_n_rows(t): How many rows the table holds. */
size_t table_n_rows(const struct table *t);

/** table_leave_out(t, direction, n): Note that ${n} more rows, of
 * ${direction}, were left out because of a limit. */
void table_leave_out(struct table *t, struct span direction, size_t n);

/** table_left_out(t, direction): How many rows of ${direction} were left out;
 * NULL: of all. */
size_t table_left_out(const struct table *t, const char *direction);

/** table_limit(t), table_set_limit(t, n): How many rows of each direction are
 * worth showing to people; all unless set. */
size_t table_limit(const struct table *t);
void table_set_limit(struct table *t, size_t n);

/** table_cell(t, row, column): One value; CELL_NONE if ${column} is not in
 * the table. */
const struct cell *table_cell(const struct table *t, size_t row, size_t column);

/** table_value(cell): The number in ${cell}, 0 if it holds none. */
double table_value(const struct cell *cell);

/** table_text(t, row, name): The text in the column ${name}, empty if there is
 * none. */
struct span table_text(const struct table *t, size_t row, const char *name);

/** table_number(t, row, name): The number in the column ${name}, 0 if there
 * is none. */
double table_number(const struct table *t, size_t row, const char *name);

/** table_integer(t, row, name): The same as a whole number, at most 10^15 (of
 * either sign): a thousand of them can be added, whatever a damaged database
 * says. */
int64_t table_integer(const struct table *t, size_t row, const char *name);

/** table_kind_parse(s, kind): The kind called ${s}; false if none is. */
bool table_kind_parse(struct span s, enum column_kind *kind);

/** table_kind_name(kind): The reverse. */
const char *table_kind_name(enum column_kind kind);

/** table_kind_is_number(kind): True for what is aligned at the right. */
bool table_kind_is_number(enum column_kind kind);

/** table_free(t): End ${t}.  NULL does nothing. */
void table_free(struct table *t);

#endif
