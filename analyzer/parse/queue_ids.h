/* SPDX-License-Identifier: MIT */
/* parse/queue_ids.h - the queue ID that begins a message. */
#ifndef PARSE_QUEUE_IDS_H
#define PARSE_QUEUE_IDS_H

#include "parse/compiled.h"

/* IDs that were met lately; for one thread. */
struct queue_ids;

/** queue_ids_create(): End it with queue_ids_free(). */
struct queue_ids *queue_ids_create(void);

/**
 * queue_ids_len(ids, format, message):
 * The length of the queue ID, as ${format} writes them, that begins
 * ${message}: ":" follows it, or a blank is its last byte.  0 if there is
 * none.
 */
size_t queue_ids_len(
    struct queue_ids *ids, const struct format *format, struct span message);

/** queue_ids_free(ids): NULL does nothing. */
void queue_ids_free(struct queue_ids *ids);

#endif
