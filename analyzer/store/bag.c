/* SPDX-License-Identifier: MIT */
/*
 * The bytes: a byte of shape (keys, sums << 3, span << 7), the number of
 * entries and, with spans, the earliest hour; then the entries.  Numbers are
 * LEB128, signed ones in zigzag order, so small ones of either sign are
 * short.
 *
 * An entry begins with the place of the first key that differs from the
 * entry before and a mask of the sums that are not 0.  That key is written as
 * the difference to the one before; those behind it as the difference to
 * their left neighbour, since neighbours are often the same number (the
 * recipient's domain is the other side's, outbound).  A span is two
 * differences: from the earliest hour to the first, from there to the last.
 *
 * Reading is what reports spend their time on.  So an entry is read without a
 * look at the end: the last bytes are read from a copy with as many zeros
 * behind it as the longest entry has bytes, and whoever went beyond the end
 * is noticed after the entry.
 */
#include "store/bag.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
    SUMS_SHIFT = 3,
    SPAN_BIT = 0x80,
    PLACE_BITS = 2,
    MORE = 0x80,
    PAYLOAD_BITS = 7,
    PAYLOAD = 0x7f,
    VARINT_LEN = 10,
    HOUR = 3600,
    LEAST_CAP = 16
};

size_t bag_stride(struct bag_shape shape)
{
    return (size_t)shape.n_keys + shape.n_sums + (shape.has_span ? 2 : 0);
}

/* --- numbers ------------------------------------------------------------ */

static uint64_t zigzag(int64_t n)
{
    return ((uint64_t)n << 1) ^ (n < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t n)
{
    return (int64_t)((n >> 1) ^ (0 - (n & 1)));
}

/* Differences wrap, so that any two numbers have one. */
static int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static unsigned char *put(unsigned char *at, uint64_t n)
{
    while (n > PAYLOAD) {
        *at++ = (unsigned char)(n | MORE);
        n >>= PAYLOAD_BITS;
    }
    *at++ = (unsigned char)n;
    return at;
}

/* Of at most VARINT_LEN bytes, whatever they are. */
static const unsigned char *get_long(const unsigned char *at, uint64_t *n)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < VARINT_LEN; i++) {
        value |= (uint64_t)(at[i] & PAYLOAD) << (i * PAYLOAD_BITS);
        if (at[i] < MORE) {
            *n = value;
            return at + i + 1;
        }
    }
    *n = value;
    return at + VARINT_LEN;
}

static inline const unsigned char *get(const unsigned char *at, uint64_t *n)
{
    if (*at < MORE) {
        *n = *at;
        return at + 1;
    }
    return get_long(at, n);
}

static inline const unsigned char *get_signed(
    const unsigned char *at, int64_t *n)
{
    uint64_t value;
    at = get(at, &value);
    *n = unzigzag(value);
    return at;
}

static int64_t floor_hour(int64_t second)
{
    return second / HOUR - (second % HOUR < 0);
}

/* --- reading ------------------------------------------------------------ */

static bool is_shape(struct bag_shape s)
{
    return s.n_keys >= 1 && s.n_keys <= BAG_MOST_KEYS && s.n_sums >= 1 &&
           s.n_sums <= BAG_MOST_SUMS;
}

/* Near the end, go on in the copy; an entry can be read safely then. */
static void enter_tail(struct bag_cursor *c, size_t left)
{
    memcpy(c->tail, c->at, left);
    memset(c->tail + left, 0, BAG_ENTRY_LEN);
    c->at = c->tail;
    c->end = c->tail + left;
    c->in_tail = true;
}

static inline void approach_end(struct bag_cursor *c)
{
    size_t left = (size_t)(c->end - c->at);
    if (left < BAG_ENTRY_LEN && !c->in_tail) {
        enter_tail(c, left);
    }
}

bool bag_open(struct bag_cursor *c, struct span bytes)
{
    *c = (struct bag_cursor){.at = (const unsigned char *)bytes.ptr};
    c->damaged = bytes.len == 0;
    if (c->damaged) {
        return false;
    }
    c->end = c->at + bytes.len;
    approach_end(c);
    unsigned head = *c->at++;
    c->shape =
        (struct bag_shape){.n_keys = (uint8_t)(head & ((1 << SUMS_SHIFT) - 1)),
            .n_sums = (uint8_t)((head & ~(unsigned)SPAN_BIT) >> SUMS_SHIFT),
            .has_span = (head & SPAN_BIT) != 0};
    c->at = get(c->at, &c->n_left);
    if (c->shape.has_span) {
        c->at = get_signed(c->at, &c->base);
    }
    c->damaged = !is_shape(c->shape) || c->at > c->end;
    return !c->damaged;
}

static const unsigned char *get_span(
    const struct bag_cursor *c, const unsigned char *at, int64_t *span)
{
    uint64_t since_base;
    int64_t length;
    at = get(at, &since_base);
    at = get_signed(at, &length);
    uint64_t first = (uint64_t)c->base + since_base;
    span[0] = (int64_t)(first * HOUR);
    span[1] = (int64_t)((first + (uint64_t)length) * HOUR);
    return at;
}

/* From ${place} on, the keys differ. */
static inline const unsigned char *get_keys(
    struct bag_cursor *c, const unsigned char *at, size_t place)
{
    int64_t *key = c->values;
    int64_t difference;
    at = get_signed(at, &difference);
    key[place] = plus(key[place], difference);
    for (size_t i = place + 1; i < c->shape.n_keys; i++) {
        at = get_signed(at, &difference);
        key[i] = plus(key[i - 1], difference);
    }
    return at;
}

bool bag_next(struct bag_cursor *c)
{
    if (c->n_left == 0 || c->damaged) {
        return false;
    }
    approach_end(c);
    uint64_t head;
    const unsigned char *at = get(c->at, &head);
    size_t place = head & ((1 << PLACE_BITS) - 1);
    uint64_t mask = head >> PLACE_BITS;
    if (place >= c->shape.n_keys) {
        c->damaged = true;
        return false;
    }
    at = get_keys(c, at, place);
    int64_t *sum = c->values + c->shape.n_keys;
    size_t n_sums = c->shape.n_sums;
    for (size_t i = 0; i < n_sums; i++, mask >>= 1) {
        sum[i] = 0;
        if ((mask & 1) != 0) {
            at = get_signed(at, &sum[i]);
        }
    }
    if (c->shape.has_span) {
        at = get_span(c, at, sum + c->shape.n_sums);
    }
    c->at = at;
    c->n_left--;
    c->damaged = at > c->end;
    return !c->damaged;
}

bool bag_counts(const struct bag_cursor *c, int n)
{
    const int64_t *sum = c->values + c->shape.n_keys;
    for (int i = 0; i < n && i < c->shape.n_sums; i++) {
        if (sum[i] > 0) {
            return true;
        }
    }
    return n == 0;
}

/* --- collecting --------------------------------------------------------- */

void bag_init(struct bag *b, struct bag_shape shape)
{
    *b = (struct bag){.shape = shape, .stride = bag_stride(shape)};
}

void bag_free(struct bag *b)
{
    free(b->entries);
    *b = (struct bag){.shape = b->shape, .stride = b->stride};
}

static int compare_keys(const int64_t *a, const int64_t *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

/* qsort() passes no context: one comparison for each length of the key. */
#define COMPARE(n)                                                             \
    static int compare_##n(const void *a, const void *b)                       \
    {                                                                          \
        return compare_keys(a, b, n);                                          \
    }
COMPARE(1)
COMPARE(2)
COMPARE(3)
COMPARE(4)

static int (*const comparisons[])(const void *, const void *) = {
    NULL, compare_1, compare_2, compare_3, compare_4};

/* Add what ${from} counts to ${to}. */
static void fold(struct bag_shape shape, int64_t *to, const int64_t *from)
{
    size_t i = shape.n_keys;
    for (; i < (size_t)shape.n_keys + shape.n_sums; i++) {
        to[i] = plus(to[i], from[i]);
    }
    if (shape.has_span) {
        to[i] = from[i] < to[i] ? from[i] : to[i];
        to[i + 1] = from[i + 1] > to[i + 1] ? from[i + 1] : to[i + 1];
    }
}

void bag_sort(struct bag *b)
{
    size_t width = b->stride * sizeof(*b->entries);
    if (b->n_sorted == b->n) {
        return;
    }
    qsort(b->entries, b->n, width, comparisons[b->shape.n_keys]);
    size_t n = 0;
    for (size_t i = 1; i < b->n; i++) {
        int64_t *to = b->entries + n * b->stride;
        const int64_t *from = b->entries + i * b->stride;
        if (compare_keys(to, from, b->shape.n_keys) == 0) {
            fold(b->shape, to, from);
        } else if (++n != i) {
            memcpy(b->entries + n * b->stride, from, width);
        }
    }
    b->n = n + 1;
    b->n_sorted = b->n;
}

static void grow(struct bag *b)
{
    b->cap = b->cap != 0 ? 2 * b->cap : LEAST_CAP;
    b->entries =
        memory_grow(b->entries, b->cap * b->stride, sizeof(*b->entries));
}

/* Rows often come in order already. */
static void note_order(struct bag *b, const int64_t *values)
{
    if (b->n_sorted == b->n &&
        (b->n == 0 || compare_keys(b->entries + (b->n - 1) * b->stride, values,
                          b->shape.n_keys) < 0)) {
        b->n_sorted++;
    }
}

void bag_add(struct bag *b, const int64_t *values)
{
    if (b->n == b->cap) {
        bag_sort(b);
        if (b->n >= b->cap / 2) {
            grow(b);
        }
    }
    note_order(b, values);
    memcpy(
        b->entries + b->n * b->stride, values, b->stride * sizeof(*b->entries));
    b->n++;
}

/* --- writing ------------------------------------------------------------ */

static int64_t earliest(const struct bag *b)
{
    size_t at = b->stride - 2;
    int64_t first = b->n > 0 ? b->entries[at] : 0;
    for (size_t i = 1; i < b->n; i++) {
        int64_t hour = b->entries[i * b->stride + at];
        first = hour < first ? hour : first;
    }
    return floor_hour(first);
}

static unsigned char *put_entry(struct bag_shape shape, int64_t base,
    const int64_t *before, const int64_t *values, unsigned char *at)
{
    size_t n_keys = shape.n_keys;
    const int64_t *sum = values + n_keys;
    size_t place = 0;
    uint64_t mask = 0;
    while (place + 1 < n_keys && values[place] == before[place]) {
        place++;
    }
    for (size_t i = 0; i < shape.n_sums; i++) {
        mask |= (uint64_t)(sum[i] != 0) << i;
    }
    at = put(at, mask << PLACE_BITS | place);
    at = put(at, zigzag(minus(values[place], before[place])));
    for (size_t i = place + 1; i < n_keys; i++) {
        at = put(at, zigzag(minus(values[i], values[i - 1])));
    }
    for (size_t i = 0; i < shape.n_sums; i++) {
        at = sum[i] != 0 ? put(at, zigzag(sum[i])) : at;
    }
    if (shape.has_span) {
        int64_t first = floor_hour(sum[shape.n_sums]);
        int64_t last = floor_hour(sum[shape.n_sums + 1]);
        at = put(at, (uint64_t)minus(first, base));
        at = put(at, zigzag(minus(last, first)));
    }
    return at;
}

static void add_bytes(
    struct buffer *out, const unsigned char *from, const unsigned char *to)
{
    buffer_add(out, (struct span){(const char *)from, (size_t)(to - from)});
}

static void add_head(
    struct buffer *out, struct bag_shape shape, uint64_t n, int64_t base)
{
    unsigned char bytes[1 + 2 * VARINT_LEN];
    unsigned char *at = bytes;
    *at++ = (unsigned char)(shape.n_keys | shape.n_sums << SUMS_SHIFT |
                            (shape.has_span ? SPAN_BIT : 0));
    at = put(at, n);
    at = shape.has_span ? put(at, zigzag(base)) : at;
    add_bytes(out, bytes, at);
}

void bag_write(struct bag *b, struct buffer *out)
{
    static const int64_t nothing[BAG_STRIDE];
    unsigned char bytes[BAG_ENTRY_LEN];
    bag_sort(b);
    int64_t base = b->shape.has_span ? earliest(b) : 0;
    add_head(out, b->shape, b->n, base);
    const int64_t *before = nothing;
    for (size_t i = 0; i < b->n; i++) {
        const int64_t *values = b->entries + i * b->stride;
        add_bytes(out, bytes, put_entry(b->shape, base, before, values, bytes));
        before = values;
    }
}

/* --- adding up ---------------------------------------------------------- */

void bag_union_init(struct bag_union *u, struct bag_shape shape)
{
    *u = (struct bag_union){.shape = shape};
    buffer_init(&u->entries, BAG_MOST_BYTES);
}

/* Read what ${u} has so far. */
static void open_union(struct bag_cursor *c, const struct bag_union *u)
{
    struct span bytes = u->n > 0 ? buffer_span(&u->entries) : SPAN_LITERAL("");
    *c = (struct bag_cursor){.shape = u->shape,
        .at = (const unsigned char *)bytes.ptr,
        .n_left = u->n,
        .base = u->base};
    c->end = c->at + bytes.len;
}

static void put_union(
    struct bag_union *u, int64_t *before, const int64_t *values)
{
    unsigned char bytes[BAG_ENTRY_LEN];
    add_bytes(&u->entries, bytes,
        put_entry(u->shape, u->base, before, values, bytes));
    memcpy(before, values, bag_stride(u->shape) * sizeof(*values));
    u->n++;
}

/* The union of what is in order in ${a} and in ${b}. */
static void zip(struct bag_union *u, struct bag_cursor *a, struct bag_cursor *b)
{
    int64_t before[BAG_STRIDE] = {0};
    bool more_a = bag_next(a);
    bool more_b = bag_next(b);
    while (more_a || more_b) {
        int order = !more_a ? 1
                    : !more_b
                        ? -1
                        : compare_keys(a->values, b->values, u->shape.n_keys);
        if (order == 0) {
            fold(u->shape, a->values, b->values);
        }
        put_union(u, before, order <= 0 ? a->values : b->values);
        more_a = order <= 0 ? bag_next(a) : more_a;
        more_b = order >= 0 ? bag_next(b) : more_b;
    }
}

bool bag_union_add(struct bag_union *u, struct bag_cursor *c)
{
    struct bag_union sum;
    struct bag_cursor old;
    bag_union_init(&sum, u->shape);
    bool earlier = u->n == 0 || (c->n_left > 0 && c->base < u->base);
    sum.base = earlier ? c->base : u->base;
    open_union(&old, u);
    zip(&sum, &old, c);
    bag_union_free(u);
    *u = sum;
    return !c->damaged;
}

void bag_union_write(const struct bag_union *u, struct buffer *out)
{
    add_head(out, u->shape, u->n, u->n > 0 ? u->base : 0);
    buffer_add(out, buffer_span(&u->entries));
    out->overflowed = out->overflowed || u->entries.overflowed;
}

void bag_union_free(struct bag_union *u)
{
    buffer_free(&u->entries);
    u->n = 0;
}
