/* SPDX-License-Identifier: MIT */
/* parse/pairs.h - the key=value lists that many MTAs write. */
#ifndef PARSE_PAIRS_H
#define PARSE_PAIRS_H

#include "base/span.h"

struct pair {
    struct span key;
    struct span value; /* without the quotes or angle brackets around it */
    struct span raw;   /* with them */
};

/**
 * pairs_next(rest, between, pair):
 * Take the first key=value off ${rest}.  Pairs are separated by ${between}
 * (", " or " ").  A value in angle brackets ends with the bracket that
 * ${between} or the end follows, one in double quotes with the next quote
 * that no backslash precedes.  Return false at the end.
 */
bool pairs_next(struct span *rest, struct span between, struct pair *pair);

#endif
