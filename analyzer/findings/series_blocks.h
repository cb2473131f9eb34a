/* SPDX-License-Identifier: MIT */
/* findings/series_blocks.h - series out of the roll-ups. */
#ifndef FINDINGS_SERIES_BLOCKS_H
#define FINDINGS_SERIES_BLOCKS_H

#include "findings/query.h"
#include "findings/wordlist.h"
#include "store/rollup.h"

/** series_blocks_read(set, db, layout): Fill the lists of ${set}, of its
 * period, from the roll-ups of ${db}, which must be there and current
 * (rollup_days()); false, having reported it, if ${db} fails. */
bool series_blocks_read(
    struct series_set *set, sqlite3 *db, const struct wordlist_layout *layout);

#endif
