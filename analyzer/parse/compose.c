/* SPDX-License-Identifier: MIT */
#include "parse/compose.h"

struct writer {
    char *out;
    size_t len;
    size_t cap;
};

static void put(struct writer *w, struct span s)
{
    size_t n = s.len < w->cap - w->len ? s.len : w->cap - w->len;
    if (n > 0) {
        memcpy(w->out + w->len, s.ptr, n);
        w->len += n;
    }
}

/* The name between the braces that begin ${s}; ${len}: of all of it. */
static bool placeholder(struct span s, struct span *name, size_t *len)
{
    size_t end = span_find(s, SPAN_LITERAL("}"));
    if (s.len == 0 || s.ptr[0] != '{' || end == s.len) {
        return false;
    }
    *name = span_first(span_skip(s, 1), end - 1);
    *len = end + 1;
    return true;
}

/* Write ${s}, which has no brackets; false if a value is missing. */
static bool put_plain(struct writer *w, struct span s, const struct record *r)
{
    bool complete = true;
    while (s.len > 0) {
        struct span name;
        size_t len = 1;
        if (placeholder(s, &name, &len)) {
            struct span value = record_find(r, name);
            complete = complete && value.len > 0;
            put(w, value);
        } else {
            put(w, span_first(s, 1));
        }
        s = span_skip(s, len);
    }
    return complete;
}

struct span compose_list(struct span template, const struct record *r,
    struct span separator, char *out, size_t out_len)
{
    struct span name;
    size_t len = 0;
    size_t index = 0;
    if (!placeholder(template, &name, &len) || len != template.len) {
        return compose_text(template, r, out, out_len);
    }
    struct span first = record_each(r, name, &index);
    struct span value = record_each(r, name, &index);
    if (!span_is_known(value)) {
        return first;
    }
    struct writer w = {out, 0, out_len};
    put(&w, first);
    while (span_is_known(value)) {
        put(&w, separator);
        put(&w, value);
        value = record_each(r, name, &index);
    }
    return (struct span){out, w.len};
}

struct span compose_text(
    struct span template, const struct record *r, char *out, size_t out_len)
{
    struct span name;
    size_t len = 0;
    if (placeholder(template, &name, &len) && len == template.len) {
        return record_find(r, name);
    }
    struct writer w = {out, 0, out_len};
    while (template.len > 0) {
        size_t open = span_find(template, SPAN_LITERAL("["));
        put_plain(&w, span_first(template, open), r);
        template = span_skip(template, open);
        size_t close = span_find(template, SPAN_LITERAL("]"));
        if (close == template.len) {
            put_plain(&w, template, r);
            break;
        }
        size_t before = w.len;
        if (!put_plain(&w, span_first(span_skip(template, 1), close - 1), r)) {
            w.len = before;
        }
        template = span_skip(template, close + 1);
    }
    return (struct span){out, w.len};
}
