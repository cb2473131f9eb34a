/* SPDX-License-Identifier: MIT */
#include "findings/stale.h"
#include "findings_fixture.h"
#include "report_store.h"

#include <criterion/criterion.h>

enum { HOUR = 3600, DAY = 86400 };

/* Server mx1 logs so many events an hour, but on Sundays (when told so) and in
 * the hours [from, to). */
static const struct {
    const char *name;
    int events;
    bool no_sundays;
    int from;
    int to;
    int want;  /* findings */
    bool open; /* it goes on */
    double expected;
} silences[] = {
    {"none", 10, false, 0, 0, 0, false, 0},
    {"from then on", 10, false, 660, 672, 1, true, 120},
    {"a gap", 10, false, 640, 650, 1, false, 100},
    {"a gap of six hours", 10, false, 640, 646, 1, false, 60},
    {"a gap of five", 10, false, 640, 645, 0, false, 0},
    {"a gap with less than 20 events due", 3, false, 640, 646, 0, false, 0},
    {"a gap with 20 events due", 2, false, 640, 650, 1, false, 20},
    {"a gap before the time asked for", 10, false, 400, 410, 0, false, 0},
    {"a gap without anything before it", 10, false, 2, 60, 0, false, 0},
    {"Sundays", 10, true, 0, 0, 0, false, 0},
    {"a Sunday and a Monday", 10, true, 528, 576, 1, false, 240},
};

static void log_events(struct findings_fixture *f, size_t i)
{
    char *sql = sqlite3_mprintf(
        "WITH RECURSIVE h(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM h"
        " WHERE n + 1 < %d) INSERT INTO hour_digest (source, host, hour,"
        " events, digest, first_time, last_time) SELECT 1, 1,"
        " %lld + n * 3600, %d, 7, 0, 0 FROM h WHERE NOT (n >= %d AND n < %d)"
        " AND NOT (%d AND n / 24 %% 7 = 1)",
        FIXTURE_HOURS, (long long)FIXTURE_BEGIN, silences[i].events,
        silences[i].from, silences[i].to, silences[i].no_sundays);
    report_store_run(f->db, sql);
    sqlite3_free(sql);
}

Test(stale, silences)
{
    static const struct findings_role roles[] = {{"mx1", "relay"}};
    for (size_t i = 0; i < sizeof silences / sizeof silences[0]; i++) {
        struct findings_fixture f;
        findings_fixture_open(&f);
        f.settings.roles = roles;
        f.settings.n_roles = 1;
        log_events(&f, i);
        cr_assert(stale_find(&f.search));
        cr_expect_eq((int)f.search.n, silences[i].want, "%s: %zu",
            silences[i].name, f.search.n);
        if (f.search.n == 1 && silences[i].want == 1) {
            const struct finding *one = &f.search.items[0];
            int64_t until = FIXTURE_BEGIN + (int64_t)silences[i].to * HOUR;
            cr_expect_str_eq(one->name, "mx1");
            cr_expect_not_null(strstr(one->headline, "mx1 (relay)"));
            cr_expect_eq(
                one->since, FIXTURE_BEGIN + (int64_t)silences[i].from * HOUR);
            cr_expect_eq(one->until, silences[i].open ? 0 : until, "%s",
                silences[i].name);
            cr_expect_float_eq(one->expected, silences[i].expected, 0.5,
                "%s: %f", silences[i].name, one->expected);
            cr_expect_eq(one->severity,
                silences[i].open ? SEVERITY_WARNING : SEVERITY_NOTICE);
        }
        findings_fixture_close(&f);
    }
}

static const struct {
    const char *name;
    int64_t age; /* of the newest line; 0: the clock is not asked */
    bool until;  /* somebody asked for an earlier time */
    size_t want;
} ages[] = {
    {"a day and five hours", DAY + 5 * HOUR, false, 0},
    {"a day and six hours", DAY + 6 * HOUR, false, 1},
    {"a month", 30 * DAY, false, 1},
    {"an archive", 30 * DAY + 1, false, 0},
    {"no clock", 0, false, 0},
    {"an earlier time", 2 * DAY, true, 0},
};

Test(stale, newest_line)
{
    for (size_t i = 0; i < sizeof ages / sizeof ages[0]; i++) {
        struct findings_fixture f;
        findings_fixture_open(&f);
        f.settings.now = ages[i].age != 0 ? f.search.end + ages[i].age : 0;
        f.settings.until = ages[i].until ? f.search.end : INT64_MAX;
        cr_assert(stale_find(&f.search));
        cr_expect_eq(f.search.n, ages[i].want, "%s", ages[i].name);
        findings_fixture_close(&f);
    }
}

/* Lines of one program, and how old the log's last one is. */
static const struct {
    const char *name;
    int known;
    int unknown;
    bool old;
    enum finding_severity want; /* SEVERITY_UNKNOWN: nothing is told */
} drifts[] = {
    {"all known", 1000, 0, false, SEVERITY_UNKNOWN},
    {"two in a hundred", 980, 20, false, SEVERITY_NOTICE},
    {"less", 981, 19, false, SEVERITY_UNKNOWN},
    {"less than two in a hundred", 9800, 100, false, SEVERITY_UNKNOWN},
    {"too few lines", 10, 19, false, SEVERITY_UNKNOWN},
    {"a fifth", 80, 20, false, SEVERITY_WARNING},
    {"an old log", 80, 20, true, SEVERITY_UNKNOWN},
};

Test(stale, drift)
{
    for (size_t i = 0; i < sizeof drifts / sizeof drifts[0]; i++) {
        struct findings_fixture f;
        findings_fixture_open(&f);
        char *sql = sqlite3_mprintf(
            "UPDATE source SET last_stamp = %lld;"
            "INSERT INTO line_count VALUES (1, 'postfix', 'smtp', 'event', %d),"
            " (1, 'postfix', 'smtp', 'unknown', %d)",
            (long long)(drifts[i].old ? f.search.since - 1 : f.search.since) *
                1000000,
            drifts[i].known, drifts[i].unknown);
        report_store_run(f.db, sql);
        sqlite3_free(sql);
        cr_assert(stale_find(&f.search));
        bool told = drifts[i].want != SEVERITY_UNKNOWN;
        cr_expect_eq(f.search.n, (size_t)told, "%s", drifts[i].name);
        if (told && f.search.n == 1) {
            cr_expect_eq(f.search.items[0].severity, drifts[i].want, "%s",
                drifts[i].name);
            cr_expect_str_eq(f.search.items[0].name, "postfix/smtp");
        }
        findings_fixture_close(&f);
    }
}

Test(stale, damaged_log)
{
    struct findings_fixture f;
    findings_fixture_open(&f);
    report_store_run(f.db, "UPDATE source SET damaged_at = 99, damage = 'cut'"
                           " WHERE id = 2");
    cr_assert(stale_find(&f.search));
    cr_assert_eq(f.search.n, 1);
    cr_expect_eq(f.search.items[0].scope, SCOPE_SOURCE);
    cr_expect_str_eq(f.search.items[0].name, "syslog");
    findings_fixture_close(&f);
}
