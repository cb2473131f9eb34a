/* SPDX-License-Identifier: MIT */
/*
 * Findings are also drawn from a connection that a report holds, so they work
 * on the connection and not on a struct store.
 */
#include "findings/query.h"

#include "base/diag.h"

static void report(sqlite3 *db)
{
    const char *path = sqlite3_db_filename(db, "main");
    diag_error("%s: looking for findings: %s",
        path != NULL && path[0] != '\0' ? path : "database",
        sqlite3_errmsg(db));
}

bool query_run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        report(db);
        return false;
    }
    return true;
}

sqlite3_stmt *query_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        report(db);
    }
    return statement;
}

void query_bind(sqlite3_stmt *statement, const char *name, int64_t value)
{
    int at = sqlite3_bind_parameter_index(statement, name);
    if (at > 0) {
        sqlite3_bind_int64(statement, at, value);
    }
}

void query_bind_text(
    sqlite3_stmt *statement, const char *name, const char *text)
{
    int at = sqlite3_bind_parameter_index(statement, name);
    if (at > 0) {
        sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
    }
}

bool query_step(sqlite3_stmt *statement, bool *failed)
{
    int status = sqlite3_step(statement);
    if (status != SQLITE_ROW && status != SQLITE_DONE) {
        report(sqlite3_db_handle(statement));
        *failed = true;
    }
    return status == SQLITE_ROW;
}

const char *query_text(sqlite3_stmt *statement, int at)
{
    const char *text = (const char *)sqlite3_column_text(statement, at);
    return text != NULL ? text : "";
}
