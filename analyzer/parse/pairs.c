/* SPDX-License-Identifier: MIT */
#include "parse/pairs.h"

/* The closing quote of ${s}, which begins with one; s.len if there is none. */
static size_t find_quote(struct span s)
{
    for (size_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == '\\') {
            i++;
        } else if (s.ptr[i] == '"') {
            return i;
        }
    }
    return s.len;
}

/* The ">" of ${s} that ${between} or the end follows. */
static size_t find_bracket(struct span s, struct span between)
{
    const char *end = s.ptr + s.len;
    const char *p = s.ptr;
    while ((p = memchr(p, '>', (size_t)(end - p))) != NULL) {
        struct span rest = {p + 1, (size_t)(end - p) - 1};
        if (rest.len == 0 || span_starts(rest, between)) {
            return (size_t)(p - s.ptr);
        }
        p++;
    }
    return s.len;
}

/* span_find(), but for values, which are short: the first byte of ${between}
 * stands in few of them. */
static size_t find_between(struct span s, struct span between)
{
    const char *end = s.ptr + s.len;
    const char *p = s.ptr;
    if (between.len == 0) {
        return 0;
    }
    while (
        p < end && (p = memchr(p, between.ptr[0], (size_t)(end - p))) != NULL) {
        if (span_starts((struct span){p, (size_t)(end - p)}, between)) {
            return (size_t)(p - s.ptr);
        }
        p++;
    }
    return s.len;
}

static struct span take_value(struct span s, struct span between)
{
    size_t end = s.len;
    if (s.len > 0 && s.ptr[0] == '<') {
        end = find_bracket(s, between);
    } else if (s.len > 0 && s.ptr[0] == '"') {
        end = find_quote(s);
    }
    if (end < s.len) {
        return span_first(s, end + 1);
    }
    return span_first(s, find_between(s, between));
}

static struct span bare(struct span s)
{
    if (s.len >= 2 && ((s.ptr[0] == '<' && s.ptr[s.len - 1] == '>') ||
                          (s.ptr[0] == '"' && s.ptr[s.len - 1] == '"'))) {
        return (struct span){s.ptr + 1, s.len - 2};
    }
    return s;
}

bool pairs_next(struct span *rest, struct span between, struct pair *pair)
{
    struct span s = *rest;
    size_t key = 0;
    size_t eq = 0;
    /* what stands before the key is no part of it: "(12) to=…" */
    for (; eq < s.len && s.ptr[eq] != '='; eq++) {
        if (s.ptr[eq] == ' ' || s.ptr[eq] == ',') {
            key = eq + 1;
        }
    }
    if (eq == s.len) {
        return false;
    }
    pair->key = span_skip(span_first(s, eq), key);
    pair->raw = take_value(span_skip(s, eq + 1), between);
    pair->value = bare(pair->raw);
    s = span_skip(s, eq + 1 + pair->raw.len);
    *rest = span_skip(s, s.len >= between.len ? between.len : s.len);
    return true;
}
