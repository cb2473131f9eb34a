/* SPDX-License-Identifier: MIT */
/* parse/dispatch.h - which patterns to try, by the first byte of a text. */
#ifndef PARSE_DISPATCH_H
#define PARSE_DISPATCH_H

#include "parse/formats.h"

/* Immutable once made. */
struct dispatch {
    /* patterns[first[c]] to patterns[first[c + 1] - 1], in the pack's order,
       are those that can claim a text whose first byte is of class c */
    const struct pattern **patterns;
    uint32_t *first;
    uint8_t class_of[256];
};

/**
 * dispatch_init(d, patterns, n):
 * Order the ${n} ${patterns}, which must outlive ${d}.  End it with
 * dispatch_reset().
 */
void dispatch_init(
    struct dispatch *d, const struct pattern *const *patterns, size_t n);

/** dispatch_class(d, text): The class of what begins ${text}. */
static inline unsigned dispatch_class(
    const struct dispatch *d, struct span text)
{
    return d->class_of[text.len > 0 ? (unsigned char)text.ptr[0] : 0];
}

/** dispatch_reset(d): Give back what ${d} holds. */
void dispatch_reset(struct dispatch *d);

#endif
