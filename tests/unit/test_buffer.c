/* SPDX-License-Identifier: MIT */
/* base/buffer: grows up to its limit, and then says so. */
#include "base/buffer.h"

#include <criterion/criterion.h>

static void add_each(struct buffer *b, const char *const *parts)
{
    for (; *parts != NULL; parts++) {
        buffer_add_string(b, *parts);
    }
}

Test(buffer, limit)
{
    static const struct {
        const char *name;
        size_t limit;
        const char *parts[4];
        const char *want;
        bool overflowed;
    } rows[] = {
        {"empty", 8, {NULL}, "", false},
        {"below", 8, {"abc", "de", NULL}, "abcde", false},
        {"just full", 5, {"abc", "de", NULL}, "abcde", false},
        {"one too many", 4, {"abc", "de", NULL}, "abc", true},
        {"what fits later is still taken", 4, {"abc", "de", "f", NULL}, "abcf",
            true},
        {"limit of nothing", 0, {"", "a", NULL}, "", true},
        {"nothing added", 0, {"", NULL}, "", false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buffer b;
        buffer_init(&b, rows[i].limit);
        add_each(&b, rows[i].parts);
        cr_expect_str_eq(buffer_string(&b), rows[i].want, "%s", rows[i].name);
        cr_expect_eq(b.overflowed, rows[i].overflowed, "%s", rows[i].name);
        cr_expect(span_equal(buffer_span(&b), span_of(rows[i].want)), "%s",
            rows[i].name);
        buffer_free(&b);
    }
}

Test(buffer, formats)
{
    struct buffer b;
    buffer_init(&b, 10);
    buffer_addf(&b, "%s-%d", "ab", 12);
    buffer_addf(&b, "%s", "");
    buffer_addf(&b, "%06d", 7); /* does not fit, so nothing of it is taken */
    cr_expect_str_eq(buffer_string(&b), "ab-12");
    cr_expect(b.overflowed);
    buffer_reset(&b);
    cr_expect_not(b.overflowed);
    buffer_addf(&b, "%010d", 7);
    cr_expect_str_eq(buffer_string(&b), "0000000007");
    cr_expect_not(b.overflowed);
    buffer_free(&b);
}

Test(buffer, bytes_survive)
{
    struct buffer b;
    buffer_init(&b, 100);
    buffer_add(&b, SPAN_LITERAL("a\0b"));
    buffer_add(&b, SPAN_NONE);
    buffer_add_char(&b, '\0');
    buffer_add_char(&b, '\xff');
    cr_expect(span_equal(buffer_span(&b), SPAN_LITERAL("a\0b\0\xff")));
    buffer_free(&b);
}

Test(buffer, grows_and_starts_again)
{
    struct buffer b;
    buffer_init(&b, 1000000);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 100000; i++) {
            buffer_add_char(&b, (char)('a' + i % 26));
        }
        struct span all = buffer_span(&b);
        cr_assert_eq(all.len, 100000);
        for (size_t i = 0; i < all.len; i++) {
            cr_assert_eq(all.ptr[i], (char)('a' + (int)(i % 26)));
        }
        buffer_free(&b);
        cr_expect_eq(buffer_span(&b).len, 0);
        cr_expect_str_eq(buffer_string(&b), "");
        cr_expect_eq(b.limit, 1000000, "the limit outlives the memory");
    }
    buffer_free(&b);
}
