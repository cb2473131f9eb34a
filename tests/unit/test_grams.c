/* SPDX-License-Identifier: MIT */
#include "pattern/grams.h"

#include <criterion/criterion.h>

/* Where each text's rarest four bytes begin does not matter for what is
 * found. */
static const struct grams_text texts[] = {
    {SPAN_INIT("user"), 0, 0},
    {SPAN_INIT("unknown"), 3, 1},
    {SPAN_INIT("rbl"), 0, 2},
    {SPAN_INIT("er unkno"), 4, 3},
    {SPAN_INIT("5.7.1 bl"), 2, 4},
    {SPAN_INIT("user"), 0, 5},
};

enum { N = sizeof(texts) / sizeof(texts[0]) };

static const struct {
    const char *name;
    const char *text;
    uint64_t want;
} rows[] = {
    {"empty", "", 0},
    {"too short", "rb", 0},
    {"three bytes alone", "rbl", 1u << 2},
    {"three bytes at the end", "in the RBL", 1u << 2},
    {"three bytes before a mark", "rbl.example", 1u << 2},
    {"caseless, two with one text", "USER", 1u << 0 | 1u << 5},
    {"at the start and the end", "unknown user", 1u << 0 | 1u << 1 | 1u << 5},
    {"across", "User unknown", 1u << 0 | 1u << 1 | 1u << 3 | 1u << 5},
    {"digits", "x 5.7.1 BLOCK", 1u << 4},
    {"other digits", "x 4.2.9 BLOCK", 0},
    {"cut short", "use unknow", 0},
};

Test(grams, finds_what_is_there)
{
    struct grams *g = grams_create(texts, N);
    struct grams_scratch *scratch = grams_scratch_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint64_t bits = 0;
        uint64_t touched = 0;
        struct grams_set set = {&bits, &touched};
        grams_scan(g, scratch, span_of(rows[i].text), &set);
        cr_expect_eq(bits, rows[i].want, "%s: %llx", rows[i].name,
            (unsigned long long)bits);
        cr_expect_eq(touched, bits != 0, "%s", rows[i].name);
    }
    grams_scratch_free(scratch);
    grams_free(g);
}

Test(grams, no_texts)
{
    struct grams *g = grams_create(NULL, 0);
    struct grams_scratch *scratch = grams_scratch_create();
    uint64_t bits = 0;
    struct grams_set set = {&bits, &bits};
    grams_scan(g, scratch, SPAN_LITERAL("user unknown"), &set);
    cr_expect_eq(bits, 0);
    grams_scratch_free(scratch);
    grams_free(g);
    grams_scratch_free(NULL);
    grams_free(NULL);
}

enum { MOST_NEEDS = 4 };

/* Clauses: texts, up to one with an empty one behind it. */
static const struct {
    const char *name;
    const char *clauses[MOST_NEEDS][MOST_NEEDS];
    const char *text;
    bool want;
} needs[] = {
    {"one", {{"mailbox"}}, "no Mailbox here", true},
    {"none", {{"mailbox"}}, "no mail box here", false},
    {"in order", {{"mailbox"}, {"full"}}, "mailbox is full", true},
    {"in the wrong order", {{"mailbox"}, {"full"}}, "a full mailbox", false},
    {"the first of two and the last of two", {{"mail"}, {"full"}},
        "full mail, so full", true},
    {"overlapping", {{"mailbox"}, {"box is"}}, "mailbox is", false},
    {"side by side", {{"mail"}, {"box is"}}, "mailbox is", true},
    {"one of several", {{"user", "mailbox"}, {"full", "over"}},
        "over mailbox over", true},
    {"the nearer of several counts", {{"so very long", "so v"}, {"long"}},
        "so very long", true},
    {"two bytes", {{"in"}, {"list"}}, "list in the list", true},
    {"two bytes behind", {{"list"}, {"in"}}, "in the list", false},
    {"two bytes at the end", {{"list"}, {"in"}}, "list in", true},
    {"three bytes beyond sixteen", {{"dns"}}, "................. DNS", true},
    {"three bytes cut short", {{"dns"}}, "the dn", false},
    {"longer than the text", {{"dns"}}, "d", false},
    {"longer than eight bytes", {{"mailbox unavailable"}},
        "Mailbox Unavailable", true},
    {"beyond the eight bytes nothing is compared", {{"mailbox unavailable"}},
        "xxxxxox unavayyyyyy", true},
    {"but it must fit in front", {{"mailbox unavailable"}}, "mbox unavailable",
        false},
    {"the same four bytes often", {{"xxxxy"}}, "xxxxxxxxxxxxy", true},
};

/* The needs of row ${i}, the rarest bytes of each in its middle. */
static size_t make_needs(size_t i, struct grams_need *made)
{
    size_t n = 0;
    for (size_t j = 0; j < MOST_NEEDS && needs[i].clauses[j][0] != NULL; j++) {
        size_t n_clause = 0;
        while (n_clause < MOST_NEEDS && needs[i].clauses[j][n_clause] != NULL) {
            n_clause++;
        }
        for (size_t k = 0; k < n_clause; k++) {
            struct span text = span_of(needs[i].clauses[j][k]);
            size_t rarest = text.len >= GRAMS_GRAM_LEN
                                ? (text.len - GRAMS_GRAM_LEN) / 2
                                : 0;
            made[n] = grams_need_of(text, rarest);
            made[n++].n_more = (uint8_t)(n_clause - k - 1);
        }
    }
    return n;
}

static bool scan_and_ask(struct grams_scratch *scratch, const char *text,
    const struct grams_need *made, size_t n)
{
    struct grams *g = grams_create(NULL, 0);
    uint64_t bits = 0;
    struct grams_set set = {&bits, &bits};
    grams_scan(g, scratch, span_of(text), &set);
    grams_free(g);
    return grams_holds(scratch, made, n);
}

Test(grams, needs_are_met_in_order)
{
    struct grams_scratch *scratch = grams_scratch_create();
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        struct grams_need made[MOST_NEEDS * MOST_NEEDS];
        size_t n = make_needs(i, made);
        cr_expect_eq(scan_and_ask(scratch, needs[i].text, made, n),
            needs[i].want, "%s", needs[i].name);
    }
    grams_scratch_free(scratch);
}

/* What one text leaves behind is never found in the next, not even when the
 * numbers of places begin anew, and behind a text too long for them. */
Test(grams, texts_are_kept_apart)
{
    static char long_text[70001];
    memset(long_text, 'x', sizeof(long_text) - 1);
    struct grams_scratch *scratch = grams_scratch_create();
    struct grams_need need = grams_need_of(SPAN_LITERAL("mailbox"), 2);
    for (int i = 0; i < 5000; i++) {
        cr_assert(scan_and_ask(scratch, "a mailbox, and more", &need, 1));
        cr_assert_not(scan_and_ask(scratch, "a letterbox, or what", &need, 1));
    }
    cr_expect(scan_and_ask(scratch, long_text, &need, 1), "nothing is known");
    cr_expect_not(scan_and_ask(scratch, "a letterbox", &need, 1));
    cr_expect(scan_and_ask(scratch, "a mailbox", &need, 1));
    grams_scratch_free(scratch);
}
