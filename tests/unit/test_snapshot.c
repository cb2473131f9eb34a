/* SPDX-License-Identifier: MIT */
/* report/snapshot: two connections see the same, or one is done without. */
#include "report/snapshot.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static sqlite3 *open_at(const char *path)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &why), SQLITE_OK, "%s", why);
}

static int count(sqlite3 *db)
{
    sqlite3_stmt *q = NULL;
    cr_assert_eq(sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &q, NULL),
        SQLITE_OK);
    cr_assert_eq(sqlite3_step(q), SQLITE_ROW);
    int n = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    return n;
}

struct place {
    char folder[64];
    char path[80];
    sqlite3 *writer;
    sqlite3 *db;
    sqlite3 *beside;
};

static void place_open(struct place *p)
{
    snprintf(p->folder, sizeof(p->folder), "/tmp/smtpscope-snapshot-XXXXXX");
    cr_assert_not_null(mkdtemp(p->folder));
    snprintf(p->path, sizeof(p->path), "%s/t.db", p->folder);
    p->writer = open_at(p->path);
    run(p->writer, "PRAGMA journal_mode = WAL; CREATE TABLE t (x)");
    p->db = open_at(p->path);
    p->beside = open_at(p->path);
}

static void place_close(struct place *p)
{
    sqlite3_close(p->db);
    sqlite3_close(p->beside);
    sqlite3_close(p->writer);
    unlink(p->path);
    rmdir(p->folder);
}

Test(snapshot, both_see_the_same_until_the_end)
{
    struct place p;
    struct snapshot s;
    place_open(&p);
    cr_assert(snapshot_begin(&s, p.db, p.beside));
    cr_assert_eq(s.beside, p.beside);
    run(p.writer, "INSERT INTO t VALUES (1)");
    cr_expect_eq(count(s.db), 0);
    cr_expect_eq(count(s.beside), 0);
    snapshot_end(&s);
    cr_expect_eq(count(p.db), 1);
    cr_expect_eq(count(p.beside), 1);
    place_close(&p);
}

static int write_once(unsigned kind, void *context, void *statement, void *sql)
{
    (void)kind;
    (void)statement;
    (void)sql;
    sqlite3 **writer = context;
    if (*writer != NULL) {
        run(*writer, "INSERT INTO t VALUES (1)");
        *writer = NULL;
    }
    return 0;
}

/* Before the first one begins, and behind its last statement. */
static const unsigned moments[] = {SQLITE_TRACE_STMT, SQLITE_TRACE_PROFILE};

Test(snapshot, one_is_left_where_somebody_wrote_between)
{
    for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
        struct place p;
        struct snapshot s;
        place_open(&p);
        sqlite3 *writer = p.writer;
        sqlite3_trace_v2(p.db, moments[i], write_once, &writer);
        cr_assert(snapshot_begin(&s, p.db, p.beside));
        cr_expect_null(writer, "moment %zu: nothing was written", i);
        cr_expect_null(s.beside, "moment %zu", i);
        snapshot_end(&s);
        cr_expect_eq(count(p.beside), 1);
        place_close(&p);
    }
}

Test(snapshot, one_is_enough)
{
    struct place p;
    struct snapshot s;
    place_open(&p);
    cr_assert(snapshot_begin(&s, p.db, NULL));
    cr_expect_null(s.beside);
    cr_expect_eq(count(s.db), 0);
    snapshot_end(&s);
    place_close(&p);
}
