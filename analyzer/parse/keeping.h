/* SPDX-License-Identifier: MIT */
/* parse/keeping.h - what a pattern's "remember" keeps between lines. */
#ifndef PARSE_KEEPING_H
#define PARSE_KEEPING_H

#include "parse/formats.h"

/* The memory of one extractor: fields by key, and lists of recipients. */
struct keeping;

/** keeping_create(): Nothing is kept; keeping_free() ends it. */
struct keeping *keeping_create(void);

/** keeping_host(k, host): Keys that follow are of ${host}. */
void keeping_host(struct keeping *k, struct span host);

/**
 * keeping_roster(k, p, base):
 * The recipients that lines under the key of ${base} (fields of the message)
 * mean when they name none: fill them in, add those of this line, or strike
 * those whose fate it tells.  For patterns that list recipients.
 */
void keeping_roster(
    struct keeping *k, const struct pattern *p, struct span *base);

/** keeping_get(k, p, fields): Fill in what an earlier line said, before the
 * text is taken apart, for it may be what is filled in. */
void keeping_get(
    struct keeping *k, const struct pattern *p, struct span *fields);

/** keeping_put(k, p, fields, text): Keep what ${fields} say for a later line;
 * ${text} is the message's before it was taken apart. */
void keeping_put(struct keeping *k, const struct pattern *p,
    const struct span *fields, struct span text);

/** keeping_push(k, p, fields): Keep all of ${fields} for the line that shifts
 * them; a pattern that says "next" drops what was pushed before. */
void keeping_push(
    struct keeping *k, const struct pattern *p, const struct span *fields);

/**
 * keeping_note(k, f, fields, text), keeping_noted(k, f, fields):
 * Note ${text} of a failure that concerns all mail to one place: the domain of
 * the address in field ${f}, the domains that the host in it is in, or what
 * else the field holds.  The text noted there last, or SPAN_NONE; valid until
 * the next is noted.
 */
void keeping_note(struct keeping *k, enum field f, const struct span *fields,
    struct span text);
struct span keeping_noted(
    const struct keeping *k, enum field f, const struct span *fields);

/** keeping_forget(k, p, key): Forget what is kept under ${key} if ${p} takes.
 * What was filled in stays valid until the next forget or reset. */
void keeping_forget(
    struct keeping *k, const struct pattern *p, struct span key);

/** keeping_reset(k): Forget everything. */
void keeping_reset(struct keeping *k);

/** keeping_free(k): NULL does nothing. */
void keeping_free(struct keeping *k);

#endif
