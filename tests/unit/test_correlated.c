/* SPDX-License-Identifier: MIT */
#include "findings/correlated.h"
#include "findings_fixture.h"

#include <criterion/criterion.h>

enum { MAX = 12, FROM = 600, HOURS = 2 };

/* name, title, meaning, destinations, own words */
static const char *together(
    void *state, const char *direction, const char *what)
{
    const char *own = state;
    static char text[] = "resolver\tOur resolver fails\tIt is us.\t4\t?";
    text[sizeof text - 2] = own[0];
    return strcmp(direction, "outbound") == 0 &&
                   strcmp(what, "dns.lookup_failure") == 0
               ? text
               : NULL;
}

/* Attempts an hour at domains 10, 11, …; those at ${google} first are
 * Google's. */
static const struct {
    const char *name;
    const char *own_words;
    enum finding_scope scope;
    int google;
    int theirs; /* as many first ones are told by the other side */
    int attempts[MAX];
    bool want;
} rows[] = {
    {"four alike", "0", SCOPE_EVERYTHING, 0, 0, {5, 5, 5, 5}, true},
    {"three", "0", SCOPE_EVERYTHING, 0, 0, {5, 5, 5}, false},
    {"one has half", "0", SCOPE_EVERYTHING, 0, 0, {15, 5, 5, 5}, true},
    {"one has more than half", "0", SCOPE_EVERYTHING, 0, 0, {16, 5, 5, 5},
        false},
    {"a provider has 60 %", "0", SCOPE_EVERYTHING, 3, 0, {5, 5, 5, 5, 5}, true},
    {"a provider has more", "0", SCOPE_EVERYTHING, 4, 0, {5, 5, 5, 5, 5},
        false},
    {"our own words", "1", SCOPE_EVERYTHING, 0, 0, {5, 5, 5, 5, 5}, true},
    {"four of five in our own words", "1", SCOPE_EVERYTHING, 0, 1,
        {5, 5, 5, 5, 5}, true},
    {"three of five", "1", SCOPE_EVERYTHING, 0, 2, {5, 5, 5, 5, 5}, false},
    {"whoever says it", "0", SCOPE_EVERYTHING, 0, 2, {5, 5, 5, 5, 5}, true},
    {"not all mail", "0", SCOPE_HOST, 0, 0, {5, 5, 5, 5}, false},
};

/* Let the mail of row ${i} fail; return attempts in all. */
static int64_t fail(struct findings_fixture *f, size_t i)
{
    int64_t sum = 0;
    for (int d = 0; d < MAX && rows[i].attempts[d] > 0; d++) {
        findings_fixture_fail(
            f, &(struct fixture_failure){FROM, HOURS,
                   d < rows[i].theirs ? REPLY_LOOKUP_THEIRS : REPLY_LOOKUP,
                   10 + (uint32_t)d, d < rows[i].google ? 2 : 1,
                   rows[i].attempts[d]});
        sum += HOURS * rows[i].attempts[d];
    }
    return sum;
}

static uint32_t kind_of(const struct kinds *k, const char *detail)
{
    for (uint32_t i = 0; i < k->n; i++) {
        if (strcmp(k->list[i].detail, detail) == 0) {
            return i;
        }
    }
    cr_assert_fail("no such kind");
    return 0;
}

static void add_shift(
    struct findings_fixture *f, enum finding_scope scope, int64_t attempts)
{
    struct finding *one = search_add(&f->search);
    one->kind = FINDING_SHIFT;
    one->scope = scope;
    one->direction = "outbound";
    one->cause = "dns";
    one->detail = "lookup_failure";
    one->since = FIXTURE_BEGIN + FROM * INT64_C(3600);
    one->until = one->since + HOURS * INT64_C(3600);
    one->observed = one->excess = (double)attempts;
    f->search.places[0] = (struct search_place){
        true, SERIES_EVERYTHING, 0, kind_of(&f->kinds, one->detail), 0};
}

Test(correlated, rows)
{
    static const struct findings_role roles[] = {{"mx1", "relay"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings_fixture f;
        findings_fixture_open(&f);
        struct lexicon lexicon = {
            .state = (void *)rows[i].own_words, .together = together};
        f.search.lexicon = &lexicon;
        f.settings.roles = roles;
        f.settings.n_roles = 1;
        int64_t attempts = fail(&f, i);
        findings_fixture_load(&f);
        add_shift(&f, rows[i].scope, attempts);
        correlated_find(&f.evidence);
        cr_expect_eq(f.search.n, rows[i].want ? 2 : 1, "%s", rows[i].name);
        if (f.search.n == 2 && rows[i].want) {
            const struct finding *one = &f.search.items[1];
            cr_expect_eq(one->kind, FINDING_CORRELATED);
            cr_expect_not_null(strstr(one->headline, "Our resolver fails"));
            cr_assert_eq(one->n_notes, 3);
            cr_expect_str_eq(one->notes[0], "It is us.");
            cr_expect_not_null(strstr(one->notes[2], "At mx1 (relay) ("));
        }
        findings_fixture_close(&f);
    }
}
