/* SPDX-License-Identifier: MIT */
/* parse/plain.h - patterns of which all but names is known beforehand. */
#ifndef PARSE_PLAIN_H
#define PARSE_PLAIN_H

#include "parse/compiled.h"

/*
 * Most lines tell but that a message came, who sent it, or that it is gone:
 * their pattern sets what kind of event they are, and takes no more out of
 * them than queue ID and addresses.  Their events are made without the way
 * over all fields (parse/filling.h), and are the same.
 */

/** plain_plan(f, p): Work out p->plain of ${p}, which is a pattern of ${f};
 * both are compiled but for that. */
void plain_plan(const struct format *f, struct pattern *p);

/** plain_event(p, fields, e): Fill ${e} as ${p}, which is plain, says, with
 * the names among ${fields} (of FIELD_COUNT, those that plain_clear() clears
 * looked at); the queue ID is the caller's. */
void plain_event(
    const struct plain *p, const struct span *fields, struct event *e);

/** plain_clear(fields): Make those of ${fields} unknown that a plain pattern
 * may take. */
void plain_clear(struct span *fields);

#endif
