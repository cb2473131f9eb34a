/* SPDX-License-Identifier: MIT */
/* classify/memo.h - verdicts already found, by the hash of their facts. */
#ifndef CLASSIFY_MEMO_H
#define CLASSIFY_MEMO_H

#include "base/span.h"

/*
 * Bounded (LIMIT_MEMO_ENTRIES).  When a place is wanted by a new entry, the
 * oldest that competes for it goes, so a stream of distinct replies costs one
 * look-up each and nothing grows.  Not shared between threads.
 */
struct memo;

/* What is remembered. */
struct memo_value {
    uint32_t rule;     /* its number, or what the classifier uses beyond */
    struct span dnsbl; /* a zone of dnsbl.yaml, or none */
};

/** memo_create(), memo_free(m): A memo without entries, and its end. */
struct memo *memo_create(void);
void memo_free(struct memo *m);

/** memo_find(m, key, value): Copy what was remembered under ${key} to
 * ${value}; false if there is nothing. */
bool memo_find(const struct memo *m, uint64_t key, struct memo_value *value);

/** memo_add(m, key, value): Remember ${value} under ${key}, which is not
 * there. */
void memo_add(struct memo *m, uint64_t key, struct memo_value value);

#endif
