/* SPDX-License-Identifier: MIT */
/* base/intern.h - texts to small numbers, each text kept once. */
#ifndef BASE_INTERN_H
#define BASE_INTERN_H

#include "base/span.h"

/*
 * Number 0 is always the empty text.  Numbers are dense: 0 .. count - 1.
 * Not shared between threads.
 */
struct intern;

/** intern_create(): A table that holds the empty text; intern_free() ends it.
 */
struct intern *intern_create(void);

/** intern_add(t, s): The number of ${s}, added if it was not there. */
uint32_t intern_add(struct intern *t, struct span s);

/** intern_find(t, s, id): Like intern_add() but adds nothing: false if ${s} is
 * not there. */
bool intern_find(const struct intern *t, struct span s, uint32_t *id);

/** intern_recall(t, s, id): The same, and quicker if ${s} comes again soon. */
bool intern_recall(struct intern *t, struct span s, uint32_t *id);

/** intern_text(t, id): The text of ${id}; terminated; valid until reset. */
struct span intern_text(const struct intern *t, uint32_t id);

/** intern_count(t): How many texts there are, the empty one included. */
uint32_t intern_count(const struct intern *t);

/** intern_bytes(t): Memory in use, for limits. */
size_t intern_bytes(const struct intern *t);

/** intern_reset(t): Forget all but the empty text. */
void intern_reset(struct intern *t);

/** intern_free(t): End ${t}.  NULL does nothing. */
void intern_free(struct intern *t);

#endif
