/* SPDX-License-Identifier: MIT */
/* parse/recall.h - what one line says and a later one leaves out. */
#ifndef PARSE_RECALL_H
#define PARSE_RECALL_H

#include "base/buffer.h"
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
 * under ${key}, over what was kept there; what was got of that stays valid
 * until the next call that sets, drops or resets. */
void recall_set(struct recall *r, uint64_t key, const struct span *fields);

/** recall_get(r, key, fields): Fill the unknown ones of ${fields} with what is
 * kept under ${key}; valid until ${r} changes but as other calls say. */
void recall_get(struct recall *r, uint64_t key, struct span *fields);

/**
 * recall_push(r, key, fields), recall_shift(r, key, fields):
 * Keep ${fields} behind those that were pushed under ${key} before, and take
 * out the oldest: SMTP's commands and, in the order of these, its replies.
 * Shifting fills the unknown ones of ${fields}, which are valid until ${r}
 * changes; there may be none to take out.
 */
void recall_push(struct recall *r, uint64_t key, const struct span *fields);
void recall_shift(struct recall *r, uint64_t key, struct span *fields);

/** recall_begin(r, key): What ${key} names begins now: nothing is kept. */
void recall_begin(struct recall *r, uint64_t key);

/** recall_forget(r, key): Drop what is kept and pushed there; what was got of
 * it stays valid until the next call that sets, drops or resets. */
void recall_forget(struct recall *r, uint64_t key);

/*
 * A source may begin amid a session.  A key is known to this memory when it
 * began here (recall_begin()), or once it was forgotten; of any other key
 * something may be kept that was said before the source begins.
 */

/** recall_line(r, now, first, span): The next line is read, stamped ${now};
 * the source's first one was stamped ${first}, and what is older than ${span}
 * (all microseconds) is forgotten: behind ${span} all keys are known.
 * recall_met_unknown(r): Was a key used since then that is not? */
void recall_line(struct recall *r, int64_t now, int64_t first, int64_t span);
bool recall_met_unknown(const struct recall *r);

/** recall_knows(r, key): Is ${key} known? */
bool recall_knows(const struct recall *r, uint64_t key);

/* Who knows what was kept before: false, or what recall_each() gave. */
struct recall_earlier {
    bool (*ask)(void *context, uint64_t key, struct span *bytes);
    void *context;
};

/** recall_ask(r, earlier): From now on ask ${earlier} for keys that are not
 * known, which they are then. */
void recall_ask(struct recall *r, const struct recall_earlier *earlier);

/* What is shown of field ${f} of ${fields}; valid until the next call. */
struct recall_hiding {
    struct span (*hide)(void *context, enum field f, const struct span *fields);
    void *context; /* hide may be NULL: all */
};

/**
 * recall_each(r, hiding, take, context):
 * Give ${take} all known keys, with when they were changed last, whether
 * nothing is kept there, and as bytes what is; recall_read(r, bytes) takes
 * such bytes in, which may be damaged.
 */
void recall_each(struct recall *r, const struct recall_hiding *hiding,
    void (*take)(void *context, uint64_t key, int64_t touched, bool empty,
        struct span bytes),
    void *context);
void recall_read(struct recall *r, struct span bytes);

/** recall_key(bytes): Whose bytes these are. */
uint64_t recall_key(struct span bytes);

/** recall_reset(r): Drop everything. */
void recall_reset(struct recall *r);

/** recall_free(r): NULL does nothing. */
void recall_free(struct recall *r);

#endif
