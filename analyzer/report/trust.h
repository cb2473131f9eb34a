/* SPDX-License-Identifier: MIT */
/* report/trust.h - how far the numbers can be trusted. */
#ifndef REPORT_TRUST_H
#define REPORT_TRUST_H

#include "base/buffer.h"
#include "report/gather.h"

/** trust_tell(out, g): Append what is damaged, left out or not understood, a
 * sentence a line; nothing if all is well.  May hold log text. */
void trust_tell(struct buffer *out, const struct gather *g);

#endif
