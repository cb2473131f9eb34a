/* SPDX-License-Identifier: MIT */
/* parse/pieces.h - values that list several things. */
#ifndef PARSE_PIECES_H
#define PARSE_PIECES_H

#include "base/span.h"

/*
 * Recipients and replies listed in one value: "<a@b>,<c@d>".  What is listed
 * is trimmed and freed of angle brackets.  A list of replies may hold its
 * separator within a reply; there it ends one only if another begins.
 */

/** pieces_take(rest, separator): The first in ${rest}, which is advanced
 * behind it, to SPAN_NONE at the end. */
struct span pieces_take(struct span *rest, struct span separator);

/** pieces_take_reply(rest, separator): The same of a list of replies. */
struct span pieces_take_reply(struct span *rest, struct span separator);

/** pieces_count(s, separator), pieces_count_replies(s, separator): How many
 * there are; 0 if ${s} is unknown. */
size_t pieces_count(struct span s, struct span separator);
size_t pieces_count_replies(struct span s, struct span separator);

/** pieces_begin_reply(s): Does a reply code, or Exchange's bracket around a
 * reply, begin ${s}? */
bool pieces_begin_reply(struct span s);

/** pieces_have(values, value): Is ${value} one of ${values}, which "|"
 * separates? */
bool pieces_have(struct span values, struct span value);

#endif
