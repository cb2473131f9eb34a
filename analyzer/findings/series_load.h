/* SPDX-License-Identifier: MIT */
/* findings/series_load.h - all series of a store, from blocks or facts. */
#ifndef FINDINGS_SERIES_LOAD_H
#define FINDINGS_SERIES_LOAD_H

#include "findings/series.h"

#include <sqlite3.h>

/** series_load(db, since, until): All of [${since}, ${until}), both full
 * hours; NULL, having reported it, if ${db} fails.  Ends with series_free(). */
struct series_set *series_load(sqlite3 *db, int64_t since, int64_t until);

#endif
