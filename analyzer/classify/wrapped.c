/* SPDX-License-Identifier: MIT */
/*
 * A number after a colon is a reply code if an enhanced code or a further
 * line follows it, or if the words before the colon say that somebody
 * answered.
 */
#include "classify/wrapped.h"

#include "mail/reply.h"

/* What MTAs write before the reply they quote. */
static const struct span introductions[] = {
    SPAN_INIT(" said"),                 /* Postfix, qmail */
    SPAN_INIT("refused to talk to me"), /* Postfix */
    SPAN_INIT("]"),                     /* Exim: host X [192.0.2.1]: */
    SPAN_INIT("responded"),             /* Exchange, Domino */
    SPAN_INIT("replied"),               /* Haraka, Courier */
    SPAN_INIT("returned"),              /* Gmail: the remote server returned */
    SPAN_INIT("response"),              /* Gmail: the response was */
    SPAN_INIT("response was"), SPAN_INIT("error was"), SPAN_INIT("answered"),
    SPAN_INIT("smtp"), /* RFC 3464, 2.3.6: Diagnostic-Code: smtp; 550 … */
};

static bool is_introduced(struct span before)
{
    for (size_t i = 0; i < sizeof(introductions) / sizeof(introductions[0]);
         i++) {
        if (span_ends_nocase(before, introductions[i])) {
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

struct span wrapped_reply(struct span text)
{
    for (size_t i = 0; i + 1 < text.len; i++) {
        if (text.ptr[i] != ':' && text.ptr[i] != ';') {
            continue;
        }
        struct span rest = span_trim(span_skip(text, i + 1));
        if (starts_reply(rest) &&
            (status_follows(rest) || is_introduced(span_first(text, i)))) {
            return rest;
        }
    }
    return SPAN_NONE;
}
