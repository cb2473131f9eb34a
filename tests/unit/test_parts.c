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

static const char *const matches[] = {"user unknown|no mailbox", "spam", "|x"};

Test(parts, candidates_know_their_rules)
{
    struct parts *p = parts_create(matches, 3, NULL, 0);
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
