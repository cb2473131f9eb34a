/* SPDX-License-Identifier: MIT */
#include "report_store.h"

#include "base/embedded.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* Two hours of mail.  Source 2 holds 12:00 of host 1 a second time. */
static const char facts[] =
    "INSERT INTO source (id, head_len, head_hash, heads, consumed,"
    " content_hash, marks, damaged_at, damage, last_stamp, container, name)"
    " SELECT 1, 1, x'00', x'', 1000, x'00', x'', NULL, NULL,"
    " 1762005599000000, 'gzip', t || 'mail.log.1.gz' FROM flavour UNION ALL"
    " SELECT 2, 1, x'01', x'', 500, x'01', x'', 99, t || 'cut off',"
    " 1762005599000000, 'plain', t || 'syslog' FROM flavour;"
    "INSERT INTO host SELECT 1, t || 'mx1' FROM flavour;"
    "INSERT INTO domain SELECT 1, t || 'a.example' FROM flavour UNION ALL"
    " SELECT 2, t || 'b.example' FROM flavour UNION ALL"
    " SELECT 3, t || 'us.example' FROM flavour UNION ALL SELECT 4, '?';"
    "INSERT INTO provider SELECT 1, '' UNION ALL"
    " SELECT 2, t || 'Google' FROM flavour;"
    "INSERT INTO reply"
    " SELECT 1, 'outbound', 'rcpt', 550, '5.1.1', '5.1.1', t || 'No such user',"
    " 'bad_address', 'unknown_user', 'r1', '' FROM flavour UNION ALL"
    " SELECT 2, 'outbound', 'mail', 554, '', '5.7.1', t || 'listed',"
    " 'blacklisting', 'dnsbl', 'r2', t || 'zen.example' FROM flavour UNION ALL"
    " SELECT 3, 'outbound', '', 0, '', '4.4.3', t || 'try again', 'dns',"
    " 'lookup_failure', 'r3', '' FROM flavour UNION ALL"
    " SELECT 4, 'inbound', 'rcpt', 554, '5.7.1', '5.7.1', t || 'denied',"
    " 'server_config', 'relay_denied', 'r4', '' FROM flavour UNION ALL"
    " SELECT 5, 'outbound', 'rcpt', 550, '', '5.0.0', t || 'hm', 'unknown',"
    " 'unknown', 'none', '' FROM flavour;"
    "INSERT INTO traffic (source, hour, direction, host, domain, provider,"
    " delivered, deferred, bounced, expired, rejected, accepted) VALUES"
    " (1, 1761998400, 'outbound', 1, 1, 2, 90, 7, 9, 1, 0, 0),"
    " (2, 1761998400, 'outbound', 1, 1, 2, 90, 7, 9, 1, 0, 0),"
    " (1, 1762002000, 'outbound', 1, 2, 1, 10, 0, 0, 0, 0, 0),"
    " (1, 1762002000, 'inbound', 1, 3, 1, 0, 0, 0, 0, 25, 75);"
    "INSERT INTO sender_traffic (source, hour, direction, host, domain,"
    " delivered, deferred, bounced, expired) VALUES"
    " (1, 1761998400, 'outbound', 1, 3, 90, 7, 6, 1),"
    " (1, 1761998400, 'outbound', 1, 4, 0, 0, 3, 0),"
    " (1, 1762002000, 'outbound', 1, 4, 10, 0, 0, 0);"
    "INSERT INTO failure (source, hour, direction, host, sender_domain,"
    " recipient_domain, provider, reply, attempts, suspended) VALUES"
    " (1, 1761998400, 'outbound', 1, 3, 1, 2, 1, 6, 0),"
    " (2, 1761998400, 'outbound', 1, 3, 1, 2, 1, 6, 0),"
    " (1, 1761998400, 'outbound', 1, 4, 1, 2, 2, 3, 0),"
    " (1, 1761998400, 'outbound', 1, 3, 2, 1, 3, 7, 2),"
    " (1, 1762002000, 'outbound', 1, 3, 2, 1, 5, 1, 0),"
    " (1, 1762002000, 'inbound', 1, 1, 3, 1, 4, 25, 0);"
    "INSERT INTO reply_seen VALUES (1, 1, 1761998410, 1761998420),"
    " (1, 2, 1761998411, 1761998421), (1, 3, 1761998412, 1761998422),"
    " (1, 4, 1762002010, 1762002020), (1, 5, 1762002011, 1762002012);"
    "INSERT INTO listing SELECT 1, 1761998400, 1, t || 'zen.example',"
    " '192.0.2.1', 3, 1761998411, 1761998421 FROM flavour;"
    "INSERT INTO latency VALUES (1, 1761998400, 1, 2, 20, 90),"
    " (1, 1761998400, 1, 2, 30, 10);"
    "INSERT INTO sample SELECT 1, id, id, 1761998410, t || 'line of '"
    " || template FROM reply, flavour;"
    "INSERT INTO line_count VALUES (1, 'postfix', 'smtp', 'event', 40),"
    " (1, 'postfix', 'qmgr', 'ignored', 50), (1, 'postfix', 'smtp', 'unknown',"
    " 10), (2, 'postfix', 'smtp', 'event', 30);"
    "INSERT INTO unknown_line SELECT 1, 'postfix', 'smtp', t || 'odd <word>',"
    " 10, t || 'odd thing' FROM flavour;"
    "INSERT INTO hour_digest (source, host, hour, events, digest, first_time,"
    " last_time) VALUES"
    " (1, 1, 1761998400, 9, 7, 1761998400000000, 1762001999000000),"
    " (2, 1, 1761998400, 9, 7, 1761998400000000, 1762001999000000),"
    " (1, 1, 1762002000, 9, 8, 1762002000000000, 1762005599000000);"
    "INSERT INTO duplicate_hour VALUES (2, 1, 1761998400, 1, 1);"
    /* The sender of reply 2's attempts was found in another source. */
    "INSERT INTO attribution VALUES"
    " (1, 1761998400, 'outbound', 1, 4, 1, 2, 2, 'bounced', -3),"
    " (1, 1761998400, 'outbound', 1, 3, 1, 2, 2, 'bounced', 3);";

void report_store_run(sqlite3 *db, const char *sql)
{
    char *reason = NULL;
    int status = sqlite3_exec(db, sql, NULL, NULL, &reason);
    cr_assert_eq(status, SQLITE_OK, "%s", reason);
}

static void run_file(sqlite3 *db, const char *path)
{
    const struct embedded_file *file = embedded_find(path);
    cr_assert_not_null(file, "%s is not embedded", path);
    char *sql = memory_copy(file->bytes);
    report_store_run(db, sql);
    free(sql);
}

sqlite3 *report_store_open(const char *flavour)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    run_file(db, "schema/0001_initial.sql");
    run_file(db, "schema/0007_sessions.sql");
    run_file(db, "schema/views.sql");
    char *sql =
        sqlite3_mprintf("CREATE TEMP TABLE flavour AS SELECT %Q AS t", flavour);
    report_store_run(db, sql);
    sqlite3_free(sql);
    report_store_run(db, facts);
    cr_assert(lexicon_register(db, report_store_lexicon()));
    return db;
}

static const char *title(void *state, const char *cause, const char *detail)
{
    static char text[256];
    (void)state;
    snprintf(text, sizeof text, *detail != '\0' ? "T-%s: %s" : "T-%s", cause,
        detail);
    return text;
}

static const char *meaning(void *state, const char *code, const char *status)
{
    static char text[64];
    (void)state;
    snprintf(text, sizeof text, "means %s/%s", code, status);
    return text;
}

static const char *delist(void *state, const char *zone, const char *nothing)
{
    (void)state;
    (void)zone;
    (void)nothing;
    return "https://delist.example/?a=1&b=2";
}

static const char *side(void *state, const char *cause, const char *detail)
{
    (void)state;
    (void)cause;
    (void)detail;
    return "us";
}

static const char *definition(
    void *state, const char *cause, const char *detail)
{
    (void)state;
    (void)cause;
    (void)detail;
    return "A <definition>.";
}

static const char *advice(void *state, const char *cause, const char *detail)
{
    (void)state;
    (void)cause;
    (void)detail;
    return "First step\tDo this.\tdig MX {domain}\nSecond step\tDo that.\t";
}

static unsigned marks(void *state, struct span cause, struct span detail)
{
    (void)state;
    bool judges = !span_equal(cause, SPAN_LITERAL("bad_address")) &&
                  !span_equal(cause, SPAN_LITERAL("dns"));
    bool listed = span_equal(detail, SPAN_LITERAL("dnsbl"));
    bool broken = span_equal(detail, SPAN_LITERAL("dnsbl_broken"));
    bool greylisted = span_equal(detail, SPAN_LITERAL("greylist"));
    bool lookup = span_equal(detail, SPAN_LITERAL("lookup_failure"));
    return (listed ? MARK_LISTED | MARK_BLOCK : 0U) |
           (broken ? MARK_LOOKUP_BROKEN | MARK_OWN_TROUBLE : 0U) |
           (greylisted ? MARK_GREYLISTING : 0U) |
           (lookup ? MARK_OWN_TROUBLE : 0U) | (judges ? 0U : MARK_NO_JUDGEMENT);
}

static bool marked(
    void *state, enum cause_mark mark, struct span *cause, struct span *detail)
{
    (void)state;
    bool listed = mark == MARK_LISTED;
    *cause = span_of(listed ? "blacklisting" : "server_overload");
    *detail = span_of(listed ? "dnsbl" : "greylist");
    return listed || mark == MARK_GREYLISTING;
}

const struct lexicon *report_store_lexicon(void)
{
    static const struct lexicon lexicon = {
        .meaning = meaning,
        .delist_url = delist,
        .cause_title = title,
        .definition = definition,
        .side = side,
        .advice = advice,
        .marks = marks,
        .marked = marked,
    };
    return &lexicon;
}

size_t report_store_count(struct span text, const char *part)
{
    struct span needle = span_of(part);
    size_t n = 0;
    for (;;) {
        size_t at = span_find(text, needle);
        if (at == text.len) {
            return n;
        }
        n++;
        text = span_skip(text, at + needle.len);
    }
}

struct table *report_store_table(void)
{
    struct table *t = table_create(
        SPAN_LITERAL("test"), SPAN_LITERAL("Test"), SPAN_LITERAL("A test."));
    table_add_column(
        t, SPAN_LITERAL("name"), COLUMN_TEXT, SPAN_LITERAL("a text"));
    table_add_column(
        t, SPAN_LITERAL("attempts"), COLUMN_COUNT, SPAN_LITERAL("a count"));
    table_add_column(
        t, SPAN_LITERAL("share"), COLUMN_SHARE, SPAN_LITERAL("a share"));
    table_add_column(
        t, SPAN_LITERAL("first_seen"), COLUMN_TIME, SPAN_LITERAL("a time"));
    table_add_column(
        t, SPAN_LITERAL("url"), COLUMN_URL, SPAN_LITERAL("a page"));
    return t;
}

struct cell *report_store_row(struct table *t, struct span text, int64_t count)
{
    struct cell *row = table_add_row(t);
    row[0] = (struct cell){.type = CELL_TEXT, .text = table_keep(t, text)};
    row[1] = (struct cell){.type = CELL_INTEGER, .integer = count};
    return row;
}
