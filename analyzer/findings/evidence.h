/* SPDX-License-Identifier: MIT */
/* findings/evidence.h - the replies and log lines that prove a finding. */
#ifndef FINDINGS_EVIDENCE_H
#define FINDINGS_EVIDENCE_H

#include "findings/kinds.h"

/* What a search has read of the store. */
struct evidence {
    struct search *search;
    const struct series_set *set;
    const struct kinds *kinds;
};

/** evidence_add(e, i): Give finding number ${i} the replies that most of its
 * attempts got in its place and time, and some log lines of each, unless it
 * has evidence.  False, having reported it, if the database fails. */
bool evidence_add(const struct evidence *e, size_t i);

/** evidence_reply(e, i, reply, attempts): Give finding number ${i} that one
 * reply as evidence.  False, having reported it, if the database fails. */
bool evidence_reply(
    const struct evidence *e, size_t i, uint32_t reply, int64_t attempts);

/* A place along some dimension, with its attempts. */
struct evidence_share {
    uint32_t item;
    int64_t attempts;
};

/**
 * evidence_where(e, i, dimension, shares, max):
 * Store the (at most ${max}) items of ${dimension} with most attempts of the
 * kind and list of finding number ${i} in its time, most first, in ${shares};
 * return how many items there are in all.  The finding's own place must be
 * everything.
 */
size_t evidence_where(const struct evidence *e, size_t i,
    enum series_dimension dimension, struct evidence_share *shares, size_t max);

#endif
