/* SPDX-License-Identifier: MIT */
/* parse/record: names and values of one line. */
#include "parse/record.h"

#include "base/limits.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct record sample(void)
{
    static const struct record_pair pairs[] = {
        {SPAN_INIT("to"), SPAN_INIT("a@example.com")},
        {SPAN_INIT("code"), SPAN_INIT("550")},
        {SPAN_INIT("to"), SPAN_INIT("b\0@example.com")},
        {SPAN_INIT("empty"), SPAN_INIT("")},
        {SPAN_INIT("to"), SPAN_INIT("\xff")},
        {SPAN_INIT("t\0o"), SPAN_INIT("NUL")},
        {SPAN_INIT(""), SPAN_INIT("nameless")},
    };
    struct record r;
    record_init(&r);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        cr_assert(record_add(&r, pairs[i].name, pairs[i].value));
    }
    return r;
}

Test(record, find)
{
    static const struct {
        struct span name;
        struct span want;
    } rows[] = {
        {SPAN_INIT("to"), SPAN_INIT("a@example.com")},
        {SPAN_INIT("code"), SPAN_INIT("550")},
        {SPAN_INIT("empty"), SPAN_INIT("")},
        {SPAN_INIT("t\0o"), SPAN_INIT("NUL")},
        {SPAN_INIT(""), SPAN_INIT("nameless")},
        {SPAN_INIT("t"), {NULL, 0}},
        {SPAN_INIT("To"), {NULL, 0}},
        {SPAN_INIT("too"), {NULL, 0}},
    };
    struct record r = sample();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span got = record_find(&r, rows[i].name);
        cr_expect_eq(
            span_is_known(got), span_is_known(rows[i].want), "row %zu", i);
        cr_expect(span_equal(got, rows[i].want), "row %zu: %.*s", i,
            (int)got.len, got.ptr);
    }
    record_free(&r);
}

Test(record, each)
{
    static const struct span want[] = {
        SPAN_INIT("a@example.com"),
        SPAN_INIT("b\0@example.com"),
        SPAN_INIT("\xff"),
    };
    struct record r = sample();
    size_t index = 0;
    for (size_t i = 0; i < 3; i++) {
        struct span got = record_each(&r, SPAN_LITERAL("to"), &index);
        cr_expect(span_equal(got, want[i]), "value %zu", i);
    }
    for (int i = 0; i < 2; i++) {
        struct span got = record_each(&r, SPAN_LITERAL("to"), &index);
        cr_expect_not(span_is_known(got));
    }
    record_free(&r);
}

Test(record, keeps_its_own_text)
{
    struct record r;
    record_init(&r);
    char name[] = "name";
    char value[] = "value";
    record_add(&r, span_of(name), span_of(value));
    name[0] = value[0] = 'X';
    cr_expect(span_equal(
        record_find(&r, SPAN_LITERAL("name")), SPAN_LITERAL("value")));
    record_reset(&r);
    cr_expect_not(span_is_known(record_find(&r, SPAN_LITERAL("name"))));
    cr_expect(record_add(&r, SPAN_LITERAL("unknown"), SPAN_NONE));
    cr_expect(span_is_known(record_find(&r, SPAN_LITERAL("unknown"))));
    record_free(&r);
}

Test(record, limits)
{
    struct record r;
    record_init(&r);
    struct span name = SPAN_LITERAL("n");
    for (size_t i = 0; i < LIMIT_RECORD_PAIRS; i++) {
        cr_assert(record_add(&r, name, SPAN_LITERAL("v")), "pair %zu", i);
    }
    cr_expect_not(r.overflowed);
    cr_expect_not(record_add(&r, name, SPAN_LITERAL("v")));
    cr_expect(r.overflowed);
    cr_expect_eq(r.n_pairs, LIMIT_RECORD_PAIRS);

    char *big = memory_zalloc(1, LIMIT_RECORD_LEN);
    struct span whole = {big, LIMIT_RECORD_LEN - 1};
    record_reset(&r);
    cr_expect_not(r.overflowed);
    cr_expect(record_add(&r, name, whole), "exactly full");
    cr_expect(record_add(&r, SPAN_NONE, SPAN_NONE), "no bytes still fit");
    cr_expect_not(record_add(&r, name, SPAN_NONE));

    record_reset(&r);
    whole.len++;
    cr_expect_not(record_add(&r, name, whole), "a byte too much");
    cr_expect(record_add(&r, name, SPAN_LITERAL("v")), "others still fit");
    cr_expect(r.overflowed);

    record_reset(&r);
    cr_expect(record_add(&r, (struct span){big, LIMIT_RECORD_NAME}, name));
    cr_expect_not(
        record_add(&r, (struct span){big, LIMIT_RECORD_NAME + 1}, name));
    free(big);
    record_free(&r);
    record_free(&r);
    record_free(NULL);
}
