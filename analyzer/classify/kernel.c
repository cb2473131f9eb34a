/* SPDX-License-Identifier: MIT */
/*
 * The longest common subsequence of words aligns a member with its leader;
 * what does not take part is no longer common.  The table is quadratic, but a
 * template has a hundred words at most.
 */
#include "classify/kernel.h"

#include <stdlib.h>

enum { LONGEST_RUN = 9, FEWEST_KEPT = 3 };

/* Lengths of common subsequences of the words behind ${i} and ${j}. */
struct table {
    uint16_t *cells;
    size_t width;
};

static uint16_t *cell(const struct table *t, size_t i, size_t j)
{
    return &t->cells[i * t->width + j];
}

static struct table fill_table(const struct wording *a, const struct wording *b)
{
    struct table t = {.width = b->n_words + 1};
    t.cells = memory_zalloc((a->n_words + 1) * t.width, sizeof(*t.cells));
    for (size_t i = a->n_words; i-- > 0;) {
        for (size_t j = b->n_words; j-- > 0;) {
            uint16_t down = *cell(&t, i + 1, j);
            uint16_t right = *cell(&t, i, j + 1);
            uint16_t best = down > right ? down : right;
            if (a->words[i].hash == b->words[j].hash) {
                best = (uint16_t)(*cell(&t, i + 1, j + 1) + 1);
            }
            *cell(&t, i, j) = best;
        }
    }
    return t;
}

/* Store in ${partner} which word of ${b} each of ${a} meets; SIZE_MAX: none. */
static void align(
    const struct wording *a, const struct wording *b, size_t *partner)
{
    struct table t = fill_table(a, b);
    size_t j = 0;
    for (size_t i = 0; i < a->n_words; i++) {
        while (j < b->n_words && a->words[i].hash != b->words[j].hash &&
               *cell(&t, i, j + 1) == *cell(&t, i, j)) {
            j++;
        }
        bool meets = j < b->n_words && a->words[i].hash == b->words[j].hash;
        partner[i] = meets ? j++ : SIZE_MAX;
    }
    free(t.cells);
}

/* What stands between word ${i} and the next one. */
static struct span gap(const struct wording *w, size_t i)
{
    const char *from = w->words[i].text.ptr + w->words[i].text.len;
    return (struct span){from, (size_t)(w->words[i + 1].text.ptr - from)};
}

void kernel_init(
    struct kernel *k, struct arena *a, const struct wording *leader)
{
    k->leader = leader;
    k->kept = arena_alloc(a, leader->n_words + 1);
    k->joined = arena_alloc(a, leader->n_words + 1);
    for (size_t i = 0; i < leader->n_words; i++) {
        k->kept[i] = !leader->words[i].varies;
        k->joined[i] = i + 1 < leader->n_words;
    }
}

/* Enough is three words, or half of what the leader has. */
static bool is_enough(const struct kernel *k, const size_t *partner)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < k->leader->n_words; i++) {
        n_kept += k->kept[i] && partner[i] != SIZE_MAX;
    }
    return n_kept >= FEWEST_KEPT || 2 * n_kept >= k->leader->n_bag;
}

bool kernel_narrow(struct kernel *k, const struct wording *member)
{
    const struct wording *leader = k->leader;
    size_t *partner = memory_alloc((leader->n_words + 1) * sizeof(*partner));
    align(leader, member, partner);
    bool enough = is_enough(k, partner);
    for (size_t i = 0; enough && i < leader->n_words; i++) {
        size_t j = partner[i];
        k->kept[i] = k->kept[i] && j != SIZE_MAX;
        k->joined[i] = k->joined[i] && j != SIZE_MAX &&
                       partner[i + 1] == j + 1 &&
                       span_equal_nocase(gap(leader, i), gap(member, j));
    }
    free(partner);
    return enough;
}

/* The part of ${run} of at most LONGEST_RUN words that tells most. */
static struct kernel_run heaviest(const struct kernel *k,
    const struct wording_weights *weights, struct kernel_run run)
{
    struct kernel_run best = {.weight = -1};
    size_t len = run.n_words < LONGEST_RUN ? run.n_words : LONGEST_RUN;
    for (size_t from = run.first; from + len <= run.first + run.n_words;
         from++) {
        double sum = 0;
        for (size_t i = from; i < from + len; i++) {
            sum += wording_weight(weights, k->leader->words[i].hash);
        }
        if (sum > best.weight) {
            best = (struct kernel_run){from, len, sum};
        }
    }
    return best;
}

size_t kernel_runs(const struct kernel *k,
    const struct wording_weights *weights, struct kernel_run *runs)
{
    size_t n = 0;
    for (size_t i = 0; i < k->leader->n_words && n < KERNEL_MAX_RUNS;) {
        size_t end = i;
        while (end < k->leader->n_words && k->kept[end]) {
            bool goes_on = k->joined[end++];
            if (!goes_on) {
                break;
            }
        }
        if (end > i) {
            struct kernel_run whole = {i, end - i, 0};
            runs[n++] = heaviest(k, weights, whole);
        }
        i = end > i ? end : i + 1;
    }
    return n;
}

struct span kernel_text(const struct kernel *k, const struct kernel_run *run)
{
    const struct wording_word *words = k->leader->words;
    const struct span *last = &words[run->first + run->n_words - 1].text;
    const char *from = words[run->first].text.ptr;
    return (struct span){from, (size_t)(last->ptr + last->len - from)};
}
