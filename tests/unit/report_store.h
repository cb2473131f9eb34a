/* SPDX-License-Identifier: MIT */
/* tests/unit/report_store.h - a small store in memory for report tests. */
#ifndef TESTS_UNIT_REPORT_STORE_H
#define TESTS_UNIT_REPORT_STORE_H

#include "base/buffer.h"
#include "findings/lexicon.h"
#include "report/table.h"

/* An hour of the store: 2025-11-01 12:00 UTC. */
#define REPORT_STORE_HOUR INT64_C(1761998400)

/**
 * report_store_open(flavour):
 * A database in memory with schema and views, filled with two sources, whose
 * names and log texts all begin with ${flavour}.  The lexicon's functions are
 * registered.  Ends with sqlite3_close().
 */
sqlite3 *report_store_open(const char *flavour);

/** report_store_run(db, sql): Execute ${sql}; the test fails if that fails. */
void report_store_run(sqlite3 *db, const char *sql);

/** report_store_lexicon(): One that answers everything. */
const struct lexicon *report_store_lexicon(void);

/** report_store_count(text, part): How often ${part} occurs in ${text}. */
size_t report_store_count(struct span text, const char *part);

/** report_store_table(): A table of one text, one count, one share, one time
 * and one url column, without rows. */
struct table *report_store_table(void);

/** report_store_row(t, text, count): Add a row to that table. */
struct cell *report_store_row(struct table *t, struct span text, int64_t count);

#endif
