/* SPDX-License-Identifier: MIT */
/* cli/senders.h - the envelope senders of queue IDs, for rows of events. */
#ifndef CLI_SENDERS_H
#define CLI_SENDERS_H

#include "mail/event.h"

/*
 * Most MTAs name the sender once and the recipients later.  Remembers at
 * least the last LIMIT_OPEN_QUEUE_ENTRIES queue IDs; the store's own
 * correlator, which knows domains only, forgets none.
 */
struct senders;

/** senders_create(): Knows nothing yet; senders_free() ends it. */
struct senders *senders_create(void);

/**
 * senders_follow(s, e):
 * Take in ${e}, the next event, and return its envelope sender: its own, else
 * that of its queue ID, else SPAN_NONE.  Valid until the next call.
 */
struct span senders_follow(struct senders *s, const struct event *e);

/** senders_free(s): End ${s}.  NULL does nothing. */
void senders_free(struct senders *s);

#endif
