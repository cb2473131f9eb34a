/* SPDX-License-Identifier: MIT */
/*
 * The roll-ups have a bag for each day and dimension, in order of item.  All
 * days of a dimension are opened and walked side by side, some items at a
 * time: what these count is sorted while it still lies in the processor's
 * cache, and never is more than that in memory besides the result.
 *
 * The totals hold providers and hosts, of which there are few, in one bag an
 * hour: those dimensions are walked as a whole.
 */
#include "findings/series_blocks.h"

#include "base/diag.h"
#include "base/memory.h"
#include "store/bag.h"

#include <stdlib.h>
#include <string.h>

enum {
    HOUR = 3600,
    DAY_HOURS = 24,
    N_ENDINGS = 6,
    /* words at a time; 32,000 are a quarter of a megabyte */
    FEW_WORDS = 1 << 12,
    MANY_WORDS = 1 << 15
};

/* One bag, being read. */
struct block {
    char *bytes;
    struct bag_cursor cursor;
    int64_t hour;  /* at which its day begins, since the set's */
    int64_t reply; /* what is added to the numbers of its entries */
    bool pending;  /* an entry was read and not yet taken */
};

struct blocks {
    struct block *list;
    size_t n;
    size_t cap;
};

/* What is being read. */
struct reader {
    struct series_set *set;
    sqlite3 *db;
    const struct wordlist_layout *layout;
};

/* Which roll-ups a dimension of domains comes from. */
static const struct source {
    enum series_dimension dimension;
    enum rollup_name tried;
    enum rollup_name failed;
} domains[] = {{SERIES_RECIPIENT, ROLLUP_TRIED_RECIPIENT, ROLLUP_BY_RECIPIENT},
    {SERIES_SENDER, ROLLUP_TRIED_SENDER, ROLLUP_BY_SENDER}};

static bool complain(sqlite3 *db)
{
    const char *path = sqlite3_db_filename(db, "main");
    diag_error("%s: a roll-up is damaged",
        path != NULL && path[0] != '\0' ? path : "database");
    return false;
}

/* --- rows ----------------------------------------------------------------- */

/* Columns: hour (since 1970-01-01) at which the block begins, key, bag. */
static sqlite3_stmt *open_rows(const struct reader *r, enum rollup_name name)
{
    int level = rollup_kind(name)->lowest;
    int64_t hours = timeblock_hours(level);
    int64_t since = r->set->since / HOUR;
    sqlite3_stmt *rows = query_prepare(r->db,
        "SELECT number * :hours, key, bag FROM rollup WHERE name = :name"
        " AND level = :level AND number >= :since AND number <= :until"
        " ORDER BY number, key");
    if (rows != NULL) {
        query_bind_text(rows, ":name", rollup_kind(name)->name);
        query_bind(rows, ":level", level);
        query_bind(rows, ":hours", hours);
        query_bind(rows, ":since", timeblock_of(since, level));
        query_bind(rows, ":until",
            timeblock_of(since + (int64_t)r->set->hours - 1, level));
    }
    return rows;
}

static struct span bag_of(sqlite3_stmt *row)
{
    const char *bytes = sqlite3_column_blob(row, 2);
    return (struct span){
        bytes != NULL ? bytes : "", (size_t)sqlite3_column_bytes(row, 2)};
}

static int64_t hour_of(const struct reader *r, sqlite3_stmt *row)
{
    return sqlite3_column_int64(row, 0) - r->set->since / HOUR;
}

static bool has_shape(const struct bag_cursor *c, int keys, int sums)
{
    return c->shape.n_keys == keys && c->shape.n_sums >= sums;
}

static bool is_in(const struct reader *r, int64_t hour)
{
    return hour >= 0 && hour < (int64_t)r->set->hours;
}

/* --- days ----------------------------------------------------------------- */

/* A cursor points into itself: it is opened when the blocks lie where they
 * stay. */
static bool open_blocks(struct blocks *b)
{
    for (size_t i = 0; i < b->n; i++) {
        struct block *block = &b->list[i];
        struct span bytes = {block->bytes + sizeof bytes.len, 0};
        memcpy(&bytes.len, block->bytes, sizeof bytes.len);
        if (!bag_open(&block->cursor, bytes) ||
            !has_shape(&block->cursor, 2, 1)) {
            return false;
        }
    }
    return true;
}

/* Keep a copy of the bag, its length before it. */
static char *copy_bag(struct span bag)
{
    char *bytes = memory_alloc(sizeof bag.len + bag.len);
    memcpy(bytes, &bag.len, sizeof bag.len);
    memcpy(bytes + sizeof bag.len, bag.ptr, bag.len);
    return bytes;
}

static bool read_days(const struct reader *r, struct blocks *b,
    enum rollup_name name, int64_t reply)
{
    sqlite3_stmt *rows = open_rows(r, name);
    bool failed = rows == NULL;
    while (!failed && query_step(rows, &failed)) {
        if (b->n == b->cap) {
            b->cap = b->cap != 0 ? 2 * b->cap : 64;
            b->list = memory_grow(b->list, b->cap, sizeof *b->list);
        }
        b->list[b->n++] = (struct block){.bytes = copy_bag(bag_of(rows)),
            .hour = hour_of(r, rows),
            .reply = reply};
    }
    sqlite3_finalize(rows);
    return !failed;
}

static void free_blocks(struct blocks *b)
{
    for (size_t i = 0; i < b->n; i++) {
        free(b->list[i].bytes);
    }
    free(b->list);
}

/* Take the entries of items below ${limit}. */
static void drain(const struct reader *r, struct block *b, int64_t limit,
    struct wordlist *out)
{
    const int64_t *v = b->cursor.values;
    while (b->pending || bag_next(&b->cursor)) {
        b->pending = v[0] >= limit;
        if (b->pending) {
            return;
        }
        int64_t hour = b->hour + v[1] % DAY_HOURS;
        if (v[2] != 0 && is_in(r, hour)) {
            wordlist_add(out,
                (int64_t[]){v[0], v[1] / DAY_HOURS + b->reply, hour}, v[2]);
        }
    }
}

/* The least item that is left; INT64_MAX: none is. */
static int64_t least_pending(const struct blocks *b)
{
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < b->n; i++) {
        int64_t item = b->list[i].cursor.values[0];
        least = b->list[i].pending && item < least ? item : least;
    }
    return least;
}

static bool are_sound(const struct blocks *b)
{
    for (size_t i = 0; i < b->n; i++) {
        if (b->list[i].cursor.damaged) {
            return false;
        }
    }
    return true;
}

/* Walk all days side by side, so many items at a time that neither their words
 * are too many nor the steps. */
static void walk(const struct reader *r, struct blocks *b, struct wordlist *w,
    struct series_list *list)
{
    int64_t step = 1;
    for (int64_t next = 0; next != INT64_MAX; next = least_pending(b)) {
        int64_t limit = next < r->layout->most[0] ? next + step : INT64_MAX;
        for (size_t i = 0; i < b->n; i++) {
            drain(r, &b->list[i], limit, w);
        }
        if (w->n < FEW_WORDS) {
            step *= 2;
        } else if (w->n > MANY_WORDS && step > 1) {
            step /= 2;
        }
        wordlist_give(w, list);
    }
}

static bool read_domains(const struct reader *r, const struct source *from)
{
    struct blocks b = {NULL, 0, 0};
    struct wordlist words;
    wordlist_init(&words, r->layout, true);
    bool ok = read_days(r, &b, from->tried, 0) &&
              read_days(r, &b, from->failed, SERIES_REPLY);
    if (ok) {
        ok = open_blocks(&b);
        if (ok) {
            walk(r, &b, &words, &r->set->lists[from->dimension]);
        }
        ok = (ok && are_sound(&b)) || complain(r->db);
    }
    wordlist_reset(&words);
    free_blocks(&b);
    return ok;
}

/* --- few items ------------------------------------------------------------ */

/* What was tried: entries of provider and host with sums of what ended. */
static bool take_total(
    const struct reader *r, sqlite3_stmt *row, struct wordlist *lists)
{
    struct bag_cursor c;
    int64_t hour = hour_of(r, row);
    int64_t inbound = strcmp(query_text(row, 1), "inbound") == 0;
    if (!bag_open(&c, bag_of(row)) || !has_shape(&c, 2, N_ENDINGS)) {
        return false;
    }
    while (bag_next(&c)) {
        uint64_t n = 0; /* which may wrap: a bag may hold any numbers */
        for (int i = 0; i < N_ENDINGS; i++) {
            n += (uint64_t)c.values[2 + i];
        }
        int64_t items[SERIES_DIMENSIONS] = {
            [SERIES_PROVIDER] = c.values[0], [SERIES_HOST] = c.values[1]};
        for (int i = 0; n != 0 && is_in(r, hour) && i < SERIES_DIMENSIONS;
             i++) {
            if (i != SERIES_RECIPIENT && i != SERIES_SENDER) {
                wordlist_add(&lists[i], (int64_t[]){items[i], inbound, hour},
                    (int64_t)n);
            }
        }
    }
    return !c.damaged;
}

/* All failures, by reply. */
static bool take_failed(
    const struct reader *r, sqlite3_stmt *row, struct wordlist *lists)
{
    struct bag_cursor c;
    int64_t hour = hour_of(r, row);
    if (!bag_open(&c, bag_of(row)) || !has_shape(&c, 1, 1)) {
        return false;
    }
    while (bag_next(&c)) {
        int64_t reply = c.values[0];
        if (c.values[1] != 0 && is_in(r, hour) && reply < INT32_MAX) {
            wordlist_add(&lists[SERIES_EVERYTHING],
                (int64_t[]){0, reply + SERIES_REPLY, hour}, c.values[1]);
        }
    }
    return !c.damaged;
}

typedef bool take_fn(
    const struct reader *r, sqlite3_stmt *row, struct wordlist *lists);

static bool read_hours(const struct reader *r, enum rollup_name name,
    take_fn *take, struct wordlist *lists)
{
    sqlite3_stmt *rows = open_rows(r, name);
    bool failed = rows == NULL;
    bool sound = true;
    while (!failed && sound && query_step(rows, &failed)) {
        sound = take(r, rows, lists);
    }
    sqlite3_finalize(rows);
    return !failed && (sound || complain(r->db));
}

static bool read_items(
    const struct reader *r, enum rollup_name name, struct wordlist *out)
{
    struct blocks b = {NULL, 0, 0};
    bool ok = read_days(r, &b, name, SERIES_REPLY);
    bool sound = ok && open_blocks(&b);
    for (size_t i = 0; sound && i < b.n; i++) {
        drain(r, &b.list[i], INT64_MAX, out);
    }
    sound = sound && are_sound(&b);
    free_blocks(&b);
    return ok && (sound || complain(r->db));
}

/* Each list ends before the next one begins to grow. */
static bool finish(const struct reader *r, struct wordlist *words,
    enum series_dimension dimension, enum rollup_name failed)
{
    bool ok = read_items(r, failed, words);
    if (ok) {
        wordlist_give(words, &r->set->lists[dimension]);
    }
    wordlist_reset(words);
    return ok;
}

static bool read_few(const struct reader *r)
{
    struct wordlist lists[SERIES_DIMENSIONS];
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        wordlist_init(&lists[i], r->layout, true);
    }
    bool ok = read_hours(r, ROLLUP_TOTAL, take_total, lists) &&
              finish(r, &lists[SERIES_PROVIDER], SERIES_PROVIDER,
                  ROLLUP_BY_PROVIDER) &&
              finish(r, &lists[SERIES_HOST], SERIES_HOST, ROLLUP_BY_HOST) &&
              read_hours(r, ROLLUP_FAILED_TIME, take_failed, lists);
    if (ok) {
        wordlist_give(
            &lists[SERIES_EVERYTHING], &r->set->lists[SERIES_EVERYTHING]);
    }
    for (size_t i = 0; i < SERIES_DIMENSIONS; i++) {
        wordlist_reset(&lists[i]);
    }
    return ok;
}

bool series_blocks_read(
    struct series_set *set, sqlite3 *db, const struct wordlist_layout *layout)
{
    struct reader r = {set, db, layout};
    return read_domains(&r, &domains[0]) && read_domains(&r, &domains[1]) &&
           read_few(&r);
}
