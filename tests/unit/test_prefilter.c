/* SPDX-License-Identifier: MIT */
#include "pattern/prefilter.h"

#include <criterion/criterion.h>

static const char *const patterns[] = {
    "user unknown", "block(?:ed|list)",
    "(a)\\1{2}x",    /* a back reference: approximated or refused */
    "^$",            /* matches the empty text */
    "(a(?1)?b)\\Kc", /* recursion: refused */
};

enum { N = sizeof(patterns) / sizeof(patterns[0]) };

static const struct {
    const char *name;
    const char *text;
    uint64_t must; /* candidates that have to be there */
    uint64_t must_not;
} rows[] = {
    {"caseless", "550 USER Unknown", 1u << 0, 1u << 1},
    {"alternatives", "on a blocklist", 1u << 1, 1u << 0},
    {"back reference", "aaax", 1u << 2, 1u << 0},
    {"empty text", "", 1u << 3, 1u << 0},
    {"recursion", "aabbc", 1u << 4, 1u << 0},
    {"nothing", "hello", 0, 1u << 0 | 1u << 1},
};

static struct prefilter *compile(const char *const *texts, size_t n)
{
    struct prefilter_patterns all = {texts, n, n};
    return prefilter_compile(&all, NULL, 0);
}

/* The candidates for ${text} as bits. */
static uint64_t scan(
    const struct prefilter *p, struct prefilter_scratch *s, const char *text)
{
    uint64_t set = 0;
    size_t n = 0;
    const uint32_t *found = prefilter_scan(p, s, span_of(text), &n);
    for (size_t i = 0; i < n; i++) {
        cr_expect(i == 0 || found[i] > found[i - 1], "%s: ascending", text);
        set |= (uint64_t)1 << found[i];
    }
    return set;
}

static void check(const struct prefilter *p)
{
    struct prefilter_scratch *s = prefilter_scratch_create(p);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t set = scan(p, s, rows[i].text);
        cr_expect_eq(set & rows[i].must, rows[i].must, "%s: %llx", rows[i].name,
            (unsigned long long)set);
        cr_expect_eq(set & rows[i].must_not, 0, "%s: %llx", rows[i].name,
            (unsigned long long)set);
    }
    prefilter_scratch_free(s);
}

Test(prefilter, names_what_may_match)
{
    struct prefilter *p = compile(patterns, N);
    check(p);
    cr_expect(prefilter_n_always(p) >= 1, "%zu", prefilter_n_always(p));
    prefilter_free(p);
}

Test(prefilter, no_patterns)
{
    struct prefilter *p = compile(NULL, 0);
    struct prefilter_scratch *s = prefilter_scratch_create(p);
    cr_expect_eq(scan(p, s, "x"), 0);
    prefilter_scratch_free(s);
    prefilter_free(p);
}

Test(prefilter, patterns_that_are_not_looked_for_can_be_asked_about)
{
    static const char *const texts[] = {"frobbed", "mailbox full"};
    struct prefilter_patterns all = {texts, 1, 2};
    struct prefilter *p = prefilter_compile(&all, NULL, 0);
    struct prefilter_scratch *s = prefilter_scratch_create(p);
    cr_expect_eq(scan(p, s, "mailbox full"), 0);
    cr_expect(prefilter_holds(p, s, 1));
    cr_expect_eq(scan(p, s, "frobbed"), 1);
    cr_expect_not(prefilter_holds(p, s, 1));
    prefilter_scratch_free(s);
    prefilter_free(p);
}

static const struct {
    const char *name;
    const char *pattern;
    const char *text;
    bool may;
} needs[] = {
    {"both texts", "mailbox.{0,20}frobbed", "your Mailbox was FROBBED", true},
    {"only the first", "mailbox.{0,20}frobbed", "your mailbox is full", false},
    {"only the second", "mailbox.{0,20}frobbed", "zorp was frobbed", false},
    {"one of several", "mailbox (?:of )?\\S+ (?:alpha|betas)",
        "mailbox of bob betas", true},
    {"none of several", "mailbox (?:of )?\\S+ (?:alpha|betas)",
        "mailbox of bob gamma", false},
    {"three bytes", "mailbox.{0,9}(?:abc|frobbed)", "mailbox abc", true},
    {"three bytes that are not there", "mailbox.{0,9}(?:abc|frobbed)",
        "mailbox abd", false},
    {"in the wrong order", "mailbox.{0,20}frobbed", "frobbed mailbox", false},
    {"digits", "mailbox.{0,9}code 1234", "mailbox code 1234", true},
};

Test(prefilter, a_closer_look_asks_for_every_text)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        struct prefilter *p = compile(&needs[i].pattern, 1);
        struct prefilter_scratch *s = prefilter_scratch_create(p);
        scan(p, s, "alpha mailbox frobbed"); /* must not come back */
        bool may = scan(p, s, needs[i].text) != 0 && prefilter_holds(p, s, 0);
        cr_expect_eq(may, needs[i].may, "%s", needs[i].name);
        prefilter_scratch_free(s);
        prefilter_free(p);
    }
}
