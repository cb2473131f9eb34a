/* SPDX-License-Identifier: MIT */
/*
 * A connection's data version changes when another one has committed, and
 * within a transaction it is that of what the transaction sees.  So if it has
 * not changed while both transactions were begun, both see the same.
 */
#include "report/snapshot.h"

#include "base/diag.h"

#include <stddef.h>
#include <stdint.h>

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* A transaction sees what there is when it first reads. */
static bool begin(sqlite3 *db)
{
    return run(db, "BEGIN") && run(db, "SELECT 1 FROM sqlite_schema LIMIT 1");
}

/* -1: it cannot be read. */
static int64_t data_version(sqlite3 *db)
{
    sqlite3_stmt *q = NULL;
    int64_t version = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA data_version", -1, &q, NULL) ==
            SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW) {
        version = sqlite3_column_int64(q, 0);
    }
    sqlite3_finalize(q);
    return version;
}

bool snapshot_begin(struct snapshot *s, sqlite3 *db, sqlite3 *beside)
{
    *s = (struct snapshot){db, beside};
    int64_t before = beside != NULL ? data_version(beside) : -1;
    if (!begin(db)) {
        diag_error("report: %s", sqlite3_errmsg(db));
        run(db, "ROLLBACK");
        return false;
    }
    if (beside != NULL &&
        (before < 0 || !begin(beside) || data_version(beside) != before)) {
        run(beside, "ROLLBACK");
        s->beside = NULL;
    }
    return true;
}

void snapshot_end(struct snapshot *s)
{
    run(s->db, "ROLLBACK");
    if (s->beside != NULL) {
        run(s->beside, "ROLLBACK");
    }
}
