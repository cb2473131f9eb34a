/* SPDX-License-Identifier: MIT */
/* base/intern: texts to dense numbers, and back. */
#include "base/intern.h"

#include <criterion/criterion.h>
#include <stdio.h>

Test(intern, numbers)
{
    static const struct {
        struct span s;
        uint32_t want;
    } rows[] = {
        {SPAN_INIT(""), 0},
        {{NULL, 0}, 0},
        {SPAN_INIT("a"), 1},
        {SPAN_INIT("A"), 2},
        {SPAN_INIT("a"), 1},
        {SPAN_INIT("a\0"), 3},
        {SPAN_INIT("a\0b"), 4},
        {SPAN_INIT("\xff\xfe"), 5},
        {SPAN_INIT("a\0"), 3},
    };
    struct intern *t = intern_create();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t id = intern_add(t, rows[i].s);
        cr_expect_eq(id, rows[i].want, "row %zu: %u", i, id);
        struct span text = intern_text(t, id);
        cr_expect(span_equal(text, rows[i].s), "row %zu: text", i);
        cr_expect_eq(text.ptr[text.len], '\0', "row %zu: terminated", i);
    }
    cr_expect_eq(intern_count(t), 6);
    intern_free(t);
    intern_free(NULL);
}

Test(intern, recall)
{
    static const struct span texts[] = {SPAN_INIT("mx1"), SPAN_INIT("mx2"),
        SPAN_INIT("m\0001"), SPAN_INIT(""), SPAN_INIT("a.example"),
        SPAN_INIT("b.example")};
    enum { N = sizeof(texts) / sizeof(texts[0]) };
    struct intern *t = intern_create();
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < N; i++) {
            uint32_t id = 99;
            bool there = round > 0 || texts[i].len == 0;
            cr_expect_eq(intern_recall(t, texts[i], &id), there, "%u", i);
            cr_expect_eq(id, there ? intern_add(t, texts[i]) : 99, "%u", i);
            intern_add(t, texts[i]);
        }
    }
    cr_expect_eq(intern_count(t), N);
    intern_reset(t);
    uint32_t id = 0;
    cr_expect_not(intern_recall(t, texts[0], &id), "forgotten");
    cr_expect_eq(intern_add(t, texts[1]), 1);
    cr_expect_not(intern_recall(t, texts[0], &id), "another has its number");
    intern_free(t);
}

static struct span number_text(char *out, size_t len, uint32_t n)
{
    int used = snprintf(out, len, "text-%u", n);
    return (struct span){out, (size_t)used};
}

Test(intern, many_and_again)
{
    enum { N = 50000 };
    struct intern *t = intern_create();
    for (int round = 0; round < 2; round++) {
        char text[32];
        uint32_t id = 0;
        for (uint32_t i = 1; i <= N; i++) {
            struct span s = number_text(text, sizeof(text), i);
            cr_assert_not(intern_find(t, s, &id), "%u is not there", i);
            cr_assert_eq(intern_add(t, s), i);
        }
        for (uint32_t i = 1; i <= N; i++) {
            struct span s = number_text(text, sizeof(text), i);
            cr_assert(intern_find(t, s, &id) && id == i, "%u", i);
            cr_assert(span_equal(intern_text(t, i), s), "%u", i);
        }
        cr_expect_eq(intern_count(t), N + 1);
        cr_expect_geq(intern_bytes(t), (size_t)N * sizeof("text-1"));
        intern_reset(t);
        cr_expect_eq(intern_count(t), 1);
        cr_expect_not(intern_find(t, span_of("text-1"), &id));
        cr_expect(intern_find(t, SPAN_LITERAL(""), &id) && id == 0);
    }
    intern_free(t);
}
