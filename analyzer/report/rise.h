/* SPDX-License-Identifier: MIT */
/* report/rise.h - what got worse since the week before. */
#ifndef REPORT_RISE_H
#define REPORT_RISE_H

#include "report/gather.h"

/* A rise is told from 10 failures more on, if the rate is at least half as
 * high again: three refusals instead of two are no news. */

/** rise_providers(g, rows, most): Store in ${rows} up to ${most} rows of the
 * report "trends" for mailbox providers that refuse more of our mail than the
 * week before, worst first; return how many. */
size_t rise_providers(const struct gather *g, size_t *rows, size_t most);

/** rise_causes(g, direction, rows, most): The same for causes. */
size_t rise_causes(
    const struct gather *g, const char *direction, size_t *rows, size_t most);

/* A kind of failure; borrowed from the tables. */
struct rise_cause {
    struct span cause; /* empty: none */
    struct span detail;
};

/**
 * rise_cause_at(g, provider, is_rise):
 * What ${provider} refuses our mail for most.  With ${is_rise}, what stands
 * behind a rise: each cause's change, as far as its attempts fell to this
 * provider.
 */
struct rise_cause rise_cause_at(
    const struct gather *g, struct span provider, bool is_rise);

#endif
