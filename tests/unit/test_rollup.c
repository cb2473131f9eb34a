/* SPDX-License-Identifier: MIT */
#include "store/rollup.h"

#include "findings/series_load.h"
#include "report/csv_out.h"
#include "report/named.h"
#include "report_store.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* Mail of some twenty days in two directions, in four logs of which two hold
 * some of the same lines. */
enum { N_LINES = 1200, N_PARTS = 4, DAY = 86400 };

static const size_t cuts[N_PARTS][2] = {
    {0, 400}, {400, 800}, {700, 1000}, {1000, N_LINES}};

static void make_script(struct script *script)
{
    store_fixture_mail(3, script, N_LINES);
    for (size_t i = 0; i < N_LINES; i++) {
        script[i].second += (int64_t)i * 1400;
        script[i].inbound = i % 3 == 0;
        if (i % 3 == 0 && script[i].recipient != NULL) {
            script[i].sender = i % 2 == 0 ? "s@gmx.example" : "t@spam.example";
        }
    }
}

/* A store below LIMIT_PLAIN_STORE has roll-ups if it has any. */
static void want_rollups(struct store *s)
{
    cr_assert(store_run(s, "INSERT OR IGNORE INTO rollup_day VALUES (-9, 1);"
                           "INSERT OR REPLACE INTO meta"
                           " VALUES ('unresolved', '1')"));
}

static void add_part(struct store *s, const struct script *script, size_t i)
{
    struct store_fixture_part p = {script, cuts[i][0], cuts[i][1], 0, 0};
    p.salt = i == 2 ? 7 : 0;
    cr_assert(store_fixture_ingest(s, &p));
}

/* Two stores with the same sources; only the first has roll-ups, made after
 * each part in the order ${order}. */
static void make_stores(struct store *s[2],
    char paths[2][STORE_FIXTURE_PATH_LEN], const size_t *order)
{
    struct script *script = calloc(N_LINES, sizeof(*script));
    make_script(script);
    s[0] = store_fixture_open(paths[0]);
    s[1] = store_fixture_open(paths[1]);
    for (size_t i = 0; i < N_PARTS; i++) {
        add_part(s[0], script, order[i]);
        want_rollups(s[0]);
        cr_assert(resolve_run(s[0]));
        add_part(s[1], script, order[i]);
    }
    cr_assert(resolve_run(s[1]));
    cr_assert_gt(store_fixture_value(s[0], "SELECT count(*) FROM rollup"), 0);
    cr_assert_eq(store_fixture_value(s[1], "SELECT count(*) FROM rollup"), 0);
    free(script);
}

static void close_stores(
    struct store *s[2], char paths[2][STORE_FIXTURE_PATH_LEN])
{
    store_fixture_close(s[0], paths[0]);
    store_fixture_close(s[1], paths[1]);
}

/* --- reports ------------------------------------------------------------ */

static char *csv_of(
    struct store *s, const char *name, const struct named_filter *filter)
{
    sqlite3 *db = store_database(s);
    struct buffer out;
    cr_assert(lexicon_register(db, report_store_lexicon()));
    struct table *t = named_run(db, name, filter, NAMED_ROWS_ALL);
    cr_assert_not_null(t, "%s", name);
    buffer_init(&out, 1 << 24);
    csv_out.table(&out, t, 0);
    table_free(t);
    char *text = memory_copy(buffer_span(&out));
    buffer_free(&out);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++) {
        n += *text == '\n';
    }
    return n;
}

/* Every report under ${filter}; return how many rows they had. */
static size_t compare(struct store *s[2], const struct named_filter *filter)
{
    size_t n = 0;
    char *name = named_next(NULL);
    cr_assert(store_run(s[0], "BEGIN") && store_run(s[1], "BEGIN"));
    while (name != NULL) {
        char *with = csv_of(s[0], name, filter);
        char *without = csv_of(s[1], name, filter);
        cr_expect_str_eq(with, without,
            "%s, %s, %s, %lld to %lld:\n%s\nwithout roll-ups:\n%s", name,
            filter->direction != NULL ? filter->direction : "both",
            filter->domain != NULL ? filter->domain : "all",
            (long long)filter->since, (long long)filter->until, with, without);
        n += count_lines(with) - 1;
        free(with);
        free(without);
        char *next = named_next(name);
        free(name);
        name = next;
    }
    store_rollback(s[0]);
    store_rollback(s[1]);
    return n;
}

Test(rollup, reports_are_the_same_with_and_without)
{
    static const char *const directions[] = {NULL, "outbound", "inbound"};
    static const char *const domains[] = {
        NULL, "gmx.example", "one.example", "no.example"};
    static const size_t order[] = {2, 0, 3, 1};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    make_stores(s, paths, order);
    int64_t first =
        store_fixture_value(s[0], "SELECT min(day) * 86400 FROM rollup_day");
    const int64_t periods[][2] = {{INT64_MIN, INT64_MAX},
        {first + 2 * DAY + 7200, INT64_MAX}, {INT64_MIN, first + 9 * DAY + 5},
        {first + DAY, first + 17 * DAY},
        {first + 4 * DAY + 3600, first + 5 * DAY}, {first - DAY, first}};
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        size_t n = 0;
        for (size_t j = 0; j < 12; j++) {
            struct named_filter filter = {periods[i][0], periods[i][1],
                directions[j % 3], domains[j / 3]};
            n += compare(s, &filter);
        }
        cr_expect_gt(
            n, i == 5 ? 0 : 300, "period %zu tells little: %zu rows", i, n);
    }
    close_stores(s, paths);
}

/* --- upkeep ------------------------------------------------------------- */

/* All roll-ups as text. */
static char *rollups_of(struct store *s)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    sqlite3_stmt *q = store_prepare(s,
        "SELECT name || ' ' || level || ' ' || number || ' ' || key || ' '"
        " || hex(bag) FROM rollup UNION ALL SELECT 'day ' || day || ' '"
        " || digest FROM rollup_day UNION ALL SELECT 'seen ' || reply || ' '"
        " || first_seen || ' ' || last_seen FROM rollup_seen ORDER BY 1");
    while (store_step(s, q) == SQLITE_ROW) {
        fprintf(out, "%s\n", (const char *)sqlite3_column_text(q, 0));
    }
    sqlite3_finalize(q);
    fclose(out);
    return text;
}

static void expect_as_if_made_anew(struct store *s, const char *what)
{
    char *got = rollups_of(s);
    cr_assert(store_run(s, "DELETE FROM rollup; DELETE FROM rollup_day;"
                           "DELETE FROM rollup_seen"));
    want_rollups(s);
    cr_assert(resolve_run(s));
    char *want = rollups_of(s);
    cr_expect_str_eq(got, want, "%s", what);
    free(got);
    free(want);
}

Test(rollup, changes_end_as_if_made_anew)
{
    static const struct {
        const char *name;
        const char *sql;
    } rows[] = {
        {"nothing", ""},
        {"a source gone", "DELETE FROM queue_event WHERE source = 2;"
                          "DELETE FROM source WHERE id = 2"},
        {"the other copy gone", "DELETE FROM queue_event WHERE source = 1;"
                                "DELETE FROM source WHERE id = 1"},
        {"the first day gone",
            "DELETE FROM failure WHERE hour < (SELECT min(day) * 86400 + 86400"
            " FROM rollup_day); DELETE FROM traffic WHERE hour < (SELECT"
            " min(day) * 86400 + 86400 FROM rollup_day); DELETE FROM"
            " hour_digest WHERE hour < (SELECT min(day) * 86400 + 86400"
            " FROM rollup_day)"},
        {"all gone", "DELETE FROM source"},
    };
    static const size_t order[] = {3, 1, 2, 0};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    make_stores(s, paths, order);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_assert(store_run(s[0], rows[i].sql), "%s", rows[i].name);
        want_rollups(s[0]);
        cr_assert(resolve_run(s[0]));
        expect_as_if_made_anew(s[0], rows[i].name);
    }
    close_stores(s, paths);
}

/* A day that nothing changed keeps even a bag that is wrong. */
Test(rollup, only_changed_days_are_made_anew)
{
    static const size_t order[] = {0, 1, 2, 3};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    make_stores(s, paths, order);
    /* x'2900' is an empty bag of that shape */
    cr_assert(store_run(s[0],
        "CREATE TEMP TABLE last AS SELECT max(day) AS day FROM rollup_day;"
        "UPDATE rollup SET bag = x'2900' WHERE name = 'sender' AND level = 1;"
        "UPDATE hour_digest SET events = events + 1 WHERE hour ="
        " (SELECT max(hour) FROM hour_digest);"
        "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')"));
    cr_assert(resolve_run(s[0]));
    cr_expect_gt(store_fixture_value(s[0],
                     "SELECT count(*) FROM rollup WHERE name = 'sender'"
                     " AND level = 1"),
        20);
    cr_expect_eq(store_fixture_value(s[0],
                     "SELECT count(*) FROM rollup, last WHERE name = 'sender'"
                     " AND level = 1 AND (bag <> x'2900') <> (number = day)"),
        0);
    close_stores(s, paths);
}

Test(rollup, small_stores_have_none)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct script script[40];
    struct store *s = store_fixture_open(path);
    struct store_fixture_part whole = {script, 0, 40, 0, 0};
    store_fixture_mail(1, script, 40);
    cr_assert(store_fixture_ingest(s, &whole));
    cr_assert(resolve_run(s));
    cr_expect_eq(store_fixture_value(s, "SELECT count(*) FROM rollup"), 0);
    cr_expect_eq(store_fixture_value(s, "SELECT count(*) FROM rollup_day"), 0);
    store_fixture_close(s, path);
}

/* While facts are newer than roll-ups, reports read the facts. */
Test(rollup, are_not_trusted_while_behind)
{
    static const size_t order[] = {0, 1, 2, 3};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    make_stores(s, paths, order);
    cr_assert(store_run(s[0], "DELETE FROM rollup"));
    struct named_filter filter = NAMED_FILTER_NONE;
    cr_assert(store_run(s[0], "BEGIN"));
    char *empty = csv_of(s[0], "overview", &filter);
    store_rollback(s[0]);
    cr_expect_eq(count_lines(empty), 1);
    want_rollups(s[0]);
    cr_expect_gt(compare(s, &filter), 50);
    free(empty);
    close_stores(s, paths);
}

/* A damaged store may hold any number as a day. */
Test(rollup, days_without_end_are_none)
{
    static const size_t order[] = {0, 1, 2, 3};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    int64_t day[2] = {7, 7};
    make_stores(s, paths, order);
    cr_expect(rollup_days(store_database(s[0]), &day[0], &day[1]));
    day[0] = day[1] = 7;
    cr_assert(store_run(
        s[0], "INSERT INTO rollup_day VALUES (7290895956627689583, 1)"));
    cr_expect_not(rollup_days(store_database(s[0]), &day[0], &day[1]));
    cr_expect(day[0] == 7 && day[1] == 7);
    struct named_filter filter = NAMED_FILTER_NONE;
    cr_expect_gt(compare(s, &filter), 50);
    close_stores(s, paths);
}

/* --- series --------------------------------------------------------------- */

static void compare_series(const struct series_list *with,
    const struct series_list *without, const char *what)
{
    cr_assert_eq(with->n, without->n, "%s: %zu series instead of %zu", what,
        with->n, without->n);
    for (size_t i = 0; i < with->n; i++) {
        const struct series *a = &with->series[i];
        const struct series *b = &without->series[i];
        cr_expect(a->item == b->item && a->reply == b->reply && a->n == b->n &&
                      memcmp(a->words, b->words, a->n * sizeof *a->words) == 0,
            "%s: item %u, reply %u differs from item %u, reply %u", what,
            a->item, a->reply, b->item, b->reply);
    }
}

Test(rollup, series_are_the_same_with_and_without)
{
    static const size_t order[] = {1, 0, 3, 2};
    static const struct {
        const char *name;
        int64_t from; /* hours since the first day began */
        int64_t hours;
    } rows[] = {{"all", 0, 24 * 40}, {"days of the site", 24 * 3 + 5, 24 * 9},
        {"a part of a day", 24 * 4 + 3, 9}, {"before all", -48, 24},
        {"up to a first hour", -30, 24 * 6 + 31}};
    struct store *s[2];
    char paths[2][STORE_FIXTURE_PATH_LEN];
    make_stores(s, paths, order);
    int64_t first =
        store_fixture_value(s[0], "SELECT min(day) * 86400 FROM rollup_day");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct series_set *sets[2];
        for (size_t j = 0; j < 2; j++) {
            int64_t since = first + rows[i].from * 3600;
            sets[j] = series_load(
                store_database(s[j]), since, since + rows[i].hours * 3600);
            cr_assert_not_null(sets[j]);
        }
        for (size_t d = 0; d < SERIES_DIMENSIONS; d++) {
            cr_expect((sets[0]->lists[d].n > 0) == (i != 3),
                "%s: dimension %zu", rows[i].name, d);
            compare_series(
                &sets[0]->lists[d], &sets[1]->lists[d], rows[i].name);
        }
        series_free(sets[0]);
        series_free(sets[1]);
    }
    close_stores(s, paths);
}

Test(rollup, damaged_series_are_refused)
{
    static const struct {
        const char *name;
        const char *bag;
    } rows[] = {{"by_recipient", "x''"}, {"by_sender", "x'ffffff'"},
        {"tried_recipient", "x'0a05'"}, {"by_host", "x'0901020304'"},
        {"by_provider", "x'0b010202020202'"}, {"total", "x'0901'"},
        {"failed_time", "'bag'"}};
    static const size_t order[] = {0, 1, 2, 3};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct store *s[2];
        char paths[2][STORE_FIXTURE_PATH_LEN];
        make_stores(s, paths, order);
        char *sql = sqlite3_mprintf("UPDATE rollup SET bag = %s WHERE name = %Q"
                                    " AND level < 2",
            rows[i].bag, rows[i].name);
        cr_assert(store_run(s[0], sql));
        sqlite3_free(sql);
        int64_t first = store_fixture_value(
            s[0], "SELECT min(day) * 86400 FROM rollup_day");
        struct series_set *set =
            series_load(store_database(s[0]), first, first + 20 * DAY);
        cr_expect_null(set, "%s", rows[i].name);
        series_free(set);
        close_stores(s, paths);
    }
}
