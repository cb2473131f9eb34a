/* SPDX-License-Identifier: MIT */
/* parse/recall.h - what one line says and a later one leaves out. */
#ifndef PARSE_RECALL_H
#define PARSE_RECALL_H

#include "parse/field.h"

/*
 * Some MTAs tell the recipient, or the client, in one line and the outcome in
 * another that shares only a number with it (qmail's delivery number,
 * OpenSMTPD's session).  Fields are kept under such a number until it is
 * taken, or until LIMIT_REMEMBERED newer ones have come.
 */
struct recall;

/** recall_create(): Empty; recall_free() ends it. */
struct recall *recall_create(void);

/** recall_set(r, key, fields): Keep the known ones of ${fields} (FIELD_COUNT)
 * under ${key}, over what was kept there. */
void recall_set(struct recall *r, uint64_t key, const struct span *fields);

/** recall_get(r, key, fields): Fill the unknown ones of ${fields} with what is
 * kept under ${key}; valid until ${r} changes. */
void recall_get(const struct recall *r, uint64_t key, struct span *fields);

/**
 * recall_push(r, key, fields), recall_shift(r, key, fields):
 * Keep ${fields} behind those that were pushed under ${key} before, and take
 * out the oldest: SMTP's commands and, in the order of these, its replies.
 * Shifting fills the unknown ones of ${fields}, which are valid until ${r}
 * changes; there may be none to take out.
 */
void recall_push(struct recall *r, uint64_t key, const struct span *fields);
void recall_shift(struct recall *r, uint64_t key, struct span *fields);

/** recall_forget(r, key): Drop what is kept and pushed there; what was got of
 * it stays valid until the next call that drops or resets. */
void recall_forget(struct recall *r, uint64_t key);

/** recall_reset(r): Drop everything. */
void recall_reset(struct recall *r);

/** recall_free(r): NULL does nothing. */
void recall_free(struct recall *r);

#endif
