/* SPDX-License-Identifier: MIT */
/* classify/maskid.h - numbers and identifiers in a token. */
#ifndef CLASSIFY_MASKID_H
#define CLASSIFY_MASKID_H

#include "classify/maskout.h"

/** maskid_is_digit(c), maskid_is_letter(c): ASCII only. */
static inline bool maskid_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool maskid_is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/**
 * maskid_is_whole(piece):
 * True if ${piece}, letters and digits with "-", "_" and "." between, is an
 * identifier as a whole: a UUID, an Exim message id, or a long mixture of
 * letters and digits.
 */
bool maskid_is_whole(struct span piece);

/** maskid_is_random(atom): True if ${atom}, letters and digits only, looks
 * like an identifier: hexadecimal, or changing between both kinds. */
bool maskid_is_random(struct span atom);

/**
 * maskid_atoms(o, piece):
 * Write ${piece} to ${o}, each run of letters and digits for itself: numbers
 * of four or more digits as {n}, identifiers as {id}.
 */
void maskid_atoms(struct maskout *o, struct span piece);

#endif
