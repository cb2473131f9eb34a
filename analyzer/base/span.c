/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "base/span.h"

#define XXH_INLINE_ALL /* most texts are so short that a call would count */
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#ifdef __SSE2__
/*
 * Sixteen places at a time are looked at for the first and the last byte of
 * the needle; few have both.  Texts here are short, which is where memmem()
 * spends more on preparing than on searching.  Stores the first place that is
 * not looked at in ${from}.
 */
static const char *find_by_sixteen(
    struct span s, struct span needle, size_t *from)
{
    const __m128i first = _mm_set1_epi8(needle.ptr[0]);
    const __m128i last = _mm_set1_epi8(needle.ptr[needle.len - 1]);
    size_t i = 0;
    for (; i + needle.len + 15 <= s.len; i += 16) {
        const char *p = s.ptr + i;
        __m128i begins = _mm_cmpeq_epi8(
            first, _mm_loadu_si128((const __m128i *)(const void *)p));
        __m128i ends = _mm_cmpeq_epi8(
            last, _mm_loadu_si128(
                      (const __m128i *)(const void *)(p + needle.len - 1)));
        unsigned both =
            (unsigned)_mm_movemask_epi8(_mm_and_si128(begins, ends));
        for (; both != 0; both &= both - 1) {
            const char *hit = p + __builtin_ctz(both);
            if (memcmp(hit, needle.ptr, needle.len) == 0) {
                return hit;
            }
        }
    }
    *from = i;
    return NULL;
}
#else
static const char *find_by_sixteen(
    struct span s, struct span needle, size_t *from)
{
    (void)s;
    (void)needle;
    *from = 0;
    return NULL;
}
#endif

size_t span_find(struct span s, struct span needle)
{
    if (needle.len > s.len) {
        return s.len;
    }
    if (needle.len == 0) {
        return 0;
    }
    size_t from = 0;
    const char *hit = find_by_sixteen(s, needle, &from);
    if (hit == NULL) {
        hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    }
    return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct span span_trim(struct span s)
{
    while (s.len > 0 && is_blank(s.ptr[0])) {
        s = span_skip(s, 1);
    }
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) {
        s.len--;
    }
    return s;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool span_equal_nocase(struct span a, struct span b)
{
    return a.len == b.len && span_ends_nocase(a, b);
}

bool span_ends_nocase(struct span s, struct span suffix)
{
    if (s.len < suffix.len || suffix.len == 0) {
        return suffix.len == 0;
    }
    const char *tail = s.ptr + (s.len - suffix.len);
    for (size_t i = 0; i < suffix.len; i++) {
        if (lower(tail[i]) != lower(suffix.ptr[i])) {
            return false;
        }
    }
    return true;
}

void span_lower(struct span s, char *out)
{
    for (size_t i = 0; i < s.len; i++) {
        out[i] = lower(s.ptr[i]);
    }
}

bool span_number(struct span s, int64_t *value)
{
    if (s.len == 0 || s.len > 18) {
        return false;
    }
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9') {
            return false;
        }
        n = n * 10 + (s.ptr[i] - '0');
    }
    *value = n;
    return true;
}

uint64_t span_hash(struct span s)
{
    return XXH3_64bits(s.ptr, s.len);
}
