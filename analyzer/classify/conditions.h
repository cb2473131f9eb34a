/* SPDX-License-Identifier: MIT */
/* classify/conditions.h - what a rule asks besides its expressions. */
#ifndef CLASSIFY_CONDITIONS_H
#define CLASSIFY_CONDITIONS_H

#include "classify/rules.h"

enum { CONDITIONS_MAX_PREFIXES = 8 };

/* A range of reply codes: "5" is 500 to 599, "421" itself. */
struct code_range {
    short first;
    short last;
};

/* A prefix of an enhanced code: "5", "5.7", "5.7.1"; "X" is any class, "none"
 * is the absence of an enhanced code. */
struct status_prefix {
    struct status_code status;
    uint8_t depth; /* how many of the three numbers are given; 0: none */
};

struct conditions {
    enum direction direction; /* unknown: both */
    unsigned stages;          /* bit per stage; 0: all */
    unsigned n_codes;
    unsigned n_status;
    struct code_range codes[CONDITIONS_MAX_PREFIXES];
    struct status_prefix status[CONDITIONS_MAX_PREFIXES];
};

/**
 * conditions_read(rule, c):
 * Translate the conditions of ${rule} to ${c}.  Return NULL, or the text in
 * ${rule} that is no direction, stage, code or status (or the one too many).
 */
const char *conditions_read(const struct rule *rule, struct conditions *c);

/**
 * conditions_hold(c, facts):
 * True if ${facts} meet ${c}.  A reply without a code is taken by the class of
 * its enhanced code, where a rule asks for a whole class of codes.  A fact
 * that is not known (the direction or stage of a bare text) meets everything.
 */
bool conditions_hold(
    const struct conditions *c, const struct rules_facts *facts);

#endif
