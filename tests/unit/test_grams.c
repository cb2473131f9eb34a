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
        uint64_t set[1] = {0};
        grams_scan(g, scratch, span_of(rows[i].text), set);
        cr_expect_eq(set[0], rows[i].want, "%s: %llx", rows[i].name,
            (unsigned long long)set[0]);
    }
    grams_scratch_free(scratch);
    grams_free(g);
}

Test(grams, no_texts)
{
    struct grams *g = grams_create(NULL, 0);
    struct grams_scratch *scratch = grams_scratch_create();
    uint64_t set[1] = {0};
    grams_scan(g, scratch, SPAN_LITERAL("user unknown"), set);
    cr_expect_eq(set[0], 0);
    grams_scratch_free(scratch);
    grams_free(g);
    grams_scratch_free(NULL);
    grams_free(NULL);
}
