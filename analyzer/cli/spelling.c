/* SPDX-License-Identifier: MIT */
/*
 * Near is: at most a third of the letters (two at most) inserted, left out,
 * replaced or swapped with their neighbour, or the typed text is how the word
 * begins.
 */
#include "cli/spelling.h"

enum { WORD_LEN = 32 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance, row by row. */
static size_t edit_distance(struct span a, struct span b)
{
    size_t rows[3][WORD_LEN + 1];
    for (size_t j = 0; j <= b.len; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.ptr[i - 1] != b.ptr[j - 1];
            row[j] =
                least(least(row[j - 1], above[j]) + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] &&
                a.ptr[i - 2] == b.ptr[j - 1]) {
                row[j] = least(row[j], second[j - 2] + 1);
            }
        }
    }
    return rows[a.len % 3][b.len];
}

void spelling_init(struct spelling *s, struct span typed)
{
    size_t near = typed.len / 3;
    *s = (struct spelling){typed, NULL, (near < 2 ? near : 2) + 1};
    if (typed.len > 0 && typed.len < 3) {
        s->distance = 2;
    }
}

void spelling_offer(struct spelling *s, const char *word)
{
    struct span known = span_of(word);
    if (known.len > WORD_LEN || s->typed.len > WORD_LEN || s->typed.len == 0) {
        return;
    }
    size_t distance = edit_distance(s->typed, known);
    if (s->typed.len >= 3 && span_starts(known, s->typed)) {
        distance = least(distance, 1);
    }
    if (distance < s->distance) {
        s->best = word;
        s->distance = distance;
    }
}
