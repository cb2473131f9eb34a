/* SPDX-License-Identifier: MIT */
/* aggregate/lives.h - the open queue IDs of one source and who waits. */
#ifndef AGGREGATE_LIVES_H
#define AGGREGATE_LIVES_H

#include "base/span.h"
#include "mail/event.h"

/* Long enough for Exim's 23 bytes; longer IDs are shortened to a hash. */
enum { LIVES_ID_LEN = 24 };

/* Which message: no padding, compared as bytes. */
struct life_key {
    uint32_t host; /* the caller's number */
    char id[LIVES_ID_LEN];
};

/* The last that was said of a recipient. */
struct waiting {
    uint64_t recipient; /* hash of the address */
    int64_t time;       /* microseconds */
    int64_t seq;
    uint32_t domain; /* the caller's numbers */
    uint32_t provider;
    uint32_t next; /* another of the same life; 0: the last */
    enum direction direction;
    enum disposition disposition;
    enum event_kind event;
};

struct life {
    struct life_key key;
    bool has_arrival; /* its beginning was seen */
    bool has_sender;
    bool spilled; /* too many recipients: they are journaled one by one */
    uint32_t sender;
    uint32_t first; /* recipient that waits; 0: none */
    uint32_t n_waiting;
    int64_t arrival_time;
    int64_t arrival_seq;
    int64_t sender_time;
    int64_t sender_seq;
    uint64_t hash;
    uint32_t next; /* in its bucket, or in the free list */
    uint32_t older;
    uint32_t newer;
};

/*
 * Lives and recipients lie in two pools that grow to their limits and reuse
 * what is freed, so that an event allocates nothing.  Number 0 is none.
 * Pointers are valid until the next lives_add() or lives_wait().
 */
struct lives {
    struct life *lives;
    uint32_t n_lives; /* used at some time, number 0 included */
    uint32_t lives_cap;
    uint32_t free_life;
    uint32_t n_open;
    struct waiting *waiting;
    uint32_t n_waiting; /* as n_lives */
    uint32_t waiting_cap;
    uint32_t free_waiting;
    uint32_t n_waiting_open;
    uint32_t *buckets;
    uint32_t n_buckets; /* a power of two */
    uint32_t oldest;    /* touched longest ago */
    uint32_t newest;
};

/** lives_init(l): No lives.  lives_free() gives the memory back. */
void lives_init(struct lives *l);

/** lives_key(host, id): The key of queue ID ${id}, known and not empty, on
 * the host of number ${host}. */
struct life_key lives_key(uint32_t host, struct span id);

/** lives_key_id(key): The ID of ${key}, borrowed from it. */
struct span lives_key_id(const struct life_key *key);

/** lives_find(l, key): The life of ${key}, now the newest, or NULL. */
struct life *lives_find(struct lives *l, const struct life_key *key);

/** lives_add(l, key): A new life; there is none of ${key} yet. */
struct life *lives_add(struct lives *l, const struct life_key *key);

/** lives_remove(l, life): End ${life} and forget its recipients. */
void lives_remove(struct lives *l, struct life *life);

/** lives_oldest(l): The life touched longest ago; NULL if there is none. */
struct life *lives_oldest(struct lives *l);

/** lives_newer(l, life): The next after ${life}, NULL at the end. */
struct life *lives_newer(const struct lives *l, const struct life *life);

/** lives_waiting(l, life, w): The recipient after ${w} (NULL: the first) of
 * ${life}, or NULL. */
struct waiting *lives_waiting(
    const struct lives *l, const struct life *life, const struct waiting *w);

/** lives_wait(l, life, w): Keep a copy of ${w} with ${life}, in the place of
 * what is known of that recipient. */
void lives_wait(struct lives *l, struct life *life, const struct waiting *w);

/** lives_end_wait(l, life, recipient): Forget that recipient, if known. */
void lives_end_wait(struct lives *l, struct life *life, uint64_t recipient);

/** lives_end_all(l, life): Forget all its recipients. */
void lives_end_all(struct lives *l, struct life *life);

/** lives_reset(l), lives_free(l): Forget all; give the memory back. */
void lives_reset(struct lives *l);
void lives_free(struct lives *l);

#endif
