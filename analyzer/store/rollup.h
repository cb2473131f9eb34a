/* SPDX-License-Identifier: MIT */
/* store/rollup.h - facts added up by blocks of time, for reports over months.
 */
#ifndef STORE_ROLLUP_H
#define STORE_ROLLUP_H

#include "store/rollup_kind.h"
#include "store/store.h"

/** rollup_days(db, first, last): True if the facts of ${db} are all rolled up;
 * store in ${first} and ${last} the first and the last of their days, since
 * 1970-01-01.  While the store is unresolved, roll-ups may be behind, and days
 * that no calendar knows are none. */
bool rollup_days(sqlite3 *db, int64_t *first, int64_t *last);

/**
 * rollup_run(s):
 * Make the blocks anew whose facts changed, and only those.  A store of less
 * than LIMIT_PLAIN_STORE bytes that has none is left without.  To be called
 * within a transaction, when duplicate_hour and attribution are current.
 * False on failure.
 */
bool rollup_run(struct store *s);

#endif
