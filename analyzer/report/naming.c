/* SPDX-License-Identifier: MIT */
/*
 * Causes are told by their titles wherever somebody knows them.
 */
#include "report/naming.h"

const char *naming_ask(const struct gather *g, lexicon_fn *fn,
    struct span cause, struct span detail)
{
    char a[128];
    char b[128];
    if (cause.len >= sizeof a || detail.len >= sizeof b) {
        return "";
    }
    memcpy(a, cause.ptr, cause.len);
    a[cause.len] = '\0';
    memcpy(b, detail.ptr, detail.len);
    b[detail.len] = '\0';
    return lexicon_ask(gather_lexicon(g), fn, a, b);
}

void naming_add_cause(struct buffer *out, const struct gather *g,
    struct span cause, struct span detail)
{
    const char *title =
        naming_ask(g, gather_lexicon(g)->cause_title, cause, detail);
    if (*title != '\0') {
        buffer_add_string(out, title);
        return;
    }
    buffer_add(out, cause);
    buffer_add_string(out, ": ");
    buffer_add(out, detail);
}

void naming_add_kind(
    struct buffer *out, const struct gather *g, struct span name)
{
    size_t dot = span_find(name, SPAN_LITERAL("."));
    size_t after = dot < name.len ? dot + 1 : dot;
    naming_add_cause(out, g, span_first(name, dot), span_skip(name, after));
}

const char *naming_side(const char *side)
{
    static const struct {
        const char *side;
        const char *text;
    } texts[] = {
        {"us", "for us to act on"},
        {"them", "for the receiving side to act on"},
        {"addressee", "the addresses themselves are at fault"},
        {"both", "for both sides to act on"},
        {"nobody", "retrying is enough"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(side, texts[i].side) == 0) {
            return texts[i].text;
        }
    }
    return "";
}
