/* SPDX-License-Identifier: MIT */
#include "aggregate/samples.h"

#include <criterion/criterion.h>

struct mask_row {
    const char *line;
    const char *want;
};

static const struct mask_row mask_rows[] = {
    {"", ""},
    {"no address", "no address"},
    {"to=<joe@example.org>, x", "to=<***@example.org>, x"},
    {"joe@example.org", "***@example.org"},
    {"<a@b.example> <c@d.example>", "<***@b.example> <***@d.example>"},
    {"from=joe.smith+tag@example.org rest", "from=***@example.org rest"},
    {"<\"joe smith\"@example.org>", "<***@example.org>"},
    {"a b@", "a b@"},
    {"at @ alone", "at @ alone"},
    {"<bounce-joe=example.com@list.example>", "<***@list.example>"},
    {"j\xc3\xb6rg@example.org", "***@example.org"},
    {"x@[192.0.2.1]", "***@[192.0.2.1]"},
};

Test(samples, local_parts_are_masked)
{
    for (size_t i = 0; i < sizeof(mask_rows) / sizeof(mask_rows[0]); i++) {
        char out[256];
        struct span got =
            samples_mask(span_of(mask_rows[i].line), false, out, sizeof(out));
        cr_assert(span_equal(got, span_of(mask_rows[i].want)), "%s gave %.*s",
            mask_rows[i].line, (int)got.len, got.ptr);
        got = samples_mask(span_of(mask_rows[i].line), true, out, sizeof(out));
        cr_assert(span_equal(got, span_of(mask_rows[i].line)),
            "%s kept gave %.*s", mask_rows[i].line, (int)got.len, got.ptr);
    }
}

/* Wherever a line is cut, nothing of a local part is left. */
Test(samples, a_cut_line_shows_no_local_part)
{
    struct span line = SPAN_LITERAL("to=<secret@example.org>, <secret@x.y>");
    for (size_t len = 1; len < line.len; len++) {
        char out[64];
        struct span got = samples_mask(line, false, out, len);
        cr_assert(got.len <= len);
        cr_assert_eq(span_find(got, SPAN_LITERAL("se")), got.len,
            "cut at %zu: %.*s", len, (int)got.len, got.ptr);
    }
}

static const int64_t hashes[] = {50, -3, 7, 7, 90, INT64_MIN, 8, -3, 1};

static void expect_best(struct samples *s)
{
    static const int64_t want[] = {INT64_MIN, -3, 1};
    size_t n = 0;
    const struct sample *got = samples_get(s, 4, &n);
    cr_assert_eq(n, 3);
    for (size_t i = 0; i < n; i++) {
        cr_assert_eq(got[i].hash, want[i], "place %zu", i);
        cr_assert_eq(got[i].time, want[i] / 2, "place %zu", i);
    }
}

Test(samples, smallest_hashes_are_kept_in_any_order)
{
    struct samples *s = samples_create(false);
    size_t n_hashes = sizeof(hashes) / sizeof(hashes[0]);
    for (size_t shift = 0; shift < n_hashes; shift++) {
        for (size_t i = 0; i < n_hashes; i++) {
            int64_t hash = hashes[(i + shift) % n_hashes];
            samples_add(
                s, 4, (struct sample){hash, hash / 2, SPAN_LITERAL("line")});
        }
        expect_best(s);
        samples_reset(s);
    }
    size_t n = 9;
    samples_get(s, 4, &n);
    cr_assert_eq(n, 0);
    samples_free(s);
    samples_free(NULL);
}

Test(samples, replies_are_apart)
{
    struct samples *s = samples_create(false);
    samples_add(s, 0, (struct sample){1, 1, SPAN_LITERAL("a")});
    samples_add(s, 900, (struct sample){2, 2, SPAN_LITERAL("b")});
    size_t n = 0;
    cr_assert_eq(samples_get(s, 900, &n)->hash, 2);
    cr_assert_eq(n, 1);
    samples_get(s, 899, &n);
    cr_assert_eq(n, 0);
    cr_assert(samples_bytes(s) > 0);
    samples_free(s);
}
