/* SPDX-License-Identifier: MIT */
#include "findings/addresses.h"

#include "findings/blocklist.h"
#include "findings/grouping.h"
#include "findings_fixture.h"
#include "report_store.h"

#include <criterion/criterion.h>

enum { HOUR = 3600, MAX = 6 };

/* Hour ${hour} of the month named a list and an address so many times. */
struct mention {
    const char *dnsbl;
    const char *address;
    int hour;
    int attempts;
};

#define ONE "192.0.2.1"
#define TWO "192.0.2.2"

/* The last day begins at hour 648. */
static const struct {
    const char *name;
    struct mention mentions[MAX];
    const char *muted;      /* list that the site does not want to hear of */
    const char *wants[MAX]; /* headlines: of each that has no root */
    size_t n;               /* findings in all */
} rows[] = {
    {"one list", {{"a.test", ONE, 660, 3}}, NULL,
        {ONE " is listed on a.test (3 attempts refused)"}, 1},
    {"two lists", {{"a.test", ONE, 650, 1}, {"b.test", ONE, 660, 4}}, NULL,
        {ONE " is on 2 block lists: b.test and a.test (5 attempts refused)"},
        3},
    {"two addresses", {{"a.test", ONE, 660, 3}, {"a.test", TWO, 660, 1}}, NULL,
        {ONE " is listed on a.test (3 attempts refused)",
            TWO " is listed on a.test (1 attempt refused)"},
        2},
    {"no address", {{"a.test", "", 660, 3}, {"b.test", "", 660, 1}}, NULL,
        {"An address of ours is listed on a.test (3 attempts refused)",
            "An address of ours is listed on b.test (1 attempt refused)"},
        2},
    {"both over", {{"a.test", ONE, 520, 1}, {"b.test", ONE, 540, 1}}, NULL,
        {ONE " was on 2 block lists: a.test and b.test (2 attempts refused)"},
        3},
    {"one of them over", {{"a.test", ONE, 520, 9}, {"b.test", ONE, 660, 1}},
        NULL,
        {ONE " is listed on b.test (1 attempt refused), and was on 1 other"},
        3},
    {"what was over before is none",
        {{"a.test", ONE, 20, 9}, {"b.test", ONE, 660, 1}}, NULL,
        {ONE " is listed on b.test (1 attempt refused)"}, 1},
    {"four are all named",
        {{"a.test", ONE, 660, 4}, {"b.test", ONE, 660, 3},
            {"c.test", ONE, 660, 2}, {"d.test", ONE, 660, 1}},
        NULL,
        {ONE " is on 4 block lists: a.test, b.test, c.test and d.test"
             " (10 attempts refused)"},
        5},
    {"of five, three",
        {{"a.test", ONE, 660, 5}, {"b.test", ONE, 660, 4},
            {"c.test", ONE, 660, 3}, {"d.test", ONE, 660, 2},
            {"e.test", ONE, 660, 1}},
        NULL,
        {ONE " is on 5 block lists: a.test, b.test, c.test and 2 more"
             " (15 attempts refused)"},
        6},
    {"the muted one counts in no sum",
        {{"a.test", ONE, 660, 4}, {"b.test", ONE, 660, 3},
            {"c.test", ONE, 660, 2}},
        "b.test",
        {ONE " is on 2 block lists: a.test and c.test (6 attempts refused)"},
        4},
    {"nor is one with a muted one a sum",
        {{"a.test", ONE, 660, 4}, {"b.test", ONE, 660, 3}}, "b.test",
        {ONE " is listed on a.test (4 attempts refused)",
            ONE " is listed on b.test (3 attempts refused)"},
        2},
    {"a list that came back is one finding",
        {{"a.test", ONE, 490, 4}, {"a.test", ONE, 671, 3}}, NULL,
        {ONE " is listed on a.test (3 attempts refused)"}, 1},
    {"within a week it is one listing",
        {{"a.test", ONE, 520, 4}, {"a.test", ONE, 671, 3}}, NULL,
        {ONE " is listed on a.test (7 attempts refused)"}, 1},
};

static void mention(struct findings_fixture *f, const struct mention *m)
{
    long long hour = FIXTURE_BEGIN + (long long)m->hour * HOUR;
    char *sql = sqlite3_mprintf(
        "INSERT INTO listing VALUES (1, %lld, 1, %Q, %Q, %d, %lld, %lld)", hour,
        m->dnsbl, m->address, m->attempts, hour + 10, hour + 20);
    report_store_run(f->db, sql);
    sqlite3_free(sql);
}

static bool is_head(const struct finding *f, const char *headline)
{
    return f->root == 0 && strcmp(f->headline, headline) == 0;
}

static void check(const struct search *s, size_t row)
{
    size_t heads = 0;
    size_t wanted = 0;
    cr_expect_eq(s->n, rows[row].n, "%s: %zu findings", rows[row].name, s->n);
    for (size_t i = 0; i < MAX && rows[row].wants[i] != NULL; i++) {
        wanted++;
        size_t n = 0;
        for (size_t j = 0; j < s->n; j++) {
            n += is_head(&s->items[j], rows[row].wants[i]);
        }
        cr_expect_eq(n, 1, "%s: %s", rows[row].name, rows[row].wants[i]);
    }
    for (size_t j = 0; j < s->n; j++) {
        const struct finding *f = &s->items[j];
        bool is_muted =
            rows[row].muted != NULL && strcmp(f->dnsbl, rows[row].muted) == 0;
        heads += f->root == 0;
        cr_expect(f->root == 0 || is_muted || !addresses_is_sum(f));
        for (size_t i = 0; i < j; i++) {
            cr_expect_neq(f->id, s->items[i].id, "%s", rows[row].name);
        }
    }
    cr_expect_eq(heads, wanted, "%s: %zu heads", rows[row].name, heads);
}

Test(addresses, one_item_each)
{
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        struct findings_fixture f;
        struct findings_mute mute = {
            .name = rows[row].muted, .reason = "known", .until = INT64_MAX};
        findings_fixture_open(&f);
        f.settings.mutes = &mute;
        f.settings.n_mutes = rows[row].muted != NULL;
        for (size_t i = 0; i < MAX && rows[row].mentions[i].attempts > 0; i++) {
            mention(&f, &rows[row].mentions[i]);
        }
        findings_fixture_load(&f);
        cr_assert(blocklist_find(&f.evidence));
        grouping_link(&f.search);
        check(&f.search, row);
        findings_fixture_close(&f);
    }
}

Test(addresses, sum)
{
    struct findings_fixture f;
    findings_fixture_open(&f);
    mention(&f, &(struct mention){"a.test", ONE, 560, 2});
    mention(&f, &(struct mention){"a.test", ONE, 665, 3});
    mention(&f, &(struct mention){"b.test", ONE, 655, 40});
    mention(&f, &(struct mention){"c.test", ONE, 540, 900});
    findings_fixture_load(&f);
    cr_assert(blocklist_find(&f.evidence));
    const struct finding *sum = &f.search.items[f.search.n - 1];
    cr_assert(addresses_is_sum(sum));
    cr_expect_eq(sum->since, FIXTURE_BEGIN + 560 * HOUR + 10);
    cr_expect_eq(sum->last_seen, FIXTURE_BEGIN + 665 * HOUR + 20);
    cr_expect_eq(sum->until, 0);
    cr_expect_eq(sum->observed, 45);
    cr_expect_eq(sum->severity, SEVERITY_WARNING);
    findings_fixture_close(&f);
}

Test(addresses, earlier_time_is_a_note)
{
    struct findings_fixture f;
    findings_fixture_open(&f);
    mention(&f, &(struct mention){"a.test", ONE, 504, 4});
    mention(&f, &(struct mention){"a.test", ONE, 671, 3});
    findings_fixture_load(&f);
    f.search.since = f.search.begin;
    cr_assert(blocklist_find(&f.evidence));
    cr_assert_eq(f.search.n, 1);
    cr_assert_eq(f.search.items[0].n_notes, 0, "hardly less than a week");
    findings_fixture_close(&f);

    findings_fixture_open(&f);
    mention(&f, &(struct mention){"a.test", ONE, 500, 4});
    mention(&f, &(struct mention){"a.test", ONE, 671, 3});
    findings_fixture_load(&f);
    f.search.since = f.search.begin;
    cr_assert(blocklist_find(&f.evidence));
    cr_assert_eq(f.search.items[0].n_notes, 1);
    cr_expect_str_eq(f.search.items[0].notes[0],
        "Listed there before, from 2025-10-24 20:00 to 2025-10-24 20:00 UTC:"
        " 4 attempts refused");
    findings_fixture_close(&f);
}
