/* SPDX-License-Identifier: MIT */
/* store/replies.h - every kind of reply in the store, and how often it came. */
#ifndef STORE_REPLIES_H
#define STORE_REPLIES_H

#include "mail/event.h"
#include "store/store.h"

/* Texts are valid until the next one is read. */
struct replies_row {
    enum direction direction;
    enum stage stage;
    int code;                    /* 0: none */
    struct status_code enhanced; /* the remote's own */
    struct status_code logged;   /* the MTA's word */
    struct span template;
    int64_t attempts; /* failed ones so answered */
};

/**
 * replies_read(s, take, context):
 * Give each reply that failed attempts met to ${take}, with ${context}; those
 * with most attempts first.  False on failure.
 */
bool replies_read(struct store *s,
    void (*take)(void *context, const struct replies_row *row), void *context);

/** replies_drop_unused(s): Delete the replies that nothing speaks of any more,
 * in the caller's transaction and with foreign keys off: SQLite would look for
 * each of them in all facts.  False on failure. */
bool replies_drop_unused(struct store *s);

#endif
