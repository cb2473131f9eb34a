/* SPDX-License-Identifier: MIT */
/* store/rollup_kind.h - what is rolled up. */
#ifndef STORE_ROLLUP_KIND_H
#define STORE_ROLLUP_KIND_H

#include "store/timeblock.h"

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

#endif
