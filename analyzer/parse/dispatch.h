/* SPDX-License-Identifier: MIT */
/* parse/dispatch.h - which patterns to try, by what a text begins with. */
#ifndef PARSE_DISPATCH_H
#define PARSE_DISPATCH_H

#include "parse/compiled.h"

/* A text that a pattern's texts may begin with. */
struct dispatch_start {
    uint64_t word;    /* its first eight bytes, or what there is of them */
    uint64_t mask;    /* which of these count */
    struct span text; /* empty: the pattern takes any beginning */
};

/* Immutable once made. */
struct dispatch {
    /* starts[first[c]] to starts[first[c + 1] - 1], in the pack's order, are
       those of texts whose first byte is of class c; patterns[i] is whose
       starts[i] is */
    const struct pattern **patterns;
    struct dispatch_start *starts;
    uint32_t *first;
    uint64_t identity; /* equal for the same patterns in the same order */
    uint8_t class_of[256];
};

/* A walk over the patterns that a text may be claimed by. */
struct dispatch_search {
    const struct dispatch *dispatch;
    uint32_t next;
    uint32_t end;
    struct span text;
    uint64_t word; /* its first eight bytes, zeros behind its end */
};

/**
 * dispatch_init(d, patterns, n):
 * Order the ${n} ${patterns}, which must outlive ${d}.  End it with
 * dispatch_reset().
 */
void dispatch_init(
    struct dispatch *d, const struct pattern *const *patterns, size_t n);

/** dispatch_begin(d, text): A search for the patterns of ${d}, which outlives
 * it, that ${text} begins as. */
static inline struct dispatch_search dispatch_begin(
    const struct dispatch *d, struct span text)
{
    unsigned class = d->class_of[text.len > 0 ? (unsigned char)text.ptr[0] : 0];
    struct dispatch_search s = {.dispatch = d,
        .next = d->first[class],
        .end = d->first[class + 1],
        .text = text};
    if (text.len >= sizeof(s.word)) {
        memcpy(&s.word, text.ptr, sizeof(s.word));
    } else if (text.len > 0) {
        memcpy(&s.word, text.ptr, text.len);
    }
    return s;
}

/** dispatch_next(s): The next of these patterns, each once and in the pack's
 * order; NULL: there is none. */
static inline const struct pattern *dispatch_next(struct dispatch_search *s)
{
    const struct dispatch_start *starts = s->dispatch->starts;
    const struct pattern *const *patterns = s->dispatch->patterns;
    uint32_t i = s->next;
    while (i < s->end && (((s->word ^ starts[i].word) & starts[i].mask) != 0 ||
                             !span_starts(s->text, starts[i].text))) {
        i++;
    }
    if (i == s->end) {
        return NULL;
    }
    s->next = i + 1;
    while (s->next < s->end && patterns[s->next] == patterns[i]) {
        s->next++;
    }
    return patterns[i];
}

/** dispatch_begins(p, text): Does ${text} begin as ${p} by itself wants? */
bool dispatch_begins(const struct pattern *p, struct span text);

/** dispatch_reset(d): Give back what ${d} holds. */
void dispatch_reset(struct dispatch *d);

#endif
