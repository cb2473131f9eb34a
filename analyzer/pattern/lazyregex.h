/* SPDX-License-Identifier: MIT */
/* pattern/lazyregex.h - an expression that is compiled when first needed. */
#ifndef PATTERN_LAZYREGEX_H
#define PATTERN_LAZYREGEX_H

#include "pattern/regex.h"

#include <stdatomic.h>

/*
 * A run meets a few dozen of several hundred expressions, and compiling all
 * would cost more than everything else a short command does.  Threads that
 * need the same one at the same time each compile it, one publishes its own,
 * and the others throw theirs away.  Zeroed memory is a lazyregex that was not
 * needed yet.
 */
struct lazyregex {
    _Atomic(struct regex *) regex;
    atomic_bool faulty;
};

enum { LAZYREGEX_WHY_LEN = 256 };

/**
 * lazyregex_get(l, text, why):
 * Return ${l}, the caseless expression ${text} (terminated), compiled; or NULL
 * if it does not compile.  The first to find that out gets the reason in
 * ${why} (LAZYREGEX_WHY_LEN bytes), all others an empty text.
 */
const struct regex *lazyregex_get(
    struct lazyregex *l, const char *text, char *why);

/** lazyregex_is_faulty(l): It was needed and did not compile. */
bool lazyregex_is_faulty(const struct lazyregex *l);

/** lazyregex_reset(l): Give back what ${l} holds. */
void lazyregex_reset(struct lazyregex *l);

#endif
