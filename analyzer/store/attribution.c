/* SPDX-License-Identifier: MIT */
/*
 * The journal rows of each (host, queue ID) are put in order and walked like
 * the lines of one log.  A row that counts a failure under the unknown sender
 * moves it to the sender that is known at that point; an expiry counts those
 * who wait then.
 *
 * Copies of the same lines in two sources say the same twice.  That harms
 * nothing but an expiry, which ends the waiting: its copy at the same moment
 * therefore counts the same recipients again, for its own source.  Which of
 * the two sources counts at all is the matter of duplicate_hour.
 */
#include "store/attribution.h"

#include "aggregate/hashtable.h"
#include "aggregate/journal.h"
#include "base/limits.h"
#include "base/memory.h"
#include "store/names.h"

#include <stdlib.h>

struct row {
    struct timeline_place place;
    int64_t source;
    int64_t seq;
    int64_t time;
    enum queue_row_kind kind;
    bool counted;
    enum event_kind event;
    enum direction direction;
    enum disposition disposition;
    int64_t sender; /* domain; 0: unknown */
    int64_t recipient;
    int64_t recipient_domain;
    int64_t provider;
    int64_t reply;
    int64_t n;
};

/* The last word on a recipient. */
struct word {
    bool waits;
    int64_t expired_at;
    int64_t recipient_domain;
    int64_t provider;
};

struct walker {
    struct store *store;
    sqlite3_stmt *add;
    int64_t unknown; /* the domain "?" */
    int64_t host;
    struct span queue_id; /* on the heap */
    struct row *rows;
    size_t n;
    size_t cap;
    struct hashtable words; /* recipient to struct word */
    int64_t sender;         /* of the life; 0: unknown */
};

/* Of copies that overlap only time and nature tell the order; a source that
 * overlaps with none keeps that of its lines. */
static int compare(const void *a, const void *b)
{
    const struct row *x = a;
    const struct row *y = b;
    int64_t left[] = {x->place.group, x->time, x->kind, x->place.rank, x->seq};
    int64_t right[] = {y->place.group, y->time, y->kind, y->place.rank, y->seq};
    if (x->place.group == y->place.group && x->place.alone) {
        return (x->seq > y->seq) - (x->seq < y->seq);
    }
    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        if (left[i] != right[i]) {
            return left[i] < right[i] ? -1 : 1;
        }
    }
    return 0;
}

/* ---- what comes of a row ---- */

struct outcome {
    const struct row *row;
    int64_t sender;
    int64_t recipient_domain;
    int64_t provider;
    const char *disposition;
    int64_t n;
};

static int64_t hour_of(int64_t time)
{
    int64_t second = time / 1000000;
    return second - ((second % 3600) + 3600) % 3600;
}

static bool emit(struct walker *w, const struct outcome *o)
{
    sqlite3_stmt *q = w->add;
    sqlite3_bind_int64(q, 1, o->row->source);
    sqlite3_bind_int64(q, 2, hour_of(o->row->time));
    store_bind_text(q, 3, span_of(direction_name(o->row->direction)));
    sqlite3_bind_int64(q, 4, w->host);
    sqlite3_bind_int64(q, 5, o->sender);
    sqlite3_bind_int64(q, 6, o->recipient_domain);
    sqlite3_bind_int64(q, 7, o->provider);
    sqlite3_bind_int64(q, 8, o->row->reply);
    store_bind_text(q, 9, span_of(o->disposition));
    sqlite3_bind_int64(q, 10, o->n);
    bool ok = store_step(w->store, q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

/* Under which name the attempt was counted by sender; NULL: it was not. */
static const char *counted_as(const struct row *r)
{
    switch (r->event) {
    case EVENT_ATTEMPT:
        return "other_hosts";
    case EVENT_SUSPENDED:
        return "suspended";
    case EVENT_OUTCOME:
    case EVENT_HOP:
        break;
    default:
        return NULL;
    }
    switch (r->disposition) {
    case DISPOSITION_DELIVERED:
        return r->event == EVENT_OUTCOME ? "delivered" : NULL;
    case DISPOSITION_DEFERRED:
    case DISPOSITION_BOUNCED:
    case DISPOSITION_REJECTED:
    case DISPOSITION_EXPIRED:
        return disposition_name(r->disposition);
    default:
        return NULL;
    }
}

static bool move_to_sender(struct walker *w, const struct row *r)
{
    const char *name = counted_as(r);
    if (r->counted || w->sender == 0 || w->sender == w->unknown ||
        name == NULL) {
        return true;
    }
    struct outcome o = {.row = r,
        .sender = w->unknown,
        .recipient_domain = r->recipient_domain,
        .provider = r->provider,
        .disposition = name,
        .n = -r->n};
    bool ok = emit(w, &o);
    o.sender = w->sender;
    o.n = r->n;
    return ok && emit(w, &o);
}

static void keep_word(struct walker *w, const struct row *r)
{
    if (r->recipient == 0) {
        return;
    }
    struct word *word = hashtable_add(&w->words, &r->recipient);
    *word = (struct word){.waits = r->disposition == DISPOSITION_DEFERRED,
        .recipient_domain = r->recipient_domain,
        .provider = r->provider};
}

static bool expire(struct walker *w, const struct row *r)
{
    bool ok = true;
    int64_t known = r->sender != 0 ? r->sender : w->sender;
    for (uint32_t i = 0; ok && i < w->words.n; i++) {
        struct word *word = hashtable_value(&w->words, i);
        if (!word->waits && word->expired_at != r->time) {
            continue;
        }
        word->waits = false;
        word->expired_at = r->time;
        struct outcome o = {.row = r,
            .sender = known != 0 ? known : w->unknown,
            .recipient_domain = word->recipient_domain,
            .provider = word->provider,
            .disposition = "expired",
            .n = 1};
        ok = emit(w, &o);
    }
    return ok;
}

static void end_life(struct walker *w)
{
    hashtable_reset(&w->words);
    w->sender = 0;
}

static bool take(struct walker *w, const struct row *r)
{
    switch (r->kind) {
    case QUEUE_ROW_ARRIVAL:
    case QUEUE_ROW_RELEASE:
        end_life(w);
        return true;
    case QUEUE_ROW_SENDER:
        w->sender = r->sender;
        return true;
    case QUEUE_ROW_ATTEMPT:
        keep_word(w, r);
        return move_to_sender(w, r);
    case QUEUE_ROW_EXPIRE:
        return expire(w, r);
    default:
        return true;
    }
}

static bool walk_queue_id(struct walker *w)
{
    if (w->n > 1) {
        qsort(w->rows, w->n, sizeof(*w->rows), compare);
    }
    bool ok = true;
    for (size_t i = 0; ok && i < w->n; i++) {
        ok = take(w, &w->rows[i]);
    }
    end_life(w);
    w->n = 0;
    return ok;
}

/* ---- reading the journals ---- */

static struct row read_row(
    sqlite3_stmt *q, const struct timeline *t, int64_t host)
{
    struct row r = {.source = sqlite3_column_int64(q, 2),
        .seq = sqlite3_column_int64(q, 3),
        .time = sqlite3_column_int64(q, 4),
        .counted = sqlite3_column_int(q, 6) != 0,
        .sender = sqlite3_column_int64(q, 10),
        .recipient = sqlite3_column_int64(q, 11),
        .recipient_domain = sqlite3_column_int64(q, 12),
        .provider = sqlite3_column_int64(q, 13),
        .reply = sqlite3_column_int64(q, 14),
        .n = sqlite3_column_int64(q, 15)};
    r.place = timeline_place(t, host, r.source);
    journal_kind_parse(store_column_text(q, 5), &r.kind);
    event_kind_parse(store_column_text(q, 7), &r.event);
    direction_parse(store_column_text(q, 8), &r.direction);
    disposition_parse(store_column_text(q, 9), &r.disposition);
    return r;
}

static void add_row(struct walker *w, const struct row *r)
{
    if (w->n >= LIMIT_ROWS_PER_QUEUE_ID) {
        return;
    }
    if (w->n == w->cap) {
        w->cap = w->cap != 0 ? w->cap * 2 : 64;
        w->rows = memory_grow(w->rows, w->cap, sizeof(*w->rows));
    }
    w->rows[w->n++] = *r;
}

static bool walk(struct walker *w, sqlite3_stmt *q, const struct timeline *t)
{
    bool ok = true;
    int code = SQLITE_DONE;
    while (ok && (code = store_step(w->store, q)) == SQLITE_ROW) {
        int64_t host = sqlite3_column_int64(q, 0);
        struct span id = store_column_text(q, 1);
        if (host != w->host || !span_equal(id, w->queue_id)) {
            ok = walk_queue_id(w);
            w->host = host;
            free((char *)w->queue_id.ptr);
            w->queue_id = (struct span){memory_copy(id), id.len};
        }
        struct row r = read_row(q, t, host);
        add_row(w, &r);
    }
    return ok && code == SQLITE_DONE && walk_queue_id(w);
}

static bool find_unknown(struct walker *w)
{
    struct names *names = names_create(w->store);
    w->unknown =
        names != NULL ? names_id(names, NAMES_DOMAIN, SPAN_LITERAL("?")) : 0;
    names_free(names);
    return w->unknown != 0;
}

bool attribution_find(struct store *s, const struct timeline *t)
{
    struct walker w = {.store = s};
    hashtable_init(&w.words, sizeof(int64_t), sizeof(struct word));
    if (!store_run(s, "DELETE FROM attribution") || !find_unknown(&w)) {
        return false;
    }
    sqlite3_stmt *q = store_prepare(s,
        "SELECT host, queue_id, source, seq, time, kind, counted, event,"
        " direction, disposition, sender_domain, recipient, recipient_domain,"
        " provider, reply, n FROM queue_event ORDER BY host, queue_id");
    w.add =
        store_prepare(s, "INSERT INTO attribution VALUES (?,?,?,?,?,?,?,?,?,?)"
                         " ON CONFLICT DO UPDATE SET n = n + excluded.n");
    bool ok = q != NULL && w.add != NULL && walk(&w, q, t) &&
              store_run(s, "DELETE FROM attribution WHERE n = 0");
    sqlite3_finalize(q);
    sqlite3_finalize(w.add);
    hashtable_free(&w.words);
    free((char *)w.queue_id.ptr);
    free(w.rows);
    return ok;
}
