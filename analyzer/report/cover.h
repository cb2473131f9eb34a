/* SPDX-License-Identifier: MIT */
/* report/cover.h - which blocks of roll-ups make up a period. */
#ifndef REPORT_COVER_H
#define REPORT_COVER_H

#include <stddef.h>
#include <stdint.h>

/* Of one level the blocks [from, until), or the hours [from, until) of facts
 * that no block serves; both counted from 1970-01-01 on. */
enum { COVER_FACTS = -1 };
struct cover_stretch {
    int level; /* COVER_FACTS, or that of store/rollup.h */
    int64_t from;
    int64_t until;
};

/* In order of time; going up the levels and down again, with facts at both
 * ends, there are at most these. */
enum { COVER_MOST = 12 };
struct cover {
    struct cover_stretch stretches[COVER_MOST];
    size_t n;
};

/* Hours, exclusive at the end; INT64_MIN and INT64_MAX: without a bound. */
struct cover_hours {
    int64_t since;
    int64_t until;
};

/**
 * cover_find(c, wanted, there, lowest, highest):
 * Cover the hours ${wanted} of a store that has facts in ${there} (whole
 * days) with as few blocks of the levels from ${lowest} to ${highest} as can
 * be.  A block may reach out of ${wanted} where nothing is there.
 */
void cover_find(struct cover *c, struct cover_hours wanted,
    struct cover_hours there, int lowest, int highest);

#endif
