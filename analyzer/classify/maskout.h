/* SPDX-License-Identifier: MIT */
/* classify/maskout.h - where a template is written. */
#ifndef CLASSIFY_MASKOUT_H
#define CLASSIFY_MASKOUT_H

#include "base/limits.h"
#include "base/span.h"

/*
 * A template in the making.  What does not fit sets ->full; the scanner then
 * goes back to the end of the last whole token, because half a token might
 * be another kind of token when it is masked again.
 */
struct maskout {
    char *bytes; /* LIMIT_TEMPLATE_LEN */
    size_t len;
    bool full;
};

/** maskout_add(o, s): Append ${s}, or nothing of it. */
static inline void maskout_add(struct maskout *o, struct span s)
{
    if (s.len > LIMIT_TEMPLATE_LEN - o->len) {
        o->full = true;
    } else if (s.len > 0) {
        memcpy(o->bytes + o->len, s.ptr, s.len);
        o->len += s.len;
    }
}

/** maskout_char(o, c): Append one byte. */
static inline void maskout_char(struct maskout *o, char c)
{
    if (o->len < LIMIT_TEMPLATE_LEN) {
        o->bytes[o->len++] = c;
    } else {
        o->full = true;
    }
}

#endif
