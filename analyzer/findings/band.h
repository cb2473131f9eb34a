/* SPDX-License-Identifier: MIT */
/* findings/band.h - all failures over time beside what was usual. */
#ifndef FINDINGS_BAND_H
#define FINDINGS_BAND_H

#include "findings/evidence.h"

/** band_make(e, bands): Store a band for each direction that has mail, at most
 * two, in ${bands}, with one point for each hour of the period asked for;
 * return how many. */
size_t band_make(const struct evidence *e, struct finding_band *bands);

#endif
