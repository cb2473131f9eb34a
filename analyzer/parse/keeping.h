/* SPDX-License-Identifier: MIT */
/* parse/keeping.h - what a pattern's "remember" keeps between lines. */
#ifndef PARSE_KEEPING_H
#define PARSE_KEEPING_H

#include "parse/compiled.h"
#include "parse/recall.h"

/* The memory of one extractor: fields by key, and lists of recipients. */
struct keeping;

/** keeping_create(): Nothing is kept; keeping_free() ends it. */
struct keeping *keeping_create(void);

/** keeping_line(k, host, now): The next line is of ${host} and of ${now}
 * (microseconds); keeping_span(k, seconds): in its pack nothing is remembered
 * for longer than ${seconds}. */
void keeping_line(struct keeping *k, struct span host, int64_t now);
void keeping_span(struct keeping *k, int64_t seconds);

/** keeping_is_unsure(k): Since keeping_line(), was something looked for that
 * an earlier source may have told (see parse/recall.h)? */
bool keeping_is_unsure(const struct keeping *k);

/** keeping_key(k): Under which key the line kept or looked, 0: none;
 * keeping_give_key(k, key): The next line is one that was held, and its key
 * was ${key}. */
uint64_t keeping_key(const struct keeping *k);
void keeping_give_key(struct keeping *k, uint64_t key);

/** keeping_begin(k, name): What goes by ${name} begins with this line. */
void keeping_begin(struct keeping *k, struct span name);

/* The kinds of memory. */
enum keeping_kind { KEEPING_FIELDS, KEEPING_NOTES, KEEPING_ROSTERS };
enum { KEEPING_KINDS = 3 };

/** keeping_recall(k, kind): The memory of ${kind}, ${k}'s own. */
struct recall *keeping_recall(struct keeping *k, enum keeping_kind kind);

/** keeping_write(k, hiding, out): Append what is open now, for the source
 * that goes on: behind each other kind, length, and bytes of recall_each(). */
void keeping_write(
    struct keeping *k, const struct recall_hiding *hiding, struct buffer *out);

/** keeping_next(rest, kind): The next of what keeping_write() wrote, taken off
 * ${rest}; SPAN_NONE at the end, and where ${rest} is damaged. */
struct span keeping_next(struct span *rest, enum keeping_kind *kind);

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
    struct keeping *k, enum field f, const struct span *fields);

/** keeping_forget(k, p, key): Forget what is kept under ${key} if ${p} takes.
 * What was filled in stays valid until the next forget or reset. */
void keeping_forget(
    struct keeping *k, const struct pattern *p, struct span key);

/** keeping_reset(k): Forget everything. */
void keeping_reset(struct keeping *k);

/** keeping_free(k): NULL does nothing. */
void keeping_free(struct keeping *k);

#endif
