/* SPDX-License-Identifier: MIT */
/*
 * A step is one transaction: whatever kills the process, the store holds
 * whole steps, and a source that was written half is read on from the offset
 * of its last step.  The mark "unresolved" in meta tells resolve.c that the
 * derived tables are behind; it is set in the same transaction.
 */
#include "store/write.h"

#include "base/limits.h"
#include "base/memory.h"
#include "store/facts.h"

#include <stdlib.h>

/* ---- the journal ---- */

struct queue_writer {
    struct store *store;
    struct names *names;
    sqlite3_stmt *insert;
    const int64_t *reply_ids;
};

static bool bind_name(
    struct queue_writer *w, int at, enum names_table table, struct span text)
{
    if (!span_is_known(text)) {
        sqlite3_bind_null(w->insert, at);
        return true;
    }
    int64_t id = names_id(w->names, table, text);
    sqlite3_bind_int64(w->insert, at, id);
    return id != 0;
}

static bool insert_row(void *context, const struct queue_row *r)
{
    struct queue_writer *w = context;
    sqlite3_stmt *q = w->insert;
    bool ok = bind_name(w, 2, NAMES_HOST, r->host) &&
              bind_name(w, 12, NAMES_DOMAIN, r->sender_domain) &&
              bind_name(w, 14, NAMES_DOMAIN, r->recipient_domain) &&
              bind_name(w, 15, NAMES_PROVIDER, r->provider);
    if (!ok) {
        return false;
    }
    store_bind_text(q, 3, r->queue_id);
    sqlite3_bind_int64(q, 4, r->seq);
    sqlite3_bind_int64(q, 5, r->time);
    store_bind_text(q, 6, span_of(journal_kind_name(r->kind)));
    sqlite3_bind_int(q, 7, r->open ? 1 : 0);
    sqlite3_bind_int(q, 8, r->counted ? 1 : 0);
    store_bind_text(q, 9, span_of(event_kind_name(r->event)));
    store_bind_text(q, 10, span_of(direction_name(r->direction)));
    store_bind_text(q, 11, span_of(disposition_name(r->disposition)));
    sqlite3_bind_int64(q, 13, (int64_t)r->recipient);
    if (r->reply != JOURNAL_NO_REPLY) {
        sqlite3_bind_int64(q, 16, w->reply_ids[r->reply]);
    } else {
        sqlite3_bind_null(q, 16);
    }
    sqlite3_bind_int64(q, 17, r->n);
    ok = store_step(w->store, q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

static bool drop_open_rows(struct store *s, int64_t source)
{
    sqlite3_stmt *q = store_prepare(
        s, "DELETE FROM queue_event WHERE source = ? AND open = 1");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, source);
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}

static bool write_journal(struct store *s, const struct write_step *step,
    struct names *names, const int64_t *reply_ids)
{
    struct queue_writer w = {
        .store = s, .names = names, .reply_ids = reply_ids};
    w.insert = store_prepare(s,
        "INSERT INTO queue_event (source, host, queue_id, seq, time, kind,"
        " open, counted, event, direction, disposition, sender_domain,"
        " recipient, recipient_domain, provider, reply, n) VALUES"
        " (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17)");
    if (w.insert == NULL) {
        return false;
    }
    sqlite3_bind_int64(w.insert, 1, step->state->id);
    bool ok = drop_open_rows(s, step->state->id) &&
              correlator_each_row(step->correlator, insert_row, &w);
    sqlite3_finalize(w.insert);
    return ok;
}

/* ---- what joins sources ---- */

static bool insert_held(struct store *s, const struct write_step *step,
    struct names *names, sqlite3_stmt *q)
{
    size_t n = 0;
    const struct held_line *lines = held_lines(step->held, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        int64_t host = names_id(names, NAMES_HOST, lines[i].host);
        sqlite3_bind_int64(q, 1, step->state->id);
        sqlite3_bind_int64(q, 2, lines[i].seq);
        sqlite3_bind_int64(q, 3, lines[i].time);
        sqlite3_bind_int64(q, 4, host);
        store_bind_text(q, 5, lines[i].mta);
        store_bind_text(q, 6, lines[i].program);
        sqlite3_bind_int64(q, 7, lines[i].repeat);
        sqlite3_bind_int64(q, 8, (int64_t)lines[i].hash);
        sqlite3_bind_int(q, 9, step->held_shown ? 1 : 0);
        store_bind_text(q, 10, lines[i].line);
        sqlite3_bind_int64(q, 11, (int64_t)lines[i].key);
        ok = host != 0 && store_step(s, q) == SQLITE_DONE;
        sqlite3_reset(q);
    }
    return ok;
}

static bool write_lines(
    struct store *s, const struct write_step *step, struct names *names)
{
    sqlite3_stmt *q = store_prepare(s,
        "INSERT INTO held_line (source, seq, time, host, mta, program, repeat,"
        " key, hash, shown, line) VALUES (?1,?2,?3,?4,?5,?6,?7,?11,?8,?9,?10)");
    bool ok = q != NULL && insert_held(s, step, names, q);
    sqlite3_finalize(q);
    return ok;
}

static bool write_memory(struct store *s, const struct source_state *state)
{
    bool any = state->memory.len > 0;
    sqlite3_stmt *q = store_prepare(
        s, any ? "INSERT OR REPLACE INTO source_memory VALUES (?1, ?2)"
               : "DELETE FROM source_memory WHERE source = ?1");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, state->id);
    if (any) {
        sqlite3_bind_blob64(
            q, 2, state->memory.ptr, state->memory.len, SQLITE_STATIC);
    }
    bool ok = store_step(s, q) == SQLITE_DONE;
    sqlite3_finalize(q);
    return ok;
}

/* Of logs whose lines each stand alone there is nothing to write. */
static bool write_sessions(
    struct store *s, const struct write_step *step, struct names *names)
{
    size_t n = 0;
    if (step->held != NULL) {
        held_lines(step->held, &n);
    }
    return !step->state->looks_back ||
           ((n == 0 || write_lines(s, step, names)) &&
               write_memory(s, step->state) &&
               store_run(s, "INSERT OR REPLACE INTO meta"
                            " VALUES ('unjoined', '1')"));
}

bool write_held(struct store *s, int64_t source, int64_t *n)
{
    char sql[256];
    sqlite3_snprintf((int)sizeof(sql), sql,
        "SELECT CASE WHEN n = 0 AND EXISTS"
        " (SELECT 1 FROM source WHERE of = %lld) THEN %lld ELSE n END"
        " FROM (SELECT count(*) AS n FROM held_line WHERE source = %lld)",
        (long long)source, (long long)LIMIT_HELD_LINES, (long long)source);
    return store_number(s, sql, n);
}

/* ---- the step ---- */

static bool write_facts(
    struct store *s, const struct write_step *step, struct names *names)
{
    struct tally_view view = tally_view(step->tally);
    int64_t *reply_ids = memory_zalloc(view.n_replies, sizeof(*reply_ids));
    struct facts_target target = {s, names, step->ids, step->state->id};
    bool ok = facts_write(&target, &view, reply_ids) &&
              write_journal(s, step, names, reply_ids);
    free(reply_ids);
    return ok;
}

static bool write_hint(struct store *s, const struct write_step *step)
{
    return step->path == NULL || sources_remember(s, step->path, step->size,
                                     step->mtime, step->state->id);
}

/* Another process, or another thread with a copy of the file, may have
 * written the same new source while this one was read: then all is there. */
static bool write_all(struct store *s, struct write_step *step)
{
    struct source_state *state = step->state;
    int64_t same = 0;
    if (state->id == 0 && !sources_same(s, state, &same)) {
        return false;
    }
    if (same != 0) {
        state->id = same;
        return write_hint(s, step);
    }
    struct names *names = names_create(s);
    bool ok =
        names != NULL && sources_put(s, state) && write_facts(s, step, names) &&
        write_sessions(s, step, names) && write_hint(s, step) &&
        store_run(s, "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')");
    names_free(names);
    return ok;
}

static bool write_transaction(struct store *s, struct write_step *step)
{
    if (!store_begin(s)) {
        return false;
    }
    if (!write_all(s, step)) {
        store_rollback(s);
        return false;
    }
    return store_commit(s);
}

/* Every id that is written was looked up in the same transaction: having
 * SQLite look up each of them again would cost a third of the time. */
bool write_step(struct store *s, struct write_step *step)
{
    int64_t id = step->state->id;
    bool ok =
        store_run(s, "PRAGMA foreign_keys = OFF") && write_transaction(s, step);
    if (ok) {
        step->state->base = step->state->consumed;
    } else {
        step->state->id = id;
        name_ids_reset(step->ids);
    }
    return store_run(s, "PRAGMA foreign_keys = ON") && ok;
}

static bool add_companion(struct store *s, struct write_step *step)
{
    sqlite3_stmt *q = store_prepare(s,
        "INSERT INTO source (head_len, head_hash, heads, consumed,"
        " content_hash, marks, last_stamp, container, name, overflow, of)"
        " SELECT 0, zeroblob(16), x'', 0, ?3, x'', last_stamp, '', name, ?2, id"
        " FROM source WHERE id = ?1");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, step->state->id);
    sqlite3_bind_int64(q, 2, tally_overflow(step->tally));
    sqlite3_bind_blob(
        q, 3, step->state->content_hash, SOURCES_HASH_LEN, SQLITE_STATIC);
    bool ok = store_step(s, q) == SQLITE_DONE;
    step->state->id = sqlite3_last_insert_rowid(store_database(s));
    sqlite3_finalize(q);
    return ok;
}

bool write_companion(struct store *s, int64_t source, struct write_step *step)
{
    step->state->id = source;
    struct names *names = names_create(s);
    bool ok =
        names != NULL && add_companion(s, step) && write_facts(s, step, names);
    names_free(names);
    return ok;
}

/* ---- reading on ---- */

static struct queue_row open_row(sqlite3_stmt *q)
{
    struct queue_row r = {.host = store_column_text(q, 0),
        .queue_id = store_column_text(q, 1),
        .seq = sqlite3_column_int64(q, 2),
        .time = sqlite3_column_int64(q, 3),
        .open = true,
        .counted = true,
        .sender_domain = store_column_text(q, 8),
        .recipient = (uint64_t)sqlite3_column_int64(q, 9),
        .recipient_domain = store_column_text(q, 10),
        .provider = store_column_text(q, 11),
        .reply = JOURNAL_NO_REPLY,
        .n = 1};
    journal_kind_parse(store_column_text(q, 4), &r.kind);
    event_kind_parse(store_column_text(q, 5), &r.event);
    direction_parse(store_column_text(q, 6), &r.direction);
    disposition_parse(store_column_text(q, 7), &r.disposition);
    return r;
}

static bool last_sequence(struct store *s, int64_t source, int64_t *seq)
{
    char sql[256];
    sqlite3_snprintf((int)sizeof(sql), sql,
        "SELECT max(coalesce((SELECT max(seq) FROM queue_event"
        " WHERE source = %lld), 0), coalesce((SELECT max(seq) FROM held_line"
        " WHERE source = %lld), 0) + %d)",
        (long long)source, (long long)source, CORRELATOR_SEQ_HELD);
    return store_number(s, sql, seq);
}

bool write_restore(struct store *s, int64_t source, struct correlator *c)
{
    int64_t seq = 0;
    sqlite3_stmt *q = store_prepare(s,
        "SELECT h.name, q.queue_id, q.seq, q.time, q.kind, q.event,"
        " q.direction, q.disposition, sd.name, q.recipient, rd.name, p.name"
        " FROM queue_event AS q JOIN host AS h ON h.id = q.host"
        " LEFT JOIN domain AS sd ON sd.id = q.sender_domain"
        " LEFT JOIN domain AS rd ON rd.id = q.recipient_domain"
        " LEFT JOIN provider AS p ON p.id = q.provider"
        " WHERE q.source = ? AND q.open = 1");
    if (q == NULL || !last_sequence(s, source, &seq)) {
        sqlite3_finalize(q);
        return false;
    }
    sqlite3_bind_int64(q, 1, source);
    int code = SQLITE_DONE;
    while ((code = store_step(s, q)) == SQLITE_ROW) {
        struct queue_row row = open_row(q);
        correlator_restore(c, &row);
    }
    sqlite3_finalize(q);
    correlator_set_sequence(c, seq + 4);
    return code == SQLITE_DONE;
}
