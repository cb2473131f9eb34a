/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "base/span.h"

#define XXH_INLINE_ALL /* most texts are so short that a call would count */
#include <xxhash.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#ifdef __SSE2__
static __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Of the sixteen places from ${p} on, a bit for each that holds ${needle}.
 * Few have both its first and its last byte. */
static const char *find_in_sixteen(
    const char *p, struct span needle, __m128i first, __m128i last)
{
    __m128i begins = _mm_cmpeq_epi8(first, load(p));
    __m128i ends = _mm_cmpeq_epi8(last, load(p + needle.len - 1));
    unsigned both = (unsigned)_mm_movemask_epi8(_mm_and_si128(begins, ends));
    for (; both != 0; both &= both - 1) {
        const char *hit = p + __builtin_ctz(both);
        if (span_same_bytes(hit, needle.ptr, needle.len)) {
            return hit;
        }
    }
    return NULL;
}

/* The same in fewer than sixteen places. */
static const char *find_in_few(struct span s, struct span needle)
{
    const char *end = s.ptr + (s.len - needle.len);
    for (const char *p = s.ptr; p <= end; p++) {
        if (*p == *needle.ptr && span_same_bytes(p, needle.ptr, needle.len)) {
            return p;
        }
    }
    return NULL;
}

/*
 * Sixteen places at a time; the last sixteen overlap those before.  Texts here
 * are short, which is where memmem() spends more on preparing than on
 * searching.
 */
static const char *find(struct span s, struct span needle)
{
    if (s.len < needle.len + 15) {
        return find_in_few(s, needle);
    }
    const __m128i first = _mm_set1_epi8(needle.ptr[0]);
    const __m128i last = _mm_set1_epi8(needle.ptr[needle.len - 1]);
    const char *end = s.ptr + (s.len - needle.len - 15);
    for (const char *p = s.ptr; p < end; p += 16) {
        const char *hit = find_in_sixteen(p, needle, first, last);
        if (hit != NULL) {
            return hit;
        }
    }
    return find_in_sixteen(end, needle, first, last);
}

/* Where span_find_any() is to go on byte by byte: at a hit, or where less than
 * sixteen bytes are left. */
static size_t find_any_by_sixteen(struct span s, const char bytes[3])
{
    const __m128i a = _mm_set1_epi8(bytes[0]);
    const __m128i b = _mm_set1_epi8(bytes[1]);
    const __m128i c = _mm_set1_epi8(bytes[2]);
    size_t i = 0;
    for (; i + 16 <= s.len; i += 16) {
        __m128i text = load(s.ptr + i);
        __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(text, a),
            _mm_or_si128(_mm_cmpeq_epi8(text, b), _mm_cmpeq_epi8(text, c)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hits);
        if (mask != 0) {
            return i + (size_t)__builtin_ctz(mask);
        }
    }
    return i;
}
#else
static const char *find(struct span s, struct span needle)
{
    return memmem(s.ptr, s.len, needle.ptr, needle.len);
}

static size_t find_any_by_sixteen(struct span s, const char bytes[3])
{
    (void)s;
    (void)bytes;
    return 0;
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
    const char *hit = find(s, needle);
    return hit != NULL ? (size_t)(hit - s.ptr) : s.len;
}

size_t span_find_any(struct span s, const char bytes[3])
{
    size_t i = find_any_by_sixteen(s, bytes);
    while (i < s.len && s.ptr[i] != bytes[0] && s.ptr[i] != bytes[1] &&
           s.ptr[i] != bytes[2]) {
        i++;
    }
    return i;
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
