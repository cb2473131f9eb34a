/* SPDX-License-Identifier: MIT */
/*
 * WAL mode lets readers work beside the one writer.  With it, synchronous =
 * NORMAL may lose the last steps at a power failure but never half of one;
 * the next run reads the lost steps again.
 */
#include "store/store.h"

#include "base/diag.h"
#include "base/memory.h"
#include "store/migrations.h"
#include "store/store_file.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BUSY_MS = 15000 /* another writer's step takes less */ };

struct store {
    sqlite3 *db;
    char *path;
    enum store_mode mode;
    int lock; /* descriptor of the locked file; -1: not locked */
};

/* ---- messages ---- */

static const char *reason(struct store *s)
{
    int code = sqlite3_errcode(s->db);
    int number = sqlite3_system_errno(s->db);
    switch (code & 0xff) {
    case SQLITE_BUSY:
        return "another process is writing to it";
    case SQLITE_NOTADB:
        return "not a database";
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
        return number != 0 ? strerror(number) : sqlite3_errmsg(s->db);
    default:
        return sqlite3_errmsg(s->db);
    }
}

void store_report(struct store *s, const char *what)
{
    diag_error("%s: %s: %s", s->path, what, reason(s));
}

/* ---- statements ---- */

static bool run_as(struct store *s, const char *sql, const char *what)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        store_report(s, what);
        return false;
    }
    return true;
}

bool store_run(struct store *s, const char *sql)
{
    return run_as(s, sql, "cannot change the database");
}

sqlite3_stmt *store_prepare(struct store *s, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        store_report(s, "cannot read the database");
    }
    return statement;
}

int store_step(struct store *s, sqlite3_stmt *statement)
{
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        store_report(s, sqlite3_stmt_readonly(statement)
                            ? "cannot read the database"
                            : "cannot write to the database");
    }
    return code;
}

bool store_number(struct store *s, const char *sql, int64_t *value)
{
    *value = 0;
    sqlite3_stmt *statement = store_prepare(s, sql);
    if (statement == NULL) {
        return false;
    }
    int code = store_step(s, statement);
    if (code == SQLITE_ROW) {
        *value = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

void store_bind_text(sqlite3_stmt *statement, int at, struct span text)
{
    if (!span_is_known(text)) {
        sqlite3_bind_null(statement, at);
    } else {
        sqlite3_bind_text64(
            statement, at, text.ptr, text.len, SQLITE_STATIC, SQLITE_UTF8);
    }
}

struct span store_column_text(sqlite3_stmt *statement, int at)
{
    if (sqlite3_column_type(statement, at) == SQLITE_NULL) {
        return SPAN_NONE;
    }
    const void *bytes = sqlite3_column_blob(statement, at);
    size_t len = (size_t)sqlite3_column_bytes(statement, at);
    return (struct span){bytes != NULL ? bytes : "", len};
}

/* ---- transactions ---- */

bool store_begin(struct store *s)
{
    return store_run(s, "BEGIN IMMEDIATE");
}

bool store_commit(struct store *s)
{
    if (!store_run(s, "COMMIT")) {
        store_rollback(s);
        return false;
    }
    return true;
}

void store_rollback(struct store *s)
{
    if (sqlite3_get_autocommit(s->db) == 0) {
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    }
}

/* ---- opening ---- */

/* wrapping_add(a, b): sums of hashes, modulo 2^64; SQL's + would turn to
 * floating point. */
static void wrapping_add(
    sqlite3_context *context, int n_values, sqlite3_value **values)
{
    (void)n_values;
    uint64_t a = (uint64_t)sqlite3_value_int64(values[0]);
    uint64_t b = (uint64_t)sqlite3_value_int64(values[1]);
    sqlite3_result_int64(context, (sqlite3_int64)(a + b));
}

static bool set_up(struct store *s)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    sqlite3_create_function(s->db, "wrapping_add", 2,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, wrapping_add, NULL, NULL);
    return run_as(s,
        "PRAGMA trusted_schema = OFF;"
        "PRAGMA foreign_keys = ON;"
        "PRAGMA synchronous = NORMAL;"
        "PRAGMA cache_size = -8192;"
        "PRAGMA journal_size_limit = 16777216",
        "cannot open the database");
}

static bool connect_to(struct store *s, int flags)
{
    if (sqlite3_open_v2(s->path, &s->db, flags, NULL) != SQLITE_OK) {
        store_report(s, "cannot open the database");
        return false;
    }
    return set_up(s);
}

/*
 * What a crash left half done must be undone before anything is read, which
 * takes somebody who may write: do it now if it is needed and possible.  What
 * goes wrong here is reported by whoever reads next.
 */
static void recover(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        sqlite3_exec(
            db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    sqlite3_close(db);
}

static bool needs_recovery(const char *path)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(db, BUSY_MS);
        code = sqlite3_exec(
            db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    sqlite3_close(db);
    return (code & 0xff) == SQLITE_READONLY;
}

static struct store *open_as(const char *path, enum store_mode mode)
{
    struct store *s = memory_zalloc(1, sizeof(*s));
    s->path = memory_copy(span_of(path));
    s->mode = mode;
    s->lock = -1;
    bool reads = mode == STORE_READ;
    bool current = false;
    bool ok = reads || (s->lock = store_file_lock(path, mode)) >= 0;
    ok = ok &&
         connect_to(
             s, SQLITE_OPEN_NOMUTEX | /* one thread at a time has it */
                    (reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)) &&
         migrations_are_applied(s, &current);
    if (ok && !current && !reads) {
        ok = migrations_apply(s);
    }
    if (!ok) {
        store_close(s);
        return NULL;
    }
    return s;
}

/* A database that this program has not seen yet is brought up to date before
 * it is read. */
static struct store *open_to_read(const char *path)
{
    if (needs_recovery(path) && store_file_is_safe(path)) {
        recover(path);
    }
    struct store *s = open_as(path, STORE_READ);
    bool current = false;
    if (s == NULL || (migrations_are_applied(s, &current) && current)) {
        return s;
    }
    store_close(s);
    s = open_as(path, STORE_UPDATE);
    if (s == NULL) {
        return NULL;
    }
    store_close(s);
    return open_as(path, STORE_READ);
}

struct store *store_open(const char *path, enum store_mode mode)
{
    if (mode != STORE_READ) {
        if (!store_file_is_safe(path)) {
            return NULL;
        }
        store_file_sort_beside(path);
    }
    if (mode != STORE_WRITE && access(path, F_OK) != 0) {
        store_file_refuse(path, strerror(errno));
        return NULL;
    }
    return mode == STORE_READ ? open_to_read(path) : open_as(path, mode);
}

bool store_close(struct store *s)
{
    if (s == NULL) {
        return true;
    }
    bool ok = true;
    if (s->db != NULL) {
        store_rollback(s);
        ok = sqlite3_close(s->db) == SQLITE_OK;
        if (!ok) {
            store_report(s, "cannot close the database");
        }
    }
    if (s->lock >= 0) {
        close(s->lock);
    }
    free(s->path);
    free(s);
    return ok;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

sqlite3 *store_database(struct store *s)
{
    return s->db;
}
