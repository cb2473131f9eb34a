/* SPDX-License-Identifier: MIT */
#include "store/bag.h"

#include "base/memory.h"
#include "store/bag_sql.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { HOUR = 3600, N_ENTRIES = 500, LIMIT = 1 << 24 };

static const struct bag_shape shapes[] = {
    {1, 1, false}, {2, 3, true}, {3, 12, true}, {4, 2, true}, {4, 12, false}};

enum { N_SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

/* Small keys that come again, large ones, sums of either sign. */
static void draw(struct bag_shape shape, uint64_t *state, int64_t *values)
{
    static const int64_t odd[] = {0, -1, 1, INT64_MAX, INT64_MIN, 4294967295};
    size_t n = (size_t)shape.n_keys + shape.n_sums;
    for (size_t i = 0; i < n; i++) {
        uint32_t dice = store_fixture_random(state, 20);
        values[i] = dice == 0   ? odd[store_fixture_random(state, 6)]
                    : dice < 10 ? store_fixture_random(state, 4)
                                : store_fixture_random(state, 40000);
    }
    if (shape.has_span) {
        values[n] = HOUR * (int64_t)(490000 + store_fixture_random(state, 900));
        values[n + 1] =
            values[n] + HOUR * (int64_t)store_fixture_random(state, 9);
    }
}

/* ${n} entries of the sequence ${state}, as bytes. */
static void make(
    struct buffer *out, struct bag_shape shape, uint64_t *state, size_t n)
{
    struct bag b;
    bag_init(&b, shape);
    for (size_t i = 0; i < n; i++) {
        int64_t values[BAG_STRIDE];
        draw(shape, state, values);
        bag_add(&b, values);
    }
    buffer_init(out, LIMIT);
    bag_write(&b, out);
    bag_free(&b);
}

/* What ${key} has in all that was drawn, added up one by one. */
static void add_up(struct bag_shape shape, uint64_t state, size_t n,
    const int64_t *key, int64_t *sums)
{
    memset(sums, 0, (BAG_MOST_SUMS + 2) * sizeof(*sums));
    bool first = true;
    for (size_t i = 0; i < n; i++) {
        int64_t values[BAG_STRIDE];
        draw(shape, &state, values);
        if (memcmp(values, key, shape.n_keys * sizeof(*key)) != 0) {
            continue;
        }
        const int64_t *v = values + shape.n_keys;
        size_t at = shape.n_sums;
        for (size_t j = 0; j < at; j++) {
            sums[j] = (int64_t)((uint64_t)sums[j] + (uint64_t)v[j]);
        }
        if (shape.has_span) {
            sums[at] = first || v[at] < sums[at] ? v[at] : sums[at];
            sums[at + 1] =
                first || v[at + 1] > sums[at + 1] ? v[at + 1] : sums[at + 1];
        }
        first = false;
    }
}

Test(bag, gives_back_what_was_added)
{
    for (size_t s = 0; s < N_SHAPES; s++) {
        struct buffer bytes;
        uint64_t state = s + 1;
        int64_t before[BAG_MOST_KEYS] = {INT64_MIN};
        size_t n = 0;
        make(&bytes, shapes[s], &state, N_ENTRIES);
        struct bag_cursor c;
        cr_assert(bag_open(&c, buffer_span(&bytes)));
        while (bag_next(&c)) {
            int64_t want[BAG_MOST_SUMS + 2];
            add_up(shapes[s], s + 1, N_ENTRIES, c.values, want);
            cr_assert_arr_eq(c.values + shapes[s].n_keys, want,
                (bag_stride(shapes[s]) - shapes[s].n_keys) * sizeof(*want));
            cr_assert(n == 0 || memcmp(before, c.values,
                                    shapes[s].n_keys * sizeof(*before)) != 0);
            cr_assert(n == 0 || before[0] <= c.values[0], "out of order");
            memcpy(before, c.values, shapes[s].n_keys * sizeof(*before));
            n++;
        }
        cr_assert_not(c.damaged, "shape %zu", s);
        cr_assert_gt(n, 0);
        buffer_free(&bytes);
    }
}

Test(bag, merging_is_adding)
{
    for (size_t s = 0; s < N_SHAPES; s++) {
        struct buffer whole, parts[3], out;
        struct bag_union u;
        uint64_t state = s + 1;
        make(&whole, shapes[s], &state, N_ENTRIES);
        state = s + 1;
        make(&parts[0], shapes[s], &state, 7);
        make(&parts[1], shapes[s], &state, N_ENTRIES - 8);
        make(&parts[2], shapes[s], &state, 1);
        bag_union_init(&u, shapes[s]);
        for (size_t i = 0; i < 3; i++) {
            struct bag_cursor c;
            cr_assert(bag_open(&c, buffer_span(&parts[(i + s) % 3])));
            cr_assert(bag_union_add(&u, &c));
        }
        buffer_init(&out, LIMIT);
        bag_union_write(&u, &out);
        cr_assert(
            span_equal(buffer_span(&out), buffer_span(&whole)), "shape %zu", s);
        bag_union_free(&u);
        buffer_free(&out);
        buffer_free(&whole);
        for (size_t i = 0; i < 3; i++) {
            buffer_free(&parts[i]);
        }
    }
}

/* Read to the end; what is read of garbage does not matter, but that it ends
 * within the bytes (the sanitizers look on). */
static bool is_whole(struct span bytes)
{
    struct bag_cursor c;
    char *copy = memory_copy(bytes);
    bool ok = bag_open(&c, (struct span){copy, bytes.len});
    while (ok && bag_next(&c)) {
    }
    ok = ok && !c.damaged;
    free(copy);
    return ok;
}

Test(bag, notices_damage)
{
    struct buffer bytes;
    uint64_t state = 5;
    make(&bytes, shapes[3], &state, 60);
    struct span whole = buffer_span(&bytes);
    cr_assert(is_whole(whole));
    for (size_t n = 0; n < whole.len; n++) {
        cr_expect_not(is_whole(span_first(whole, n)), "cut at %zu", n);
    }
    for (size_t i = 0; i < 20000; i++) {
        char *at =
            bytes.bytes + store_fixture_random(&state, (uint32_t)whole.len);
        *at = (char)store_fixture_random(&state, 256);
        is_whole(whole);
    }
    buffer_free(&bytes);
}

/* --- in SQL ------------------------------------------------------------- */

static char *ask(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK, "%s: %s",
        sql, sqlite3_errmsg(db));
    struct buffer out;
    buffer_init(&out, LIMIT);
    int code;
    while ((code = sqlite3_step(q)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(q); i++) {
            const char *text = (const char *)sqlite3_column_text(q, i);
            buffer_add_string(&out, i > 0 ? "," : out.len > 0 ? " " : "");
            buffer_add_string(&out, text != NULL ? text : "-");
        }
    }
    if (code != SQLITE_DONE) {
        buffer_addf(&out, "error: %s", sqlite3_errmsg(db));
    }
    sqlite3_finalize(q);
    char *text = memory_copy(buffer_span(&out));
    buffer_free(&out);
    return text;
}

/* provider, host, other; attempts, suspended, hour */
#define FACTS                                                                  \
    "WITH f(p, h, o, a, s, hour) AS (VALUES (1, 1, 5, 2, 0, 7200),"            \
    " (1, 1, 5, 1, 0, 3600), (1, 2, 6, 0, 3, 10800), (2, 1, 5, 4, 0, 14400),"  \
    " (2, 1, 7, -1, 0, 0), (2, 1, 7, 1, 0, 0)),"                               \
    " b AS (SELECT bag(3, 1, p, h, o, a, s, hour) AS bag FROM f) "

Test(bag, serves_sql)
{
    static const struct {
        const char *sql;
        const char *want;
    } rows[] = {
        {FACTS "SELECT k1, k2, k3, v1, v2, first_hour, last_hour, k4, v3"
               " FROM b, bag_each(b.bag)",
            "1,1,5,3,0,3600,7200,-,- 1,2,6,0,3,10800,10800,-,- "
            "2,1,5,4,0,14400,14400,-,- 2,1,7,0,0,0,0,-,-"},
        {FACTS "SELECT bag_sum(bag, 1, 0), bag_sum(bag, 2, 1),"
               " bag_sum(bag, 2, 2), bag_sum(NULL, 1, 0) FROM b",
            "7,0,3,-"},
        {FACTS "SELECT bag_first(bag, 0), bag_first(bag, 1), bag_last(bag, 1),"
               " bag_last(bag, 2), bag_first(bag_pick(bag, 3, 7), 1) FROM b",
            "0,3600,14400,14400,-"},
        {FACTS "SELECT k1, v1 FROM b, bag_each(bag_keys(b.bag, 3))",
            "5,7 6,0 7,0"},
        {FACTS "SELECT k1, k2, v1 FROM b, bag_each(bag_keys(b.bag, 3, 1))",
            "5,1,3 5,2,4 6,1,0 7,2,0"},
        {FACTS "SELECT k1, k3 FROM b, bag_each(bag_pick(b.bag, 2, 2))", "1,6"},
        {FACTS "SELECT bag_pick(bag, 1, 3), bag_pick(NULL, 1, 3) FROM b",
            "-,-"},
        {FACTS "SELECT bag_count(bag, 3, 1), bag_count(bag, 3, 2),"
               " bag_count(bag, 3, 0), bag_count(NULL, 1, 0) FROM b",
            "1,2,3,0"},
        {FACTS "SELECT p.k1, bag_sum(p.part, 1, 1), bag_count(p.part, 3, 0)"
               " FROM b, bag_parts(b.bag) AS p GROUP BY 1",
            "1,3,2 2,4,2"},
        {FACTS "SELECT count(*) FROM b, bag_parts(NULL)", "0"},
        {FACTS "SELECT k1, v1 FROM (SELECT bag_merge(bag) AS bag FROM (SELECT"
               " bag FROM b UNION ALL SELECT NULL UNION ALL SELECT"
               " bag_pick(bag, 3, 5) FROM b)) AS m,"
               " bag_each(bag_keys(m.bag, 3))",
            "5,14 6,0 7,0"},
        /* of a tie the smallest value */
        {"WITH f(id, value, a) AS (VALUES (1, 9, 5), (1, 8, 5), (1, 3, 4),"
         " (2, 1, 0), (3, 2, 1), (3, 2, 1), (3, 1, 1)) SELECT k1, v1 FROM"
         " (SELECT bag_top(bag, 1, value) AS top FROM (SELECT value,"
         " bag(1, 0, id, a) AS bag FROM f GROUP BY value)) AS t,"
         " bag_each(t.top)",
            "1,8 3,2"},
        {FACTS "SELECT k1, k2, k3, v1, first_hour FROM (SELECT"
               " bag_gather(bag, 9, 3, 1) AS bag FROM (SELECT bag FROM b"
               " UNION ALL SELECT NULL UNION ALL SELECT bag_pick(bag, 1, 1)"
               " FROM b)) AS g, bag_each(g.bag)",
            "5,1,9,6,- 5,2,9,4,-"},
        {FACTS "SELECT k1, k2, v1 FROM (SELECT bag_gather(bag, value, 1) AS bag"
               " FROM b, (SELECT 8 AS value UNION ALL SELECT 7)) AS g,"
               " bag_each(g.bag)",
            "1,7,3 1,8,3 2,7,4 2,8,4"},
        {"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
         " WHERE i < 4999) SELECT bag_size(bag, 0), bag_sum(bag, 1, 0) FROM"
         " (SELECT bag_gather(one, 0, 1) AS bag FROM"
         " (SELECT bag(1, 0, i * 7 % 2500, 1) AS one FROM n GROUP BY i))",
            "2500,5000"},
        {FACTS "SELECT k1, k2, k3, v1 FROM b, bag_each(bag_map(b.bag, 1,"
               " (SELECT bag(1, 0, column1, column2)"
               " FROM (VALUES (2, 30), (1, 30), (4, 1)))))",
            "30,1,5,7"},
        {FACTS "SELECT k1, v1 FROM b, bag_each(bag_map(b.bag, 3,"
               " bag_keys(NULL, 1)))",
            ""},
        {FACTS "SELECT k1, k3, v2, last_hour FROM b, bag_each(bag_among(b.bag,"
               " 3, bag_keys(bag_pick(b.bag, 1, 1), 3)))",
            "1,5,0,7200 1,6,3,10800 2,5,0,14400"},
        /* the second and the third are as large */
        {"SELECT k1 FROM (SELECT bag(1, 0, column1, column2, column3) AS bag"
         " FROM (VALUES (1, 2, 9), (2, 3, 3), (3, 2, 1), (4, 1, 0))) AS t,"
         " bag_each(bag_most(t.bag, 2))",
            "1 2 3"},
        {"SELECT k1 FROM (SELECT bag(1, 0, column1, column2, column3) AS bag"
         " FROM (VALUES (1, 2, 9), (2, 3, 3), (3, 2, 1), (4, 1, 0))) AS t,"
         " bag_each(bag_most(t.bag, 1, 1, 2))",
            "1"},
        {FACTS "SELECT bag_size(bag, 0), bag_size(bag, 1), bag_size(bag, 2),"
               " bag_size(NULL, 0), bag_size(bag_most(bag, NULL), 0),"
               " bag_size(bag_most(bag, 9), 0), bag_most(NULL, 1),"
               " bag_gather(NULL, 1, 1) FROM b",
            "4,2,3,-,4,4,-,-"},
        {FACTS "SELECT bag_most(bag, 1, 3) FROM b",
            "error: bag_most: no such sum in the bag"},
        {FACTS "SELECT bag_map(bag, 1, bag) FROM b",
            "error: bag_map: not a map"},
        {FACTS "SELECT bag_gather(bag, 1, 2, 4) FROM b",
            "error: no such key in the bag"},
        {"SELECT bag_gather(x'09021e0202', 1, 1)", "error: not a bag"},
        {"SELECT bag_most(x'09021e0202', 1)", "error: not a bag"},
        {"SELECT bag_among(x'09010202', 1, x'09021e0202')", "error: not a bag"},
        {"SELECT count_ids(column1) FROM (VALUES (1), (2), (1))", "2"},
        {"SELECT bag(1, 0, 1, 1) FILTER (WHERE 0), bag_top(NULL, 1, 1)", "-,-"},
        {"SELECT bag_sum(x'00', 1, 0)", "error: not a bag"},
        {"SELECT bag_sum(x'09021e0202', 1, 0)", "error: not a bag"},
        {"SELECT k1 FROM bag_each('text')", "error: not a bag"},
        {FACTS "SELECT bag_pick(bag, 4, 1) FROM b",
            "error: no such key in the bag"},
        {FACTS "SELECT bag_count(bag, 0, 1) FROM b",
            "error: no such key in the bag"},
        {FACTS "SELECT bag_sum(bag, 3, 1) FROM b",
            "error: bag_sum: no such sum in the bag"},
        {"SELECT bag(5, 0, 1, 1, 1, 1, 1, 1)",
            "error: bag: keys or sums are too few or too many"},
        {"SELECT bag(1, 0, 1)",
            "error: bag: keys or sums are too few or too many"},
        {"SELECT bag_merge(column1) FROM (SELECT bag(1, 0, 1, 1) AS column1"
         " UNION ALL SELECT bag(1, 0, 1, 1, 1))",
            "error: bag_merge: bags of different shapes"},
        {"SELECT count_ids(-1)", "error: count_ids: not an id"},
    };
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    cr_assert(bag_sql_register(db));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *got = ask(db, rows[i].sql);
        cr_expect_str_eq(got, rows[i].want, "%s: %s", rows[i].sql, got);
        free(got);
    }
    sqlite3_close(db);
}
