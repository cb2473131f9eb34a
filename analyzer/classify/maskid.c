/* SPDX-License-Identifier: MIT */
/*
 * No list of formats: there are more kinds of queue ID than MTAs.  What tells
 * an identifier from a word or from a provider's code ("S3140", "TSS04",
 * "BL000010") is its length and how often letters and digits take turns.
 */
#include "classify/maskid.h"

enum {
    HEX_ID_LEN = 6,       /* "37ff28ea", the shortest Postfix queue IDs */
    MIXED_ID_LEN = 8,     /* shorter mixtures are codes of providers */
    WHOLE_ID_LEN = 16,    /* "38308e7fff4ca-30344241c74si13773751fa.513" */
    LONGEST_WORD = 40,    /* no human word is longer */
    LONG_NUMBER = 4,      /* digits: shorter numbers may be codes */
    NAMED_NUMBER_LEN = 12 /* "Exchange2016" is masked, "URLBL0100" is not */
};

static const struct span placeholder_id = SPAN_INIT("{id}");
static const struct span placeholder_n = SPAN_INIT("{n}");

struct shape {
    size_t n_digits;
    size_t n_letters;
    size_t turns; /* changes between letters and digits */
    bool hex;
};

static bool is_hex_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
}

/* Other bytes than letters and digits are passed over. */
static struct shape shape_of(struct span s)
{
    struct shape shape = {.hex = true};
    int last = 0;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        int kind = 0;
        if (maskid_is_digit(c)) {
            kind = 1;
            shape.n_digits++;
        } else if (maskid_is_letter(c)) {
            kind = 2;
            shape.n_letters++;
            shape.hex = shape.hex && is_hex_letter(c);
        } else {
            continue;
        }
        shape.turns += last != 0 && kind != last;
        last = kind;
    }
    return shape;
}

static bool is_uuid(struct span s)
{
    if (s.len != 36) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? s.ptr[i] != '-'
                   : !maskid_is_digit(s.ptr[i]) && !is_hex_letter(s.ptr[i])) {
            return false;
        }
    }
    return true;
}

/* Exim before and since 4.97: 1rABCD-0004xY-2k, 1rABCD-00000004xYz-2kLm. */
static bool is_exim_id(struct span s)
{
    bool old = s.len == 16 && s.ptr[6] == '-' && s.ptr[13] == '-';
    bool new = s.len == 23 && s.ptr[6] == '-' && s.ptr[18] == '-';
    return (old || new) && maskid_is_digit(s.ptr[0]);
}

bool maskid_is_whole(struct span piece)
{
    if (piece.len < WHOLE_ID_LEN) {
        return false;
    }
    if (is_uuid(piece) || is_exim_id(piece)) {
        return true;
    }
    struct shape shape = shape_of(piece);
    return shape.n_digits >= 3 && shape.turns >= 4;
}

static bool is_random(struct span atom, const struct shape *shape)
{
    if (shape->n_letters > LONGEST_WORD) {
        return true;
    }
    if (shape->n_digits == 0) {
        return false;
    }
    if (shape->n_letters == 0) {
        return false;
    }
    if (shape->hex && atom.len >= HEX_ID_LEN) {
        return true;
    }
    return atom.len >= MIXED_ID_LEN &&
           (shape->turns >= 3 ||
               (shape->turns == 2 && (shape->n_digits >= LONG_NUMBER ||
                                         atom.len >= MIXED_ID_LEN + 2)));
}

bool maskid_is_random(struct span atom)
{
    struct shape shape = shape_of(atom);
    return is_random(atom, &shape);
}

/* An atom with at most one turn: "10240", "10240bytes", "Exchange2016". */
static void add_number(
    struct maskout *o, struct span atom, const struct shape *shape)
{
    bool digits_first = maskid_is_digit(atom.ptr[0]);
    if (shape->turns == 0 || (shape->turns == 1 && digits_first)) {
        maskout_add(o, placeholder_n);
        maskout_add(o, span_skip(atom, shape->n_digits));
    } else if (shape->turns == 1 && atom.len >= NAMED_NUMBER_LEN) {
        maskout_add(o, span_first(atom, shape->n_letters));
        maskout_add(o, placeholder_n);
    } else {
        maskout_add(o, atom);
    }
}

static void add_atom(struct maskout *o, struct span atom)
{
    struct shape shape = shape_of(atom);
    if (is_random(atom, &shape)) {
        maskout_add(o, placeholder_id);
    } else if (shape.n_digits >= LONG_NUMBER) {
        add_number(o, atom, &shape);
    } else {
        maskout_add(o, atom);
    }
}

void maskid_atoms(struct maskout *o, struct span piece)
{
    size_t at = 0;
    while (at < piece.len) {
        size_t n = 0;
        while (at + n < piece.len && (maskid_is_digit(piece.ptr[at + n]) ||
                                         maskid_is_letter(piece.ptr[at + n]))) {
            n++;
        }
        if (n == 0) {
            maskout_char(o, piece.ptr[at++]);
            continue;
        }
        add_atom(o, (struct span){piece.ptr + at, n});
        at += n;
    }
}
