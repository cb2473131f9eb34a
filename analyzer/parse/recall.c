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
    bool pushed;     /* under another key */
    bool known;      /* it began in this source, or was forgotten there */
    int64_t touched; /* when it was changed last */
    int next;        /* in its chain */
    struct span fields[FIELD_COUNT];
    char *text;         /* what the fields point into */
    uint64_t n_pushed;  /* under this key, ever */
    uint64_t n_shifted; /* of these; the last one is still borrowed */
};

struct recall {
    struct entry *ring;
    int newest;    /* place that was filled last */
    char *dropped; /* text replaced or forgotten last: an event borrows it */
    int chains[N_CHAINS];
    int64_t now;
    int64_t span; /* what is older is forgotten */
    bool sure;    /* keys that are not there are known not to be */
    bool unknown; /* a key was met that began before the source did */
    struct recall_earlier earlier;
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

void recall_line(struct recall *r, int64_t now, int64_t first, int64_t span)
{
    r->now = now;
    r->span = span;
    r->sure = now - first > span;
    r->unknown = false;
}

bool recall_met_unknown(const struct recall *r)
{
    return r->unknown;
}

void recall_ask(struct recall *r, const struct recall_earlier *earlier)
{
    r->earlier = *earlier;
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
    e->known = r->sure || r->earlier.ask != NULL;
    e->next = *chain_of(r, key);
    *chain_of(r, key) = r->newest;
    return e;
}

/* Fill the unknown ones of ${fields} with what ${e} (NULL: nothing) holds. */
static void fill(const struct entry *e, struct span *fields)
{
    for (int f = 0; e != NULL && f < FIELD_COUNT; f++) {
        if (!span_is_known(fields[f])) {
            fields[f] = e->fields[f];
        }
    }
}

/* The text of ${e} is kept there no longer, but an event may borrow it. */
static void retire(struct recall *r, struct entry *e)
{
    if (e->text != NULL) {
        free(r->dropped);
        r->dropped = e->text;
        e->text = NULL;
    }
}

/* Make the entry's fields its own. */
static void keep(struct recall *r, struct entry *e, const struct span *fields)
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
    retire(r, e);
    e->text = text;
}

/* The entry whose texts the fields may lie in still goes by its key. */
static void set_entry(
    struct recall *r, struct entry *e, const struct span *fields)
{
    struct span merged[FIELD_COUNT];
    memcpy(merged, fields, sizeof(merged));
    fill(e, merged);
    keep(r, e, merged);
    e->touched = r->now;
}

/* Ask for what an earlier source has left under ${key}. */
static void ask(struct recall *r, uint64_t key)
{
    struct span bytes = SPAN_NONE;
    if (r->earlier.ask(r->earlier.context, key, &bytes)) {
        recall_read(r, bytes);
    }
    struct entry *e = find(r, key);
    if (e != NULL) {
        e->known = true;
    }
}

/* What is kept under ${key}; where that did not begin in this source, what an
 * earlier one has left, if that can be asked. */
static struct entry *look_up(struct recall *r, uint64_t key)
{
    const struct entry *there = find(r, key);
    bool known = r->sure || (there != NULL && there->known);
    if (!known && r->earlier.ask != NULL) {
        ask(r, key);
    }
    r->unknown = r->unknown || (!known && r->earlier.ask == NULL);
    struct entry *e = find(r, key);
    if (e != NULL && r->now - e->touched > r->span) {
        recall_forget(r, key);
    }
    return e;
}

bool recall_knows(const struct recall *r, uint64_t key)
{
    const struct entry *e = find(r, key);
    return r->sure || r->earlier.ask != NULL || (e != NULL && e->known);
}

void recall_begin(struct recall *r, uint64_t key)
{
    struct entry *e = find(r, key);
    if (e != NULL) {
        recall_forget(r, key);
        e = find(r, key);
    }
    e = e != NULL ? e : add(r, key);
    e->known = true;
    e->touched = r->now;
}

void recall_set(struct recall *r, uint64_t key, const struct span *fields)
{
    struct entry *e = look_up(r, key);
    set_entry(r, e != NULL ? e : add(r, key), fields);
}

void recall_get(struct recall *r, uint64_t key, struct span *fields)
{
    fill(look_up(r, key), fields);
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

static void push(struct recall *r, struct entry *e, const struct span *fields)
{
    uint64_t key = pushed_key(e->key, e->n_pushed++);
    e->touched = r->now;
    struct entry *last = add(r, key);
    last->pushed = true;
    set_entry(r, last, fields);
}

void recall_push(struct recall *r, uint64_t key, const struct span *fields)
{
    struct entry *e = look_up(r, key);
    push(r, e != NULL ? e : add(r, key), fields);
}

void recall_shift(struct recall *r, uint64_t key, struct span *fields)
{
    struct entry *e = look_up(r, key);
    if (e == NULL || e->n_shifted == e->n_pushed) {
        return;
    }
    if (e->n_shifted > 0) {
        drop_pushed(r, key, e->n_shifted - 1);
    }
    e->touched = r->now;
    fill(find(r, pushed_key(key, e->n_shifted++)), fields);
}

/* The entry stays without its content: that nothing is kept is known now. */
void recall_forget(struct recall *r, uint64_t key)
{
    struct entry *e = find(r, key);
    if (e == NULL && r->sure) {
        return;
    }
    e = e != NULL ? e : add(r, key);
    uint64_t n = e->n_pushed;
    for (uint64_t i = e->n_shifted > 0 ? e->n_shifted - 1 : 0; i < n; i++) {
        drop_pushed(r, key, i);
    }
    retire(r, e);
    memset(e->fields, 0, sizeof(e->fields));
    e->n_pushed = 0;
    e->n_shifted = 0;
    e->known = true;
    e->touched = r->now;
}

/* ---- out and in again ---- */

enum { MOST_PUSHED = 256 }; /* commands whose replies are still to come */

static void write_number(struct buffer *out, uint64_t n)
{
    for (int i = 0; i < 64; i += 8) {
        buffer_add_char(out, (char)(n >> i & 255));
    }
}

static void write_fields(
    const struct entry *e, const struct recall_hiding *h, struct buffer *out)
{
    uint64_t known = 0;
    for (int f = 0; e != NULL && f < FIELD_COUNT; f++) {
        known |= (uint64_t)span_is_known(e->fields[f]) << f;
    }
    write_number(out, known);
    for (int f = 0; f < FIELD_COUNT; f++) {
        if ((known >> f & 1) != 0) {
            struct span value = e->fields[f];
            if (h->hide != NULL) {
                value = h->hide(h->context, (enum field)f, e->fields);
            }
            write_number(out, value.len);
            buffer_add(out, value);
        }
    }
}

static void write_entry(struct recall *r, const struct entry *e,
    const struct recall_hiding *h, struct buffer *out)
{
    uint64_t n = e->n_pushed - e->n_shifted;
    n = n < MOST_PUSHED ? n : MOST_PUSHED;
    write_number(out, e->key);
    write_number(out, (uint64_t)e->touched);
    write_fields(e, h, out);
    write_number(out, n);
    for (uint64_t i = 0; i < n; i++) {
        write_fields(find(r, pushed_key(e->key, e->n_shifted + i)), h, out);
    }
}

static bool is_empty(const struct entry *e)
{
    bool empty = e->n_pushed == e->n_shifted;
    for (int f = 0; empty && f < FIELD_COUNT; f++) {
        empty = !span_is_known(e->fields[f]);
    }
    return empty;
}

void recall_each(struct recall *r, const struct recall_hiding *h,
    void (*take)(void *context, uint64_t key, int64_t touched, bool empty,
        struct span bytes),
    void *context)
{
    struct buffer b;
    buffer_init(&b, LIMIT_LINE_LEN);
    for (size_t i = 0; r->ring != NULL && i < LIMIT_REMEMBERED; i++) {
        const struct entry *e = &r->ring[i];
        if (e->used && e->known && !e->pushed) {
            buffer_reset(&b);
            write_entry(r, e, h, &b);
            take(context, e->key, e->touched, is_empty(e), buffer_span(&b));
        }
    }
    buffer_free(&b);
}

static uint64_t read_number(struct span *s)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < 8 && i < s->len; i++) {
        n |= (uint64_t)(unsigned char)s->ptr[i] << (8 * i);
    }
    *s = span_skip(*s, s->len < 8 ? s->len : 8);
    return n;
}

uint64_t recall_key(struct span bytes)
{
    return read_number(&bytes);
}

static void read_fields(struct span *s, struct span *fields)
{
    uint64_t known = read_number(s);
    memset(fields, 0, FIELD_COUNT * sizeof(*fields));
    for (int f = 0; f < FIELD_COUNT; f++) {
        if ((known >> f & 1) == 0) {
            continue;
        }
        uint64_t len = read_number(s);
        len = len < s->len ? len : s->len;
        fields[f] = len > 0 ? span_first(*s, (size_t)len) : SPAN_LITERAL("");
        *s = span_skip(*s, (size_t)len);
    }
}

void recall_read(struct recall *r, struct span bytes)
{
    struct span fields[FIELD_COUNT];
    uint64_t key = read_number(&bytes);
    int64_t touched = (int64_t)read_number(&bytes);
    recall_begin(r, key);
    struct entry *e = find(r, key);
    read_fields(&bytes, fields);
    set_entry(r, e, fields);
    uint64_t n = read_number(&bytes);
    for (uint64_t i = 0; i < n && i < MOST_PUSHED && bytes.len > 0; i++) {
        read_fields(&bytes, fields);
        push(r, e, fields);
    }
    e->touched = touched;
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
    r->unknown = false;
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
