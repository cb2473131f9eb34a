/* SPDX-License-Identifier: MIT */
/*
 * The schema is a row of numbered files (schema/NNNN_*.sql, compiled in);
 * PRAGMA user_version holds the number of the last one that was applied.  The
 * views are no part of it: they are made again whenever their text differs
 * from the one whose hash stands in meta, so that they can change without a
 * migration.
 */
#include "store/migrations.h"

#include "base/diag.h"
#include "base/embedded.h"
#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { APPLICATION_ID = 0x736d7470 /* "smtp" */ };

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
        diag_error("%s: not a smtpscope database", store_path(s));
        return false;
    }
    if (*version > newest_version()) {
        diag_error("%s: made by a newer smtpscope (version %" PRId64
                   " of the database, this program knows %" PRId64 ")",
            store_path(s), *version, newest_version());
        return false;
    }
    return true;
}

bool migrations_are_applied(struct store *s, bool *current)
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
bool migrations_apply(struct store *s)
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
