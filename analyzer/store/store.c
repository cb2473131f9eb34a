/* SPDX-License-Identifier: MIT */
/*
 * The schema is a row of numbered files (schema/NNNN_*.sql, compiled in);
 * PRAGMA user_version holds the number of the last one that was applied.  The
 * views are no part of it: they are made again whenever their text differs
 * from the one whose hash stands in meta, so that they can change without a
 * migration.
 *
 * WAL mode lets readers work beside the one writer.  With it, synchronous =
 * NORMAL may lose the last steps at a power failure but never half of one;
 * the next run reads the lost steps again.
 *
 * SQLite lets several processes write in turns, step by step.  But two runs
 * that read the same logs would only find out at each step that the other was
 * first, so whoever opens the store to write holds a lock on its file to the
 * end (flock(), which the system takes back from a process that is killed).
 */
#include "store/store.h"

#include "base/diag.h"
#include "base/embedded.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/safepath.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum {
    APPLICATION_ID = 0x736d7470, /* "smtp" */
    BUSY_MS = 15000,             /* another writer's step takes less */
    FILE_MODE = 0640,
    LOOK_AGAIN_MS = 50 /* whether the lock is free */
};

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

/* ---- the schema ---- */

static int64_t file_number(const struct embedded_file *f)
{
    return strtoll(f->path + strlen("schema/"), NULL, 10);
}

static int64_t newest_version(void)
{
    int64_t version = 0;
    const struct embedded_file *f = NULL;
    while ((f = embedded_next("schema/0", f)) != NULL) {
        version = file_number(f);
    }
    return version;
}

static bool run_file(struct store *s, const struct embedded_file *f)
{
    char *sql = memory_copy(f->bytes);
    bool ok = store_run(s, sql);
    free(sql);
    return ok;
}

static bool apply_files(struct store *s, int64_t version)
{
    const struct embedded_file *f = NULL;
    while ((f = embedded_next("schema/0", f)) != NULL) {
        if (file_number(f) > version && !run_file(s, f)) {
            return false;
        }
    }
    char sql[128];
    snprintf(sql, sizeof(sql),
        "PRAGMA application_id = %d; PRAGMA user_version = %" PRId64,
        APPLICATION_ID, newest_version());
    return store_run(s, sql);
}

static bool views_are_current(struct store *s, bool *current)
{
    const struct embedded_file *views = embedded_find("schema/views.sql");
    char sql[128];
    snprintf(sql, sizeof(sql),
        "SELECT value = '%016" PRIx64 "' FROM meta WHERE key = 'views'",
        views != NULL ? span_hash(views->bytes) : 0);
    int64_t value = 0;
    bool ok = store_number(s, sql, &value);
    *current = value == 1 || views == NULL;
    return ok;
}

static bool drop_views(struct store *s)
{
    char name[256];
    for (;;) {
        sqlite3_stmt *q = store_prepare(
            s, "SELECT name FROM sqlite_schema WHERE type = 'view' LIMIT 1");
        if (q == NULL) {
            return false;
        }
        int code = store_step(s, q);
        if (code == SQLITE_ROW) {
            sqlite3_snprintf((int)sizeof(name), name, "DROP VIEW \"%w\"",
                (const char *)sqlite3_column_text(q, 0));
        }
        sqlite3_finalize(q);
        if (code != SQLITE_ROW) {
            return code == SQLITE_DONE;
        }
        if (!store_run(s, name)) {
            return false;
        }
    }
}

static bool make_views(struct store *s)
{
    const struct embedded_file *views = embedded_find("schema/views.sql");
    char sql[128];
    snprintf(sql, sizeof(sql),
        "INSERT OR REPLACE INTO meta VALUES ('views', '%016" PRIx64 "')",
        span_hash(views->bytes));
    return drop_views(s) && run_file(s, views) && store_run(s, sql);
}

/* Is it ours, and which version?  An empty database is version 0 of ours. */
static bool read_version(struct store *s, int64_t *version)
{
    int64_t id = 0;
    int64_t n_tables = 0;
    if (!store_number(s, "PRAGMA application_id", &id) ||
        !store_number(s, "PRAGMA user_version", version) ||
        !store_number(s, "SELECT count(*) FROM sqlite_schema", &n_tables)) {
        return false;
    }
    bool empty = id == 0 && *version == 0 && n_tables == 0;
    if (id != APPLICATION_ID && !empty) {
        diag_error("%s: not a smtpscope database", s->path);
        return false;
    }
    if (*version > newest_version()) {
        diag_error("%s: made by a newer smtpscope (version %" PRId64
                   " of the database, this program knows %" PRId64 ")",
            s->path, *version, newest_version());
        return false;
    }
    return true;
}

static bool is_current(struct store *s, bool *current)
{
    int64_t version = 0;
    if (!read_version(s, &version)) {
        return false;
    }
    *current = version == newest_version();
    return !*current || views_are_current(s, current);
}

/* Another process may have done it while we waited for the lock: look again
 * inside the transaction. */
static bool migrate(struct store *s)
{
    int64_t version = 0;
    bool current = false;
    if (!store_run(s, "PRAGMA journal_mode = WAL") || !store_begin(s)) {
        return false;
    }
    bool ok = read_version(s, &version) &&
              (version == newest_version() || apply_files(s, version)) &&
              views_are_current(s, &current) && (current || make_views(s));
    if (!ok) {
        store_rollback(s);
        return false;
    }
    return store_commit(s);
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

static bool refuse(const char *path, const char *why)
{
    diag_error("%s: cannot open the database: %s", path, why);
    return false;
}

/* Neither the file nor what SQLite keeps beside it may be a trap. */
static bool is_safe(const char *path)
{
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    const char *objection = NULL;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        char *beside = memory_zalloc(strlen(path) + 16, 1);
        snprintf(beside, strlen(path) + 16, "%s%s", path, endings[i]);
        objection = safepath_objection(beside);
        if (objection != NULL) {
            refuse(beside, objection);
        }
        free(beside);
        if (objection != NULL) {
            return false;
        }
    }
    return true;
}

/* What SQLite sorts on disk is as private as the database, and lies where
 * there is room for it and where ingest may still write: beside it. */
static void sort_beside(const char *path)
{
    char *folder = safepath_folder(path);
    (void)setenv("SQLITE_TMPDIR", folder, 0);
    free(folder);
}

/* ---- the lock of those who write ---- */

/* False if somebody else has it and does not give it up in time. */
static bool wait_for_lock(const char *path, int fd)
{
    struct timespec pause = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};
    int waited = 0;
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return true; /* a file system without locks: SQLite has its own */
        }
        if (waited == 0) {
            diag_info(
                "%s: waiting for another smtpscope that writes to it", path);
        }
        if (waited >= LIMIT_LOCK_WAIT_MS || nanosleep(&pause, NULL) != 0) {
            diag_error("%s: another smtpscope is writing to it; try again when "
                       "it is done",
                path);
            return false;
        }
        waited += LOOK_AGAIN_MS;
    }
    return true;
}

/*
 * Open and lock the file; -1, having reported it, if that fails.  SQLite would
 * create the file with whatever the umask allows, so it is created here.  The
 * descriptor must be closed after SQLite's own: closing it drops all locks
 * that fcntl() gave to the process.
 */
static int lock_file(const char *path, enum store_mode mode)
{
    int flags = mode == STORE_WRITE ? O_RDWR | O_CREAT : O_RDONLY;
    int fd = open(path, flags | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        refuse(path, strerror(errno));
        return -1;
    }
    if (!wait_for_lock(path, fd)) {
        close(fd);
        return -1;
    }
    return fd;
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
    bool ok = reads || (s->lock = lock_file(path, mode)) >= 0;
    ok = ok &&
         connect_to(
             s, SQLITE_OPEN_NOMUTEX | /* one thread at a time has it */
                    (reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)) &&
         is_current(s, &current);
    if (ok && !current && !reads) {
        ok = migrate(s);
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
    if (needs_recovery(path) && is_safe(path)) {
        recover(path);
    }
    struct store *s = open_as(path, STORE_READ);
    bool current = false;
    if (s == NULL || (is_current(s, &current) && current)) {
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
        if (!is_safe(path)) {
            return NULL;
        }
        sort_beside(path);
    }
    if (mode != STORE_WRITE && access(path, F_OK) != 0) {
        refuse(path, strerror(errno));
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
