/* SPDX-License-Identifier: MIT */
/* store/reclassify.h - new verdicts for all replies, without any log. */
#ifndef STORE_RECLASSIFY_H
#define STORE_RECLASSIFY_H

#include "mail/event.h"
#include "mail/verdict.h"
#include "store/store.h"

/*
 * A reply as the store knows it.  judge() fills cause, detail, rule and dnsbl
 * of the verdict, valid until it is called again; false ends the run.
 */
struct reclassify_reply {
    enum direction direction;
    enum stage stage;
    int code;
    struct status_code enhanced;
    struct status_code logged;
    struct span template;
};

/* Replies that went from one cause to another. */
struct reclassify_change {
    struct span from_cause;
    struct span from_detail;
    struct span to_cause;
    struct span to_detail;
    int64_t replies;
    int64_t attempts;
};

struct reclassify_calls {
    void *context;
    bool (*judge)(
        void *context, const struct reclassify_reply *r, struct verdict *v);
    /* called once for each kind of change, most attempts first; may be NULL */
    void (*changed)(void *context, const struct reclassify_change *c);
};

/**
 * reclassify_run(s, calls, n_changed):
 * Ask calls->judge() about each reply and keep its answers, in one
 * transaction; ${n_changed} is how many replies have another verdict now.
 * False on failure; nothing is changed then.
 */
bool reclassify_run(
    struct store *s, const struct reclassify_calls *calls, int64_t *n_changed);

#endif
