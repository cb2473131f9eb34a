/* SPDX-License-Identifier: MIT */
#include "findings_fixture.h"

#include "findings/series_load.h"
#include "report_store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { HOUR = 3600 };

static const char empty[] =
    "DELETE FROM traffic; DELETE FROM sender_traffic; DELETE FROM failure;"
    "DELETE FROM reply_seen; DELETE FROM listing; DELETE FROM attribution;"
    "DELETE FROM duplicate_hour; DELETE FROM hour_digest;"
    "DELETE FROM sample; DELETE FROM line_count; DELETE FROM unknown_line;"
    "UPDATE source SET damaged_at = NULL;"
    "INSERT INTO reply VALUES"
    " (6, 'outbound', 'rcpt', 554, '', '5.7.1', 'on new.example',"
    " 'blacklisting', 'dnsbl', 'r2', 'new.example'),"
    " (7, 'inbound', 'rcpt', 554, '', '5.7.1', 'on in.example',"
    " 'blacklisting', 'dnsbl', 'r2', 'in.example'),"
    " (8, 'outbound', 'rcpt', 550, '5.1.1', '5.1.1', 'User unknown',"
    " 'bad_address', 'unknown_user', 'r1', ''),"
    " (9, 'outbound', 'rcpt', 450, '', '4.4.3', 'DNS trouble', 'dns',"
    " 'lookup_failure', 'r3', ''),"
    " (10, 'outbound', 'rcpt', 554, '', '5.7.1', 'on in.example',"
    " 'blacklisting', 'dnsbl', 'r2', 'in.example');";

void findings_fixture_open(struct findings_fixture *f)
{
    *f = (struct findings_fixture){.db = report_store_open("")};
    report_store_run(f->db, empty);
    findings_settings_init(&f->settings);
    f->search = (struct search){.db = f->db,
        .settings = &f->settings,
        .lexicon = report_store_lexicon(),
        .arena = arena_create(),
        .begin = FIXTURE_BEGIN,
        .end = FIXTURE_BEGIN + FIXTURE_HOURS * HOUR,
        .since = FIXTURE_BEGIN + FIXTURE_SINCE * HOUR};
}

static void run(struct findings_fixture *f, char *sql)
{
    report_store_run(f->db, sql);
    sqlite3_free(sql);
}

void findings_fixture_fail(
    struct findings_fixture *f, const struct fixture_failure *which)
{
    int64_t first = FIXTURE_BEGIN + (int64_t)which->from * HOUR;
    int64_t last = first + (int64_t)(which->hours - 1) * HOUR;
    run(f,
        sqlite3_mprintf("INSERT OR IGNORE INTO domain VALUES (%u, 'd%u.test')",
            which->domain, which->domain));
    run(f, sqlite3_mprintf("INSERT INTO reply_seen VALUES (1, %u, %lld, %lld)"
                           " ON CONFLICT DO UPDATE SET"
                           " first_seen = min(first_seen, excluded.first_seen),"
                           " last_seen = max(last_seen, excluded.last_seen)",
               which->reply, (long long)first, (long long)last));
    run(f, sqlite3_mprintf(
               "WITH RECURSIVE h(t) AS (SELECT %lld UNION ALL"
               " SELECT t + 3600 FROM h WHERE t < %lld)"
               " INSERT INTO failure (source, hour, direction, host,"
               " sender_domain, recipient_domain, provider, reply, attempts,"
               " suspended) SELECT 1, t, direction, 1, 3, %u, %u, id, %lld, 0"
               " FROM h, reply WHERE id = %u",
               (long long)first, (long long)last, which->domain,
               which->provider, (long long)which->attempts, which->reply));
}

void findings_fixture_deliver(struct findings_fixture *f, int n)
{
    run(f,
        sqlite3_mprintf("WITH RECURSIVE h(n) AS (SELECT 0 UNION ALL"
                        " SELECT n + 1 FROM h WHERE n + 1 < %d)"
                        " INSERT INTO traffic (source, hour, direction, host,"
                        " domain, provider, delivered, deferred, bounced,"
                        " expired, rejected, accepted)"
                        " SELECT 1, %lld + n * 3600, d.column1, 1, d.column2,"
                        " d.column2, d.column3, 0, 0, 0, 0, d.column4 FROM h,"
                        " (VALUES ('outbound', 1, %d, 0),"
                        " ('outbound', 2, %d, 0), ('inbound', 1, 0, %d)) AS d",
            FIXTURE_HOURS, (long long)FIXTURE_BEGIN, n, n, n));
}

void findings_fixture_load(struct findings_fixture *f)
{
    cr_assert(kinds_load(&f->kinds, &f->search));
    f->set = series_load(f->db, f->search.begin, f->search.end);
    cr_assert_not_null(f->set);
    f->evidence = (struct evidence){&f->search, f->set, &f->kinds};
}

void findings_fixture_close(struct findings_fixture *f)
{
    series_free(f->set);
    kinds_reset(&f->kinds);
    free(f->search.items);
    free(f->search.places);
    arena_free(f->search.arena);
    sqlite3_close(f->db);
}
