/* SPDX-License-Identifier: MIT */
/*
 * Functions of SQL around store/bag.h.  Aggregates keep a struct bag in the
 * memory that SQLite gives each group, zeroed; their end is called in any
 * case, and frees it.
 */
#include "store/bag_sql.h"

#include "base/diag.h"
#include "store/bag_group.h"
#include "store/bag_value.h"
#include "store/idset.h"

enum { ANY = -1 };

/* --- collecting --------------------------------------------------------- */

static void collect(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct bag *b = sqlite3_aggregate_context(context, sizeof(*b));
    int n_keys = n > 0 ? sqlite3_value_int(values[0]) : 0;
    int has_span = n > 1 ? sqlite3_value_int(values[1]) != 0 : 0;
    int n_sums = n - 2 - n_keys - has_span;
    if (n_keys < 1 || n_keys > BAG_MOST_KEYS || n_sums < 1 ||
        n_sums > BAG_MOST_SUMS) {
        bag_value_refuse(context, "bag: keys or sums are too few or too many");
        return;
    }
    if (b == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (b->stride == 0) {
        bag_init(b, (struct bag_shape){
                        (uint8_t)n_keys, (uint8_t)n_sums, has_span != 0});
    }
    int64_t numbers[BAG_STRIDE] = {0};
    for (int i = 2; i < n; i++) {
        numbers[i - 2] = sqlite3_value_int64(values[i]);
    }
    if (has_span) {
        numbers[n_keys + n_sums + 1] = numbers[n_keys + n_sums];
    }
    bag_add(b, numbers);
}

static void give_collected(sqlite3_context *context)
{
    struct bag *b = sqlite3_aggregate_context(context, 0);
    if (b != NULL && b->stride != 0) {
        bag_value_give(context, b);
    }
}

static bool same_shape(struct bag_shape a, struct bag_shape b)
{
    return a.n_keys == b.n_keys && a.n_sums == b.n_sums &&
           a.has_span == b.has_span;
}

static void merge(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct bag_union *u = sqlite3_aggregate_context(context, sizeof(*u));
    if (u == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!bag_value_open(context, values[0], &c)) {
        return;
    }
    if (u->shape.n_keys == 0) {
        bag_union_init(u, c.shape);
    }
    if (!same_shape(u->shape, c.shape)) {
        bag_value_refuse(context, "bag_merge: bags of different shapes");
    } else if (!bag_union_add(u, &c)) {
        bag_value_refuse(context, "not a bag");
    }
}

static void give_merged(sqlite3_context *context)
{
    struct bag_union *u = sqlite3_aggregate_context(context, 0);
    if (u != NULL && u->shape.n_keys != 0) {
        bag_value_give_union(context, u);
    }
}

/* --- of one bag --------------------------------------------------------- */

static void pick(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct bag picked;
    int64_t i = sqlite3_value_int64(values[1]);
    int64_t id = sqlite3_value_int64(values[2]);
    if (!bag_value_open(context, values[0], &c) ||
        !bag_value_is_key(context, &c, i)) {
        return;
    }
    bag_init(&picked, c.shape);
    while (bag_next(&c)) {
        if (c.values[i - 1] == id) {
            bag_add(&picked, c.values);
        } else if (i == 1 && c.values[0] > id) {
            break; /* they are in order */
        }
    }
    if (picked.n > 0 && !c.damaged) {
        bag_value_give(context, &picked);
    }
    bag_free(&picked);
    bag_value_check(context, &c);
}

static void by_keys(sqlite3_context *context, int n, sqlite3_value **values)
{
    struct bag_cursor c;
    if (n < 2 || n > 1 + BAG_MOST_KEYS ||
        !bag_value_open(context, values[0], &c)) {
        return;
    }
    size_t from[BAG_MOST_KEYS] = {0};
    size_t n_keys = (size_t)n - 1;
    for (size_t i = 0; i < n_keys; i++) {
        int64_t key = sqlite3_value_int64(values[i + 1]);
        if (!bag_value_is_key(context, &c, key)) {
            return;
        }
        from[i] = (size_t)key - 1;
    }
    struct bag b;
    struct bag_shape shape = c.shape;
    shape.n_keys = (uint8_t)n_keys;
    bag_init(&b, shape);
    while (bag_next(&c)) {
        int64_t numbers[BAG_STRIDE];
        for (size_t i = 0; i < n_keys; i++) {
            numbers[i] = c.values[from[i]];
        }
        memcpy(numbers + n_keys, c.values + c.shape.n_keys,
            (b.stride - n_keys) * sizeof(*numbers));
        bag_add(&b, numbers);
    }
    bag_value_give(context, &b);
    bag_value_check(context, &c);
}

static void sum(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    int64_t j = sqlite3_value_int64(values[1]);
    int counts = sqlite3_value_int(values[2]);
    if (!bag_value_open(context, values[0], &c)) {
        return;
    }
    if (j < 1 || j > c.shape.n_sums) {
        bag_value_refuse(context, "bag_sum: no such sum in the bag");
        return;
    }
    uint64_t total = 0; /* which may wrap: a bag may hold any numbers */
    while (bag_next(&c)) {
        int64_t value = c.values[c.shape.n_keys + j - 1];
        total += bag_counts(&c, counts) ? (uint64_t)value : 0;
    }
    sqlite3_result_int64(context, (sqlite3_int64)total);
    bag_value_check(context, &c);
}

static void hour(
    sqlite3_context *context, sqlite3_value **values, bool wants_last)
{
    struct bag_cursor c;
    int counts = sqlite3_value_int(values[1]);
    bool found = false;
    int64_t best = 0;
    if (!bag_value_open(context, values[0], &c)) {
        return;
    }
    if (!c.shape.has_span) {
        bag_value_refuse(context, "the bag has no hours");
        return;
    }
    size_t at = (size_t)c.shape.n_keys + c.shape.n_sums + wants_last;
    while (bag_next(&c)) {
        int64_t value = c.values[at];
        bool better = wants_last ? value > best : value < best;
        if (bag_counts(&c, counts) && (!found || better)) {
            best = value;
            found = true;
        }
    }
    if (found) {
        sqlite3_result_int64(context, best);
    }
    bag_value_check(context, &c);
}

static void first_hour(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    hour(context, values, false);
}

static void last_hour(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    hour(context, values, true);
}

/* --- of many ------------------------------------------------------------ */

static void count_keys(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct bag_cursor c;
    struct idset *set = sqlite3_aggregate_context(context, sizeof(*set));
    int64_t i = sqlite3_value_int64(values[1]);
    int counts = sqlite3_value_int(values[2]);
    if (set == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!bag_value_open(context, values[0], &c) ||
        !bag_value_is_key(context, &c, i)) {
        return;
    }
    while (bag_next(&c)) {
        if (bag_counts(&c, counts) && !idset_add(set, c.values[i - 1])) {
            bag_value_refuse(context, "bag_count: not an id");
            return;
        }
    }
    bag_value_check(context, &c);
}

static void count_id(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    struct idset *set = sqlite3_aggregate_context(context, sizeof(*set));
    if (set == NULL) {
        sqlite3_result_error_nomem(context);
    } else if (!idset_add(set, sqlite3_value_int64(values[0]))) {
        bag_value_refuse(context, "count_ids: not an id");
    }
}

static void give_count(sqlite3_context *context)
{
    struct idset *set = sqlite3_aggregate_context(context, 0);
    sqlite3_result_int64(context, set != NULL ? set->n : 0);
    if (set != NULL) {
        idset_free(set);
    }
}

/* --- registering -------------------------------------------------------- */

bool bag_sql_register(sqlite3 *db)
{
    const struct {
        const char *name;
        int n;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
        void (*step)(sqlite3_context *, int, sqlite3_value **);
        void (*end)(sqlite3_context *);
    } functions[] = {
        {"bag", ANY, NULL, collect, give_collected},
        {"bag_merge", 1, NULL, merge, give_merged},
        {"bag_pick", 3, pick, NULL, NULL},
        {"bag_keys", ANY, by_keys, NULL, NULL},
        {"bag_sum", 3, sum, NULL, NULL},
        {"bag_first", 2, first_hour, NULL, NULL},
        {"bag_last", 2, last_hour, NULL, NULL},
        {"bag_count", 3, NULL, count_keys, give_count},
        {"count_ids", 1, NULL, count_id, give_count},
    };
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int code = bag_each_register(db);
    if (code == SQLITE_OK) {
        code = bag_group_register(db);
    }
    for (size_t i = 0;
         code == SQLITE_OK && i < sizeof(functions) / sizeof(functions[0]);
         i++) {
        code = sqlite3_create_function(db, functions[i].name, functions[i].n,
            flags, NULL, functions[i].call, functions[i].step,
            functions[i].end);
    }
    if (code != SQLITE_OK) {
        diag_error("functions of SQL: %s", sqlite3_errmsg(db));
    }
    return code == SQLITE_OK;
}
