/* SPDX-License-Identifier: MIT */
/* base/span: bytes with a length, which may hold anything. */
#include "base/span.h"

#include <criterion/criterion.h>

Test(span, find)
{
    static const struct {
        const char *name;
        struct span s;
        struct span needle;
        size_t want;
    } rows[] = {
        {"first of two", SPAN_INIT("a, b, c"), SPAN_INIT(", "), 1},
        {"none", SPAN_INIT("abc"), SPAN_INIT("x"), 3},
        {"at the end", SPAN_INIT("abc"), SPAN_INIT("bc"), 1},
        {"longer than the text", SPAN_INIT("ab"), SPAN_INIT("abc"), 2},
        {"empty needle", SPAN_INIT("ab"), SPAN_INIT(""), 0},
        {"empty text", SPAN_INIT(""), SPAN_INIT("a"), 0},
        {"unknown text", {NULL, 0}, SPAN_INIT("a"), 0},
        {"both unknown", {NULL, 0}, {NULL, 0}, 0},
        {"beyond a NUL", SPAN_INIT("a\0b"), SPAN_INIT("b"), 2},
        {"NUL itself", SPAN_INIT("a\0b"), SPAN_INIT("\0"), 1},
        {"high bytes", SPAN_INIT("\xff\xfe x"), SPAN_INIT("\xfe"), 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect_eq(span_find(rows[i].s, rows[i].needle), rows[i].want, "%s",
            rows[i].name);
    }
}

/* Long texts are searched sixteen places at a time. */
Test(span, find_anywhere)
{
    char text[72];
    for (size_t len = 0; len <= 70; len++) {
        for (size_t at = 0; at <= len; at++) {
            memset(text, 'a', sizeof(text));
            memcpy(text + at, ", ", 2);
            struct span s = {text, len};
            size_t want = at + 2 <= len ? at : len;
            cr_expect_eq(
                span_find(s, SPAN_LITERAL(", ")), want, "%zu of %zu", at, len);
            cr_expect_eq(span_find_any(s, "xy,"), at < len ? at : len,
                "any: %zu of %zu", at, len);
            cr_expect_eq(span_find_any(s, "  x"), want < len ? at + 1 : len,
                "blank: %zu of %zu", at, len);
        }
    }
}

/* Each length, with each byte another once. */
Test(span, same_bytes)
{
    char a[40];
    char b[40];
    memset(a, 'a', sizeof(a));
    for (size_t len = 0; len <= sizeof(a); len++) {
        memset(b, 'a', sizeof(b));
        cr_expect(span_same_bytes(a, b, len), "%zu", len);
        for (size_t i = 0; i < sizeof(b); i++) {
            b[i] = 'b';
            cr_expect_eq(
                span_same_bytes(a, b, len), i >= len, "%zu of %zu", i, len);
            b[i] = 'a';
        }
    }
    cr_expect(span_same_bytes(NULL, NULL, 0));
}

Test(span, compare)
{
    static const struct {
        const char *name;
        struct span a;
        struct span b;
        bool equal;
        bool nocase;
        bool starts;
        bool ends;
        bool ends_nocase;
    } rows[] = {
        {"same", SPAN_INIT("abc"), SPAN_INIT("abc"), true, true, true, true,
            true},
        {"case", SPAN_INIT("aBc"), SPAN_INIT("AbC"), false, true, false, false,
            true},
        {"prefix", SPAN_INIT("abc"), SPAN_INIT("ab"), false, false, true, false,
            false},
        {"suffix", SPAN_INIT("abc"), SPAN_INIT("bc"), false, false, false, true,
            true},
        {"suffix in other case", SPAN_INIT("abc"), SPAN_INIT("BC"), false,
            false, false, false, true},
        {"longer", SPAN_INIT("ab"), SPAN_INIT("abc"), false, false, false,
            false, false},
        {"empty in text", SPAN_INIT("ab"), SPAN_INIT(""), false, false, true,
            true, true},
        {"unknown and empty", {NULL, 0}, SPAN_INIT(""), true, true, true, true,
            true},
        {"NUL differs from its end", SPAN_INIT("a\0"), SPAN_INIT("a"), false,
            false, true, false, false},
        /* 0x5b to 0x60 lie between the cases: "[" is no upper-case "{" */
        {"only letters have a case", SPAN_INIT("["), SPAN_INIT("{"), false,
            false, false, false, false},
        {"high bytes have no case", SPAN_INIT("\xc4"), SPAN_INIT("\xe4"), false,
            false, false, false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span a = rows[i].a;
        struct span b = rows[i].b;
        const char *name = rows[i].name;
        cr_expect_eq(span_equal(a, b), rows[i].equal, "%s: equal", name);
        cr_expect_eq(
            span_equal_nocase(a, b), rows[i].nocase, "%s: nocase", name);
        cr_expect_eq(span_starts(a, b), rows[i].starts, "%s: starts", name);
        cr_expect_eq(span_ends(a, b), rows[i].ends, "%s: ends", name);
        cr_expect_eq(span_ends_nocase(a, b), rows[i].ends_nocase,
            "%s: ends_nocase", name);
    }
}

Test(span, trim)
{
    static const struct {
        struct span s;
        struct span want;
    } rows[] = {
        {SPAN_INIT(" a b\t"), SPAN_INIT("a b")},
        {SPAN_INIT("\t \t"), SPAN_INIT("")},
        {SPAN_INIT(""), SPAN_INIT("")},
        {{NULL, 0}, {NULL, 0}},
        {SPAN_INIT(" \n "), SPAN_INIT("\n")},
        {SPAN_INIT(" \0 "), SPAN_INIT("\0")},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span got = span_trim(rows[i].s);
        cr_expect(span_equal(got, rows[i].want), "row %zu", i);
    }
}

Test(span, number)
{
    static const struct {
        struct span s;
        bool fits;
        int64_t want;
    } rows[] = {
        {SPAN_INIT("0"), true, 0}, {SPAN_INIT("007"), true, 7},
        {SPAN_INIT("999999999999999999"), true, 999999999999999999},
        {SPAN_INIT("1000000000000000000"), false, -7},
        {SPAN_INIT(""), false, -7}, {{NULL, 0}, false, -7},
        {SPAN_INIT("-1"), false, -7}, {SPAN_INIT("+1"), false, -7},
        {SPAN_INIT(" 1"), false, -7}, {SPAN_INIT("1 "), false, -7},
        {SPAN_INIT("1a"), false, -7}, {SPAN_INIT("1\0"), false, -7},
        {SPAN_INIT("\xd9\xa1"), false, -7}, /* a digit, but no ASCII one */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t got = -7;
        bool fits = span_number(rows[i].s, &got);
        cr_expect_eq(fits, rows[i].fits, "row %zu", i);
        cr_expect_eq(got, rows[i].want, "row %zu: %lld", i, (long long)got);
    }
}

Test(span, lower)
{
    struct span s = SPAN_LITERAL("AZaz09[]@`{}\0\xc4\xff");
    char got[32];
    span_lower(s, got);
    cr_expect_arr_eq(got, "azaz09[]@`{}\0\xc4\xff", s.len);
}

Test(span, known_and_empty)
{
    cr_expect_not(span_is_known(SPAN_NONE));
    cr_expect(span_is_known(SPAN_LITERAL("")));
    cr_expect_not(span_is_known(span_of(NULL)));
    cr_expect_eq(span_of("ab").len, 2);
    cr_expect(span_equal(span_skip(SPAN_LITERAL("abc"), 3), SPAN_LITERAL("")));
    cr_expect(
        span_equal(span_first(SPAN_LITERAL("abc"), 2), SPAN_LITERAL("ab")));
}

Test(span, hash)
{
    cr_expect_eq(span_hash(SPAN_LITERAL("ab")), span_hash(span_of("ab")));
    cr_expect_neq(span_hash(SPAN_LITERAL("ab")), span_hash(span_of("ba")));
    cr_expect_neq(span_hash(SPAN_LITERAL("a")), span_hash(SPAN_LITERAL("a\0")));
    cr_expect_eq(span_hash(SPAN_NONE), span_hash(SPAN_LITERAL("")));
}
