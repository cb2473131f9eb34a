/* SPDX-License-Identifier: MIT */
/*
 * Words are what people choose when they write a reply; marks, numbers and
 * what the template masks are left out.  "The", "mail" and "rejected" stand in
 * half of all replies and tell little, so each word counts by how few texts
 * hold it.
 */
#include "classify/wording.h"

#include <math.h>
#include <stdlib.h>

enum { LONGEST_WORD = 64 };

struct weight {
    uint64_t hash;
    double value;
};

struct wording_weights {
    struct weight *items; /* ascending by hash */
    size_t n;
    double most;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters, digits, what joins them to one word, and all beyond ASCII. */
static bool is_part(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
           c == '\'' || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_number(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.ptr[i])) {
            return false;
        }
    }
    return true;
}

static uint64_t hash_word(struct span s)
{
    char lower[LONGEST_WORD];
    s.len = s.len < sizeof(lower) ? s.len : sizeof(lower);
    span_lower(s, lower);
    return span_hash((struct span){lower, s.len});
}

/* The placeholder ("{host}") or word at the start of ${s}; its length. */
static size_t word_at(struct span s, bool *varies)
{
    size_t n = 0;
    if (s.ptr[0] == '{') {
        size_t end = span_find(s, SPAN_LITERAL("}"));
        *varies = true;
        return end < s.len ? end + 1 : 0;
    }
    while (n < s.len && is_part(s.ptr[n])) {
        n++;
    }
    *varies = is_number(span_first(s, n));
    return n;
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Sort ${values} and drop what stands there twice; return how many stay. */
static size_t sort_unique(uint64_t *values, size_t n)
{
    size_t kept = 0;
    if (n > 1) {
        qsort(values, n, sizeof(*values), by_value);
    }
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || values[kept - 1] != values[i]) {
            values[kept++] = values[i];
        }
    }
    return kept;
}

void wording_read(struct arena *a, struct span text, struct wording *w)
{
    size_t most = text.len / 2 + 1;
    *w = (struct wording){.text = text,
        .words = arena_alloc(a, most * sizeof(*w->words)),
        .bag = arena_alloc(a, most * sizeof(*w->bag))};
    for (struct span rest = text; rest.len > 0;) {
        bool varies = false;
        size_t n = word_at(rest, &varies);
        if (n == 0) {
            rest = span_skip(rest, 1);
            continue;
        }
        struct span word = span_first(rest, n);
        uint64_t hash = hash_word(word);
        w->words[w->n_words++] = (struct wording_word){word, hash, varies};
        if (!varies) {
            w->bag[w->n_bag++] = hash;
        }
        rest = span_skip(rest, n);
    }
    w->n_bag = sort_unique(w->bag, w->n_bag);
}

static size_t count_words(const struct wording *list, size_t n)
{
    size_t n_words = 0;
    for (size_t i = 0; i < n; i++) {
        n_words += list[i].n_bag;
    }
    return n_words;
}

struct wording_weights *wording_weights_create(
    const struct wording *list, size_t n)
{
    struct wording_weights *w = memory_zalloc(1, sizeof(*w));
    size_t n_words = count_words(list, n);
    uint64_t *all = memory_zalloc(n_words + 1, sizeof(*all));
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < list[i].n_bag; j++) {
            all[at++] = list[i].bag[j];
        }
    }
    if (n_words > 1) {
        qsort(all, n_words, sizeof(*all), by_value);
    }
    w->items = memory_zalloc(n_words + 1, sizeof(*w->items));
    w->most = log(1 + (double)n);
    for (size_t i = 0; i < n_words;) {
        size_t next = i;
        while (next < n_words && all[next] == all[i]) {
            next++;
        }
        double value = log(1 + (double)n / (double)(next - i));
        w->items[w->n++] = (struct weight){all[i], value};
        i = next;
    }
    free(all);
    return w;
}

void wording_weights_free(struct wording_weights *weights)
{
    if (weights == NULL) {
        return;
    }
    free(weights->items);
    free(weights);
}

double wording_weight(const struct wording_weights *weights, uint64_t hash)
{
    size_t low = 0;
    size_t high = weights->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (weights->items[middle].hash < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < weights->n && weights->items[low].hash == hash;
    return found ? weights->items[low].value : weights->most;
}

static double norm(
    const struct wording_weights *weights, const struct wording *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->n_bag; i++) {
        double value = wording_weight(weights, w->bag[i]);
        sum += value * value;
    }
    return sum;
}

double wording_similarity(const struct wording_weights *weights,
    const struct wording *a, const struct wording *b)
{
    double common = 0;
    for (size_t i = 0, j = 0; i < a->n_bag && j < b->n_bag;) {
        if (a->bag[i] == b->bag[j]) {
            double value = wording_weight(weights, a->bag[i]);
            common += value * value;
            i++;
            j++;
        } else if (a->bag[i] < b->bag[j]) {
            i++;
        } else {
            j++;
        }
    }
    return common > 0 ? common / sqrt(norm(weights, a) * norm(weights, b)) : 0;
}
