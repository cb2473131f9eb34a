/* SPDX-License-Identifier: MIT */
/* report/idset.h - the SQL function count_ids. */
#ifndef REPORT_IDSET_H
#define REPORT_IDSET_H

#include <sqlite3.h>
#include <stdbool.h>

/**
 * idset_register(db):
 * Make the aggregate count_ids(id) known to ${db}: how many different ids of
 * a table of names there are.  Ids are small numbers, for which it is much
 * faster than count(DISTINCT id).  Return false, having reported it, on
 * failure.
 */
bool idset_register(sqlite3 *db);

#endif
