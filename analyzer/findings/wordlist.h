/* SPDX-License-Identifier: MIT */
/* findings/wordlist.h - counts that become series. */
#ifndef FINDINGS_WORDLIST_H
#define FINDINGS_WORDLIST_H

#include "findings/series.h"

/* How a word is divided, from the highest bit on: item, reply, hour, count. */
struct wordlist_layout {
    unsigned reply_bits;
    unsigned hour_bits;
    unsigned count_bits;
    unsigned key_bits; /* of all three */
    int64_t most[3];   /* items, replies, hours that fit */
};

/* Counts in any order. */
struct wordlist {
    struct wordlist_layout layout;
    uint64_t *words;
    size_t n;
    size_t cap;
    uint64_t *other; /* where they are sorted to */
    size_t other_cap;
    bool in_time; /* those of one item and reply came in order of time */
    bool sparse;  /* folding them once hardly helped */
};

/** wordlist_lay_out(item, reply, hours): The layout for numbers of items and
 * replies up to these and for so many hours. */
struct wordlist_layout wordlist_lay_out(
    int64_t item, int64_t reply, int64_t hours);

/** wordlist_init(w, layout, in_time): An empty list; ends with
 * wordlist_reset(). */
void wordlist_init(
    struct wordlist *w, const struct wordlist_layout *layout, bool in_time);

/** wordlist_add(w, key, n): Add ${n} at ${key}: item, reply (as struct series
 * has it), hour; nothing if they do not fit into the layout. */
void wordlist_add(struct wordlist *w, const int64_t key[3], int64_t n);

/** wordlist_give(w, list): Append the series that the words are to ${list},
 * whose last item must come before them, and empty ${w}. */
void wordlist_give(struct wordlist *w, struct series_list *list);

/** wordlist_reset(w): Give the memory back. */
void wordlist_reset(struct wordlist *w);

#endif
