/* SPDX-License-Identifier: MIT */
/* classify/masktoken.h - one token of a reply, masked. */
#ifndef CLASSIFY_MASKTOKEN_H
#define CLASSIFY_MASKTOKEN_H

#include "classify/maskout.h"
#include "classify/template_names.h"

/* Where a token stands. */
struct masktoken_place {
    bool named;  /* right after "using " or "by " */
    bool joined; /* right after a "}": it may be the rest of a masked token */
    bool open;   /* right before a "{": the rest of it may be masked */
};

/**
 * masktoken_add(o, names, token, place):
 * Write ${token} (letters, digits and ". _ + = @ : / -") to ${o}.
 */
void masktoken_add(struct maskout *o, const struct template_names *names,
    struct span token, struct masktoken_place place);

#endif
