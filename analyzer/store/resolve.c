/* SPDX-License-Identifier: MIT */
/*
 * The derived tables are made anew as a whole: what a new source changes may
 * lie in any other, and the journals hold only what no source could decide
 * alone.  The mark in meta makes a run that changed nothing cost nothing.
 */
#include "store/resolve.h"

#include "store/attribution.h"
#include "store/duplicates.h"
#include "store/rollup.h"
#include "store/superseded.h"

static bool make_tables(struct store *s)
{
    struct timeline *t = superseded_drop(s) ? timeline_load(s) : NULL;
    bool ok = t != NULL && duplicates_find(s, t) && attribution_find(s, t) &&
              rollup_run(s) &&
              store_run(s, "DELETE FROM meta WHERE key = 'unresolved'");
    timeline_free(t);
    return ok;
}

bool resolve_run(struct store *s)
{
    int64_t unresolved = 0;
    if (!store_number(s, "SELECT count(*) FROM meta WHERE key = 'unresolved'",
            &unresolved)) {
        return false;
    }
    if (unresolved == 0) {
        return true;
    }
    if (!store_begin(s)) {
        return false;
    }
    if (!make_tables(s)) {
        store_rollback(s);
        return false;
    }
    return store_commit(s);
}
