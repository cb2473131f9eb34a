/* SPDX-License-Identifier: MIT */
/* report/pairing.h - which rows of two periods of a report are the same. */
#ifndef REPORT_PAIRING_H
#define REPORT_PAIRING_H

#include "base/intern.h"
#include "report/table.h"

#define PAIRING_NO_ROW SIZE_MAX

enum { PAIRING_NOW, PAIRING_BEFORE, PAIRING_SIDES };

/* The rows of one key. */
struct pairing_pair {
    size_t rows[PAIRING_SIDES];  /* PAIRING_NO_ROW: that period has none */
    struct span direction;       /* borrowed from the tables */
    double chief[PAIRING_SIDES]; /* sums of its chief counts */
    size_t place;                /* as the pairs were found */
};

struct pairing {
    const struct table *sides[PAIRING_SIDES];
    struct intern *keys;
    struct pairing_pair *list;
    size_t n;
};

/**
 * pairing_make(now, before):
 * Match the rows of ${now} and ${before}, the same report of two periods, by
 * their key columns: first a pair for each row of ${now}, in their order, then
 * one for each row that only ${before} has.  Borrows both tables; ends with
 * pairing_reset().
 */
struct pairing pairing_make(
    const struct table *now, const struct table *before);

/** pairing_reset(p): Give back what ${p} holds. */
void pairing_reset(struct pairing *p);

#endif
