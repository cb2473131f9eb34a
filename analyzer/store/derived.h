/* SPDX-License-Identifier: MIT */
/* store/derived.h - are the derived tables what the facts say? */
#ifndef STORE_DERIVED_H
#define STORE_DERIVED_H

#include "store/store.h"

/* How to mend what derived_check() finds. */
#define DERIVED_MEND                                                           \
    "sqlite3 DB \"INSERT OR REPLACE INTO meta VALUES ('unresolved', '1');"     \
    " DELETE FROM rollup; DELETE FROM rollup_day; DELETE FROM rollup_seen\","  \
    " then run any ingest"

/* ${what} differs, in the rows of ${where}. */
typedef void derived_problem(
    void *context, const char *what, struct span where);

/**
 * derived_check(s, problem, context):
 * Make duplicate_hour, attribution and the roll-ups again, beside those that
 * are there and without changing the file, and call ${problem} with
 * ${context} for each table that differs.  The derived tables must not be
 * behind, and the facts in order.  False on failure.
 */
bool derived_check(struct store *s, derived_problem *problem, void *context);

#endif
