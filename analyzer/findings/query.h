/* SPDX-License-Identifier: MIT */
/* findings/query.h - reading the store. */
#ifndef FINDINGS_QUERY_H
#define FINDINGS_QUERY_H

#include "base/span.h"

#include <sqlite3.h>

/** query_run(db, sql): Execute the statements in ${sql}; false, having
 * reported the reason, on failure. */
bool query_run(sqlite3 *db, const char *sql);

/** query_prepare(db, sql): A statement, or NULL, having reported the reason.
 * It ends with sqlite3_finalize(). */
sqlite3_stmt *query_prepare(sqlite3 *db, const char *sql);

/** query_bind(statement, name, value): Bind ${value} to the parameter
 * ${name} (":since"), if the statement has it. */
void query_bind(sqlite3_stmt *statement, const char *name, int64_t value);

/** query_bind_text(statement, name, text): The same with a terminated text
 * that stays valid until the statement ends. */
void query_bind_text(
    sqlite3_stmt *statement, const char *name, const char *text);

/** query_step(statement, failed): True if there is a row; false at the end,
 * and after a failure, which is reported and stored in ${failed}. */
bool query_step(sqlite3_stmt *statement, bool *failed);

/** query_text(statement, at): A column as terminated text, "" if it is NULL;
 * valid until the next step. */
const char *query_text(sqlite3_stmt *statement, int at);

#endif
