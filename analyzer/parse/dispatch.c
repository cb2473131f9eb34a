/* SPDX-License-Identifier: MIT */
/*
 * The bytes that some pattern's texts begin with have a class each; all other
 * bytes share class 0, where only patterns stay that take any beginning.
 */
#include "parse/dispatch.h"

#include "base/memory.h"

#include <stdlib.h>

static bool takes_any(const struct pattern *p)
{
    for (unsigned i = 0; i < p->def->starts_count; i++) {
        if (p->starts[i].len == 0) {
            return true;
        }
    }
    return p->def->starts_count == 0;
}

/* Can ${p} claim a text whose first byte is of ${class}? */
static bool can_begin(
    const struct dispatch *d, const struct pattern *p, unsigned class)
{
    if (takes_any(p)) {
        return true;
    }
    for (unsigned i = 0; i<p->def->starts_count &&class> 0; i++) {
        if (d->class_of[(unsigned char)*p->starts[i].ptr] == class) {
            return true;
        }
    }
    return false;
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

void dispatch_init(
    struct dispatch *d, const struct pattern *const *patterns, size_t n)
{
    *d = (struct dispatch){.patterns = NULL};
    unsigned n_classes = find_classes(d, patterns, n);
    d->first = memory_zalloc(n_classes + 1, sizeof(*d->first));
    d->patterns = memory_zalloc(n * n_classes, sizeof(*d->patterns));
    uint32_t at = 0;
    for (unsigned class = 0; class < n_classes; class ++) {
        d->first[class] = at;
        for (size_t i = 0; i < n; i++) {
            if (can_begin(d, patterns[i], class)) {
                d->patterns[at++] = patterns[i];
            }
        }
    }
    d->first[n_classes] = at;
}

void dispatch_reset(struct dispatch *d)
{
    free(d->patterns);
    free(d->first);
    *d = (struct dispatch){.patterns = NULL};
}
