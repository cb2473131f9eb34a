/* SPDX-License-Identifier: MIT */
/* pipeline/sessions: what was said in one source and meant in the next. */
#define _GNU_SOURCE /* mkstemp */
#include "pipeline/sessions.h"

#include "pipeline/pipeline.h"
#include "store/integrity.h"
#include "store/prune.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static struct pipeline_context context;
static struct formats *formats;
static struct knowledge *knowledge;
static struct rules *rules;
static struct zones *zones;
static char path[STORE_FIXTURE_PATH_LEN];
static struct store *store;

static void set_up(void)
{
    formats = formats_load(NULL);
    knowledge = knowledge_load(NULL);
    rules = rules_load(knowledge, NULL);
    zones = zones_open("UTC", NULL);
    context = (struct pipeline_context){.formats = formats,
        .rules = rules,
        .knowledge = knowledge,
        .zones = zones,
        .year = 2026};
    store = store_fixture_open(path);
}

static void tear_down(void)
{
    store_fixture_close(store, path);
    zones_free(zones);
    rules_free(rules);
    knowledge_free(knowledge);
    formats_free(formats);
}

TestSuite(sessions, .init = set_up, .fini = tear_down);

/* An hour of qmail: delivery numbers begin again whenever it starts. */
#define LINE(hour, time, text) "Nov 10 " hour ":" time " mx qmail: " text "\n"
#define STARTED(hour, address)                                                 \
    LINE(hour, "00:00", "new msg 7")                                           \
    LINE(hour, "00:01", "info msg 7: bytes 9 from <ann@s.example> qp 1 uid 2") \
    LINE(hour, "00:02", "starting delivery 1: msg 7 to remote " address)
#define FAILED(hour, text)                                                     \
    LINE(hour, "00:00", "status: local 0/10 remote 1/40")                      \
    LINE(hour, "00:03", "delivery 1: failure: " text)                          \
    LINE(hour, "00:04", "end msg 7")
#define REFUSED(hour)                                                          \
    FAILED(hour, "192.0.2.1_does_not_like_recipient./Remote_host_said:_"       \
                 "550_5.1.1_no_such_user:_zqjoe/")

static void ingest(const char *text, const struct privacy *privacy)
{
    char name[] = "/tmp/smtpscope-sessions-XXXXXX";
    int file = mkstemp(name);
    cr_assert(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    const char *const named[] = {name};
    struct path_list *paths = paths_expand(named, 1);
    struct pipeline_ingest_options options = {
        .paths = paths, .store = store, .n_workers = 1, .privacy = privacy};
    struct pipeline_summary summary = {.n_files = 0};
    pipeline_ingest(&context, &options, &summary);
    cr_assert(summary.n_new + summary.n_grown == 1 && !summary.store_failed);
    paths_free(paths);
    unlink(name);
}

static int64_t value(const char *sql)
{
    return store_fixture_value(store, sql);
}

/* How many mails to ${domain} bounced. */
static int64_t bounced(const char *domain)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
        "SELECT coalesce(sum(attempts), 0) FROM counted_failure AS f"
        " JOIN domain AS d ON d.id = f.recipient_domain WHERE d.name = '%s'",
        domain);
    return value(sql);
}

Test(sessions, the_source_before_says_whose_mail_it_was)
{
    ingest(REFUSED("11"), NULL);
    cr_expect_eq(value("SELECT count(*) FROM held_line"), 1);
    cr_expect_eq(bounced("r.example"), 0);
    ingest(STARTED("10", "zqjoe@r.example"), NULL);
    cr_expect_eq(bounced("r.example"), 1);
    cr_expect_eq(
        value("SELECT sum(attempts) FROM counted_failure"), 1, "and once only");
    cr_expect_eq(value("SELECT sum(attempts) FROM counted_failure AS f JOIN"
                       " domain AS d ON d.id = f.sender_domain"
                       " WHERE d.name = 's.example'"),
        1);
    cr_expect_eq(value("SELECT count(*) FROM source WHERE of IS NOT NULL"), 1);
}

/* Another host's log, or one that goes on beside it. */
Test(sessions, a_source_that_is_not_over_is_not_asked)
{
    ingest(STARTED("10", "zqjoe@r.example") LINE("12", "00:00", "new msg 9"),
        NULL);
    ingest(REFUSED("11"), NULL);
    cr_expect_eq(bounced("r.example"), 0);
    cr_expect_eq(bounced("?"), 1);
}

/* Whatever comes in between and when. */
Test(sessions, the_latest_source_before_is_asked)
{
    ingest(STARTED("10", "zqjoe@first.example"), NULL);
    ingest(REFUSED("14"), NULL);
    cr_expect_eq(bounced("first.example"), 1);
    ingest(STARTED("15", "zqjoe@later.example"), NULL);
    cr_expect_eq(bounced("first.example"), 1);
    ingest(STARTED("12", "zqjoe@second.example"), NULL);
    cr_expect_eq(bounced("first.example"), 0);
    cr_expect_eq(bounced("second.example"), 1);
}

/* What was taken in the source in between is not there for the next. */
Test(sessions, what_is_over_is_not_told_again)
{
    ingest(STARTED("10", "zqjoe@r.example"), NULL);
    ingest(REFUSED("12"), NULL);
    ingest(REFUSED("11"), NULL);
    cr_expect_eq(bounced("r.example"), 1);
    cr_expect_eq(
        value("SELECT sum(attempts) FROM counted_failure"), 2, "both are told");
}

Test(sessions, nothing_is_done_twice)
{
    int64_t behind = -1;
    ingest(STARTED("10", "zqjoe@r.example"), NULL);
    ingest(REFUSED("11"), NULL);
    cr_expect(sessions_behind(store, &behind) && behind == 0);
    int64_t made = value("SELECT max(id) FROM source");
    cr_expect(sessions_join(&context, NULL, store));
    cr_expect_eq(value("SELECT max(id) FROM source"), made);
    cr_assert(store_run(store, "DELETE FROM source WHERE of IS NOT NULL"));
    cr_expect(sessions_behind(store, &behind) && behind > 0,
        "what counts held lines is gone");
    cr_expect(sessions_join(&context, NULL, store));
    cr_expect(sessions_behind(store, &behind) && behind == 0);
    cr_expect(resolve_run(store));
    cr_expect_eq(bounced("r.example"), 1);
}

/* What prune() has settled, a log that grows on must not make undone. */
Test(sessions, what_was_pruned_stays_counted)
{
#define BEFORE                                                                 \
    STARTED("20", "zqjoe@r.example")                                           \
    LINE("20", "00:03", "starting delivery 2: msg 7 to remote a@t.example")
#define BEGUN REFUSED("22")
#define GROWN                                                                  \
    "Nov 11 09:00:00 mx qmail: delivery 2: failure: "                          \
    "192.0.2.1_does_not_like_recipient./Remote_host_said:_550_no/\n"
    struct prune_limits limits = {.now = 1794484800, /* Nov 12 12:00 */
        .keep_hours = 24,
        .keep_days = -1};
    struct prune_counts counts;
    ingest(BEFORE, NULL);
    ingest(BEGUN, NULL);
    cr_expect_eq(bounced("r.example"), 1);
    cr_assert(prune_run(store, &limits, &counts) && resolve_run(store));
    cr_expect_eq(value("SELECT count(*) FROM held_line"), 0);
    cr_expect_eq(bounced("r.example"), 1);
    ingest(BEGUN GROWN, NULL);
    cr_expect_eq(bounced("r.example"), 1);
    cr_expect_eq(value("SELECT sum(attempts) FROM counted_failure"), 2);
}

/* A memory is data of a file that anybody may have changed. */
Test(sessions, damaged_memory_is_no_harm)
{
    static const char *const damage[] = {"x''", "x'00'", "x'00ffffffff'",
        "x'0000000000'", "substr(bytes, 1, length(bytes) / 2)",
        "bytes || bytes", "x'09' || bytes", "NULLIF(1, 2) || ''",
        "zeroblob(5000)"};
    ingest(STARTED("10", "zqjoe@r.example"), NULL);
    ingest(REFUSED("11"), NULL);
    for (size_t i = 0; i < sizeof(damage) / sizeof(damage[0]); i++) {
        char sql[256];
        snprintf(sql, sizeof(sql),
            "SAVEPOINT s; UPDATE OR IGNORE source_memory SET bytes = %s;"
            "RELEASE s; INSERT OR REPLACE INTO meta VALUES ('unjoined', '1')",
            damage[i]);
        cr_assert(store_run(store, sql), "%s", damage[i]);
        cr_expect(sessions_join(&context, NULL, store), "%s", damage[i]);
    }
}

static int64_t n_with(const char *table, const char *column, const char *word)
{
    char sql[256];
    snprintf(sql, sizeof(sql),
        "SELECT count(*) FROM %s WHERE instr(lower(CAST(%s AS BLOB)),"
        " CAST('%s' AS BLOB)) > 0",
        table, column, word);
    return value(sql);
}

/* A word is a name once the address is known; then only a digest of it stays,
 * and what it means stays the same. */
Test(sessions, names_that_stand_alone_are_hidden_when_known)
{
    ingest(REFUSED("11"), NULL);
    cr_expect_eq(n_with("held_line", "line", "zqjoe"), 1);
    for (int times = 0; times < 2; times++) {
        ingest(times == 0 ? STARTED("10", "zqjoe@r.example")
                          : STARTED("13", "other@r.example"),
            NULL);
        cr_expect_eq(n_with("held_line", "line", "zqjoe"), 0);
        cr_expect_eq(n_with("sample", "line", "zqjoe"), 0);
        cr_expect_eq(n_with("reply", "template", "zqjoe"), 0);
        cr_expect_eq(bounced("r.example"), 1);
        cr_expect_eq(value("SELECT count(*) FROM failure AS f JOIN reply AS r"
                           " ON r.id = f.reply WHERE template ="
                           " 'no such user: {address}'"),
            1);
    }
}

/* With pseudonyms, whoever has their key knows which words are names. */
Test(sessions, names_beside_pseudonyms_are_found_by_their_key)
{
    struct privacy *other = privacy_pseudonymise(SPAN_LITERAL("other"), false);
    struct privacy *key = privacy_pseudonymise(SPAN_LITERAL("key"), false);
    const struct privacy *const rows[] = {other, NULL, key};
    ingest(STARTED("10", "zqjoe@r.example"), key);
    for (size_t i = 0; i < 3; i++) {
        if (i == 0) {
            ingest(REFUSED("11"), other);
        } else {
            cr_assert(store_run(
                store, "INSERT OR REPLACE INTO meta VALUES ('unjoined', '1')"));
            cr_expect(sessions_join(&context, rows[i], store));
        }
        int64_t named = rows[i] == key ? 0 : 1;
        cr_expect_eq(n_with("held_line", "line", "zqjoe"), named, "%zu", i);
        cr_expect_eq(n_with("sample", "line", "zqjoe"), named, "%zu", i);
        cr_expect_eq(n_with("reply", "template", "zqjoe"), named, "%zu", i);
    }
    cr_assert(resolve_run(store));
    cr_expect_eq(bounced("r.example"), 1);
    cr_expect_eq(n_with("reply", "template", "no such user: {address}"), 1);
    privacy_free(key);
    privacy_free(other);
}

/* Whose lines are all held is counted; and what the lines of one day say may
 * change though nothing else of that day does, roll-ups included. */
Test(sessions, what_is_derived_follows)
{
#define HARAKA "mx haraka: [NOTICE] [6BD89C8B-8CD6-45E4-B5C4-6945A217C6B9"
#define OPENED                                                                 \
    "Nov 10 22:00:00 mx haraka: [NOTICE] [5BD89C8B-8CD6-45E4-B5C4-"            \
    "6945A217C6B9] [core] connect ip=192.0.2.9 port=52291"                     \
    " local_ip=192.0.2.25 local_port=25\n"
#define GREETED                                                                \
    "Nov 10 23:00:00 " HARAKA "] [core] connect ip=192.0.2.10 port=52291"      \
    " local_ip=192.0.2.25 local_port=25\n"                                     \
    "Nov 10 23:00:01 " HARAKA ".1] [core] sender <ann@s.example> code=CONT"    \
    " msg=\"\"\n"
#define DENIED                                                                 \
    "Nov 11 01:00:00 " HARAKA ".1] [core] recipient <joe@r.example>"           \
    " code=DENY msg=\"no such user\"\n"
    static const char by_sender[] =
        "SELECT count(*) FROM failure AS f JOIN domain AS d"
        " ON d.id = f.sender_domain WHERE d.name = 's.example'";
    FILE *nowhere = fopen("/dev/null", "w");
    ingest(OPENED, NULL);
    ingest(DENIED, NULL);
    /* so small a store has roll-ups only if it has some (store/rollup.h) */
    cr_assert(store_run(store,
                  "INSERT INTO rollup_day VALUES (-9, 1);"
                  "INSERT OR REPLACE INTO meta VALUES ('unresolved', '1')") &&
              resolve_run(store));
    int64_t companion = value("SELECT id FROM source WHERE of IS NOT NULL");
    for (int64_t told = 0; told < 2; told++) {
        int64_t n_problems = -1;
        if (told == 1) {
            ingest(OPENED GREETED, NULL);
        }
        cr_expect(integrity_check(store, nowhere, &n_problems));
        cr_expect_eq(n_problems, 0, "told: %ld", (long)told);
        cr_expect_eq(value(by_sender), told);
    }
    cr_expect_eq(
        value("SELECT id FROM source WHERE of IS NOT NULL"), companion);
    fclose(nowhere);
}

/* The address is in the one source, the line in the other. */
Test(sessions, names_are_not_kept_unless_that_is_asked)
{
    struct privacy *keep = privacy_keep();
    struct privacy *none = privacy_pseudonymise(SPAN_LITERAL("k"), true);
    const struct {
        const char *name;
        const struct privacy *privacy;
        int64_t n_memories;
        int64_t n_named;
    } rows[] = {
        {"masked", NULL, 1, 0},
        {"kept", keep, 1, 1},
        {"domains hidden", none, 0, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_assert(store_run(store, "DELETE FROM source"));
        ingest(STARTED("10", "zqjoe@r.example"), rows[i].privacy);
        ingest(
            FAILED("11", "550_no_such_user_zqjoe@r.example/"), rows[i].privacy);
        cr_expect_eq(value("SELECT count(*) FROM source_memory"),
            rows[i].n_memories, "%s", rows[i].name);
        cr_expect_eq(value("SELECT count(*) FROM held_line"),
            rows[i].n_memories, "%s", rows[i].name);
        cr_expect_eq(n_with("source_memory", "bytes", "zqjoe"), rows[i].n_named,
            "%s", rows[i].name);
        cr_expect_eq(n_with("held_line", "line", "zqjoe"), rows[i].n_named,
            "%s", rows[i].name);
        cr_expect_eq(n_with("sample", "line", "zqjoe"), rows[i].n_named, "%s",
            rows[i].name);
    }
    privacy_free(none);
    privacy_free(keep);
}
