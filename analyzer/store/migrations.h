/* SPDX-License-Identifier: MIT */
/* store/migrations.h - the schema of a database, brought up to date. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "store/store.h"

/**
 * migrations_are_applied(s, current):
 * Store in ${current} whether the schema and the views of ${s} are those of
 * this program.  Return false, having reported it, if the database is not
 * ours, was made by a newer program or cannot be read.
 */
bool migrations_are_applied(struct store *s, bool *current);

/**
 * migrations_apply(s):
 * Bring the schema and the views of ${s} up to date, in one transaction.
 * Return false, having reported it and with the database as before, on
 * failure.
 */
bool migrations_apply(struct store *s);

#endif
