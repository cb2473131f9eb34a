/* SPDX-License-Identifier: MIT */
/*
 * No named report reads a table of facts from end to end.  Every statement
 * that a report runs is noted by SQLite's trace; EXPLAIN then lists what it
 * opens (OpenRead, by root page) and which of that it walks from the first
 * row on (Rewind).
 */
#include "base/memory.h"
#include "report/named.h"
#include "report_store.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { MOST_STATEMENTS = 256, N_LINES = 300 };

struct trace {
    char *statements[MOST_STATEMENTS];
    size_t n;
};

static int note(unsigned event, void *context, void *statement, void *text)
{
    (void)event;
    (void)text;
    struct trace *t = context;
    const char *sql = sqlite3_sql(statement);
    if (sql != NULL && t->n < MOST_STATEMENTS) {
        t->statements[t->n++] = memory_copy(span_of(sql));
    }
    return 0;
}

/* The table of main with root page ${page}, "" if it is none of facts. */
static const char *fact_table(sqlite3 *db, int64_t page)
{
    static const char *const tables[] = {"failure", "traffic", "sender_traffic",
        "latency", "listing", "sample", "queue_event"};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        sqlite3_stmt *q = NULL;
        sqlite3_prepare_v2(db,
            "SELECT 1 FROM main.sqlite_schema WHERE name = ?"
            " AND rootpage = ?",
            -1, &q, NULL);
        sqlite3_bind_text(q, 1, tables[i], -1, SQLITE_STATIC);
        sqlite3_bind_int64(q, 2, page);
        bool is = sqlite3_step(q) == SQLITE_ROW;
        sqlite3_finalize(q);
        if (is) {
            return tables[i];
        }
    }
    return "";
}

struct reads {
    size_t n_opened; /* tables of facts, without samples and listings */
    size_t n_walked; /* tables of facts, from end to end */
    char walked[64];
};

static void explain(sqlite3 *db, const char *sql, struct reads *reads)
{
    const char *tables[256] = {NULL};
    sqlite3_stmt *q = NULL;
    char *text = sqlite3_mprintf("EXPLAIN %s", sql);
    if (sqlite3_prepare_v2(db, text, -1, &q, NULL) == SQLITE_OK) {
        while (sqlite3_step(q) == SQLITE_ROW) {
            const char *code = (const char *)sqlite3_column_text(q, 1);
            int cursor = sqlite3_column_int(q, 2) % 256;
            if (strcmp(code, "OpenRead") == 0) {
                tables[cursor] =
                    sqlite3_column_int(q, 4) == 0
                        ? fact_table(db, sqlite3_column_int64(q, 3))
                        : "";
                reads->n_opened += *tables[cursor] != '\0' &&
                                   strcmp(tables[cursor], "sample") != 0 &&
                                   strcmp(tables[cursor], "listing") != 0;
            } else if ((strcmp(code, "Rewind") == 0 ||
                           strcmp(code, "Last") == 0) &&
                       tables[cursor] != NULL && *tables[cursor] != '\0') {
                reads->n_walked++;
                snprintf(
                    reads->walked, sizeof(reads->walked), "%s", tables[cursor]);
            }
        }
    }
    sqlite3_finalize(q);
    sqlite3_free(text);
}

/* What the report ${name} reads. */
static struct reads reads_of(
    struct store *s, const char *name, const struct named_filter *filter)
{
    struct reads reads = {0, 0, ""};
    struct trace trace = {.n = 0};
    sqlite3 *db = store_database(s);
    cr_assert(lexicon_register(db, report_store_lexicon()));
    cr_assert(store_run(s, "BEGIN"));
    sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note, &trace);
    struct table *t = named_run(db, name, filter, NAMED_ROWS_ALL);
    sqlite3_trace_v2(db, 0, NULL, NULL);
    cr_assert_not_null(t, "%s", name);
    table_free(t);
    cr_assert_gt(trace.n, 0);
    cr_assert_lt(trace.n, MOST_STATEMENTS);
    for (size_t i = 0; i < trace.n; i++) {
        explain(db, trace.statements[i], &reads);
        free(trace.statements[i]);
    }
    store_rollback(s);
    return reads;
}

static struct store *make_store(char *path, bool with_rollups)
{
    struct script script[N_LINES];
    struct store *s = store_fixture_open(path);
    struct store_fixture_part whole = {script, 0, N_LINES, 0, 0};
    store_fixture_mail(1, script, N_LINES);
    cr_assert(store_fixture_ingest(s, &whole));
    if (with_rollups) {
        cr_assert(store_run(s, "INSERT INTO rollup_day VALUES (-9, 1)"));
    }
    cr_assert(resolve_run(s));
    return s;
}

/* Call ${check} for each report and filter. */
static void each(bool with_rollups, const struct named_filter *filters,
    size_t n_filters,
    void (*check)(const char *name, size_t filter, struct reads reads))
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = make_store(path, with_rollups);
    char *name = named_next(NULL);
    while (name != NULL) {
        for (size_t i = 0; i < n_filters; i++) {
            check(name, i, reads_of(s, name, &filters[i]));
        }
        char *next = named_next(name);
        free(name);
        name = next;
    }
    store_fixture_close(s, path);
}

enum { DAY = 86400, BEGIN_DAY = 1699920000 }; /* of the fixture's first mail */

static const struct named_filter filters[] = {
    {INT64_MIN, INT64_MAX, NULL, NULL},
    {INT64_MIN, INT64_MAX, "outbound", NULL},
    {BEGIN_DAY, INT64_MAX, NULL, NULL},
    {BEGIN_DAY, BEGIN_DAY + DAY, "inbound", NULL},
    {BEGIN_DAY + 7200, INT64_MAX, NULL, NULL},
    {INT64_MIN, BEGIN_DAY + 7200, NULL, "gmx.example"},
};

enum { N_FILTERS = sizeof(filters) / sizeof(filters[0]), N_WHOLE_DAYS = 4 };

static void expect_no_walk(const char *name, size_t filter, struct reads reads)
{
    cr_expect_eq(reads.n_walked, 0, "%s, filter %zu: walks all of %s", name,
        filter, reads.walked);
}

Test(plans, no_report_walks_all_facts)
{
    each(true, filters, N_FILTERS, expect_no_walk);
    each(false, filters, N_FILTERS, expect_no_walk);
}

static void expect_no_facts(const char *name, size_t filter, struct reads reads)
{
    cr_expect_eq(reads.n_opened, 0,
        "%s, filter %zu: reads %zu tables of facts beside the roll-ups", name,
        filter, reads.n_opened);
}

/* Whole days are served by roll-ups alone. */
Test(plans, rollups_spare_the_facts)
{
    each(true, filters, N_WHOLE_DAYS, expect_no_facts);
}

static size_t n_opened;

static void add_opened(const char *name, size_t filter, struct reads reads)
{
    (void)name;
    (void)filter;
    n_opened += reads.n_opened;
}

/* The test above can fail: without roll-ups, facts are what is read. */
Test(plans, without_rollups_facts_are_read)
{
    each(false, filters, 1, add_opened);
    cr_expect_gt(n_opened, 10);
}
