/* SPDX-License-Identifier: MIT */
/* findings/counsel.h - advice for each finding. */
#ifndef FINDINGS_COUNSEL_H
#define FINDINGS_COUNSEL_H

#include "findings/evidence.h"

/** counsel_add(e, i): Give finding number ${i} the steps that the lexicon
 * knows for its cause, about the domain, host, list and address of its case,
 * with the page where a listing is lifted. */
void counsel_add(const struct evidence *e, size_t i);

#endif
