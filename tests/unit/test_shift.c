/* SPDX-License-Identifier: MIT */
#include "findings/shift.h"
#include "findings_fixture.h"

#include <criterion/criterion.h>

/* One attempt an hour fails for unknown users, and one in all because of the
 * list zen.example; this comes on top. */
static const struct {
    const char *name;
    struct fixture_failure failure;
    enum finding_scope scope; /* one that must be told; SCOPE_UNKNOWN: none */
    const char *what;
    const char *dnsbl;
} rows[] = {
    {"nothing", {1, 1, REPLY_USER, 1, 1, 1}, SCOPE_UNKNOWN, "", ""},
    {"all mail", {600, 3, REPLY_USER, 1, 1, 30}, SCOPE_EVERYTHING, "", ""},
    {"a provider", {600, 3, REPLY_LISTED, 1, 2, 30}, SCOPE_PROVIDER, "Google",
        ""},
    {"a domain", {600, 3, REPLY_USER, 2, 1, 30}, SCOPE_RECIPIENT_DOMAIN,
        "b.example", ""},
    {"a list", {600, 3, REPLY_NEW_LIST, 1, 1, 30}, SCOPE_DNSBL, "new.example",
        "new.example"},
    {"a list that we ask ourselves", {600, 3, REPLY_INBOUND_LIST, 1, 1, 30},
        SCOPE_DNSBL, "in.example", "in.example"},
    {"too few", {600, 3, REPLY_NEW_LIST, 1, 1, 3}, SCOPE_UNKNOWN, "", ""},
    {"before the time asked for", {400, 3, REPLY_NEW_LIST, 1, 1, 30},
        SCOPE_UNKNOWN, "", ""},
};

static bool is_told(const struct search *s, size_t i)
{
    for (size_t j = 0; j < s->n; j++) {
        const struct finding *f = &s->items[j];
        if (f->scope == rows[i].scope && strcmp(f->name, rows[i].what) == 0 &&
            strcmp(f->dnsbl, rows[i].dnsbl) == 0 && f->kind == FINDING_SHIFT &&
            f->since == FIXTURE_BEGIN + (int64_t)rows[i].failure.from * 3600) {
            return true;
        }
    }
    return false;
}

/* Whether the list zen.example is told of, that hardly anybody named. */
static bool is_confused(const struct search *s, size_t i)
{
    for (size_t j = 0; j < s->n; j++) {
        if (rows[i].failure.reply != REPLY_LISTED &&
            strcmp(s->items[j].dnsbl, "zen.example") == 0) {
            return true;
        }
    }
    return false;
}

Test(shift, rows)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings_fixture f;
        findings_fixture_open(&f);
        findings_fixture_deliver(&f, 100);
        findings_fixture_fail(&f, &(struct fixture_failure){0, FIXTURE_HOURS,
                                      REPLY_OTHER_USER, 2, 1, 1});
        findings_fixture_fail(
            &f, &(struct fixture_failure){590, 1, REPLY_LISTED, 2, 1, 1});
        findings_fixture_fail(&f, &rows[i].failure);
        findings_fixture_load(&f);
        shift_find(&f.search, f.set, &f.kinds);
        if (rows[i].scope == SCOPE_UNKNOWN) {
            cr_expect_eq(f.search.n, 0, "%s: %zu", rows[i].name, f.search.n);
        } else {
            cr_expect(is_told(&f.search, i), "%s", rows[i].name);
        }
        cr_expect_not(is_confused(&f.search, i), "%s", rows[i].name);
        findings_fixture_close(&f);
    }
}
