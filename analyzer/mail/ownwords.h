/* SPDX-License-Identifier: MIT */
/* mail/ownwords.h - the local parts of an event's addresses, as words. */
#ifndef MAIL_OWNWORDS_H
#define MAIL_OWNWORDS_H

#include "mail/event.h"

/*
 * Replies repeat a local part without its domain ("User bob unknown",
 * "<bob>: no such mailbox").  What is a person's name there must be hidden,
 * while role names and words of the trade (postmaster, user, quota) say
 * nothing about anybody and decide what the reply means: those are no own
 * words, nor is what is shorter than three bytes.
 */
enum { OWN_WORDS_MAX = 8 };

struct own_words {
    struct span word[OWN_WORDS_MAX];
    struct span domain[OWN_WORDS_MAX]; /* of the address it came from */
    size_t n;
};

/** ownwords_of(e): Those of the sender and the recipient of ${e}, which they
 * borrow from. */
struct own_words ownwords_of(const struct event *e);

/** ownwords_in(line): Those that ${line}, which they borrow from, shows
 * itself: of addresses, and behind keys that announce one. */
struct own_words ownwords_in(struct span line);

/** ownwords_announced(before): True if ${before} ends with a key behind which
 * an address stands, as in "orig_to=<" or "user=". */
bool ownwords_announced(struct span before);

/** ownwords_may_be(word): True if ${word} may be an own word: it is long
 * enough, no role name, no word of the trade and no number. */
bool ownwords_may_be(struct span word);

/** ownwords_find(o, token): The number of the word that ${token} is, ASCII
 * case ignored; o->n if it is none. */
size_t ownwords_find(const struct own_words *o, struct span token);

#endif
