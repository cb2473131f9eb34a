/* SPDX-License-Identifier: MIT */
/*
 * A ring of entries in order of their coming, found through chains of a hash
 * table.  A new entry takes the place of the oldest.  What is pushed under a
 * key are entries too, whose keys are made of it and of a number.
 */
#include "parse/recall.h"

#include "base/limits.h"
#include "base/memory.h"

#include <stdlib.h>

enum { N_CHAINS = 16384, NONE = -1 };

struct entry {
    uint64_t key;
    bool used;
    int next; /* in its chain */
    struct span fields[FIELD_COUNT];
    char *text;         /* what the fields point into */
    uint64_t n_pushed;  /* under this key, ever */
    uint64_t n_shifted; /* of these; the last one is still borrowed */
};

struct recall {
    struct entry *ring;
    int newest;    /* place that was filled last */
    char *dropped; /* text of the entry forgotten last: an event borrows it */
    int chains[N_CHAINS];
};

struct recall *recall_create(void)
{
    struct recall *r = memory_zalloc(1, sizeof(*r));
    r->newest = NONE;
    memset(r->chains, NONE, sizeof(r->chains));
    return r;
}

static int *chain_of(struct recall *r, uint64_t key)
{
    return &r->chains[key % N_CHAINS];
}

static struct entry *find(const struct recall *r, uint64_t key)
{
    int i = r->chains[key % N_CHAINS];
    while (i != NONE && r->ring[i].key != key) {
        i = r->ring[i].next;
    }
    return i != NONE ? &r->ring[i] : NULL;
}

static void drop(struct recall *r, struct entry *e)
{
    int at = (int)(e - r->ring);
    int *link = chain_of(r, e->key);
    while (*link != at) {
        link = &r->ring[*link].next;
    }
    *link = e->next;
    free(e->text);
    memset(e, 0, sizeof(*e));
}

static struct entry *add(struct recall *r, uint64_t key)
{
    if (r->ring == NULL) {
        r->ring = memory_zalloc(LIMIT_REMEMBERED, sizeof(*r->ring));
    }
    r->newest = (r->newest + 1) % (int)LIMIT_REMEMBERED;
    struct entry *e = &r->ring[r->newest];
    if (e->used) {
        drop(r, e);
    }
    e->key = key;
    e->used = true;
    e->next = *chain_of(r, key);
    *chain_of(r, key) = r->newest;
    return e;
}

/* Make the entry's fields its own. */
static void keep(struct entry *e, const struct span *fields)
{
    size_t len = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        len += fields[f].len;
    }
    char *text = memory_alloc(len);
    char *at = text;
    for (int f = 0; f < FIELD_COUNT; f++) {
        struct span value = fields[f];
        if (value.len > 0) {
            memcpy(at, value.ptr, value.len);
        }
        e->fields[f] =
            span_is_known(value) ? (struct span){at, value.len} : SPAN_NONE;
        at += value.len;
    }
    free(e->text);
    e->text = text;
}

void recall_set(struct recall *r, uint64_t key, const struct span *fields)
{
    struct span merged[FIELD_COUNT];
    memcpy(merged, fields, sizeof(merged));
    recall_get(r, key, merged);
    struct entry *e = find(r, key);
    keep(e != NULL ? e : add(r, key), merged);
}

void recall_get(const struct recall *r, uint64_t key, struct span *fields)
{
    const struct entry *e = find(r, key);
    for (int f = 0; e != NULL && f < FIELD_COUNT; f++) {
        if (!span_is_known(fields[f])) {
            fields[f] = e->fields[f];
        }
    }
}

static uint64_t pushed_key(uint64_t key, uint64_t number)
{
    return key ^ (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void drop_pushed(struct recall *r, uint64_t key, uint64_t number)
{
    struct entry *e = find(r, pushed_key(key, number));
    if (e != NULL) {
        drop(r, e);
    }
}

void recall_push(struct recall *r, uint64_t key, const struct span *fields)
{
    struct entry *e = find(r, key);
    if (e == NULL) {
        e = add(r, key);
    }
    recall_set(r, pushed_key(key, e->n_pushed++), fields);
}

void recall_shift(struct recall *r, uint64_t key, struct span *fields)
{
    struct entry *e = find(r, key);
    if (e == NULL || e->n_shifted == e->n_pushed) {
        return;
    }
    if (e->n_shifted > 0) {
        drop_pushed(r, key, e->n_shifted - 1);
    }
    recall_get(r, pushed_key(key, e->n_shifted++), fields);
}

void recall_forget(struct recall *r, uint64_t key)
{
    struct entry *e = find(r, key);
    if (e == NULL) {
        return;
    }
    uint64_t n = e->n_pushed;
    for (uint64_t i = e->n_shifted > 0 ? e->n_shifted - 1 : 0; i < n; i++) {
        drop_pushed(r, key, i);
    }
    free(r->dropped);
    r->dropped = e->text;
    e->text = NULL;
    drop(r, e);
}

void recall_reset(struct recall *r)
{
    for (size_t i = 0; r->ring != NULL && i < LIMIT_REMEMBERED; i++) {
        free(r->ring[i].text);
    }
    free(r->ring);
    r->ring = NULL;
    free(r->dropped);
    r->dropped = NULL;
    r->newest = NONE;
    memset(r->chains, NONE, sizeof(r->chains));
}

void recall_free(struct recall *r)
{
    if (r == NULL) {
        return;
    }
    recall_reset(r);
    free(r);
}
