/* SPDX-License-Identifier: MIT */
#include "report/named.h"

#include "report/csv_out.h"
#include "report/report.h"
#include "report_store.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The report ${name} under ${filter} as CSV without its header. */
static void run_csv(struct buffer *out, sqlite3 *db, const char *name,
    const struct named_filter *filter)
{
    struct table *t = named_run(db, name, filter, NAMED_ROWS_ALL);
    struct buffer all;
    cr_assert_not_null(t, "%s", name);
    buffer_init(&all, 1 << 20);
    csv_out.table(&all, t, 0);
    struct span rows = buffer_span(&all);
    buffer_init(out, 1 << 20);
    buffer_add(out, span_skip(rows, span_find(rows, SPAN_LITERAL("\r\n")) + 2));
    buffer_free(&all);
    table_free(t);
}

/* The duplicate hour of source 2 is left out of every number. */
Test(named, gives_the_numbers)
{
    static const struct {
        const char *name;
        const char *want;
    } rows[] = {
        {"overview", "outbound,100,0,7,9,1,0,0.09090909091,0,0,0,0,0,0,"
                     "2025-11-01T12:00:00Z,2025-11-01T13:00:00Z\r\n"
                     "inbound,0,75,0,0,0,25,0.25,0,0,0,0,0,0,"
                     "2025-11-01T13:00:00Z,2025-11-01T13:00:00Z\r\n"},
        {"causes", "outbound,dns,lookup_failure,7,0.4117647059,1,"
                   "2025-11-01T12:00:12Z,2025-11-01T12:00:22Z\r\n"
                   "outbound,bad_address,unknown_user,6,0.3529411765,1,"
                   "2025-11-01T12:00:10Z,2025-11-01T12:00:20Z\r\n"
                   "outbound,blacklisting,dnsbl,3,0.1764705882,1,"
                   "2025-11-01T12:00:11Z,2025-11-01T12:00:21Z\r\n"
                   "outbound,unknown,unknown,1,0.05882352941,1,"
                   "2025-11-01T13:00:11Z,2025-11-01T13:00:12Z\r\n"
                   "inbound,server_config,relay_denied,25,1,1,"
                   "2025-11-01T13:00:10Z,2025-11-01T13:00:20Z\r\n"},
        {"codes",
            "outbound,,4.4.3,7,dns.lookup_failure,means /4.4.3\r\n"
            "outbound,550,5.1.1,6,bad_address.unknown_user,means 550/5.1.1\r\n"
            "outbound,554,5.7.1,3,blacklisting.dnsbl,means 554/5.7.1\r\n"
            "outbound,550,5.0.0,1,unknown.unknown,means 550/5.0.0\r\n"
            "inbound,554,5.7.1,25,server_config.relay_denied,"
            "means 554/5.7.1\r\n"},
        {"domains",
            "outbound,a.example,90,7,9,1,0,0.1,bad_address.unknown_user\r\n"
            "outbound,b.example,10,0,0,0,0,0,dns.lookup_failure\r\n"
            "inbound,us.example,75,0,0,0,25,0.25,"
            "server_config.relay_denied\r\n"},
        {"providers",
            "outbound,Google,90,7,9,1,0,0.1,bad_address.unknown_user\r\n"
            "outbound,,10,0,0,0,0,0,dns.lookup_failure\r\n"
            "inbound,,75,0,0,0,25,0.25,server_config.relay_denied\r\n"},
        /* The three attempts of ? were moved to us.example. */
        {"senders", "outbound,us.example,90,7,9,1,0,0.1,dns.lookup_failure\r\n"
                    "outbound,?,10,0,0,0,0,0,\r\n"},
        {"dnsbl",
            "zen.example,192.0.2.1,3,2025-11-01T12:00:11Z,"
            "2025-11-01T12:00:21Z,ongoing,https://delist.example/?a=1&b=2\r\n"},
        {"dns", "outbound,lookup_failure,b.example,7,1,us,2025-11-01T12:00:12Z,"
                "2025-11-01T12:00:22Z\r\n"},
        {"deferrals", "outbound,dns,lookup_failure,,7,2,1,2025-11-01T12:00:12Z,"
                      "2025-11-01T12:00:22Z\r\n"},
        {"timeline_causes",
            "outbound,2025-11-01T12:00:00Z,bad_address,6\r\n"
            "outbound,2025-11-01T12:00:00Z,blacklisting,3\r\n"
            "outbound,2025-11-01T12:00:00Z,dns,7\r\n"
            "outbound,2025-11-01T13:00:00Z,unknown,1\r\n"
            "inbound,2025-11-01T13:00:00Z,server_config,25\r\n"},
        {"unclassified", "outbound,rcpt,550,5.0.0,1,hm,none,line of hm,1,"
                         "2025-11-01T13:00:11Z,2025-11-01T13:00:12Z\r\n"},
        {"drift", "postfix,smtp,10,1,odd <word>,odd thing\r\n"},
    };
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out;
        run_csv(&out, db, rows[i].name, &filter);
        cr_expect_str_eq(buffer_string(&out), rows[i].want, "%s:\n%s",
            rows[i].name, buffer_string(&out));
        buffer_free(&out);
    }
    sqlite3_close(db);
}

Test(named, filters)
{
    static const struct {
        struct named_filter filter;
        const char *want;
    } rows[] = {
        {{INT64_MIN, INT64_MAX, "inbound", NULL},
            "inbound,us.example,75,0,0,0,25,0.25,"
            "server_config.relay_denied\r\n"},
        {{INT64_MIN, INT64_MAX, NULL, "b.example"},
            "outbound,b.example,10,0,0,0,0,0,dns.lookup_failure\r\n"},
        {{INT64_MIN, INT64_MAX, NULL, "no.example"}, ""},
        /* Within an hour: the whole hour counts. */
        {{REPORT_STORE_HOUR + 60, REPORT_STORE_HOUR + 120, NULL, NULL},
            "outbound,a.example,90,7,9,1,0,0.1,bad_address.unknown_user\r\n"},
        {{REPORT_STORE_HOUR + 3600, INT64_MAX, "outbound", NULL},
            "outbound,b.example,10,0,0,0,0,0,unknown.unknown\r\n"},
        {{INT64_MIN, REPORT_STORE_HOUR, NULL, NULL}, ""},
    };
    sqlite3 *db = report_store_open("");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buffer out;
        run_csv(&out, db, "domains", &rows[i].filter);
        cr_expect_str_eq(buffer_string(&out), rows[i].want, "row %zu", i);
        buffer_free(&out);
    }
    sqlite3_close(db);
}

Test(named, every_report_runs_and_is_complete)
{
    static const char *const promised[] = {"overview", "causes", "details",
        "codes", "domains", "providers", "senders", "hosts", "timeline",
        "dnsbl", "dns", "deferrals", "latency", "templates", "unclassified",
        "sources", "drift", "evidence"};
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
        struct table *t = named_run(db, promised[i], &filter, NAMED_ROWS_ALL);
        cr_assert_not_null(t, "%s", promised[i]);
        cr_expect_gt(table_n_rows(t), 0, "%s is empty", promised[i]);
        table_free(t);
    }
    sqlite3_close(db);
}

Test(named, knows_only_its_reports)
{
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    cr_expect(named_exists("causes"));
    cr_expect_not(named_exists("no such"));
    cr_expect_not(named_exists("../views"));
    cr_expect_null(named_run(db, "no such", &filter, NAMED_ROWS_ALL));
    sqlite3_close(db);
}

Test(named, limits_each_direction_by_itself)
{
    sqlite3 *db = report_store_open("");
    struct named_filter filter = NAMED_FILTER_NONE;
    report_store_run(db,
        "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 400) INSERT INTO domain SELECT i, 'd' || i FROM n;"
        "INSERT INTO traffic (source, hour, direction, host, domain, provider,"
        " delivered) SELECT 1, 1761998400, 'outbound', 1, id, 1, 1"
        " FROM domain WHERE id >= 100");
    struct table *t = named_run(db, "domains", &filter, NAMED_ROWS_SHORT);
    cr_assert_not_null(t);
    size_t limit = table_limit(t);
    cr_expect_eq(table_n_rows(t), limit + 1);
    cr_expect_eq(table_left_out(t, "outbound"), 303 - limit);
    cr_expect_eq(table_left_out(t, "inbound"), 0);
    table_free(t);
    sqlite3_close(db);
}

/* The views that people query: names resolved, nothing counted twice. */
Test(named, views_agree_with_the_reports)
{
    static const struct {
        const char *sql;
        int want;
    } rows[] = {
        {"SELECT sum(attempts) FROM failures WHERE direction = 'outbound'", 17},
        {"SELECT sum(attempts) FROM failures WHERE sender_domain = '?'", 0},
        {"SELECT sum(suspended) FROM failures", 2},
        {"SELECT sum(delivered) FROM deliveries", 100},
        {"SELECT sum(bounced) FROM senders_traffic", 9},
        {"SELECT attempts FROM replies WHERE cause = 'bad_address'", 6},
        {"SELECT count(*) FROM replies WHERE first_seen LIKE "
         "'2025-11-01T1_:00:1_Z'",
            5},
        {"SELECT sum(attempts) FROM listings", 3},
        {"SELECT sum(deliveries) FROM latencies WHERE from_ms = 1024", 90},
        {"SELECT count(*) FROM evidence", 5},
        {"SELECT hours_left_out FROM sources WHERE damage IS NOT NULL", 1},
        {"SELECT lines FROM unknown_lines", 10},
    };
    sqlite3 *db = report_store_open("");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sqlite3_stmt *statement = NULL;
        cr_assert_eq(sqlite3_prepare_v2(db, rows[i].sql, -1, &statement, NULL),
            SQLITE_OK, "%s", sqlite3_errmsg(db));
        cr_assert_eq(sqlite3_step(statement), SQLITE_ROW, "%s", rows[i].sql);
        cr_expect_eq(
            sqlite3_column_int(statement, 0), rows[i].want, "%s", rows[i].sql);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

Test(named, writes_files_whole)
{
    char directory[] = "/tmp/test_named.XXXXXX";
    char path[64];
    struct stat status;
    sqlite3 *db = report_store_open("");
    const char *const names[] = {"causes"};
    cr_assert_not_null(mkdtemp(directory));
    struct report_request request = {
        .format = REPORT_CSV, .filter = NAMED_FILTER_NONE};

    /* Every report as CSV needs a directory. */
    cr_expect_eq(report_write(db, &request), REPORT_MISUSED);
    request.output = directory;
    cr_expect_eq(report_write(db, &request), REPORT_DONE);
    snprintf(path, sizeof path, "%s/domains.csv", directory);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0640u);

    /* A target that cannot be written is reported and stays as it was. */
    request.names = names;
    request.n_names = 1;
    request.output = "/no/such/directory/file.csv";
    cr_expect_eq(report_write(db, &request), REPORT_FAILED);

    char *name = named_next(NULL);
    while (name != NULL) {
        snprintf(path, sizeof path, "%s/%s.csv", directory, name);
        cr_expect_eq(unlink(path), 0, "%s", path);
        char *next = named_next(name);
        free(name);
        name = next;
    }
    /* Nothing else was left behind. */
    cr_expect_eq(rmdir(directory), 0);
    sqlite3_close(db);
}
