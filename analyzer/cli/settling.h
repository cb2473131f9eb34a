/* SPDX-License-Identifier: MIT */
/* cli/settling.h - what only all sources of a database together tell. */
#ifndef CLI_SETTLING_H
#define CLI_SETTLING_H

#include "cli/session.h"
#include "store/store.h"

/**
 * settling_run(settings, store):
 * Bring all that joins sources up to date, as an ingest does at its end; the
 * packs are loaded if lines are to be read for it.  STATUS_DONE, or another
 * status, having reported why.
 */
enum status settling_run(const struct settings *settings, struct store *store);

#endif
