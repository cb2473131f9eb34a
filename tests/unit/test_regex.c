/* SPDX-License-Identifier: MIT */
/* pattern/regex: bytes under limits. */
#include "pattern/regex.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct regex *compile(struct span pattern, unsigned flags)
{
    char why[256] = "";
    struct regex *re = regex_compile(pattern, flags, why, sizeof(why));
    cr_assert_not_null(re, "%.*s: %s", (int)pattern.len, pattern.ptr, why);
    return re;
}

Test(regex, match)
{
    static const struct {
        const char *name;
        struct span pattern;
        unsigned flags;
        struct span subject;
        bool fits;
        struct span group; /* 1 */
    } rows[] = {
        {"anywhere", SPAN_INIT("b(.)"), REGEX_PLAIN, SPAN_INIT("abc"), true,
            SPAN_INIT("c")},
        {"not anchored", SPAN_INIT("^b(.)"), REGEX_PLAIN, SPAN_INIT("abc"),
            false, {NULL, 0}},
        {"anchored", SPAN_INIT("b(.)"), REGEX_ANCHORED, SPAN_INIT("abc"), false,
            {NULL, 0}},
        {"case counts", SPAN_INIT("B"), REGEX_PLAIN, SPAN_INIT("abc"), false,
            {NULL, 0}},
        {"case does not count", SPAN_INIT("A(B)"), REGEX_CASELESS,
            SPAN_INIT("abc"), true, SPAN_INIT("b")},
        {"group without part", SPAN_INIT("a(x)?b"), REGEX_PLAIN,
            SPAN_INIT("abc"), true, {NULL, 0}},
        {"group that is empty", SPAN_INIT("a(x*)b"), REGEX_PLAIN,
            SPAN_INIT("abc"), true, SPAN_INIT("")},
        {"dot takes a newline", SPAN_INIT("a(.)b"), REGEX_PLAIN,
            SPAN_INIT("a\nb"), true, SPAN_INIT("\n")},
        {"dot takes a NUL", SPAN_INIT("a(.)b"), REGEX_PLAIN, SPAN_INIT("a\0b"),
            true, SPAN_INIT("\0")},
        {"dot takes a byte, not a character", SPAN_INIT("^(.)"), REGEX_PLAIN,
            SPAN_INIT("\xc3\xa4"), true, SPAN_INIT("\xc3")},
        {"invalid UTF-8", SPAN_INIT("a(.*)$"), REGEX_PLAIN,
            SPAN_INIT("a\xff\xfe"), true, SPAN_INIT("\xff\xfe")},
        {"end is the very end", SPAN_INIT("a$"), REGEX_PLAIN, SPAN_INIT("a\n"),
            false, {NULL, 0}},
        {"empty subject", SPAN_INIT("^(x?)$"), REGEX_PLAIN, SPAN_INIT(""), true,
            SPAN_INIT("")},
        {"unknown subject", SPAN_INIT("^(x?)$"), REGEX_PLAIN, {NULL, 0}, true,
            SPAN_INIT("")},
        {"UTF cannot be switched on by data", SPAN_INIT("(.)$"), REGEX_PLAIN,
            SPAN_INIT("\xc3\xa4"), true, SPAN_INIT("\xa4")},
    };
    struct regex_workspace *w = regex_workspace_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct regex *re = compile(rows[i].pattern, rows[i].flags);
        enum regex_result r = regex_match(re, w, rows[i].subject);
        cr_expect_eq(
            r, rows[i].fits ? REGEX_MATCH : REGEX_NO_MATCH, "%s", rows[i].name);
        struct span group = regex_group(w, rows[i].subject, 1);
        cr_expect(span_equal(group, rows[i].group), "%s", rows[i].name);
        cr_expect_eq(group.ptr != NULL && rows[i].subject.ptr != NULL,
            rows[i].group.ptr != NULL && rows[i].subject.ptr != NULL, "%s",
            rows[i].name);
        regex_free(re);
    }
    regex_workspace_free(w);
}

Test(regex, groups)
{
    struct regex *re =
        compile(SPAN_LITERAL("(?<a>x)|(?<b>y)(z)|(?<a>w)"), REGEX_PLAIN);
    cr_expect_eq(regex_n_groups(re), 4);
    cr_expect_null(regex_group_name(re, 0));
    cr_expect_str_eq(regex_group_name(re, 1), "a");
    cr_expect_str_eq(regex_group_name(re, 2), "b");
    cr_expect_null(regex_group_name(re, 3));
    cr_expect_str_eq(regex_group_name(re, 4), "a", "a name may come twice");
    cr_expect_null(regex_group_name(re, 5));
    cr_expect_eq(regex_group_number(re, "b"), 2);
    cr_expect_eq(regex_group_number(re, "c"), 0);
    cr_expect_eq(regex_group_number(re, ""), 0);
    struct regex_workspace *w = regex_workspace_create();
    struct span s = SPAN_LITERAL("-x-");
    cr_assert_eq(regex_match(re, w, s), REGEX_MATCH);
    cr_expect(span_equal(regex_group(w, s, 0), SPAN_LITERAL("x")));
    /* groups behind the last one that took part, and groups there are not */
    for (unsigned n = 2; n < 40; n++) {
        cr_expect_not(span_is_known(regex_group(w, s, n)), "%u", n);
    }
    regex_workspace_free(w);
    regex_free(re);
}

Test(regex, faults)
{
    static const struct {
        struct span pattern;
        const char *want;
    } rows[] = {
        {SPAN_INIT("(a"), "at offset 2"},
        {SPAN_INIT("a)"), "at offset 1"},
        {SPAN_INIT("[a"), "at offset"},
        {SPAN_INIT("*"), "at offset"},
        {SPAN_INIT("(?<1>a)"), "at offset"},
        {SPAN_INIT("\\"), "at offset 1"},
        {SPAN_INIT("(*UTF)a"), "at offset"},
        {SPAN_INIT("()()()()()()()()()()()()()()()()"
                   "()()()()()()()()()()()()()()()()"),
            "more than 31 groups"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char why[256] = "";
        struct regex *re =
            regex_compile(rows[i].pattern, REGEX_PLAIN, why, sizeof(why));
        cr_expect_null(re, "%s", rows[i].pattern.ptr);
        cr_expect_not_null(
            strstr(why, rows[i].want), "%s: %s", rows[i].pattern.ptr, why);
    }
    char cut[8];
    cr_expect_null(regex_compile(SPAN_LITERAL("("), 0, cut, sizeof(cut)));
    cr_expect_lt(strlen(cut), sizeof(cut));
}

Test(regex, as_many_groups_as_there_may_be)
{
    struct regex *re = compile(SPAN_LITERAL("()()()()()()()()()()()()()()()()"
                                            "()()()()()()()()()()()()()()(x)"),
        REGEX_PLAIN);
    struct regex_workspace *w = regex_workspace_create();
    struct span s = SPAN_LITERAL("x");
    cr_assert_eq(regex_match(re, w, s), REGEX_MATCH);
    cr_expect(span_equal(regex_group(w, s, 31), s));
    regex_workspace_free(w);
    regex_free(re);
}

/* Matching gives up instead of taking exponential time, and recovers. */
Test(regex, limits, .timeout = 20)
{
    enum { LEN = 200000 };
    struct span text = {memory_alloc(LEN), LEN};
    memset((char *)(uintptr_t)text.ptr, 'a', LEN);
    static const char *const rows[] = {
        "(a+)+$x", "(a|aa)+$x", "^(?:a?){80}a{80}b", "(?:.*)*(?:.*)*b"};
    struct regex_workspace *w = regex_workspace_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct regex *re = compile(span_of(rows[i]), REGEX_PLAIN);
        cr_expect_neq(regex_match(re, w, text), REGEX_MATCH, "%s", rows[i]);
        cr_expect_not(span_is_known(regex_group(w, text, 0)), "%s", rows[i]);
        regex_free(re);
    }
    struct regex *re = compile(SPAN_LITERAL("(a+)+[xy]"), REGEX_PLAIN);
    cr_expect_eq(regex_match(re, w, text), REGEX_LIMIT);
    cr_expect_eq(regex_match(re, w, SPAN_LITERAL("aax")), REGEX_MATCH);
    regex_free(re);
    regex_workspace_free(w);
    free((char *)(uintptr_t)text.ptr);
}

Test(regex, nothing_to_free)
{
    regex_free(NULL);
    regex_workspace_free(NULL);
}
