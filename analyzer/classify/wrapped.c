/* SPDX-License-Identifier: MIT */
/*
 * A number after a colon is a reply code if an enhanced code or a further
 * line follows it, or if the words before the colon say that somebody
 * answered.
 */
#include "classify/wrapped.h"

#include "mail/reply.h"

static bool is_introduced(const struct knowledge *k, struct span before)
{
    unsigned n = 0;
    char *const *introductions = knowledge_introductions(k, &n);
    for (unsigned i = 0; i < n; i++) {
        if (span_ends_nocase(before, span_of(introductions[i]))) {
            return true;
        }
    }
    return false;
}

/* Does ${s} begin as a reply does: a code, then a hyphen or a blank? */
static bool starts_reply(struct span s)
{
    return s.len > 4 &&
           (s.ptr[0] == '2' || s.ptr[0] == '4' || s.ptr[0] == '5') &&
           s.ptr[1] >= '0' && s.ptr[1] <= '7' && s.ptr[2] >= '0' &&
           s.ptr[2] <= '9' && (s.ptr[3] == ' ' || s.ptr[3] == '-');
}

static bool status_follows(struct span s)
{
    struct status_code status;
    return s.ptr[3] == '-' || status_parse(span_skip(s, 4), &status) > 0;
}

struct span wrapped_reply(const struct knowledge *k, struct span text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != ':' && text.ptr[i] != ';') {
            continue;
        }
        struct span rest = span_trim(span_skip(text, i + 1));
        if (starts_reply(rest) &&
            (status_follows(rest) || is_introduced(k, span_first(text, i)))) {
            return rest;
        }
    }
    return SPAN_NONE;
}
