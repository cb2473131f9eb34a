/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "store/integrity.h"
#include "store/prune.h"
#include "store/reclassify.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { N_LINES = 60 };

static struct script mail[N_LINES];

static struct store *filled(char *path)
{
    struct store *s = store_fixture_open(path);
    store_fixture_mail(21, mail, N_LINES);
    struct store_fixture_part p = {mail, 0, N_LINES, 0, 0};
    cr_assert(store_fixture_ingest(s, &p));
    cr_assert(resolve_run(s));
    return s;
}

Test(store, new_files_are_private_and_marked)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    struct stat st;
    cr_assert_eq(stat(path, &st), 0);
    cr_assert_eq(st.st_mode & 0137, 0, "mode %o", st.st_mode);
    cr_assert_eq(store_fixture_value(s, "PRAGMA user_version"), 7);
    cr_assert_eq(store_fixture_value(s, "PRAGMA application_id"), 0x736d7470);
    cr_assert(store_fixture_value(
        s, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'"));
    cr_assert_str_eq(store_path(s), path);
    store_fixture_close(s, path);
}

static void run(const char *path, const char *sql)
{
    struct store *s = store_open(path, STORE_WRITE);
    cr_assert(store_run(s, sql));
    store_close(s);
}

Test(store, what_is_not_ours_is_refused)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    store_close(s);
    run(path, "PRAGMA user_version = 99");
    cr_assert_null(store_open(path, STORE_READ));
    cr_assert_null(store_open(path, STORE_WRITE));
    cr_assert_null(store_open("/dev/null/x.db", STORE_WRITE));
    cr_assert_null(store_open("/nonexistent/x.db", STORE_READ));
    store_fixture_remove(path);
    store_fixture_path(path);
    sqlite3 *db = NULL;
    sqlite3_open(path, &db);
    sqlite3_exec(db, "CREATE TABLE t (x)", NULL, NULL, NULL);
    sqlite3_close(db);
    cr_assert_null(store_open(path, STORE_WRITE));
    cr_assert_null(store_open(path, STORE_READ));
    store_fixture_remove(path);
}

Test(store, views_are_made_again_when_they_change)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = store_fixture_open(path);
    store_close(s);
    run(path, "CREATE VIEW stale AS SELECT 1;"
              "UPDATE meta SET value = 'old' WHERE key = 'views'");
    s = store_open(path, STORE_READ);
    cr_assert_not_null(s);
    cr_assert_eq(store_fixture_value(s, "SELECT count(*) FROM sqlite_schema"
                                        " WHERE name = 'stale'"),
        0);
    store_fixture_close(s, path);
}

/* A step that is not committed, whatever ends it, was never there. */
Test(store, half_a_step_leaves_nothing)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    char *want = store_fixture_dump(s);
    cr_assert(store_run(s,
        "CREATE TEMP TRIGGER fail BEFORE INSERT ON main.queue_event"
        " BEGIN SELECT raise(ABORT, 'the disk is full'); END"));
    struct script more[N_LINES];
    store_fixture_mail(22, more, N_LINES);
    struct store_fixture_part p = {more, 0, N_LINES, 0, 0};
    cr_assert_not(store_fixture_ingest(s, &p));
    cr_assert(store_run(s, "DROP TRIGGER fail"));
    char *got = store_fixture_dump(s);
    cr_assert_str_eq(got, want);
    cr_assert(store_fixture_ingest(s, &p), "and again");
    free(got);
    free(want);
    /* a connection that dies in the middle of a transaction */
    want = store_fixture_dump(s);
    cr_assert(store_begin(s));
    cr_assert(store_run(s, "DELETE FROM failure; DELETE FROM traffic"));
    store_close(s);
    s = store_open(path, STORE_WRITE);
    got = store_fixture_dump(s);
    cr_assert_str_eq(got, want);
    free(got);
    free(want);
    store_fixture_close(s, path);
}

/* Two processes that read the same log: what the second writes is known, or
 * it is told that the state it goes on from is gone. */
Test(store, two_at_once_count_once)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    char *want = store_fixture_dump(s);
    struct tally *t = tally_create(NULL);
    struct correlator *c = correlator_create();
    struct source_state *found = NULL;
    char lines[2][STORE_FIXTURE_LINE_LEN];
    char head[2 * STORE_FIXTURE_LINE_LEN + 64];
    store_fixture_line(&mail[0], 0, lines[0]);
    store_fixture_line(&mail[1], 1, lines[1]);
    snprintf(head, sizeof(head), "%s %s %lld\n%s", lines[0], mail[0].host,
        (long long)mail[0].second, lines[1]);
    struct store_fixture_part all = {mail, 0, N_LINES, 0, 0};
    store_fixture_count(t, c, &all);
    cr_assert_eq(store_fixture_value(s, "SELECT count(*) FROM source"), 1);
    cr_assert(sources_candidates(s, span_of(head), &found) >= 0);
    cr_assert_not_null(found);
    struct source_state state = found[0];
    state.id = 0;
    struct name_ids ids = {.hosts = NULL};
    struct write_step step = {
        .state = &state, .tally = t, .correlator = c, .ids = &ids};
    cr_assert(write_step(s, &step));
    cr_assert_eq(state.id, found[0].id);
    state.base -= 1;
    state.consumed += 1;
    cr_assert_not(write_step(s, &step));
    char *got = store_fixture_dump(s);
    cr_assert_str_eq(got, want);
    free(got);
    free(want);
    sources_free(found, 1);
    name_ids_reset(&ids);
    tally_free(t);
    correlator_free(c);
    store_fixture_close(s, path);
}

Test(store, hints)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    cr_assert(sources_remember(s, "/a", 10, 20, 1));
    cr_assert(sources_remember(s, "/b", 30, 40, 0));
    cr_assert(sources_remember(s, "/c", 50, 60, 1));
    cr_assert(sources_forget(s, "/c"));
    cr_assert(store_run(s, "UPDATE source SET damage = 'cut' WHERE id = 1"));
    struct source_hints *h = sources_hints_load(s);
    const char *damage = NULL;
    cr_assert(sources_hint(h, "/a", 10, 20, &damage));
    cr_assert_str_eq(damage, "cut");
    cr_assert_not(sources_hint(h, "/a", 11, 20, &damage));
    cr_assert_not(sources_hint(h, "/a", 10, 21, &damage));
    cr_assert(sources_hint(h, "/b", 30, 40, &damage));
    cr_assert_null(damage);
    cr_assert_not(sources_hint(h, "/c", 50, 60, &damage));
    cr_assert_not(sources_hint(h, "", 0, 0, &damage));
    sources_hints_free(h);
    store_fixture_close(s, path);
}

/* Each kind of damage that is injected is found. */
static const char *const damages[] = {
    "UPDATE traffic SET delivered = delivered + 1 WHERE delivered > 0",
    "UPDATE traffic SET deferred = -1 WHERE deferred > 0",
    "UPDATE failure SET attempts = attempts + 1",
    "DELETE FROM failure",
    "DELETE FROM sender_traffic",
    "DELETE FROM hour_digest",
    "UPDATE hour_digest SET events = events + 1",
    "UPDATE line_count SET lines = lines + 1",
    "DELETE FROM reply_seen",
    "UPDATE reply_seen SET last_seen = first_seen - 1",
    "UPDATE failure SET hour = hour + 1",
    "UPDATE latency SET deliveries = deliveries + 1000",
    "UPDATE source SET consumed = consumed + 100000",
    "UPDATE source SET head_len = 5000",
    "UPDATE source SET content_hash = x'00'",
    "UPDATE reply SET direction = 'inbound'",
    "UPDATE traffic SET direction = 'sideways'",
    "INSERT OR IGNORE INTO sample SELECT s.source, s.reply, v.value, 0, ''"
    " FROM sample AS s, (SELECT 1 AS value UNION SELECT 2 UNION SELECT 3 UNION"
    " SELECT 4) AS v",
    "PRAGMA foreign_keys = OFF; DELETE FROM host",
    "INSERT INTO duplicate_hour VALUES (1, 1, 0, 1, 1)",
    "INSERT INTO attribution VALUES (1,0,'outbound',1,1,1,1,0,'bounced',1)",
};

Test(store, check_finds_what_is_wrong)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    FILE *out = fopen("/dev/null", "w");
    int64_t n = 9;
    cr_assert(integrity_check(s, stderr, &n));
    cr_assert_eq(n, 0);
    for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
        cr_assert(store_run(s, "PRAGMA foreign_keys = OFF; BEGIN"));
        sqlite3_exec(store_database(s), damages[i], NULL, NULL, NULL);
        cr_assert(integrity_check(s, out, &n));
        cr_assert(n > 0, "%s", damages[i]);
        store_rollback(s);
    }
    fclose(out);
    store_fixture_close(s, path);
}

static int64_t total(struct store *s, const char *column, const char *table)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
        "SELECT sum(%s) FROM %s WHERE (source, host, hour) NOT IN (SELECT"
        " source, host, hour FROM duplicate_hour WHERE equal = 1)",
        column, table);
    return store_fixture_value(s, sql);
}

/* Rolling up and dropping keep the totals of what is kept. */
Test(store, prune_keeps_totals)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    struct script late[N_LINES];
    store_fixture_mail(23, late, N_LINES);
    for (size_t i = 0; i < N_LINES; i++) {
        late[i].second += 10 * 86400;
    }
    struct store_fixture_part p = {late, 0, N_LINES, 0, 0};
    struct store_fixture_part copy = {mail, 0, N_LINES, 0, 1};
    cr_assert(store_fixture_ingest(s, &p));
    cr_assert(store_fixture_ingest(s, &copy));
    cr_assert(resolve_run(s));
    int64_t attempts = total(s, "attempts", "failure");
    int64_t delivered = total(s, "delivered", "traffic");
    struct prune_limits limits = {
        .now = late[0].second, .keep_hours = 48, .keep_days = -1};
    struct prune_counts counts;
    cr_assert(prune_run(s, &limits, &counts));
    cr_assert(resolve_run(s));
    cr_assert(counts.rolled > 0);
    cr_assert_eq(counts.dropped, 0);
    cr_assert_eq(total(s, "attempts", "failure"), attempts);
    cr_assert_eq(total(s, "delivered", "traffic"), delivered);
    int64_t problems = 9;
    cr_assert(integrity_check(s, stderr, &problems));
    cr_assert_eq(problems, 0);
    limits.keep_days = 5;
    cr_assert(prune_run(s, &limits, &counts));
    cr_assert(counts.dropped > 0);
    cr_assert_eq(
        store_fixture_value(s, "SELECT min(hour) >= 1700784000 FROM failure"),
        1);
    cr_assert_eq(store_fixture_value(s, "SELECT count(*) FROM source"), 3);
    cr_assert(integrity_check(s, stderr, &problems));
    cr_assert_eq(problems, 0);
    store_fixture_close(s, path);
}

static bool judge(
    void *context, const struct reclassify_reply *r, struct verdict *v)
{
    *v = (struct verdict){.cause = SPAN_LITERAL("policy"),
        .detail = SPAN_LITERAL("other"),
        .rule = SPAN_LITERAL("test")};
    if (span_equal(r->template, SPAN_LITERAL("mailbox full"))) {
        v->cause = SPAN_LITERAL("mailbox");
        v->detail = SPAN_LITERAL("full");
    } else if (span_starts(r->template, SPAN_LITERAL("listed"))) {
        v->cause = SPAN_LITERAL("blacklisting");
        v->detail = SPAN_LITERAL("dnsbl");
        v->dnsbl = SPAN_LITERAL("zen.example");
    }
    return r->code == 550 && *(bool *)context;
}

static void changed(void *context, const struct reclassify_change *c)
{
    (void)context;
    cr_assert(span_equal(c->from_cause, SPAN_LITERAL("policy")));
    cr_assert(span_equal(c->to_cause, SPAN_LITERAL("mailbox")));
    cr_assert_eq(c->replies, 1);
    cr_assert(c->attempts > 0);
}

Test(store, reclassify_changes_verdicts_only)
{
    char path[STORE_FIXTURE_PATH_LEN];
    struct store *s = filled(path);
    bool allow = true;
    struct reclassify_calls calls = {&allow, judge, changed};
    int64_t n = 0;
    int64_t attempts = total(s, "attempts", "failure");
    cr_assert(reclassify_run(s, &calls, &n));
    cr_assert_eq(n, 1);
    cr_assert(reclassify_run(s, &calls, &n));
    cr_assert_eq(n, 0);
    cr_assert_eq(total(s, "attempts", "failure"), attempts);
    cr_assert_eq(store_fixture_value(
                     s, "SELECT count(*) FROM reply WHERE cause = 'mailbox'"),
        1);
    allow = false;
    cr_assert_not(reclassify_run(s, &calls, &n));
    store_fixture_close(s, path);
}
