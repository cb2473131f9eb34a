/* SPDX-License-Identifier: MIT */
#include "findings/novelty.h"
#include "findings_fixture.h"

#include <criterion/criterion.h>

/* Each row's store knows unknown users and the list zen.example at a provider
 * without a name from its tenth hour on. */
static const struct {
    const char *name;
    struct fixture_failure failure;
    struct fixture_failure before; /* of no attempts: nothing */
    enum finding_scope scope;      /* SCOPE_UNKNOWN: nothing is new */
    const char *what;              /* the finding's name */
    const char *detail;
} rows[] = {
    {"a list", {600, 4, REPLY_NEW_LIST, 1, 1, 3}, {0}, SCOPE_DNSBL,
        "new.example", "dnsbl"},
    {"a list in its first hour of the period",
        {FIXTURE_SINCE, 1, REPLY_NEW_LIST, 1, 1, 10}, {0}, SCOPE_DNSBL,
        "new.example", "dnsbl"},
    {"a list with too few attempts", {600, 3, REPLY_NEW_LIST, 1, 1, 3}, {0},
        SCOPE_UNKNOWN, "", ""},
    {"a list met before", {600, 4, REPLY_NEW_LIST, 1, 1, 3},
        {503, 1, REPLY_NEW_LIST, 1, 1, 1}, SCOPE_UNKNOWN, "", ""},
    {"a list that we use ourselves: only the cause is new",
        {600, 4, REPLY_INBOUND_LIST, 1, 1, 3}, {0}, SCOPE_EVERYTHING, "",
        "dnsbl"},
    {"a list with many attempts, told once", {600, 1, REPLY_NEW_LIST, 1, 1, 90},
        {0}, SCOPE_DNSBL, "new.example", "dnsbl"},
    {"a list that only we asked so far", {600, 4, REPLY_SAME_LIST, 1, 1, 3},
        {100, 1, REPLY_INBOUND_LIST, 1, 1, 1}, SCOPE_DNSBL, "in.example",
        "dnsbl"},
    {"a cause", {600, 1, REPLY_LOOKUP, 1, 1, 10}, {0}, SCOPE_EVERYTHING, "",
        "lookup_failure"},
    {"a cause with too few attempts", {600, 1, REPLY_LOOKUP, 1, 1, 9}, {0},
        SCOPE_UNKNOWN, "", ""},
    {"a cause met before", {600, 1, REPLY_LOOKUP, 1, 1, 90},
        {40, 1, REPLY_LOOKUP, 1, 1, 1}, SCOPE_UNKNOWN, "", ""},
    {"a provider that begins to refuse us", {600, 1, REPLY_LISTED, 1, 2, 10},
        {0}, SCOPE_PROVIDER, "Google", "dnsbl"},
    {"a provider that refused us before", {600, 1, REPLY_LISTED, 1, 2, 10},
        {100, 1, REPLY_LISTED, 1, 2, 1}, SCOPE_UNKNOWN, "", ""},
    {"a provider that does not know users is no block",
        {600, 1, REPLY_USER, 1, 2, 40}, {0}, SCOPE_UNKNOWN, "", ""},
    {"a reply of a known cause", {600, 1, REPLY_OTHER_USER, 1, 1, 50}, {0},
        SCOPE_EVERYTHING, "User unknown", "unknown_user"},
    {"a reply with too few attempts", {600, 1, REPLY_OTHER_USER, 1, 1, 49}, {0},
        SCOPE_UNKNOWN, "", ""},
};

static void prepare(struct findings_fixture *f, size_t i)
{
    findings_fixture_open(f);
    findings_fixture_fail(
        f, &(struct fixture_failure){10, 2, REPLY_USER, 1, 1, 5});
    findings_fixture_fail(
        f, &(struct fixture_failure){10, 2, REPLY_LISTED, 1, 1, 5});
    findings_fixture_fail(f, &rows[i].failure);
    if (rows[i].before.attempts > 0) {
        findings_fixture_fail(f, &rows[i].before);
    }
}

Test(novelty, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings_fixture f;
        prepare(&f, i);
        findings_fixture_load(&f);
        cr_assert(novelty_find(&f.evidence));
        size_t want = rows[i].scope != SCOPE_UNKNOWN;
        cr_expect_eq(f.search.n, want, "%s: %zu", rows[i].name, f.search.n);
        if (f.search.n == 1 && want == 1) {
            const struct finding *one = &f.search.items[0];
            cr_expect_eq(one->kind, FINDING_NEW, "%s", rows[i].name);
            cr_expect_eq(one->scope, rows[i].scope, "%s", rows[i].name);
            cr_expect_str_eq(one->name, rows[i].what, "%s", rows[i].name);
            cr_expect_str_eq(one->detail, rows[i].detail, "%s", rows[i].name);
            cr_expect_eq(one->since,
                FIXTURE_BEGIN + (int64_t)rows[i].failure.from * 3600, "%s",
                rows[i].name);
            cr_expect_eq((int64_t)one->observed,
                rows[i].failure.attempts * (int64_t)rows[i].failure.hours, "%s",
                rows[i].name);
        }
        findings_fixture_close(&f);
    }
}

Test(novelty, nothing_is_new_to_a_store_without_past)
{
    struct findings_fixture f;
    prepare(&f, 0);
    f.search.since = f.search.begin + INT64_C(6) * 86400;
    findings_fixture_load(&f);
    cr_assert(novelty_find(&f.evidence));
    cr_expect_eq(f.search.n, 0);
    findings_fixture_close(&f);
}
