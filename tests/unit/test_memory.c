/* SPDX-License-Identifier: MIT */
/* base/memory: allocation that cannot fail, and the arena. */
#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdlib.h>

Test(memory, copy)
{
    static const struct span rows[] = {
        SPAN_INIT("text"), SPAN_INIT(""), {NULL, 0}, SPAN_INIT("a\0b\xff")};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *copy = memory_copy(rows[i]);
        cr_expect(span_equal((struct span){copy, rows[i].len}, rows[i]),
            "row %zu", i);
        cr_expect_eq(copy[rows[i].len], '\0', "row %zu: terminated", i);
        free(copy);
    }
}

Test(memory, nothing_is_something)
{
    void *none[] = {memory_alloc(0), memory_zalloc(0, 8), memory_zalloc(8, 0),
        memory_grow(NULL, 0, 8)};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        cr_expect_not_null(none[i], "row %zu", i);
        free(none[i]);
    }
}

Test(memory, zeroed_and_grown)
{
    int *numbers = memory_zalloc(4, sizeof(*numbers));
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(numbers[i], 0);
        numbers[i] = i;
    }
    numbers = memory_grow(numbers, 1000, sizeof(*numbers));
    for (int i = 0; i < 4; i++) {
        cr_expect_eq(numbers[i], i);
    }
    free(numbers);
}

/* Sizes that cannot be had end the program with status 4. */
Test(memory, more_than_there_is, .exit_code = 4)
{
    memory_grow(NULL, SIZE_MAX / 2, 8);
}

Test(arena, allocations_are_apart_and_aligned)
{
    struct arena *a = arena_create();
    enum { N = 300, STEP = 577 };
    unsigned char *got[N];
    for (size_t i = 0; i < N; i++) {
        got[i] = arena_alloc(a, i * STEP);
        cr_assert_eq((uintptr_t)got[i] % alignof(max_align_t), 0, "%zu", i);
        memset(got[i], (int)(i & 0xff), i * STEP);
    }
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < i * STEP; k++) {
            cr_assert_eq(got[i][k], i & 0xff, "allocation %zu", i);
        }
    }
    cr_expect_geq(arena_used(a), (size_t)(N - 1) * N / 2 * STEP);
    arena_free(a);
}

Test(arena, copies)
{
    struct arena *a = arena_create();
    struct span copy = arena_copy(a, SPAN_LITERAL("a\0b"));
    cr_expect(span_equal(copy, SPAN_LITERAL("a\0b")));
    cr_expect_eq(copy.ptr[3], '\0');
    struct span empty = arena_copy(a, SPAN_NONE);
    cr_expect(span_is_known(empty));
    cr_expect_eq(empty.len, 0);
    cr_expect_str_eq(arena_string(a, "name"), "name");
    arena_free(a);
}

Test(arena, reset)
{
    struct arena *a = arena_create();
    arena_reset(a); /* an empty one */
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            memset(arena_alloc(a, 5000), round, 5000);
        }
        cr_expect_geq(arena_used(a), 500000, "round %d", round);
        arena_reset(a);
        cr_expect_eq(arena_used(a), 0, "round %d", round);
    }
    arena_free(a);
    arena_free(NULL);
}
