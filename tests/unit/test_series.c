/* SPDX-License-Identifier: MIT */
#include "findings/series_load.h"
#include "report_store.h"

#include <criterion/criterion.h>

enum { HOUR = 3600, HOURS = 48 };

/* The smallest and greatest numbers there are decide how words are divided. */
static const struct {
    const char *name;
    const char *sql;
    int dimension;
    uint32_t item;
    uint32_t reply;
    size_t points;
    int64_t sum;
} rows[] = {
    {"two sources add up",
        "INSERT INTO failure VALUES"
        " (1, 1761998400, 'outbound', 1, 1, 9, 1, 77, 5, 0, 0),"
        " (2, 1761998400, 'outbound', 1, 1, 9, 1, 77, 6, 0, 0),"
        " (2, 1762002000, 'outbound', 1, 1, 9, 1, 77, 2, 0, 0)",
        SERIES_RECIPIENT, 9, 77 + SERIES_REPLY, 2, 13},
    {"a count beyond one word",
        "INSERT INTO failure VALUES"
        " (1, 1761998400, 'outbound', 1, 1, 9, 1, 77, 2000000000, 0, 0),"
        " (2, 1761998400, 'outbound', 1, 1, 9, 1, 77, 100, 0, 0)",
        SERIES_RECIPIENT, 9, 77 + SERIES_REPLY, 1, 2000000100},
    {"in narrow words",
        "INSERT INTO domain VALUES (16777215, 'far.example');"
        "INSERT INTO reply VALUES (4194300, 'outbound', 'data', 0, '', '',"
        " 'far', 'unknown', 'unknown', '', '');"
        "INSERT INTO failure VALUES (1, 1761998400, 'outbound', 1, 1,"
        " 16777215, 1, 4194300, 1001, 0, 0)",
        SERIES_RECIPIENT, 16777215, 4194300 + SERIES_REPLY, 1, 1001},
    {"attributions take away",
        "INSERT INTO attribution VALUES (1, 1761998400, 'outbound', 1, 8, 9,"
        " 1, 77, 'bounced', -7)",
        SERIES_SENDER, 8, 77 + SERIES_REPLY, 1, -7},
    {"what adds up to nothing is no series",
        "INSERT INTO failure VALUES"
        " (1, 1761998400, 'outbound', 1, 8, 9, 1, 77, 7, 0, 0);"
        "INSERT INTO attribution VALUES (1, 1761998400, 'outbound', 1, 8, 9,"
        " 1, 77, 'bounced', -7)",
        SERIES_SENDER, 8, 77 + SERIES_REPLY, 0, 0},
    {"a count beyond the usual",
        "INSERT INTO failure VALUES"
        " (1, 1761998400, 'outbound', 1, 1, 9, 1, 77, 8192, 0, 0),"
        " (1, 1762002000, 'outbound', 1, 1, 9, 1, 77, 8191, 0, 0),"
        " (1, 1762005600, 'outbound', 1, 1, 9, 1, 77, 3, 0, 0)",
        SERIES_RECIPIENT, 9, 77 + SERIES_REPLY, 3, 16386},
    {"what was tried has no reply",
        "INSERT INTO sender_traffic VALUES"
        " (1, 1761998400, 'outbound', 1, 8, 1, 2, 3, 4, 5, 6)",
        SERIES_SENDER, 8, SERIES_TRIED_OUTBOUND, 1, 21},
    {"what strangers tried is not asked for",
        "INSERT INTO sender_traffic VALUES"
        " (1, 1761998400, 'inbound', 1, 8, 1, 2, 3, 4, 5, 6)",
        SERIES_SENDER, 8, SERIES_TRIED_INBOUND, 0, 0},
    {"many rows fold",
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 299999) INSERT INTO failure"
        " SELECT 1, 1761998400 + i % 10 * 3600, 'outbound', 1, 10 + i / 10,"
        " 9, 1, 77, 3, 0, 0 FROM n",
        SERIES_RECIPIENT, 9, 77 + SERIES_REPLY, 10, 900000},
};

static sqlite3 *open_with(const char *sql)
{
    sqlite3 *db = report_store_open("");
    report_store_run(db,
        "PRAGMA foreign_keys = OFF; DELETE FROM failure; DELETE FROM traffic;"
        "DELETE FROM sender_traffic; DELETE FROM attribution;"
        "DELETE FROM duplicate_hour;"
        "INSERT OR REPLACE INTO reply VALUES (77, 'outbound', 'data', 0, '',"
        " '', 'seventy', 'unknown', 'unknown', '', '');"
        "INSERT OR IGNORE INTO domain"
        " VALUES (8, 'eight.example'), (9, 'nine.example')");
    report_store_run(db, sql);
    return db;
}

Test(series, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sqlite3 *db = open_with(rows[i].sql);
        struct series_set *set = series_load(
            db, REPORT_STORE_HOUR, REPORT_STORE_HOUR + HOURS * HOUR);
        cr_assert_not_null(set, "%s", rows[i].name);
        const struct series *s = series_find(
            &set->lists[rows[i].dimension], rows[i].item, rows[i].reply);
        size_t points = 0;
        struct series_point p;
        for (size_t at = 0; s != NULL && series_next(s, &at, &p);) {
            points++;
        }
        cr_expect_eq(
            points, rows[i].points, "%s: %zu points", rows[i].name, points);
        int64_t sum = s != NULL ? series_sum(s, 0, HOURS) : 0;
        cr_expect_eq(sum, rows[i].sum, "%s: %lld attempts", rows[i].name,
            (long long)sum);
        series_free(set);
        sqlite3_close(db);
    }
}

Test(series, there_may_be_none)
{
    struct series_list none = {.n = 0};
    size_t n = 1;
    cr_expect_null(series_of(&none, 9, &n));
    cr_expect_eq(n, 0);
}

/* Places are in order of item, then of reply; points in order of time. */
Test(series, are_in_order)
{
    sqlite3 *db = open_with(
        "INSERT INTO failure VALUES"
        " (1, 1762005600, 'outbound', 1, 8, 9, 1, 77, 1, 0, 0),"
        " (2, 1761998400, 'outbound', 1, 8, 9, 1, 77, 2, 0, 0),"
        " (2, 1762002000, 'outbound', 1, 8, 8, 1, 77, 3, 0, 0);"
        "INSERT INTO traffic (source, hour, direction, host, domain, provider,"
        " delivered) VALUES (1, 1761998400, 'outbound', 1, 9, 1, 4)");
    struct series_set *set =
        series_load(db, REPORT_STORE_HOUR, REPORT_STORE_HOUR + HOURS * HOUR);
    const struct series_list *list = &set->lists[SERIES_RECIPIENT];
    cr_assert_eq(list->n, 3);
    size_t n = 0;
    const struct series *nine = series_of(list, 9, &n);
    cr_assert_eq(n, 2);
    cr_expect_eq(nine[0].reply, (uint32_t)SERIES_TRIED_OUTBOUND);
    static const struct series_point want[] = {{0, 2}, {2, 1}};
    size_t at = 0;
    struct series_point p;
    for (size_t i = 0; i < 2; i++) {
        cr_assert(series_next(&nine[1], &at, &p));
        cr_expect_eq(p.hour, want[i].hour);
        cr_expect_eq(p.n, want[i].n);
    }
    cr_expect_not(series_next(&nine[1], &at, &p));
    cr_expect_eq(series_first(&nine[1]), 0);
    cr_expect_eq(series_last(&nine[1]), 2);
    series_free(set);
    sqlite3_close(db);
}
