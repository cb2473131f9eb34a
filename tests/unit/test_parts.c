/* SPDX-License-Identifier: MIT */
#include "classify/parts.h"
#include "pattern/literals.h"

#include <criterion/criterion.h>

enum { MOST = 4 };

static const struct {
    const char *pattern;
    const char *want[MOST]; /* NULL: no more */
} rows[] = {
    {"a", {"a"}},
    {"a|b", {"a", "b"}},
    {"(?:a|b) c|d", {"(?:a|b) c", "d"}},
    {"[|]x|(?<n>a|b)", {"[|]x", "(?<n>a|b)"}},
    {"a\\|b|c", {"a\\|b", "c"}},
    {"[^]|]|(?!x|y)z", {"[^]|]", "(?!x|y)z"}},
    {"a|", {"a", ""}},
    {"(a)|\\1", {"(a)|\\1"}},
    {"(?i)a|b", {"(?i)a|b"}},
    {"(*COMMIT)a|b", {"(*COMMIT)a|b"}},
    {"a)|b", {"a)|b"}},
    {"(a|b", {"(a|b"}},
};

Test(parts, alternatives_are_taken_apart)
{
    struct arena *arena = arena_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *parts[LITERALS_MAX_PARTS];
        size_t n = literals_split(rows[i].pattern, arena, parts);
        for (size_t j = 0; j < MOST && rows[i].want[j] != NULL; j++) {
            cr_assert(j < n, "%s: %zu", rows[i].pattern, n);
            cr_expect_str_eq(parts[j], rows[i].want[j], "%s", rows[i].pattern);
        }
        cr_expect(n <= MOST && (n == MOST || rows[i].want[n] == NULL),
            "%s: %zu", rows[i].pattern, n);
    }
    arena_free(arena);
}

static const struct parts_source rules[] = {
    {"user unknown|no mailbox", "sender|relay (?:denied|refused)"},
    {"spam", NULL},
    {"|x", "DNS"},
};

enum { N_RULES = sizeof(rules) / sizeof(rules[0]) };

Test(parts, candidates_know_their_rules)
{
    struct parts *p = parts_create(rules, N_RULES, NULL, 0);
    struct parts_scratch *s = parts_scratch_create(p);
    cr_expect_eq(parts_n_always(p), 2, "%zu", parts_n_always(p));
    size_t n = 0;
    const uint32_t *found =
        parts_candidates(p, s, SPAN_LITERAL("there is NO Mailbox"), &n);
    cr_assert_eq(n, 3, "%zu", n);
    cr_expect_eq(parts_rule(p, found[0]), 0);
    cr_expect_eq(parts_rule(p, found[1]), 2);
    struct regex_workspace *w = regex_workspace_create();
    cr_expect_eq(regex_match(parts_regex(p, found[0]), w,
                     SPAN_LITERAL("there is NO Mailbox")),
        REGEX_MATCH);
    cr_expect_eq(
        regex_match(parts_regex(p, found[0]), w, SPAN_LITERAL("user unknown")),
        REGEX_NO_MATCH);
    regex_workspace_free(w);
    parts_scratch_free(s);
    parts_free(p);
}

/* Which parts of the `unless` of a rule may match, as bits. */
static const struct {
    const char *name;
    const char *text;
    size_t rule;
    size_t n_parts;
    unsigned may;
} exceptions[] = {
    {"none", "user unknown", 0, 2, 0},
    {"the first", "SENDER: user unknown", 0, 2, 1},
    {"the second", "relay refused", 0, 2, 2},
    {"in the wrong order", "refused to relay", 0, 2, 0},
    {"no exception", "sender is spam", 1, 0, 0},
    {"three bytes", "a dns error", 2, 1, 1},
    {"three bytes are not there", "a dn", 2, 1, 0},
};

Test(parts, exceptions_are_asked_for_behind_a_scan)
{
    struct parts *p = parts_create(rules, N_RULES, NULL, 0);
    struct parts_scratch *s = parts_scratch_create(p);
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        size_t n = 0;
        parts_candidates(p, s, span_of(exceptions[i].text), &n);
        size_t first = parts_unless(p, exceptions[i].rule, &n);
        cr_assert_eq(
            n, exceptions[i].n_parts, "%s: %zu", exceptions[i].name, n);
        unsigned may = 0;
        for (size_t j = 0; j < n; j++) {
            cr_expect_eq(parts_rule(p, first + j), exceptions[i].rule);
            may |= (unsigned)parts_holds(p, s, first + j) << j;
        }
        cr_expect_eq(may, exceptions[i].may, "%s: %x", exceptions[i].name, may);
    }
    parts_scratch_free(s);
    parts_free(p);
}
