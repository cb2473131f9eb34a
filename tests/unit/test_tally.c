/* SPDX-License-Identifier: MIT */
#include "aggregate/tally.h"

#include "base/limits.h"
#include "store_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const struct script event_of[] = {
    {.second = 3600,
        .kind = "outcome",
        .disposition = "delivered",
        .recipient = "u@D.example",
        .delay = 1000},
    {.kind = "outcome",
        .disposition = "deferred",
        .recipient = "u@d.example",
        .reply = "later"},
    {.kind = "outcome",
        .disposition = "bounced",
        .recipient = "u@d.example",
        .reply = "gone",
        .repeat = 3},
    {.kind = "outcome",
        .disposition = "rejected",
        .inbound = true,
        .recipient = "u@d.example",
        .reply = "listed by us"},
    {.kind = "outcome", .disposition = "accepted", .inbound = true},
    {.kind = "outcome", .disposition = "discarded", .recipient = "u@d.example"},
    {.kind = "outcome", .disposition = "held", .recipient = "u@d.example"},
    {.kind = "attempt", .disposition = "deferred", .reply = "listed"},
    {.kind = "suspended",
        .disposition = "deferred",
        .recipient = "u@d.example",
        .reply = "listed"},
    {.kind = "hop", .disposition = "delivered", .recipient = "u@d.example"},
    {.kind = "hop",
        .disposition = "deferred",
        .recipient = "u@d.example",
        .reply = "later"},
    {.kind = "probe", .disposition = "delivered", .recipient = "u@d.example"},
    {.kind = "outcome",
        .disposition = "bounced",
        .recipient = "u@d.example",
        .reply = "listed 192.0.2.1"},
    {.kind = "outcome", .disposition = "expired", .recipient = "u@d.example"},
    {.kind = "arrival"},
    {.kind = "release"},
};

/* What each event adds: table and column of each fact. */
static const char *const facts_of[] = {
    "T0=1 S0=1 L19=1 ",
    "T1=1 S1=1 F0=1 ",
    "T2=3 S2=3 F0=3 ",
    "T4=1 S4=1 F0=1 ",
    "T5=1 S5=1 ",
    "T6=1 ",
    "T7=1 ",
    "T9=1 F2=1 ",
    "T8=1 F1=1 ",
    "T10=1 ",
    "T1=1 S1=1 F0=1 ",
    "T11=1 ",
    "T2=1 S2=1 F0=1 ",
    "T3=1 S3=1 ",
    "",
    "",
};

static void count(struct tally *t, const struct script *s)
{
    struct correlator *c = correlator_create();
    struct store_fixture_part p = {s, 0, 1, 0, 0};
    store_fixture_count(t, c, &p);
    correlator_free(c);
}

static void spell_facts(struct tally *t, char *out)
{
    struct tally_view v = tally_view(t);
    *out = '\0';
    for (uint32_t i = 0; i < v.n_facts; i++) {
        const struct fact *f = &v.facts[i].fact;
        int64_t n = v.facts[i].n;
        out += sprintf(
            out, "%c%d=%lld ", "TSFL"[f->table], f -> column, (long long)n);
    }
}

Test(tally, what_each_event_counts)
{
    struct tally *t = tally_create(NULL);
    for (size_t i = 0; i < sizeof(event_of) / sizeof(event_of[0]); i++) {
        struct script s = event_of[i];
        s.host = "mx";
        char got[256];
        tally_begin_source(t);
        count(t, &s);
        spell_facts(t, got);
        cr_assert_str_eq(got, facts_of[i], "event %zu: %s", i, got);
        cr_assert_eq(tally_view(t).digests->n, 1);
        cr_assert_eq(tally_view(t).listings->n, i == 7 || i == 12 ? 1u : 0u,
            "event %zu", i);
    }
    tally_free(t);
    tally_free(NULL);
}

struct delay_row {
    int64_t ms;
    int bucket;
};

static const struct delay_row delay_rows[] = {{1, 0}, {2, 2}, {3, 3}, {4, 4},
    {5, 4}, {6, 5}, {1000, 19}, {1024, 20}, {86400000, 52}, {INT64_MAX, 63}};

Test(tally, latency_buckets)
{
    struct tally *t = tally_create(NULL);
    for (size_t i = 0; i < sizeof(delay_rows) / sizeof(delay_rows[0]); i++) {
        struct script s = {.host = "mx",
            .kind = "outcome",
            .disposition = "delivered",
            .delay = delay_rows[i].ms};
        char got[256];
        char want[64];
        tally_reset(t);
        count(t, &s);
        spell_facts(t, got);
        snprintf(want, sizeof(want), "T0=1 S0=1 L%d=1 ", delay_rows[i].bucket);
        cr_assert_str_eq(got, want);
    }
    tally_free(t);
}

/* The digest of lines in another order, and in two tallies, is the same. */
Test(tally, digest_is_a_sum)
{
    enum { N = 40 };
    struct script script[N];
    store_fixture_mail(9, script, N);
    struct tally *t = tally_create(NULL);
    uint64_t sums[2] = {0, 0};
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < N; i++) {
            size_t at = turn == 0 ? i : N - 1 - i;
            char line[STORE_FIXTURE_LINE_LEN];
            struct verdict v;
            store_fixture_line(&script[at], at, line);
            struct event e = store_fixture_event(&script[at], line, &v);
            e.line_hash = tally_line_hash(&e);
            tally_add_event_line(t, &e);
        }
        struct tally_view view = tally_view(t);
        for (uint32_t i = 0; i < view.digests->n; i++) {
            const struct digest_fact *f = hashtable_value(view.digests, i);
            sums[turn] += f->digest * (uint64_t)f->events;
        }
        tally_reset(t);
    }
    cr_assert_eq(sums[0], sums[1]);
    cr_assert_neq(sums[0], 0);
    tally_free(t);
}

/* A source that brings more than it may is counted, not kept. */
Test(tally, too_many_hosts_are_other)
{
    struct tally *t = tally_create(NULL);
    size_t n = LIMIT_HOSTS_PER_SOURCE + 100;
    for (size_t i = 0; i < n; i++) {
        char host[32];
        snprintf(host, sizeof(host), "h%zu", i);
        struct event e = {
            .host = span_of(host), .line = SPAN_LITERAL("x"), .repeat = 1};
        tally_add_event_line(t, &e);
        if (i == n / 2) {
            tally_reset(t); /* the limit outlives the step */
        }
    }
    uint32_t other = 0;
    cr_assert_eq(tally_overflow(t), 100);
    cr_assert(
        intern_find(tally_view(t).hosts, SPAN_LITERAL("(other)"), &other));
    tally_begin_source(t);
    cr_assert_eq(tally_overflow(t), 0);
    cr_assert(tally_is_empty(t));
    tally_free(t);
}

Test(tally, too_many_templates_are_other)
{
    struct tally *t = tally_create(NULL);
    size_t n = LIMIT_TEMPLATES_PER_SOURCE + 50;
    for (size_t i = 0; i < n; i++) {
        char reply[32];
        snprintf(reply, sizeof(reply), "reply %zu", i);
        struct script s = {.host = "mx",
            .kind = "outcome",
            .disposition = "bounced",
            .recipient = "u@d",
            .reply = reply};
        count(t, &s);
    }
    cr_assert_eq(tally_overflow(t), 50);
    cr_assert_eq(
        tally_view(t).n_replies, (uint32_t)LIMIT_TEMPLATES_PER_SOURCE + 1);
    tally_free(t);
}

Test(tally, unknown_lines_keep_the_smallest_example)
{
    struct tally *t = tally_create(NULL);
    static const char *const lines[] = {
        "b joe@x.example", "a joe@x.example", "c"};
    for (size_t i = 0; i < 3; i++) {
        tally_add_unknown(t, SPAN_LITERAL("postfix"), SPAN_LITERAL("smtp"),
            SPAN_LITERAL("* <address>"), span_of(lines[i]));
    }
    struct tally_view v = tally_view(t);
    const struct unknown_fact *f = hashtable_value(v.unknown, 0);
    cr_assert_eq(v.unknown->n, 1);
    cr_assert_eq(f->lines, 3);
    cr_assert_str_eq(intern_text(v.texts, f->example).ptr, "a ***@x.example");
    cr_assert_eq(*(const int64_t *)hashtable_value(v.lines, 0), 3);
    tally_free(t);
}
