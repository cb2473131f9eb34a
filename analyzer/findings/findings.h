/* SPDX-License-Identifier: MIT */
/* findings/findings.h - all that is wrong, from the store. */
#ifndef FINDINGS_FINDINGS_H
#define FINDINGS_FINDINGS_H

#include "findings/findings_settings.h"
#include "findings/lexicon.h"

/**
 * findings_find(db, settings, lexicon):
 * Look through ${db} (opened for reading or writing, with the views of
 * schema/views.sql) for what ${settings} asks for, with titles and advice of
 * ${lexicon} (NULL: none).  The list borrows nothing; it ends with
 * findings_free().  NULL, having reported the reason, if the database fails.
 */
struct findings *findings_find(sqlite3 *db,
    const struct findings_settings *settings, const struct lexicon *lexicon);

/** findings_by_id(f, id): The one with that ${id}, or NULL. */
const struct finding *findings_by_id(const struct findings *f, uint64_t id);

/** findings_worst(f): The worst severity in ${f} of what goes on or has ended
 * within it and is not muted; SEVERITY_UNKNOWN if there is nothing. */
enum finding_severity findings_worst(const struct findings *f);

/** findings_free(f): End ${f}.  NULL does nothing. */
void findings_free(struct findings *f);

#endif
