/* SPDX-License-Identifier: MIT */
/* store/rollup.h - facts added up over all days, for reports over months. */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "store/store.h"

/*
 * One table of roll-ups: how to add the facts of a stretch of time to it.  The
 * statement is "INSERT INTO rollup_NAME SELECT columns FROM view WHERE
 * condition GROUP BY group ON CONFLICT DO UPDATE SET update", with the day
 * that the hour lies in before the columns of a table by_time.  Reports fill
 * their temporary tables period_NAME in the same way (report/period.h).
 */
struct rollup_table {
    const char *name;    /* without "rollup_" */
    const char *columns; /* of the view; the key's come first */
    const char *view;
    const char *group;  /* positions of the key's columns */
    const char *update; /* to add a row to one that is there */
    const char *domain; /* the view's column that --domain names, or NULL */
    bool by_time;
    bool has_direction; /* it has a column direction */
};

/** rollup_tables(n): All of them; store their number in ${n}. */
const struct rollup_table *rollup_tables(size_t *n);

/**
 * rollup_run(s):
 * Add the days that are over to the roll-ups (schema/0002_rollups.sql); make
 * them anew if facts of their days changed.  A store of less than
 * LIMIT_PLAIN_STORE bytes that has none is left without.  To be called within
 * a transaction, when duplicate_hour and attribution are current.  False on
 * failure.
 */
bool rollup_run(struct store *s);

#endif
