/* SPDX-License-Identifier: MIT */
/*
 * A log may be cut amid a session.  What was open at the end of a source lies
 * in source_memory; lines of sessions that began before a source does are
 * held (aggregate/held.h).  The sources are walked in the order of the time
 * they cover, and the held lines of each read again: what the parser looks for
 * is asked of the latest source that was over when this one began.  What it
 * then knows is in turn what this source leaves behind, beside its memory, so
 * a session may go through any number of files.
 *
 * What the held lines of a source say is counted as a source of its own.  Names
 * that stand alone in them are hidden as soon as it is known whose they are.
 */
#include "pipeline/sessions.h"

#include "aggregate/hashtable.h"
#include "aggregate/redact.h"
#include "base/limits.h"
#include "base/memory.h"
#include "mail/token.h"
#include "pipeline/counter.h"
#include "store/replies.h"
#include "store/timeline.h"
#include "store/write.h"

#include <stdlib.h>

/* ---- what a source leaves ---- */

struct leaving {
    const struct privacy *privacy;
    struct buffer text;
};

static void add_address(struct leaving *l, struct span address)
{
    char name[REDACT_LOCAL_LEN];
    struct span domain = address_domain(address);
    struct span local = address_local(address);
    buffer_add(&l->text, redact_local(l->privacy, local, domain, name));
    if (domain.len > 0) {
        buffer_add_char(&l->text, '@');
        buffer_add(&l->text, domain);
    }
}

/* A list of recipients (parse/roster.h): a mark before each, a line for
 * each. */
static void add_roster(struct leaving *l, struct span text)
{
    while (text.len > 0) {
        size_t end = span_find(text, SPAN_LITERAL("\n"));
        if (end > 0) {
            buffer_add(&l->text, span_first(text, 1));
            add_address(l, span_skip(span_first(text, end), 1));
            buffer_add_char(&l->text, '\n');
        }
        text = span_skip(text, end < text.len ? end + 1 : end);
    }
}

static void add_text(
    struct leaving *l, struct span value, const struct span *fields)
{
    char *out = memory_alloc(2 * value.len + 1);
    struct event e = {
        .sender = fields[FIELD_sender], .recipient = fields[FIELD_recipient]};
    buffer_add(
        &l->text, held_hide(l->privacy, &e, value, out, 2 * value.len + 1));
    free(out);
}

static struct span hide(void *context, enum field f, const struct span *fields)
{
    struct leaving *l = context;
    struct span value = fields[f];
    bool is_address = f == FIELD_sender || f == FIELD_recipient;
    if (privacy_keeps(l->privacy) || value.len == 0) {
        return value;
    }
    buffer_reset(&l->text);
    if (is_address && span_find(value, SPAN_LITERAL("\n")) < value.len) {
        add_roster(l, value);
    } else if (is_address) {
        add_address(l, value);
    } else {
        add_text(l, value, fields);
    }
    return buffer_span(&l->text);
}

void sessions_leave(
    struct keeping *k, const struct privacy *privacy, struct buffer *out)
{
    struct leaving l = {privacy != NULL ? privacy : privacy_tokens(), {0}};
    if (privacy_hides_domains(privacy)) {
        return;
    }
    buffer_init(&l.text, 4 * LIMIT_LINE_LEN);
    struct recall_hiding hiding = {hide, &l};
    keeping_write(k, &hiding, out);
    buffer_free(&l.text);
}

/* ---- what all have left ---- */

struct name {
    uint64_t key;
    uint64_t kind; /* enum keeping_kind */
};

/* What one source has left of one name. */
struct version {
    const struct version *older; /* of those that were added before; or NULL */
    size_t source;               /* its place in the order */
    struct span bytes;
};

struct stream {
    int64_t id;
    struct timeline_span span; /* over all hosts */
};

struct joining {
    struct store *store;
    struct timeline *timeline;
    struct arena *texts;
    struct hashtable versions; /* name to const struct version * */
    struct stream *streams;    /* by time */
    size_t n_streams;
    size_t at;        /* the stream whose lines are read */
    int64_t host;     /* of the line that is read */
    uint64_t follows; /* digest of what its held lines were counted by */
    struct counter counter;
    const struct privacy *privacy; /* that made pseudonyms; or NULL */
    bool renamed;                  /* some lines hide more than they did */
    struct tally *tallies[2];      /* local parts are masked; they are kept */
    struct privacy *kept;
    struct name_ids ids;
    struct asker {
        struct joining *joining;
        enum keeping_kind kind;
    } askers[KEEPING_KINDS];
};

static void add_version(
    struct joining *j, enum keeping_kind kind, uint64_t key, struct span bytes)
{
    struct name name = {key, kind};
    const struct version **last = hashtable_add(&j->versions, &name);
    struct version *v = arena_alloc(j->texts, sizeof(*v));
    *v = (struct version){*last, j->at, arena_copy(j->texts, bytes)};
    *last = v;
}

static struct timeline_span span_of_stream(const struct joining *j, size_t i)
{
    struct timeline_span span = j->streams[i].span;
    timeline_span(j->timeline, j->host, j->streams[i].id, &span);
    return span;
}

/* What is counted of the held lines at hand hangs on ${text}. */
static void follow(struct joining *j, struct span text)
{
    j->follows = 31 * j->follows + span_hash(text);
}

/* What the source left that was over last before the one at hand begins. */
static bool ask(void *context, uint64_t key, struct span *bytes)
{
    const struct asker *asker = context;
    struct joining *j = asker->joining;
    struct name name = {key, asker->kind};
    const struct version *const *last = hashtable_find(&j->versions, &name);
    struct timeline_span here = span_of_stream(j, j->at);
    const struct version *best = NULL;
    struct timeline_span best_span = {0, 0};
    for (const struct version *v = last != NULL ? *last : NULL; v != NULL;
         v = v->older) {
        struct timeline_span span = span_of_stream(j, v->source);
        if (v->source != j->at && timeline_precedes(&span, &here) &&
            (best == NULL || span.last > best_span.last)) {
            best = v;
            best_span = span;
        }
    }
    *bytes = best != NULL ? best->bytes : SPAN_NONE;
    follow(j, *bytes);
    return best != NULL;
}

static void take_version(
    void *context, uint64_t key, int64_t touched, bool empty, struct span bytes)
{
    const struct asker *asker = context;
    (void)touched;
    (void)empty;
    add_version(asker->joining, asker->kind, key, bytes);
}

/* What is known after the held lines, then what began later. */
static bool take_memory(struct joining *j)
{
    struct keeping *k = parser_keeping(j->counter.parser);
    struct recall_hiding all = {NULL, NULL};
    for (int i = 0; i < KEEPING_KINDS; i++) {
        recall_each(keeping_recall(k, j->askers[i].kind), &all, take_version,
            &j->askers[i]);
    }
    sqlite3_stmt *q = store_prepare(
        j->store, "SELECT bytes FROM source_memory WHERE source = ?");
    if (q == NULL) {
        return false;
    }
    sqlite3_bind_int64(q, 1, j->streams[j->at].id);
    int code = store_step(j->store, q);
    struct span rest = code == SQLITE_ROW ? store_column_text(q, 0) : SPAN_NONE;
    enum keeping_kind kind = KEEPING_FIELDS;
    struct span bytes = SPAN_NONE;
    while ((bytes = keeping_next(&rest, &kind)).len > 0) {
        add_version(j, kind, recall_key(bytes), bytes);
    }
    sqlite3_finalize(q);
    return code == SQLITE_ROW || code == SQLITE_DONE;
}

/* ---- held lines ---- */

/* The line of ${q} is ${line} from now on. */
static bool keep_line(struct joining *j, sqlite3_stmt *q, struct span line)
{
    sqlite3_stmt *update = store_prepare(j->store,
        "UPDATE held_line SET line = ?3 WHERE source = ?1 AND seq = ?2");
    if (update == NULL) {
        return false;
    }
    sqlite3_bind_int64(update, 1, j->streams[j->at].id);
    sqlite3_bind_value(update, 2, sqlite3_column_value(q, 0));
    store_bind_text(update, 3, line);
    int code = store_step(j->store, update);
    sqlite3_finalize(update);
    return code == SQLITE_DONE;
}

/* Where addresses are what an option says, words are compared with them only
 * if it made pseudonyms, by the key that is at hand now. */
static bool read_line(struct joining *j, sqlite3_stmt *q)
{
    char text[2 * LIMIT_HELD_LEN];
    struct parser_unsure line = {.time = sqlite3_column_int64(q, 1),
        .host = store_column_text(q, 3),
        .mta = store_column_text(q, 4),
        .program = store_column_text(q, 5),
        .repeat = sqlite3_column_int64(q, 6),
        .message = store_column_text(q, 9),
        .key = (uint64_t)sqlite3_column_int64(q, 10)};
    bool shown = sqlite3_column_int(q, 8) != 0;
    j->host = sqlite3_column_int64(q, 2);
    j->counter.privacy = shown ? j->privacy : NULL;
    follow(j, line.message);
    correlator_set_sequence(j->counter.correlator, sqlite3_column_int64(q, 0));
    struct span left = counter_again(&j->counter, &line,
        (uint64_t)sqlite3_column_int64(q, 7), text, sizeof(text));
    if (span_equal(left, line.message) || (shown && j->privacy == NULL)) {
        return true;
    }
    j->renamed = j->renamed || shown;
    return keep_line(j, q, left);
}

/* The lines of the stream at hand; ${n}: how many there were. */
static bool read_lines(struct joining *j,
    const struct pipeline_context *context, sqlite3_stmt *q, size_t *n)
{
    struct parser_options options = {
        .formats = context->formats, .zone = zones_of(context->zones, "")};
    parser_restart(j->counter.parser, &options);
    correlator_reset(j->counter.correlator);
    int code = SQLITE_DONE;
    bool ok = true;
    while (ok && (code = store_step(j->store, q)) == SQLITE_ROW) {
        if ((*n)++ == 0) {
            j->counter.tally = j->tallies[sqlite3_column_int(q, 8) != 0];
            tally_begin_source(j->counter.tally);
        }
        ok = read_line(j, q);
    }
    counter_settle(&j->counter);
    return ok && code == SQLITE_DONE;
}

static bool count_lines(
    struct joining *j, const struct pipeline_context *context, sqlite3_stmt *q)
{
    size_t n = 0;
    int64_t id = j->streams[j->at].id;
    sqlite3_bind_int64(q, 1, id);
    j->follows = 0;
    bool ok = read_lines(j, context, q, &n);
    sqlite3_reset(q);
    struct source_state state = {.id = id};
    memcpy(state.content_hash, &j->follows, sizeof(j->follows));
    struct write_step step = {.state = &state,
        .tally = j->counter.tally,
        .correlator = j->counter.correlator,
        .ids = &j->ids};
    return ok && (n == 0 || write_companion(j->store, id, &step)) &&
           take_memory(j);
}

static bool walk(struct joining *j, const struct pipeline_context *context)
{
    sqlite3_stmt *q = store_prepare(j->store,
        "SELECT l.seq, l.time, l.host, h.name, l.mta, l.program, l.repeat,"
        " l.hash, l.shown, l.line, l.key FROM held_line AS l"
        " JOIN host AS h ON h.id = l.host WHERE l.source = ? ORDER BY l.seq");
    bool ok = q != NULL;
    for (j->at = 0; ok && j->at < j->n_streams; j->at++) {
        ok = count_lines(j, context, q);
    }
    sqlite3_finalize(q);
    return ok;
}

/* ---- the whole ---- */

static bool load_streams(struct joining *j)
{
    sqlite3_stmt *q = store_prepare(j->store,
        "SELECT s.id, coalesce(min(first_time), last_stamp, 0) AS first,"
        " coalesce(max(last_time), last_stamp, 0) FROM source AS s LEFT JOIN"
        " (SELECT source, first_time, last_time FROM hour_digest UNION ALL"
        "  SELECT source, time, time FROM held_line) AS h ON h.source = s.id"
        " WHERE s.id IN (SELECT source FROM held_line UNION"
        "  SELECT source FROM source_memory) GROUP BY s.id"
        " ORDER BY first, substr(heads, 1, 8), content_hash, consumed");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(j->store, q)) == SQLITE_ROW) {
        j->streams =
            memory_grow(j->streams, j->n_streams + 1, sizeof(*j->streams));
        j->streams[j->n_streams++] = (struct stream){sqlite3_column_int64(q, 0),
            {sqlite3_column_int64(q, 1), sqlite3_column_int64(q, 2)}};
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

static void open_counter(
    struct joining *j, const struct pipeline_context *context)
{
    struct parser_options options = {.formats = context->formats};
    j->kept = privacy_keep();
    j->tallies[0] = tally_create(NULL);
    j->tallies[1] = tally_create(j->kept);
    j->counter = (struct counter){.parser = parser_create(&options),
        .classifier = classifier_create(context->rules, context->knowledge),
        .correlator = correlator_create(),
        .tally = j->tallies[0]};
    classifier_set_own(j->counter.classifier, context->own);
    for (int i = 0; i < KEEPING_KINDS; i++) {
        j->askers[i] = (struct asker){j, (enum keeping_kind)i};
        struct recall_earlier earlier = {ask, &j->askers[i]};
        recall_ask(keeping_recall(
                       parser_keeping(j->counter.parser), j->askers[i].kind),
            &earlier);
    }
}

static void close_counter(struct joining *j)
{
    name_ids_reset(&j->ids);
    correlator_free(j->counter.correlator);
    classifier_free(j->counter.classifier);
    parser_free(j->counter.parser);
    tally_free(j->tallies[0]);
    tally_free(j->tallies[1]);
    privacy_free(j->kept);
}

/* What an earlier joining counted goes; a source whose held lines were dropped
 * since (store/prune.h) keeps it for good. */
static bool join(struct joining *j, const struct pipeline_context *context)
{
    if (!store_run(j->store, "DELETE FROM source WHERE of IN"
                             " (SELECT source FROM held_line)") ||
        (j->timeline = timeline_load(j->store)) == NULL || !load_streams(j)) {
        return false;
    }
    j->texts = arena_create();
    hashtable_init(
        &j->versions, sizeof(struct name), sizeof(const struct version *));
    open_counter(j, context);
    bool ok = walk(j, context);
    close_counter(j);
    hashtable_free(&j->versions);
    arena_free(j->texts);
    return ok && store_run(j->store,
                     "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')");
}

/* Lines that hide more than before are counted once more: what a reply says
 * was read of them as they were. */
static bool join_all(const struct pipeline_context *context,
    const struct privacy *privacy, struct store *store)
{
    bool ok = true;
    bool again = true;
    while (ok && again) {
        struct joining j = {.store = store,
            .privacy = privacy_hides_domains(privacy) ? NULL : privacy};
        ok = join(&j, context);
        again = j.renamed;
        timeline_free(j.timeline);
        free(j.streams);
    }
    return ok;
}

/* A reply that was met before it was known what in it is a name. */
static bool drop_replies(struct store *store)
{
    if (!store_run(store, "PRAGMA foreign_keys = OFF") || !store_begin(store)) {
        return false;
    }
    bool ok = replies_drop_unused(store) &&
              store_run(store, "DELETE FROM meta WHERE key = 'unjoined'");
    if (ok) {
        ok = store_commit(store);
    } else {
        store_rollback(store);
    }
    return store_run(store, "PRAGMA foreign_keys = ON") && ok;
}

/* Also where somebody took away what counts held lines. */
bool sessions_behind(struct store *store, int64_t *n)
{
    return store_number(store,
        "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'unjoined')"
        " + EXISTS (SELECT 1 FROM held_line AS l WHERE NOT EXISTS"
        " (SELECT 1 FROM source AS s WHERE s.of = l.source))",
        n);
}

bool sessions_join(const struct pipeline_context *context,
    const struct privacy *privacy, struct store *store)
{
    int64_t unjoined = 0;
    if (!sessions_behind(store, &unjoined)) {
        return false;
    }
    if (unjoined == 0) {
        return true;
    }
    /* what keep_line() hides is not to stay in a page's unused bytes */
    if (!store_run(store, "PRAGMA secure_delete = ON") || !store_begin(store)) {
        return false;
    }
    if (!join_all(context, privacy, store)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store) && drop_replies(store);
}
