/* SPDX-License-Identifier: MIT */
/* store/rollup.h - facts added up by blocks of time, for reports over months.
 */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "store/store.h"

/*
 * Blocks of level 0 are hours, 1 days; above that, each block is eight of the
 * level below: eight days, 64 days, 512 days.  Blocks of a level are numbered
 * from 1970-01-01 on.
 */
enum {
    ROLLUP_HOURS = 0,
    ROLLUP_DAYS = 1,
    ROLLUP_TOP = 4,
    ROLLUP_FACTOR = 8,
    ROLLUP_DAY_HOURS = 24
};

/*
 * One kind of roll-up: what goes into its bags (schema/0003_bags.sql,
 * schema/0005_hours.sql).  A
 * row's bag is "SELECT key, bag FROM view WHERE hour >= ... GROUP BY key".
 * Reports collect what no block holds with the same statement
 * (report/period.h).
 */
struct rollup_kind {
    const char *name;
    const char *view;
    const char *key;    /* of the view: "reply", "direction", or "0" */
    const char *bag;    /* the aggregate that makes the bag (store/bag_sql.h) */
    const char *domain; /* the view's column that --domain names, or NULL */
    int domain_key;     /* which key of the bag that is; 0: none */
    int lowest;         /* levels that there are */
    int highest;
    const char *direction; /* only facts of this one; NULL: of both */
};

enum rollup_name {
    ROLLUP_FAILURE,
    ROLLUP_FAILED_SENDER,
    ROLLUP_FAILED_TIME,
    ROLLUP_RECIPIENT,
    ROLLUP_TOTAL,
    ROLLUP_SENDER,
    ROLLUP_LATENCY,
    ROLLUP_PERIODS, /* those before are what reports read (report/period.h) */

    /* those that findings read: by hour, along one dimension each */
    ROLLUP_BY_PROVIDER = ROLLUP_PERIODS,
    ROLLUP_BY_HOST,
    ROLLUP_BY_RECIPIENT,
    ROLLUP_BY_SENDER,
    ROLLUP_TRIED_RECIPIENT,
    ROLLUP_TRIED_SENDER,
    ROLLUP_N
};

/** rollup_kind(name): The kind ${name}. */
const struct rollup_kind *rollup_kind(enum rollup_name name);

/** rollup_days(db, first, last): True if the facts of ${db} are all rolled up;
 * store in ${first} and ${last} the first and the last of their days, since
 * 1970-01-01.  While the store is unresolved, roll-ups may be behind. */
bool rollup_days(sqlite3 *db, int64_t *first, int64_t *last);

/** rollup_hours(level): How many hours a block of ${level} has. */
int64_t rollup_hours(int level);

/** rollup_block(hour, level): The number of the block of ${level} that holds
 * the hour ${hour} (counted from 1970-01-01 on). */
int64_t rollup_block(int64_t hour, int level);

/**
 * rollup_run(s):
 * Make the blocks anew whose facts changed, and only those.  A store of less
 * than LIMIT_PLAIN_STORE bytes that has none is left without.  To be called
 * within a transaction, when duplicate_hour and attribution are current.
 * False on failure.
 */
bool rollup_run(struct store *s);

#endif
