/* SPDX-License-Identifier: MIT */
#include "findings/grouping.h"

#include "base/memory.h"

#include "report_store.h"

#include <criterion/criterion.h>
#include <stdlib.h>

enum { HOUR = 3600, END = 100 * HOUR, MAX = 5, ALONE = -1 };

/* A finding of a row; times in hours, until 0: goes on. */
struct member {
    enum finding_kind kind;
    enum finding_scope scope;
    const char *name;
    const char *detail;
    const char *dnsbl;
    double excess;
    double tried;
    int64_t since;
    int64_t until;
    int root; /* number of the member that explains it, or ALONE */
};

#define SHIFT FINDING_SHIFT
#define ALL SCOPE_EVERYTHING, "", "busy", ""
#define PROVIDER(name) SCOPE_PROVIDER, name, "busy", ""
#define DOMAIN(name) SCOPE_RECIPIENT_DOMAIN, name, "busy", ""
#define LISTED(scope, name) scope, name, "dnsbl", "zen.example"

static const struct {
    const char *name;
    struct member members[MAX];
} rows[] = {
    {"one alone", {{SHIFT, ALL, 100, 1000, 10, 20, ALONE}}},
    {"all mail tells of parts, none of which has most",
        {{SHIFT, ALL, 100, 1000, 10, 20, ALONE},
            {SHIFT, PROVIDER("A"), 79, 300, 10, 20, 0},
            {SHIFT, PROVIDER("B"), 21, 300, 10, 20, 0}}},
    {"the place that has most of it",
        {{SHIFT, ALL, 100, 1000, 10, 20, 1},
            {SHIFT, PROVIDER("A"), 80, 700, 10, 20, ALONE},
            {SHIFT, DOMAIN("a.example"), 40, 300, 10, 20, 1}}},
    {"a place that has most of all mail as well",
        {{SHIFT, ALL, 100, 1000, 10, 20, ALONE},
            {SHIFT, PROVIDER("A"), 90, 701, 10, 20, 0}}},
    {"a provider rather than its domain",
        {{SHIFT, ALL, 100, 1000, 10, 20, 2},
            {SHIFT, DOMAIN("a.example"), 100, 300, 10, 20, 2},
            {SHIFT, PROVIDER("A"), 100, 300, 10, 20, ALONE}}},
    {"unrelated destinations together",
        {{SHIFT, ALL, 100, 1000, 10, 20, 1},
            {FINDING_CORRELATED, ALL, 100, 1000, 10, 20, ALONE},
            {SHIFT, PROVIDER("A"), 90, 300, 10, 20, 1}}},
    {"another cause", {{SHIFT, ALL, 100, 1000, 10, 20, ALONE},
                          {SHIFT, SCOPE_PROVIDER, "A", "rate_limit", "", 50,
                              300, 10, 20, ALONE}}},
    {"half of the shorter time is the same time",
        {{SHIFT, ALL, 100, 1000, 10, 20, ALONE},
            {SHIFT, PROVIDER("A"), 50, 300, 15, 25, 0}}},
    {"less is another", {{SHIFT, ALL, 100, 1000, 10, 20, ALONE},
                            {SHIFT, PROVIDER("A"), 50, 300, 16, 26, ALONE}}},
    {"what goes on lasts until the end",
        {{SHIFT, ALL, 100, 1000, 10, 0, ALONE},
            {SHIFT, PROVIDER("A"), 50, 300, 80, 95, 0}}},
    {"a block list whose mail is all mail",
        {{SHIFT, LISTED(SCOPE_EVERYTHING, ""), 100, 1000, 10, 20, 1},
            {SHIFT, LISTED(SCOPE_DNSBL, "zen.example"), 80, 1000, 10, 20,
                ALONE},
            {SHIFT, LISTED(SCOPE_PROVIDER, "A"), 90, 300, 10, 20, 1}}},
    {"a block list with less than most",
        {{SHIFT, LISTED(SCOPE_EVERYTHING, ""), 100, 1000, 10, 20, ALONE},
            {SHIFT, LISTED(SCOPE_DNSBL, "zen.example"), 79, 1000, 10, 20, 0}}},
    {"a listing explains the whole group",
        {{SHIFT, LISTED(SCOPE_EVERYTHING, ""), 100, 1000, 10, 20, 2},
            {SHIFT, LISTED(SCOPE_PROVIDER, "A"), 50, 300, 10, 20, 2},
            {FINDING_LISTING, LISTED(SCOPE_ADDRESS, "192.0.2.1"), 100, 1000, 9,
                0, ALONE}}},
    {"the listing of the same list, even if it is smaller",
        {{FINDING_NEW, LISTED(SCOPE_DNSBL, "zen.example"), 100, 0, 10, 20, 2},
            {FINDING_LISTING, SCOPE_ADDRESS, "192.0.2.2", "dnsbl",
                "other.example", 900, 1000, 9, 0, ALONE},
            {FINDING_LISTING, LISTED(SCOPE_ADDRESS, "192.0.2.1"), 100, 1000, 9,
                0, ALONE}}},
    {"a shift explains what is new of its cause",
        {{FINDING_NEW, ALL, 100, 0, 10, 20, 1},
            {SHIFT, PROVIDER("A"), 100, 300, 10, 20, ALONE}}},
    {"facts are not explained by listings",
        {{FINDING_FACT, LISTED(SCOPE_EVERYTHING, ""), 100, 0, 10, 20, ALONE},
            {FINDING_LISTING, LISTED(SCOPE_ADDRESS, "192.0.2.1"), 100, 1000, 9,
                0, ALONE}}},
    {"facts are explained by nothing",
        {{FINDING_FACT, ALL, 100, 0, 10, 20, ALONE},
            {SHIFT, ALL, 100, 1000, 10, 20, ALONE}}},
};

static size_t fill(struct search *s, const struct member *members)
{
    size_t n = 0;
    for (; n < MAX && members[n].kind != FINDING_UNKNOWN; n++) {
        const struct member *m = &members[n];
        struct finding *f = search_add(s);
        f->kind = m->kind;
        f->severity = SEVERITY_NOTICE;
        f->scope = m->scope;
        f->name = m->name;
        f->direction = "outbound";
        f->cause = m->dnsbl[0] != '\0' ? "blacklisting" : "server_overload";
        f->detail = m->detail;
        f->dnsbl = m->dnsbl;
        f->excess = f->observed = m->excess;
        f->tried = m->tried;
        f->since = m->since * HOUR;
        f->until = m->until * HOUR;
    }
    return n;
}

Test(grouping, roots)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct search s = {.lexicon = report_store_lexicon(),
            .end = END,
            .arena = arena_create()};
        size_t n = fill(&s, rows[i].members);
        grouping_link(&s);
        for (size_t j = 0; j < n; j++) {
            int root = rows[i].members[j].root;
            cr_expect_neq(s.items[j].id, 0);
            cr_expect_eq(s.items[j].root, root < 0 ? 0 : s.items[root].id,
                "%s: member %zu", rows[i].name, j);
        }
        free(s.items);
        free(s.places);
        arena_free(s.arena);
    }
}

/* Names in the order wanted. */
static const struct {
    const char *name;
    enum finding_severity severity;
    double excess;
    bool over;
    uint64_t id;
    uint64_t root;
} ordered[] = {
    {"critical", SEVERITY_CRITICAL, 1, false, 9, 0},
    {"of critical, worse", SEVERITY_WARNING, 5, false, 8, 9},
    {"of critical", SEVERITY_INFO, 999, false, 1, 9},
    {"warning", SEVERITY_WARNING, 50, false, 7, 0},
    {"smaller warning", SEVERITY_WARNING, 20, false, 6, 0},
    {"as small, greater id", SEVERITY_WARNING, 20, false, 16, 0},
    {"warning that is over", SEVERITY_WARNING, 900, true, 5, 0},
    {"notice", SEVERITY_NOTICE, 5000, false, 4, 0},
};

enum { N_ORDERED = sizeof ordered / sizeof ordered[0] };

Test(grouping, order)
{
    for (size_t turn = 0; turn < N_ORDERED; turn++) {
        struct search s = {.lexicon = report_store_lexicon(),
            .end = END,
            .arena = arena_create()};
        for (size_t i = 0; i < N_ORDERED; i++) {
            size_t from = (i * 3 + turn) % N_ORDERED;
            struct finding *f = search_add(&s);
            f->name = ordered[from].name;
            f->severity = ordered[from].severity;
            f->excess = ordered[from].excess;
            f->until = ordered[from].over ? 1 : 0;
            f->id = ordered[from].id;
            f->root = ordered[from].root;
        }
        grouping_order(&s);
        for (size_t i = 0; i < N_ORDERED; i++) {
            cr_expect_str_eq(s.items[i].name, ordered[i].name);
        }
        free(s.items);
        free(s.places);
        arena_free(s.arena);
    }
}
