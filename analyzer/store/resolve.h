/* SPDX-License-Identifier: MIT */
/* store/resolve.h - what only all sources together can tell. */
#ifndef STORE_RESOLVE_H
#define STORE_RESOLVE_H

#include "store/store.h"

/**
 * resolve_run(s):
 * Make the derived tables duplicate_hour and attribution anew, if anything
 * was written since they were made last: to be called after each ingest,
 * merge and prune.  The outcome depends on the sources' content alone, not on
 * the order in which they came.  False on failure; the tables are then as
 * before, and the next call makes them.
 */
bool resolve_run(struct store *s);

#endif
