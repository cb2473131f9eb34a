/* SPDX-License-Identifier: MIT */
/* findings/series_facts.h - series out of the facts, row by row. */
#ifndef FINDINGS_SERIES_FACTS_H
#define FINDINGS_SERIES_FACTS_H

#include "findings/query.h"
#include "findings/wordlist.h"

/** series_facts_read(set, db, layout): Fill the lists of ${set}, of its
 * period; false, having reported it, if ${db} fails. */
bool series_facts_read(
    struct series_set *set, sqlite3 *db, const struct wordlist_layout *layout);

#endif
