/* SPDX-License-Identifier: MIT */
/* report/snapshot.h - two connections that see a database at one moment. */
#ifndef REPORT_SNAPSHOT_H
#define REPORT_SNAPSHOT_H

#include <sqlite3.h>
#include <stdbool.h>

/* What is read from; both are in a transaction. */
struct snapshot {
    sqlite3 *db;
    sqlite3 *beside; /* another connection that sees the same; NULL: none */
};

/**
 * snapshot_begin(s, db, beside):
 * Begin to read from ${db} and ${beside} (NULL: none).  Where somebody wrote
 * between the two, ${beside} is done without.  False, having reported the
 * reason, if ${db} cannot be read.  Ends with snapshot_end().
 */
bool snapshot_begin(struct snapshot *s, sqlite3 *db, sqlite3 *beside);

/** snapshot_end(s): Reading is over. */
void snapshot_end(struct snapshot *s);

#endif
