/* SPDX-License-Identifier: MIT */
/* findings/correlated.h - unrelated destinations that fail alike. */
#ifndef FINDINGS_CORRELATED_H
#define FINDINGS_CORRELATED_H

#include "findings/evidence.h"

/** correlated_find(e): Add a finding for each shift of all mail that is spread
 * over unrelated destinations and whose cause then means something else
 * (patterns/taxonomy.yaml, "together"). */
void correlated_find(const struct evidence *e);

#endif
