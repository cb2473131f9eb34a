/* SPDX-License-Identifier: MIT */
/*
 * The counts are sorted in the order of the tables' primary keys before they
 * are written, so that SQLite fills its pages one after the other.  What is
 * already there is added to, never replaced: a source is written in steps.
 */
#define _GNU_SOURCE /* qsort_r: the order depends on the ids */
#include "store/facts.h"

#include "base/memory.h"

#include <stdlib.h>

/* Which statement writes a row: those of enum fact_table, and the rest. */
enum statement {
    WRITE_TRAFFIC = FACT_TRAFFIC,
    WRITE_SENDER = FACT_SENDER,
    WRITE_FAILURE = FACT_FAILURE,
    WRITE_LATENCY = FACT_LATENCY,
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
    [WRITE_TRAFFIC] =
        "INSERT INTO traffic VALUES "
        "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
        "?13,?14,?15,?16,?17,?18) ON CONFLICT DO UPDATE "
        "SET " ADD(delivered) "," ADD(deferred) "," ADD(bounced) "," ADD(expired) "," ADD(rejected) "," ADD(accepted) "," ADD(
            discarded) "," ADD(held) "," ADD(suspended) "," ADD(other_hosts) "," ADD(hops) "," ADD(probes),
    [WRITE_SENDER] =
        "INSERT INTO sender_traffic VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,"
        "?11) ON CONFLICT DO UPDATE SET " ADD(delivered) "," ADD(deferred) "," ADD(
            bounced) "," ADD(expired) "," ADD(rejected) "," ADD(accepted),
    [WRITE_FAILURE] =
        "INSERT INTO failure VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)"
        " ON CONFLICT DO UPDATE SET " ADD(attempts) "," ADD(suspended) "," ADD(
            other_hosts),
    [WRITE_LATENCY] = "INSERT INTO latency VALUES (?1,?2,?3,?4,?5,?6)"
                      " ON CONFLICT DO UPDATE SET " ADD(deliveries),
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
    const int64_t *reply_ids;
    int64_t *hosts; /* ids by the tally's numbers */
    int64_t *domains;
    int64_t *providers;
    sqlite3_stmt *statements[N_STATEMENTS];
};

static bool run(struct writer *w, enum statement which)
{
    sqlite3_stmt *q = w->statements[which];
    bool ok = store_step(w->target->store, q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

/* ---- names ---- */

static int64_t *ids_of(
    struct names *names, enum names_table table, const struct intern *texts)
{
    uint32_t n = intern_count(texts);
    int64_t *ids = memory_zalloc(n, sizeof(*ids));
    for (uint32_t i = 0; i < n; i++) {
        ids[i] = names_id(names, table, intern_text(texts, i));
        if (ids[i] == 0) {
            free(ids);
            return NULL;
        }
    }
    return ids;
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

/* ---- counts ---- */

/* A fact with the ids in the place of numbers. */
struct located {
    const struct fact *fact;
    int64_t host;
    int64_t sender;
    int64_t domain;
    int64_t provider;
    int64_t reply;
};

static struct located locate(const struct writer *w, uint32_t i)
{
    const struct fact *f = hashtable_key(w->view->facts, i);
    return (struct located){.fact = f,
        .host = w->hosts[f->host],
        .sender = w->domains[f->sender],
        .domain = w->domains[f->domain],
        .provider = w->providers[f->provider],
        .reply = f->table == FACT_FAILURE ? w->reply_ids[f->reply] : 0};
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Order of rows; 0 for two columns of one row. */
static int compare_rows(const struct located *a, const struct located *b)
{
    int by[] = {order(a->fact->table, b->fact->table),
        order(a->fact->hour, b->fact->hour),
        order(b->fact->direction, a->fact->direction), order(a->host, b->host),
        order(a->sender, b->sender), order(a->domain, b->domain),
        order(a->provider, b->provider), order(a->reply, b->reply),
        a->fact->table == FACT_LATENCY ? order(a->fact->column, b->fact->column)
                                       : 0};
    for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
        if (by[i] != 0) {
            return by[i];
        }
    }
    return 0;
}

/* What of a row's key decides almost always, in two words. */
struct place {
    uint64_t high; /* table, hour, direction, host */
    uint64_t low;  /* sender, domain */
    uint32_t fact;
};

static struct place place_of(const struct writer *w, uint32_t i)
{
    struct located l = locate(w, i);
    const struct fact *f = l.fact;
    /* names sort the other way round: inbound, outbound */
    uint64_t direction = 3u - f->direction;
    uint64_t hour = (uint64_t)(f->hour / 3600);
    return (struct place){.high = (uint64_t)f->table << 62 |
                                  (hour & 0x3ffffffff) << 28 | direction << 26 |
                                  ((uint64_t)l.host & 0x3ffffff),
        .low = (uint64_t)l.sender << 32 | ((uint64_t)l.domain & 0xffffffff),
        .fact = i};
}

static int compare(const void *a, const void *b, void *context)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->high != y->high) {
        return x->high < y->high ? -1 : 1;
    }
    if (x->low != y->low) {
        return x->low < y->low ? -1 : 1;
    }
    struct located left = locate(context, x->fact);
    struct located right = locate(context, y->fact);
    return compare_rows(&left, &right);
}

/* Bind the key; return where the counts go, and their number in ${n}. */
static int bind_key(const struct writer *w, const struct located *l, int *n)
{
    const struct fact *f = l->fact;
    sqlite3_stmt *q = w->statements[f->table];
    struct span direction =
        span_of(direction_name((enum direction)f->direction));
    sqlite3_bind_int64(q, 1, w->target->source);
    sqlite3_bind_int64(q, 2, f->hour);
    if (f->table == FACT_LATENCY) {
        sqlite3_bind_int64(q, 3, l->host);
        sqlite3_bind_int64(q, 4, l->provider);
        sqlite3_bind_int(q, 5, f->column);
        *n = 1;
        return 6;
    }
    store_bind_text(q, 3, direction);
    sqlite3_bind_int64(q, 4, l->host);
    if (f->table == FACT_SENDER) {
        sqlite3_bind_int64(q, 5, l->sender);
        *n = SENDER_TRAFFIC_COUNT;
        return 6;
    }
    if (f->table == FACT_TRAFFIC) {
        sqlite3_bind_int64(q, 5, l->domain);
        sqlite3_bind_int64(q, 6, l->provider);
        *n = TRAFFIC_COUNT;
        return 7;
    }
    sqlite3_bind_int64(q, 5, l->sender);
    sqlite3_bind_int64(q, 6, l->domain);
    sqlite3_bind_int64(q, 7, l->provider);
    sqlite3_bind_int64(q, 8, l->reply);
    *n = FAILURE_COUNT;
    return 9;
}

static bool write_row(
    struct writer *w, const struct located *l, const int64_t *counts)
{
    int n = 0;
    int at = bind_key(w, l, &n);
    sqlite3_stmt *q = w->statements[l->fact->table];
    for (int i = 0; i < n; i++) {
        sqlite3_bind_int64(q, at + i, counts[i]);
    }
    return run(w, (enum statement)l->fact->table);
}

static bool write_counts(struct writer *w)
{
    const struct hashtable *facts = w->view->facts;
    uint32_t n = facts->n;
    struct place *sorted = memory_zalloc(n, sizeof(*sorted));
    for (uint32_t i = 0; i < n; i++) {
        sorted[i] = place_of(w, i);
    }
    qsort_r(sorted, n, sizeof(*sorted), compare, w);
    bool ok = true;
    for (uint32_t i = 0; ok && i < n;) {
        struct located row = locate(w, sorted[i].fact);
        struct located next = row;
        int64_t counts[TRAFFIC_COUNT] = {0};
        while (i < n && compare_rows(&row, &next) == 0) {
            const int64_t *count = hashtable_value(facts, sorted[i].fact);
            bool single = row.fact->table == FACT_LATENCY;
            counts[single ? 0 : next.fact->column] += *count;
            i++;
            next = i < n ? locate(w, sorted[i].fact) : next;
        }
        ok = write_row(w, &row, counts);
    }
    free(sorted);
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
        sqlite3_bind_int64(q, 3, w->hosts[k->host]);
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
        sqlite3_bind_int64(q, 2, w->hosts[k->host]);
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

static bool find_names(struct writer *w)
{
    struct names *names = w->target->names;
    w->hosts = ids_of(names, NAMES_HOST, w->view->hosts);
    w->domains = ids_of(names, NAMES_DOMAIN, w->view->domains);
    w->providers = ids_of(names, NAMES_PROVIDER, w->view->providers);
    return w->hosts != NULL && w->domains != NULL && w->providers != NULL;
}

bool facts_write(const struct facts_target *target,
    const struct tally_view *view, int64_t *reply_ids)
{
    struct writer w = {.target = target, .view = view, .reply_ids = reply_ids};
    bool ok = prepare_all(&w) && find_names(&w) &&
              write_replies(&w, reply_ids) && write_counts(&w) &&
              write_listings(&w) && write_digests(&w) && write_lines(&w) &&
              write_unknown(&w);
    for (int i = 0; i < N_STATEMENTS; i++) {
        sqlite3_finalize(w.statements[i]);
    }
    free(w.hosts);
    free(w.domains);
    free(w.providers);
    return ok;
}
