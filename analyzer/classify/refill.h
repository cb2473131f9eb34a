/* SPDX-License-Identifier: MIT */
/* classify/refill.h - a reply that would have a given template. */
#ifndef CLASSIFY_REFILL_H
#define CLASSIFY_REFILL_H

#include "base/buffer.h"
#include "classify/classifier.h"

/**
 * refill_reply(c, facts, out):
 * Write to ${out}, as a server would send it, a reply of which ${c} makes the
 * code, the enhanced code and the template of ${facts}: names and addresses
 * that are nobody's stand for the placeholders where that gives the template
 * back, else the placeholders stay.  Return false if no such reply is found.
 */
bool refill_reply(
    struct classifier *c, const struct reply_facts *facts, struct buffer *out);

#endif
