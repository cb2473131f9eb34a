/* SPDX-License-Identifier: MIT */
/*
 * A stored head may be shorter than 4,096 bytes, because the file was when it
 * was read last; so a new stream is looked up under each head length there
 * is.  The other way round, a new stream that is shorter than a stored head
 * is compared at the largest power of two that it reaches (column heads).
 */
#include "store/sources.h"

#include "base/diag.h"
#include "base/intern.h"
#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>
#include <xxhash.h>

enum {
    SMALLEST_HEAD = 64,
    HEAD_HASH_LEN = 8,
    MAX_HEADS = 7, /* 64, 128, ... 4096 */
    MAX_HEAD_LENGTHS = 4096
};

#define COLUMNS                                                                \
    "id, head_len, head_hash, consumed, content_hash, marks, damaged_at,"      \
    " damage, last_stamp, container, name, bytes_skipped, overflow, "          \
    "looks_back"

static void digest(struct span bytes, unsigned char *out)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(bytes.ptr, bytes.len));
    memcpy(out, canonical.digest, SOURCES_HASH_LEN);
}

/* XXH3-64 of the first 64, 128, ... bytes of ${head}, big-endian; returns
 * their bytes. */
static size_t head_hashes(struct span head, unsigned char *out)
{
    size_t n = 0;
    for (size_t len = SMALLEST_HEAD; len <= head.len && n < MAX_HEADS;
         len *= 2) {
        XXH64_canonical_t canonical;
        XXH64_canonicalFromHash(&canonical, XXH3_64bits(head.ptr, len));
        memcpy(out + n * HEAD_HASH_LEN, canonical.digest, HEAD_HASH_LEN);
        n++;
    }
    return n * HEAD_HASH_LEN;
}

/* ---- reading ---- */

static const char *copy_of_text(sqlite3_stmt *q, int at)
{
    struct span text = store_column_text(q, at);
    return span_is_known(text) ? memory_copy(text) : NULL;
}

static void copy_digest(sqlite3_stmt *q, int at, unsigned char *out)
{
    struct span bytes = store_column_text(q, at);
    memset(out, 0, SOURCES_HASH_LEN);
    if (bytes.len == SOURCES_HASH_LEN) {
        memcpy(out, bytes.ptr, bytes.len);
    }
}

static struct source_state read_state(sqlite3_stmt *q)
{
    struct source_state s = {.id = sqlite3_column_int64(q, 0)};
    s.head_len = (size_t)sqlite3_column_int64(q, 1);
    copy_digest(q, 2, s.head_hash);
    s.consumed = sqlite3_column_int64(q, 3);
    s.base = s.consumed;
    copy_digest(q, 4, s.content_hash);
    struct span marks = store_column_text(q, 5);
    s.marks = (struct span){memory_copy(marks), marks.len};
    bool damaged = sqlite3_column_type(q, 6) != SQLITE_NULL;
    s.damaged_at = damaged ? sqlite3_column_int64(q, 6) : -1;
    s.damage = copy_of_text(q, 7);
    bool stamped = sqlite3_column_type(q, 8) != SQLITE_NULL;
    s.last_stamp = stamped ? sqlite3_column_int64(q, 8) : SOURCES_NO_TIME;
    s.container = copy_of_text(q, 9);
    s.name = copy_of_text(q, 10);
    s.bytes_skipped = sqlite3_column_int64(q, 11);
    s.overflow = sqlite3_column_int64(q, 12);
    s.looks_back = sqlite3_column_int(q, 13) != 0;
    return s;
}

struct found {
    struct source_state *states;
    int n;
};

/* Add what ${q} gives; false on failure. */
static bool collect(struct store *s, sqlite3_stmt *q, struct found *f)
{
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        f->states =
            memory_grow(f->states, (size_t)f->n + 1, sizeof(*f->states));
        f->states[f->n++] = read_state(q);
    }
    return code == SQLITE_DONE;
}

/* The distinct head lengths up to ${limit}; their number, -1 on failure. */
static int head_lengths(struct store *s, size_t limit, int64_t *lengths)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT DISTINCT head_len FROM source WHERE head_len BETWEEN 1 AND ?");
    if (q == NULL) {
        return -1;
    }
    sqlite3_bind_int64(q, 1, (sqlite3_int64)limit);
    int n = 0;
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        if (n < MAX_HEAD_LENGTHS) {
            lengths[n++] = sqlite3_column_int64(q, 0);
        }
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE ? n : -1;
}

static bool find_by_heads(struct store *s, struct span head, struct found *f)
{
    int64_t lengths[MAX_HEAD_LENGTHS];
    int n = head_lengths(s, head.len, lengths);
    sqlite3_stmt *q = store_prepare(s,
        "SELECT " COLUMNS " FROM source WHERE head_len = ? AND head_hash = ?");
    bool ok = n >= 0 && q != NULL;
    for (int i = 0; ok && i < n; i++) {
        unsigned char hash[SOURCES_HASH_LEN];
        digest(span_first(head, (size_t)lengths[i]), hash);
        sqlite3_bind_int64(q, 1, lengths[i]);
        sqlite3_bind_blob(q, 2, hash, (int)sizeof(hash), SQLITE_STATIC);
        ok = collect(s, q, f);
        sqlite3_reset(q);
    }
    sqlite3_finalize(q);
    return ok;
}

/* Sources whose head is longer than the whole new stream. */
static bool find_longer(struct store *s, struct span head, struct found *f)
{
    unsigned char hashes[MAX_HEADS * HEAD_HASH_LEN];
    size_t len = head_hashes(head, hashes);
    if (len == 0 || head.len >= LIMIT_HEAD_LEN) {
        return true;
    }
    sqlite3_stmt *q =
        store_prepare(s, "SELECT " COLUMNS " FROM source"
                         " WHERE head_len > ? AND substr(heads, 1, ?) = ?");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, (sqlite3_int64)head.len);
    sqlite3_bind_int64(q, 2, (sqlite3_int64)len);
    sqlite3_bind_blob(q, 3, hashes, (int)len, SQLITE_STATIC);
    bool ok = collect(s, q, f);
    sqlite3_finalize(q);
    return ok;
}

static int by_consumed(const void *a, const void *b)
{
    const struct source_state *x = a;
    const struct source_state *y = b;
    return (x->consumed < y->consumed) - (x->consumed > y->consumed);
}

int sources_candidates(
    struct store *s, struct span head, struct source_state **found)
{
    struct found f = {NULL, 0};
    if (head.len > LIMIT_HEAD_LEN) {
        head.len = LIMIT_HEAD_LEN;
    }
    if (!find_by_heads(s, head, &f) || !find_longer(s, head, &f)) {
        sources_free(f.states, f.n);
        *found = NULL;
        return -1;
    }
    if (f.n > 1) {
        qsort(f.states, (size_t)f.n, sizeof(*f.states), by_consumed);
    }
    *found = f.states;
    return f.n;
}

void sources_free(struct source_state *found, int n)
{
    for (int i = 0; i < n; i++) {
        free((char *)found[i].marks.ptr);
        free((char *)found[i].damage);
        free((char *)found[i].container);
        free((char *)found[i].name);
    }
    free(found);
}

/* ---- writing ---- */

static void bind_state(sqlite3_stmt *q, const struct source_state *state)
{
    sqlite3_bind_int64(q, 4, state->consumed);
    sqlite3_bind_blob(
        q, 5, state->content_hash, SOURCES_HASH_LEN, SQLITE_STATIC);
    sqlite3_bind_blob64(q, 6, state->marks.len > 0 ? state->marks.ptr : "",
        state->marks.len, SQLITE_STATIC);
    if (state->damaged_at >= 0) {
        sqlite3_bind_int64(q, 7, state->damaged_at);
    }
    store_bind_text(q, 8, span_of(state->damage));
    if (state->last_stamp != SOURCES_NO_TIME) {
        sqlite3_bind_int64(q, 9, state->last_stamp);
    }
    const char *container = state->container != NULL ? state->container : "";
    store_bind_text(q, 10, span_of(container));
    store_bind_text(q, 11, span_of(state->name != NULL ? state->name : ""));
    sqlite3_bind_int64(q, 12, state->bytes_skipped);
    sqlite3_bind_int64(q, 13, state->overflow);
    sqlite3_bind_int(q, 14, state->looks_back ? 1 : 0);
}

static const char insert_sql[] =
    "INSERT INTO source (head_len, head_hash, heads, consumed, content_hash,"
    " marks, damaged_at, damage, last_stamp, container, name, bytes_skipped,"
    " overflow, looks_back) VALUES"
    " (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)";

/* A head never becomes shorter: the right-hand sides see the old row. */
static const char update_sql[] =
    "UPDATE source SET head_len = max(head_len, ?1),"
    " head_hash = CASE WHEN ?1 > head_len THEN ?2 ELSE head_hash END,"
    " heads = CASE WHEN ?1 > head_len THEN ?3 ELSE heads END,"
    " consumed = ?4, content_hash = ?5, marks = ?6, damaged_at = ?7,"
    " damage = ?8, last_stamp = ?9, container = ?10, name = ?11,"
    " bytes_skipped = ?12, overflow = ?13, looks_back = ?14"
    " WHERE id = ?15 AND consumed = ?16";

/* The derived tables are behind. */
static bool mark_unresolved(struct store *s)
{
    return store_run(
        s, "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')");
}

bool sources_put(struct store *s, struct source_state *state)
{
    bool insert = state->id == 0;
    sqlite3_stmt *q = store_prepare(s, insert ? insert_sql : update_sql);
    if (q == NULL) {
        return false;
    }
    struct span head = state->head;
    size_t limit = (uint64_t)state->consumed < LIMIT_HEAD_LEN
                       ? (size_t)state->consumed
                       : LIMIT_HEAD_LEN;
    head.len = head.len < limit ? head.len : limit;
    unsigned char hash[SOURCES_HASH_LEN];
    unsigned char hashes[MAX_HEADS * HEAD_HASH_LEN];
    digest(head, hash);
    size_t hashes_len = head_hashes(head, hashes);
    sqlite3_bind_int64(q, 1, (sqlite3_int64)head.len);
    sqlite3_bind_blob(q, 2, hash, (int)sizeof(hash), SQLITE_STATIC);
    sqlite3_bind_blob(q, 3, hashes, (int)hashes_len, SQLITE_STATIC);
    bind_state(q, state);
    if (!insert) {
        sqlite3_bind_int64(q, 15, state->id);
        sqlite3_bind_int64(q, 16, state->base);
    }
    bool ok = store_step(s, q) == SQLITE_DONE;
    if (ok && insert) {
        state->id = sqlite3_last_insert_rowid(store_database(s));
    } else if (ok && sqlite3_changes(store_database(s)) == 0) {
        diag_error("%s: %s: another process has read this log meanwhile; "
                   "run again",
            store_path(s), state->name);
        ok = false;
    }
    sqlite3_finalize(q);
    return ok;
}

bool sources_judge(
    struct store *s, const struct source_state *state, const char *damage)
{
    sqlite3_stmt *q = store_prepare(
        s, damage != NULL
               ? "UPDATE source SET damaged_at = consumed, damage = ?3"
                 " WHERE id = ?1 AND consumed = ?2 AND damaged_at IS NULL"
               : "UPDATE source SET damaged_at = NULL, damage = ?3"
                 " WHERE id = ?1 AND consumed = ?2");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, state->id);
    sqlite3_bind_int64(q, 2, state->consumed);
    store_bind_text(q, 3, damage != NULL ? span_of(damage) : SPAN_NONE);
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok && mark_unresolved(s);
}

bool sources_same(
    struct store *s, const struct source_state *state, int64_t *id)
{
    *id = 0;
    sqlite3_stmt *q = store_prepare(s,
        "SELECT id FROM source WHERE consumed = ? AND content_hash = ?"
        " AND of IS NULL");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, state->consumed);
    sqlite3_bind_blob(
        q, 2, state->content_hash, SOURCES_HASH_LEN, SQLITE_STATIC);
    int code = store_step(s, q);
    if (code == SQLITE_ROW) {
        *id = sqlite3_column_int64(q, 0);
    }
    sqlite3_finalize(q);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* The schema's ON DELETE CASCADE takes the facts along. */
bool sources_drop(struct store *s, int64_t id)
{
    sqlite3_stmt *q = store_prepare(s, "DELETE FROM source WHERE id = ?");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, id);
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok && mark_unresolved(s);
}

/* ---- hints ---- */

struct hint {
    int64_t size;
    int64_t mtime;
    char *damage;
};

struct source_hints {
    struct intern *paths; /* number n is hints[n - 1] */
    struct hint *hints;
    size_t n;
};

struct source_hints *sources_hints_load(struct store *s)
{
    sqlite3_stmt *q = store_prepare(s,
        "SELECT p.path, p.size, p.mtime, s.damage FROM source_path AS p"
        " LEFT JOIN source AS s ON s.id = p.source WHERE p.path <> ''");
    if (q == NULL) {
        return NULL;
    }
    struct source_hints *h = memory_zalloc(1, sizeof(*h));
    h->paths = intern_create();
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        if ((h->n & (h->n - 1)) == 0) {
            h->hints = memory_grow(
                h->hints, h->n != 0 ? h->n * 2 : 1, sizeof(*h->hints));
        }
        intern_add(h->paths, store_column_text(q, 0));
        struct span damage = store_column_text(q, 3);
        h->hints[h->n++] = (struct hint){.size = sqlite3_column_int64(q, 1),
            .mtime = sqlite3_column_int64(q, 2),
            .damage = span_is_known(damage) ? memory_copy(damage) : NULL};
    }
    sqlite3_finalize(q);
    if (code != SQLITE_DONE) {
        sources_hints_free(h);
        return NULL;
    }
    return h;
}

bool sources_hint(const struct source_hints *h, const char *path, int64_t size,
    int64_t mtime, const char **damage)
{
    uint32_t number = 0;
    *damage = NULL;
    if (!intern_find(h->paths, span_of(path), &number) || number == 0) {
        return false;
    }
    const struct hint *hint = &h->hints[number - 1];
    *damage = hint->damage;
    return hint->size == size && hint->mtime == mtime;
}

void sources_hints_free(struct source_hints *h)
{
    if (h == NULL) {
        return;
    }
    for (size_t i = 0; i < h->n; i++) {
        free(h->hints[i].damage);
    }
    free(h->hints);
    intern_free(h->paths);
    free(h);
}

bool sources_remember(struct store *s, const char *path, int64_t size,
    int64_t mtime, int64_t source)
{
    sqlite3_stmt *q = store_prepare(s,
        "INSERT OR REPLACE INTO source_path (path, size, mtime, source)"
        " VALUES (?, ?, ?, nullif(?, 0))");
    if (q == NULL) {
        return false;
    }
    store_bind_text(q, 1, span_of(path));
    sqlite3_bind_int64(q, 2, size);
    sqlite3_bind_int64(q, 3, mtime);
    sqlite3_bind_int64(q, 4, source);
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}

bool sources_forget(struct store *s, const char *path)
{
    sqlite3_stmt *q =
        store_prepare(s, "DELETE FROM source_path WHERE path = ?");
    if (q == NULL) {
        return false;
    }
    store_bind_text(q, 1, span_of(path));
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}
