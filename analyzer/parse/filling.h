/* SPDX-License-Identifier: MIT */
/* parse/filling.h - fields to an event. */
#ifndef PARSE_FILLING_H
#define PARSE_FILLING_H

#include "mail/event.h"
#include "parse/compiled.h"

/* Fields of a line and the memory that its reply may need. */
struct filling {
    const struct format *format; /* whose values translate words */
    const struct span *fields;
    char *scratch; /* a reply of several lines is joined here */
    size_t scratch_len;
};

/**
 * filling_event(f, e):
 * Set all of ${e} that ${f} tells.  Return false if that makes no event: it
 * has no kind, or it is an outcome without a disposition.
 */
bool filling_event(const struct filling *f, struct event *e);

/** filling_queue_id(format, id): ${id} as an event of ${format} has it:
 * SPAN_NONE where it only says that there is none. */
struct span filling_queue_id(const struct format *format, struct span id);

#endif
