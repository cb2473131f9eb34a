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

static void check(const struct prefilter *p)
{
    struct prefilter_scratch *s = prefilter_scratch_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t set[1] = {0};
        prefilter_scan(p, s, span_of(rows[i].text), set);
        cr_expect_eq(set[0] & rows[i].must, rows[i].must, "%s: %llx",
            rows[i].name, (unsigned long long)set[0]);
        cr_expect_eq(set[0] & rows[i].must_not, 0, "%s: %llx", rows[i].name,
            (unsigned long long)set[0]);
    }
    prefilter_scratch_free(s);
}

Test(prefilter, names_what_may_match)
{
    struct prefilter *p = prefilter_compile(patterns, N, NULL, 0);
    check(p);
    cr_expect(prefilter_n_always(p) >= 1, "%zu", prefilter_n_always(p));
    prefilter_free(p);
}

Test(prefilter, no_patterns)
{
    struct prefilter *p = prefilter_compile(NULL, 0, NULL, 0);
    struct prefilter_scratch *s = prefilter_scratch_create();
    uint64_t set[1] = {0};
    prefilter_scan(p, s, SPAN_LITERAL("x"), set);
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
    {"three bytes say nothing", "mailbox.{0,9}(?:abc|frobbed)", "mailbox abc",
        true},
    {"digits are one class", "mailbox.{0,9}code 1234", "mailbox code 1234",
        true},
};

Test(prefilter, a_closer_look_asks_for_every_text)
{
    struct prefilter_scratch *s = prefilter_scratch_create();
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        uint64_t set = 0;
        struct prefilter *p = prefilter_compile(&needs[i].pattern, 1, NULL, 0);
        /* more scans than a mark has values: old ones must not come back */
        for (int j = 0; j < 300; j++) {
            prefilter_scan(p, s, SPAN_LITERAL("alpha mailbox frobbed"), &set);
        }
        prefilter_scan(p, s, span_of(needs[i].text), &set);
        bool may = set != 0 && prefilter_holds(p, s, 0);
        cr_expect_eq(may, needs[i].may, "%s", needs[i].name);
        prefilter_free(p);
    }
    prefilter_scratch_free(s);
}
