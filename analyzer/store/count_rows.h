/* SPDX-License-Identifier: MIT */
/* store/count_rows.h - rows of counts that one SQL statement reads. */
#ifndef STORE_COUNT_ROWS_H
#define STORE_COUNT_ROWS_H

#include "aggregate/tally.h"
#include "store/store.h"

/* A row of one of the tables of facts, with the store's ids; what a table
 * does not have is 0. */
struct count_row {
    int64_t hour;
    const char *direction; /* terminated, and there for good */
    int64_t host;
    int64_t sender;
    int64_t domain;
    int64_t provider;
    int64_t reply;
    int64_t bucket;                /* of latency */
    int64_t counts[TRAFFIC_COUNT]; /* a column each */
};

/* Whoever has the rows. */
struct count_rows {
    /* puts the next row in ${row}; false at the end */
    bool (*next)(void *context, struct count_row *row);
    void *context;
};

/**
 * count_rows_open(s, rows):
 * Give statements on ${s} the table "count_rows", with the columns hour,
 * direction, host, sender, domain, provider, reply, bucket and c0, c1, ...;
 * each statement that reads it takes its rows from ${rows}, which must stay
 * until count_rows_close().  False, having reported it, on failure.
 */
bool count_rows_open(struct store *s, struct count_rows *rows);

/** count_rows_close(s): Take the table away; no statement may be using it. */
void count_rows_close(struct store *s);

#endif
