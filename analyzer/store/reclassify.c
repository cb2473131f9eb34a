/* SPDX-License-Identifier: MIT */
/*
 * The verdict is an attribute of the reply's row, so history changes by
 * changing as many rows as there are kinds of replies.  A temporary table
 * keeps what changed into what, for the report at the end.
 */
#include "store/reclassify.h"

struct run {
    struct store *store;
    const struct reclassify_calls *calls;
    sqlite3_stmt *read;
    sqlite3_stmt *update;
    sqlite3_stmt *note;
    int64_t n_changed;
};

enum column {
    COLUMN_ID,
    COLUMN_DIRECTION,
    COLUMN_STAGE,
    COLUMN_CODE,
    COLUMN_ENHANCED,
    COLUMN_LOGGED,
    COLUMN_TEMPLATE,
    COLUMN_CAUSE,
    COLUMN_DETAIL,
    COLUMN_RULE,
    COLUMN_DNSBL
};

static struct reclassify_reply read_reply(sqlite3_stmt *q)
{
    struct reclassify_reply r = {.code = sqlite3_column_int(q, COLUMN_CODE),
        .template = store_column_text(q, COLUMN_TEMPLATE)};
    direction_parse(store_column_text(q, COLUMN_DIRECTION), &r.direction);
    stage_parse(store_column_text(q, COLUMN_STAGE), &r.stage);
    status_parse(store_column_text(q, COLUMN_ENHANCED), &r.enhanced);
    status_parse(store_column_text(q, COLUMN_LOGGED), &r.logged);
    return r;
}

static struct span known(struct span s)
{
    return span_is_known(s) ? s : SPAN_LITERAL("");
}

static bool is_same(sqlite3_stmt *q, const struct verdict *v)
{
    return span_equal(store_column_text(q, COLUMN_CAUSE), v->cause) &&
           span_equal(store_column_text(q, COLUMN_DETAIL), v->detail) &&
           span_equal(store_column_text(q, COLUMN_RULE), v->rule) &&
           span_equal(store_column_text(q, COLUMN_DNSBL), v->dnsbl);
}

static bool execute(struct run *r, sqlite3_stmt *q)
{
    bool ok = store_step(r->store, q) == SQLITE_DONE;
    sqlite3_reset(q);
    return ok;
}

static bool change(struct run *r, const struct verdict *v)
{
    int64_t id = sqlite3_column_int64(r->read, COLUMN_ID);
    r->n_changed++;
    sqlite3_bind_int64(r->note, 1, id);
    store_bind_text(r->note, 2, store_column_text(r->read, COLUMN_CAUSE));
    store_bind_text(r->note, 3, store_column_text(r->read, COLUMN_DETAIL));
    if (!execute(r, r->note)) {
        return false;
    }
    store_bind_text(r->update, 1, known(v->cause));
    store_bind_text(r->update, 2, known(v->detail));
    store_bind_text(r->update, 3, known(v->rule));
    store_bind_text(r->update, 4, known(v->dnsbl));
    sqlite3_bind_int64(r->update, 5, id);
    return execute(r, r->update);
}

/* By id, upwards: rows that were changed are not met again. */
static bool judge_all(struct run *r)
{
    int code = SQLITE_DONE;
    bool ok = true;
    while (ok && (code = store_step(r->store, r->read)) == SQLITE_ROW) {
        struct reclassify_reply reply = read_reply(r->read);
        struct verdict v = {.cause = SPAN_NONE};
        ok = r->calls->judge(r->calls->context, &reply, &v) &&
             (is_same(r->read, &v) || change(r, &v));
    }
    return ok && code == SQLITE_DONE;
}

static bool report_changes(struct run *r)
{
    sqlite3_stmt *q = store_prepare(r->store,
        "SELECT c.cause, c.detail, r.cause, r.detail, count(*),"
        " coalesce(sum(f.n), 0) AS attempts"
        " FROM temp.reclassified AS c JOIN reply AS r ON r.id = c.reply"
        " LEFT JOIN (SELECT reply, sum(attempts) AS n FROM failure"
        "            GROUP BY reply) AS f ON f.reply = c.reply"
        " WHERE c.cause <> r.cause OR c.detail <> r.detail"
        " GROUP BY 1, 2, 3, 4 ORDER BY attempts DESC, 1, 2, 3, 4");
    if (q == NULL) {
        return false;
    }
    int code = SQLITE_DONE;
    while ((code = store_step(r->store, q)) == SQLITE_ROW) {
        struct reclassify_change c = {.from_cause = store_column_text(q, 0),
            .from_detail = store_column_text(q, 1),
            .to_cause = store_column_text(q, 2),
            .to_detail = store_column_text(q, 3),
            .replies = sqlite3_column_int64(q, 4),
            .attempts = sqlite3_column_int64(q, 5)};
        r->calls->changed(r->calls->context, &c);
    }
    sqlite3_finalize(q);
    return code == SQLITE_DONE;
}

static bool prepare(struct run *r)
{
    if (!store_run(r->store,
            "CREATE TEMP TABLE IF NOT EXISTS reclassified"
            " (reply INTEGER PRIMARY KEY, cause TEXT, detail TEXT);"
            "DELETE FROM temp.reclassified")) {
        return false;
    }
    r->read = store_prepare(r->store,
        "SELECT id, direction, stage, reply_code, enhanced_code, logged_code,"
        " template, cause, detail, rule, dnsbl FROM reply ORDER BY id");
    r->update = store_prepare(r->store,
        "UPDATE reply SET cause = ?, detail = ?, rule = ?, dnsbl = ?"
        " WHERE id = ?");
    r->note = store_prepare(
        r->store, "INSERT INTO temp.reclassified VALUES (?, ?, ?)");
    return r->read != NULL && r->update != NULL && r->note != NULL;
}

bool reclassify_run(
    struct store *s, const struct reclassify_calls *calls, int64_t *n_changed)
{
    struct run r = {.store = s, .calls = calls};
    if (!store_begin(s)) {
        return false;
    }
    bool ok = prepare(&r) && judge_all(&r);
    sqlite3_finalize(r.read);
    sqlite3_finalize(r.update);
    sqlite3_finalize(r.note);
    ok = ok && (calls->changed == NULL || report_changes(&r));
    *n_changed = r.n_changed;
    if (!ok) {
        store_rollback(s);
        return false;
    }
    return store_commit(s);
}
