/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* memmem */
#include "base/span.h"

#include <xxhash.h>

size_t span_find(struct span s, struct span needle)
{
    if (needle.len > s.len) {
        return s.len;
    }
    if (needle.len == 0) {
        return 0;
    }
    const char *hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
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
