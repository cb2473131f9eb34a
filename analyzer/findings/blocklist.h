/* SPDX-License-Identifier: MIT */
/* findings/blocklist.h - our addresses on DNS block lists. */
#ifndef FINDINGS_BLOCKLIST_H
#define FINDINGS_BLOCKLIST_H

#include "findings/evidence.h"

/** blocklist_find(e): Add a finding for each address of ours that receivers
 * call listed, and for each list that a receiver cannot look up.  False,
 * having reported it, if the database fails. */
bool blocklist_find(const struct evidence *e);

#endif
