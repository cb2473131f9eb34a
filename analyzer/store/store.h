/* SPDX-License-Identifier: MIT */
/* store/store.h - the SQLite file: opening, migrating, transactions. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/span.h"

#include <sqlite3.h>

/*
 * One connection, used by one thread at a time (the pipeline guards it with a
 * mutex).  Every function of the store layer that fails has reported the
 * reason once, as "PATH: WHAT: WHY".
 */
struct store;

enum store_mode {
    STORE_UNKNOWN = 0,
    STORE_READ,  /* must exist and be of this version; nothing is changed */
    STORE_WRITE, /* created (mode 0640) or migrated if need be; locked */
    STORE_UPDATE /* like STORE_WRITE, but the file must exist */
};

/**
 * store_open(path, mode):
 * Open the database at ${path}.  Return NULL, having reported the reason, if
 * it cannot be read or written, is no smtpscope database, is of a newer
 * version, or, to be written to, may be another user's trap
 * (safepath_objection()).  Sets SQLITE_TMPDIR, unless it is set, to the folder
 * of the first one that is opened to be written to: call before threads start.
 * Of those who write one has the store at a time: another waits up to
 * LIMIT_LOCK_WAIT_MS for it, or until a signal, and then fails.  Readers wait
 * for nobody.  The caller ends it with store_close().
 */
struct store *store_open(const char *path, enum store_mode mode);

/** store_close(s): End ${s}; an open transaction is rolled back.  NULL does
 * nothing.  Return false, having reported it, if that failed. */
bool store_close(struct store *s);

/** store_path(s): As given to store_open(). */
const char *store_path(const struct store *s);

/** store_database(s): The connection, for readers above this layer. */
sqlite3 *store_database(struct store *s);

/** store_begin(s): Begin a transaction that writes (BEGIN IMMEDIATE); waits
 * some seconds for another writer. */
bool store_begin(struct store *s);

/** store_commit(s): End it; on failure it is rolled back. */
bool store_commit(struct store *s);

/** store_rollback(s): Undo it; nothing if there is none. */
void store_rollback(struct store *s);

/** store_run(s, sql): Execute the statements in ${sql}. */
bool store_run(struct store *s, const char *sql);

/** store_prepare(s, sql): A statement, NULL on failure; the caller ends it
 * with sqlite3_finalize(). */
sqlite3_stmt *store_prepare(struct store *s, const char *sql);

/** store_step(s, statement): sqlite3_step(); SQLITE_ROW, SQLITE_DONE, or
 * another code, having reported it. */
int store_step(struct store *s, sqlite3_stmt *statement);

/** store_number(s, sql, value): The first column of the first row that ${sql}
 * gives; false on failure; 0 if there is no row. */
bool store_number(struct store *s, const char *sql, int64_t *value);

/** store_report(s, what): Report SQLite's last error as the reason why
 * ${what} failed. */
void store_report(struct store *s, const char *what);

/** store_bind_text(statement, at, text): Bind ${text}, which must stay valid
 * until the statement ran; SPAN_NONE binds NULL. */
void store_bind_text(sqlite3_stmt *statement, int at, struct span text);

/** store_column_text(statement, at): A column's bytes, valid until the next
 * step; SPAN_NONE if it is NULL. */
struct span store_column_text(sqlite3_stmt *statement, int at);

#endif
