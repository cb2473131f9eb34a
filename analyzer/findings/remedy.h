/* SPDX-License-Identifier: MIT */
/* findings/remedy.h - what to do, with the names of the case filled in. */
#ifndef FINDINGS_REMEDY_H
#define FINDINGS_REMEDY_H

#include "findings/search.h"

/* What stands for the placeholders of commands; "" where it is not known. */
struct remedy_names {
    const char *domain;  /* recipient's, or sender's where that is at fault */
    const char *target;  /* recipient's, whose server answered */
    const char *host;    /* of ours */
    const char *address; /* of ours */
    const char *dnsbl;
};

/**
 * remedy_add(s, f, steps, names):
 * Give ${f} the ${steps}, lines as struct lexicon's advice answers them, with
 * the placeholders of their texts and commands filled in from ${names}.
 */
void remedy_add(struct search *s, struct finding *f, const char *steps,
    const struct remedy_names *names);

#endif
