/* SPDX-License-Identifier: MIT */
/* findings/addresses.h - an address of ours on several block lists. */
#ifndef FINDINGS_ADDRESSES_H
#define FINDINGS_ADDRESSES_H

#include "findings/search.h"

/**
 * addresses_sum_up(s, first):
 * The findings of ${s} from number ${first} on are listings, at most one of
 * each list and address.  Add, for each address with two or more of them that
 * are not muted, a listing that names no list: of those that go on, or of all
 * if none does.  The zone of its place is the list with most attempts.
 */
void addresses_sum_up(struct search *s, size_t first);

/** addresses_is_sum(f): True if ${f} is such a finding. */
bool addresses_is_sum(const struct finding *f);

#endif
