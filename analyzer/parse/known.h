/* SPDX-License-Identifier: MIT */
/* parse/known.h - how texts that come again and again were taken apart. */
#ifndef PARSE_KNOWN_H
#define PARSE_KNOWN_H

#include "parse/dispatch.h"

enum { KNOWN_TEXT_LEN = 72, KNOWN_GROUPS = 6 };

/* A group that an expression found in a text. */
struct known_group {
    uint8_t field; /* enum field */
    uint8_t at;    /* in the text */
    uint8_t len;
};

/*
 * What parts said of a text.  It hangs on nothing but the text, so it holds
 * wherever the text comes again.
 */
struct known_part {
    uint64_t parts;                /* identity of the dispatch that was asked */
    const struct pattern *pattern; /* the one that claims it; NULL: none does */
    struct known_group groups[KNOWN_GROUPS];
    uint8_t n_groups;
    uint8_t len; /* of the text; 0: the place is free */
    char text[KNOWN_TEXT_LEN];
};

/* Texts met lately, for one thread. */
struct known;

/** known_create(): Empty; known_free() ends it. */
struct known *known_create(void);

/** known_place(k, text): Where ${text} is kept if it is; NULL: it is too long
 * or too short to be. */
struct known_part *known_place(struct known *k, struct span text);

/** known_is(place, parts, text): Does ${place} hold what ${parts} said of
 * ${text}? */
static inline bool known_is(const struct known_part *place,
    const struct dispatch *parts, struct span text)
{
    return place->len == text.len && place->parts == parts->identity &&
           span_same_bytes(place->text, text.ptr, text.len);
}

/** known_set(place, parts, text): Make ${place} that of ${text}, claimed by
 * nothing so far. */
void known_set(
    struct known_part *place, const struct dispatch *parts, struct span text);

/** known_add(place, field, group): ${group}, which lies in the text given to
 * known_set(), is ${field}; false: there is no room for it. */
bool known_add(struct known_part *place, enum field field, struct span text,
    struct span group);

/** known_drop(place): ${place} is free again. */
void known_drop(struct known_part *place);

/** known_reset(k): Forget all. */
void known_reset(struct known *k);

/** known_free(k): NULL does nothing. */
void known_free(struct known *k);

#endif
