/* SPDX-License-Identifier: MIT */
/* store/bag.h - many counted keys as one value of bytes. */
#ifndef STORE_BAG_H
#define STORE_BAG_H

#include "base/buffer.h"

/*
 * A bag is a sorted list of entries: a key of one to four numbers, what was
 * counted under it (up to twelve sums), and, if the bag has spans, the first
 * and the last hour.  Bags of the same shape are merged by adding the sums up
 * and widening the spans, so that the bag of a month is that of its days,
 * in whatever order they come.
 *
 * As bytes a bag begins with its shape; the entries follow, each as what
 * differs from the one before it, in some seven bytes.  Such bytes lie in a
 * database that anybody may have written: whoever reads them checks them.
 */
enum { BAG_MOST_KEYS = 4, BAG_MOST_SUMS = 12 };

struct bag_shape {
    uint8_t n_keys; /* 1 to BAG_MOST_KEYS */
    uint8_t n_sums; /* 1 to BAG_MOST_SUMS */
    bool has_span;
};

/* An entry as numbers: the keys, the sums, and first and last hour (Unix
 * seconds of a full hour) behind each other. */
enum { BAG_STRIDE = BAG_MOST_KEYS + BAG_MOST_SUMS + 2 };

/** bag_stride(shape): How many numbers an entry of ${shape} has. */
size_t bag_stride(struct bag_shape shape);

/* Bytes of an entry at most: head, keys, sums and span, ten for each. */
enum { BAG_ENTRY_LEN = (1 + BAG_STRIDE) * 10 };

/* Reads bytes.  After bag_next() an entry stands in ->values.  Must not be
 * copied: it points into itself. */
struct bag_cursor {
    struct bag_shape shape;
    int64_t values[BAG_STRIDE];
    const unsigned char *at;
    const unsigned char *end;
    uint64_t n_left;
    int64_t base; /* hour that spans are counted from */
    bool damaged; /* the bytes are no bag */
    bool in_tail; /* at and end point into tail */
    unsigned char tail[2 * BAG_ENTRY_LEN]; /* the last bytes, then zeros */
};

/** bag_open(c, bytes): Begin to read ${bytes}, which must outlive ${c};
 * false if they are no bag. */
bool bag_open(struct bag_cursor *c, struct span bytes);

/** bag_next(c): Go to the next entry; false at the end, and if the bytes are
 * damaged (c->damaged). */
bool bag_next(struct bag_cursor *c);

/** bag_counts(c, n): True if one of the first ${n} sums of the entry is above
 * 0, or if ${n} is 0. */
bool bag_counts(const struct bag_cursor *c, int n);

/* Collects entries.  Memory grows with the different keys, not with what is
 * added. */
struct bag {
    struct bag_shape shape;
    size_t stride;
    int64_t *entries;
    size_t n;
    size_t cap;
    size_t n_sorted; /* of them, from the first on, in order and different */
};

/** bag_init(b, shape): An empty bag; ends with bag_free(). */
void bag_init(struct bag *b, struct bag_shape shape);

/** bag_add(b, values): Add one entry of bag_stride(b->shape) numbers. */
void bag_add(struct bag *b, const int64_t *values);

/** bag_sort(b): Put the entries in order, each key once. */
void bag_sort(struct bag *b);

/** bag_write(b, out): bag_sort(), and append the bytes to ${out}. */
void bag_write(struct bag *b, struct buffer *out);

/** bag_free(b): Give the memory back. */
void bag_free(struct bag *b);

/* SQLite takes no value of more. */
#define BAG_MOST_BYTES ((size_t)1000000000)

/* Bags of one shape added up, as bytes: in memory the bag of a month is a
 * fifteenth of what its entries are as numbers. */
struct bag_union {
    struct bag_shape shape;
    uint64_t n;
    int64_t base;
    struct buffer entries;
};

/** bag_union_init(u, shape): Nothing yet; ends with bag_union_free(). */
void bag_union_init(struct bag_union *u, struct bag_shape shape);

/** bag_union_add(u, c): Add all that is left in ${c}, whose shape must be that
 * of ${u}; false if its bytes are damaged. */
bool bag_union_add(struct bag_union *u, struct bag_cursor *c);

/** bag_union_write(u, out): Append the bag to ${out}. */
void bag_union_write(const struct bag_union *u, struct buffer *out);

/** bag_union_free(u): Give the memory back. */
void bag_union_free(struct bag_union *u);

#endif
