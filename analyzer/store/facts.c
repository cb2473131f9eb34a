/* SPDX-License-Identifier: MIT */
/*
 * First the names and the replies, whose ids the counts refer to.  What is
 * already there is added to, never replaced: a source is written in steps.
 */
#include "store/facts.h"

#include "base/memory.h"
#include "store/counts.h"

#include <stdlib.h>

/* Which statement writes a row. */
enum statement {
    ADD_REPLY,
    FIND_REPLY,
    WRITE_SEEN,
    WRITE_LISTING,
    WRITE_DIGEST,
    WRITE_LINES,
    WRITE_UNKNOWN,
    WRITE_SAMPLE,
    CUT_SAMPLES,
    N_STATEMENTS
};

#define ADD(column) #column " = " #column " + excluded." #column

static const char *const sql_of[N_STATEMENTS] = {
    [ADD_REPLY] =
        "INSERT INTO reply (direction, stage, reply_code, enhanced_code,"
        " logged_code, template, cause, detail, rule, dnsbl)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT DO NOTHING",
    [FIND_REPLY] =
        "SELECT id FROM reply WHERE direction = ?1 AND stage = ?2"
        " AND reply_code = ?3 AND enhanced_code = ?4 AND logged_code = ?5"
        " AND template = ?6",
    [WRITE_SEEN] = "INSERT INTO reply_seen VALUES (?1,?2,?3,?4) ON "
                   "CONFLICT DO UPDATE SET"
                   " first_seen = min(first_seen, excluded.first_seen),"
                   " last_seen = max(last_seen, excluded.last_seen)",
    [WRITE_LISTING] =
        "INSERT INTO listing VALUES (?1,?2,?3,?4,?5,?6,?7,?8)"
        " ON CONFLICT DO UPDATE SET " ADD(
            attempts) ","
                      " first_seen = min(first_seen, excluded.first_seen),"
                      " last_seen = max(last_seen, excluded.last_seen)",
    [WRITE_DIGEST] =
        "INSERT INTO hour_digest (source, host, hour, events, digest,"
        " first_time, last_time) VALUES (?1,?2,?3,?4,?5,?6,?7)"
        " ON CONFLICT DO UPDATE SET " ADD(
            events) ","
                    " digest = wrapping_add(digest, excluded.digest),"
                    " first_time = min(first_time, excluded.first_time),"
                    " last_time = max(last_time, excluded.last_time)",
    [WRITE_LINES] = "INSERT INTO line_count VALUES (?1,?2,?3,?4,?5)"
                    " ON CONFLICT DO UPDATE SET " ADD(lines),
    [WRITE_UNKNOWN] = "INSERT INTO unknown_line VALUES (?1,?2,?3,?4,?5,?6)"
                      " ON CONFLICT DO UPDATE SET " ADD(
                          lines) ", example = min(example, excluded.example)",
    [WRITE_SAMPLE] = "INSERT INTO sample VALUES (?1,?2,?3,?4,?5)"
                     " ON CONFLICT DO NOTHING",
    [CUT_SAMPLES] =
        "DELETE FROM sample WHERE source = ?1 AND reply = ?2 AND hash >"
        " (SELECT hash FROM sample WHERE source = ?1 AND reply = ?2"
        "  ORDER BY hash LIMIT 1 OFFSET ?3)",
};

struct writer {
    const struct facts_target *target;
    const struct tally_view *view;
    sqlite3_stmt *statements[N_STATEMENTS];
};

static bool run(struct writer *w, enum statement which)
{
    sqlite3_stmt *q = w->statements[which];
    bool ok = store_step(w->target->store, q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

/* ---- replies ---- */

/* What is unknown is the empty text in the store. */
static void bind(sqlite3_stmt *q, int at, struct span text)
{
    store_bind_text(q, at, span_is_known(text) ? text : SPAN_LITERAL(""));
}

static void bind_reply(sqlite3_stmt *q, const struct tally_reply *r)
{
    char status[STATUS_TEXT_LEN];
    store_bind_text(q, 1, span_of(direction_name(r->direction)));
    store_bind_text(q, 2, span_of(stage_name(r->stage)));
    sqlite3_bind_int(q, 3, r->code);
    size_t len = status_format(r->enhanced, status);
    sqlite3_bind_text(q, 4, status, (int)len, SQLITE_TRANSIENT);
    len = status_format(r->logged, status);
    sqlite3_bind_text(q, 5, status, (int)len, SQLITE_TRANSIENT);
    bind(q, 6, r->template);
}

static int64_t reply_id(struct writer *w, const struct tally_reply *r)
{
    sqlite3_stmt *q = w->statements[ADD_REPLY];
    bind_reply(q, r);
    bind(q, 7, r->cause);
    bind(q, 8, r->detail);
    bind(q, 9, r->rule);
    bind(q, 10, r->dnsbl);
    if (!run(w, ADD_REPLY)) {
        return 0;
    }
    q = w->statements[FIND_REPLY];
    bind_reply(q, r);
    int64_t id = store_step(w->target->store, q) == SQLITE_ROW
                     ? sqlite3_column_int64(q, 0)
                     : 0;
    sqlite3_reset(q);
    return id;
}

static bool write_samples(struct writer *w, uint32_t number, int64_t id)
{
    size_t n = 0;
    const struct sample *samples = samples_get(w->view->samples, number, &n);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        sqlite3_stmt *q = w->statements[WRITE_SAMPLE];
        sqlite3_bind_int64(q, 1, w->target->source);
        sqlite3_bind_int64(q, 2, id);
        sqlite3_bind_int64(q, 3, samples[i].hash);
        sqlite3_bind_int64(q, 4, samples[i].time);
        store_bind_text(q, 5, samples[i].line);
        ok = run(w, WRITE_SAMPLE);
    }
    sqlite3_stmt *q = w->statements[CUT_SAMPLES];
    sqlite3_bind_int64(q, 1, w->target->source);
    sqlite3_bind_int64(q, 2, id);
    sqlite3_bind_int(q, 3, LIMIT_SAMPLES_PER_REPLY - 1);
    return ok && run(w, CUT_SAMPLES);
}

static bool write_replies(struct writer *w, int64_t *ids)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < w->view->n_replies; i++) {
        const struct tally_reply *r = &w->view->replies[i];
        ids[i] = reply_id(w, r);
        sqlite3_stmt *q = w->statements[WRITE_SEEN];
        sqlite3_bind_int64(q, 1, w->target->source);
        sqlite3_bind_int64(q, 2, ids[i]);
        sqlite3_bind_int64(q, 3, r->first_seen);
        sqlite3_bind_int64(q, 4, r->last_seen);
        ok = ids[i] != 0 && run(w, WRITE_SEEN) && write_samples(w, i, ids[i]);
    }
    return ok;
}

/* ---- the small tables ---- */

static bool write_listings(struct writer *w)
{
    const struct hashtable *t = w->view->listings;
    bool ok = true;
    for (uint32_t i = 0; ok && i < t->n; i++) {
        const struct listing_key *k = hashtable_key(t, i);
        const struct listing_fact *f = hashtable_value(t, i);
        sqlite3_stmt *q = w->statements[WRITE_LISTING];
        sqlite3_bind_int64(q, 1, w->target->source);
        sqlite3_bind_int64(q, 2, k->hour);
        sqlite3_bind_int64(q, 3, w->target->ids->hosts[k->host]);
        store_bind_text(q, 4, intern_text(w->view->texts, k->dnsbl));
        store_bind_text(q, 5, intern_text(w->view->texts, k->address));
        sqlite3_bind_int64(q, 6, f->attempts);
        sqlite3_bind_int64(q, 7, f->first_seen);
        sqlite3_bind_int64(q, 8, f->last_seen);
        ok = run(w, WRITE_LISTING);
    }
    return ok;
}

static bool write_digests(struct writer *w)
{
    const struct hashtable *t = w->view->digests;
    bool ok = true;
    for (uint32_t i = 0; ok && i < t->n; i++) {
        const struct digest_key *k = hashtable_key(t, i);
        const struct digest_fact *f = hashtable_value(t, i);
        sqlite3_stmt *q = w->statements[WRITE_DIGEST];
        sqlite3_bind_int64(q, 1, w->target->source);
        sqlite3_bind_int64(q, 2, w->target->ids->hosts[k->host]);
        sqlite3_bind_int64(q, 3, k->hour);
        sqlite3_bind_int64(q, 4, f->events);
        sqlite3_bind_int64(q, 5, (int64_t)f->digest);
        sqlite3_bind_int64(q, 6, f->first_time);
        sqlite3_bind_int64(q, 7, f->last_time);
        ok = run(w, WRITE_DIGEST);
    }
    return ok;
}

static bool write_lines(struct writer *w)
{
    const struct hashtable *t = w->view->lines;
    bool ok = true;
    for (uint32_t i = 0; ok && i < t->n; i++) {
        const struct line_key *k = hashtable_key(t, i);
        const char *class = line_class_name((enum line_class)k->class);
        sqlite3_stmt *q = w->statements[WRITE_LINES];
        sqlite3_bind_int64(q, 1, w->target->source);
        store_bind_text(q, 2, intern_text(w->view->texts, k->mta));
        store_bind_text(q, 3, intern_text(w->view->texts, k->program));
        store_bind_text(q, 4, span_of(class));
        sqlite3_bind_int64(q, 5, *(const int64_t *)hashtable_value(t, i));
        ok = run(w, WRITE_LINES);
    }
    return ok;
}

static bool write_unknown(struct writer *w)
{
    const struct hashtable *t = w->view->unknown;
    bool ok = true;
    for (uint32_t i = 0; ok && i < t->n; i++) {
        const struct unknown_key *k = hashtable_key(t, i);
        const struct unknown_fact *f = hashtable_value(t, i);
        sqlite3_stmt *q = w->statements[WRITE_UNKNOWN];
        sqlite3_bind_int64(q, 1, w->target->source);
        store_bind_text(q, 2, intern_text(w->view->texts, k->mta));
        store_bind_text(q, 3, intern_text(w->view->texts, k->program));
        store_bind_text(q, 4, intern_text(w->view->texts, k->template));
        sqlite3_bind_int64(q, 5, f->lines);
        store_bind_text(q, 6, intern_text(w->view->texts, f->example));
        ok = run(w, WRITE_UNKNOWN);
    }
    return ok;
}

/* ---- all of it ---- */

static bool prepare_all(struct writer *w)
{
    bool ok = true;
    for (int i = 0; ok && i < N_STATEMENTS; i++) {
        w->statements[i] = store_prepare(w->target->store, sql_of[i]);
        ok = w->statements[i] != NULL;
    }
    return ok;
}

static bool write_counts(const struct writer *w, const int64_t *reply_ids)
{
    struct counts counts = {.store = w->target->store,
        .source = w->target->source,
        .facts = w->view->facts,
        .n_facts = w->view->n_facts,
        .ids = w->target->ids,
        .replies = reply_ids};
    return counts_write(&counts);
}

bool facts_write(const struct facts_target *target,
    const struct tally_view *view, int64_t *reply_ids)
{
    struct writer w = {.target = target, .view = view};
    bool ok = prepare_all(&w) &&
              name_ids_find(target->ids, target->names, view) &&
              write_replies(&w, reply_ids) && write_counts(&w, reply_ids) &&
              write_listings(&w) && write_digests(&w) && write_lines(&w) &&
              write_unknown(&w);
    for (int i = 0; i < N_STATEMENTS; i++) {
        sqlite3_finalize(w.statements[i]);
    }
    return ok;
}
