/* SPDX-License-Identifier: MIT */
/*
 * The bytes that some pattern's texts begin with have a class each; all other
 * bytes share class 0, where only patterns stay that take any beginning.  In a
 * class, most starts are told from a text by one comparison of eight bytes.
 */
#include "parse/dispatch.h"

#include "base/memory.h"

#include <stdlib.h>

/* Can a text that begins with ${start} have a first byte of ${class}? */
static bool is_of_class(
    const struct dispatch *d, struct span start, unsigned class)
{
    return start.len == 0 ||
           (class > 0 && d->class_of[(unsigned char)*start.ptr] == class);
}

/* Give the bytes that texts begin with a class each; return how many classes
 * there are. */
static unsigned find_classes(
    struct dispatch *d, const struct pattern *const *patterns, size_t n)
{
    unsigned n_classes = 1;
    for (size_t i = 0; i < n; i++) {
        for (unsigned k = 0; k < patterns[i]->def->starts_count; k++) {
            struct span begin = patterns[i]->starts[k];
            unsigned char byte = begin.len > 0 ? (unsigned char)*begin.ptr : 0;
            if (begin.len > 0 && d->class_of[byte] == 0 && n_classes < 255) {
                d->class_of[byte] = (uint8_t)n_classes++;
            }
        }
    }
    return n_classes;
}

static void add_start(struct dispatch *d, uint32_t *at, struct span text,
    const struct pattern *pattern)
{
    struct dispatch_start *s = &d->starts[*at];
    d->patterns[*at] = pattern;
    (*at)++;
    *s = (struct dispatch_start){.text = text};
    size_t n = text.len < sizeof(s->word) ? text.len : sizeof(s->word);
    if (n > 0) {
        memcpy(&s->word, text.ptr, n);
        memset(&s->mask, 0xff, n);
    }
}

/* The starts of ${pattern} that ${class} has. */
static void add_pattern(struct dispatch *d, uint32_t *at, unsigned class,
    const struct pattern *pattern)
{
    if (pattern->def->starts_count == 0) {
        add_start(d, at, SPAN_LITERAL(""), pattern);
    }
    for (unsigned i = 0; i < pattern->def->starts_count; i++) {
        if (is_of_class(d, pattern->starts[i], class)) {
            add_start(d, at, pattern->starts[i], pattern);
        }
    }
}

static size_t count_starts(const struct pattern *const *patterns, size_t n)
{
    size_t n_starts = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned count = patterns[i]->def->starts_count;
        n_starts += count > 0 ? count : 1;
    }
    return n_starts;
}

void dispatch_init(
    struct dispatch *d, const struct pattern *const *patterns, size_t n)
{
    *d = (struct dispatch){.patterns = NULL};
    unsigned n_classes = find_classes(d, patterns, n);
    size_t most = count_starts(patterns, n) * n_classes;
    d->first = memory_zalloc(n_classes + 1, sizeof(*d->first));
    d->starts = memory_zalloc(most, sizeof(*d->starts));
    d->patterns = memory_zalloc(most, sizeof(*d->patterns));
    uint32_t at = 0;
    for (unsigned class = 0; class < n_classes; class ++) {
        d->first[class] = at;
        for (size_t i = 0; i < n; i++) {
            add_pattern(d, &at, class, patterns[i]);
        }
    }
    d->first[n_classes] = at;
    d->starts = memory_grow(d->starts, at, sizeof(*d->starts));
    d->patterns = memory_grow(d->patterns, at, sizeof(*d->patterns));
    d->identity =
        span_hash((struct span){(const char *)patterns, n * sizeof(*patterns)});
}

bool dispatch_begins(const struct pattern *p, struct span text)
{
    bool begins = p->def->starts_count == 0;
    for (unsigned i = 0; i < p->def->starts_count && !begins; i++) {
        begins = span_starts(text, p->starts[i]);
    }
    return begins;
}

void dispatch_reset(struct dispatch *d)
{
    free(d->patterns);
    free(d->starts);
    free(d->first);
    *d = (struct dispatch){.patterns = NULL};
}
