/* SPDX-License-Identifier: MIT */
/* parse/duration.h - how long something took, as MTAs write it. */
#ifndef PARSE_DURATION_H
#define PARSE_DURATION_H

#include "base/span.h"

/**
 * duration_parse(s):
 * Milliseconds of ${s}: "4.52" (seconds; Postfix), "01:02:03" and "1+02:03:04"
 * (days+hours; Sendmail), "1d2h3m4s" (OpenSMTPD, Exim).  -1 if it is none.
 */
int64_t duration_parse(struct span s);

#endif
