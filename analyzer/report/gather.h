/* SPDX-License-Identifier: MIT */
/* report/gather.h - all that the summary and the page are made of. */
#ifndef REPORT_GATHER_H
#define REPORT_GATHER_H

#include "findings/lexicon.h"
#include "report/named.h"

/* Everything of one direction, added up (see the report overview). */
struct gather_totals {
    bool is_there; /* false: no mail of that direction in the period */
    int64_t delivered;
    int64_t accepted;
    int64_t deferred;
    int64_t bounced;
    int64_t expired;
    int64_t rejected;
    int64_t attempts; /* failed attempts, all causes */
    double failure_rate;
};

/* What the logs themselves were. */
struct gather_logs {
    int64_t sources;
    int64_t damaged;
    int64_t bytes;
    int64_t lines;
    int64_t events;
    int64_t known; /* of a mail server, and understood */
    int64_t unknown;
    int64_t overflow;
    int64_t hours_left_out;
    int64_t hours_suspected;
    int64_t skipped; /* overlong and malformed lines */
};

/* The tables of one period; owns them. */
struct gather;

/**
 * gather_run(db, filter, lexicon):
 * Run every report that the summary and the page need.  Borrows ${lexicon}
 * (not NULL).  Return NULL, having reported the reason, on failure; ends with
 * gather_free().
 */
struct gather *gather_run(sqlite3 *db, const struct named_filter *filter,
    const struct lexicon *lexicon);

/** gather_table(g, name): The report ${name}, one of those that were run. */
const struct table *gather_table(const struct gather *g, const char *name);

/** gather_filter(g), gather_lexicon(g): As given. */
const struct named_filter *gather_filter(const struct gather *g);
const struct lexicon *gather_lexicon(const struct gather *g);

/** gather_totals(g, direction): The sums of ${direction}. */
struct gather_totals gather_totals(
    const struct gather *g, const char *direction);

/** gather_logs(g): The sums over all sources. */
struct gather_logs gather_logs(const struct gather *g);

/** gather_period(g, from, until): Store the first hour and the end of the
 * last hour with mail; false if there is none. */
bool gather_period(const struct gather *g, int64_t *from, int64_t *until);

/** gather_cause_attempts(g, direction, cause): Failed attempts of ${cause}. */
int64_t gather_cause_attempts(
    const struct gather *g, const char *direction, const char *cause);

/** gather_next_row(table, direction, row): The first row from ${row} on whose
 * column "direction" is ${direction}; table_n_rows() if there is none. */
size_t gather_next_row(
    const struct table *table, const char *direction, size_t row);

/** gather_free(g): End ${g} and its tables.  NULL does nothing. */
void gather_free(struct gather *g);

/** gather_set_title(g, title): Call the summary and the page ${title}, which
 * is borrowed; NULL: nothing special. */
void gather_set_title(struct gather *g, const char *title);

/** gather_title(g): What they are called; NULL if nothing was set. */
const char *gather_title(const struct gather *g);

#endif
