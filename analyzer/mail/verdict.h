/* SPDX-License-Identifier: MIT */
/* mail/verdict.h - what a reply was found to mean. */
#ifndef MAIL_VERDICT_H
#define MAIL_VERDICT_H

#include "base/span.h"

/*
 * A verdict is a function of direction, stage, reply code, enhanced codes and
 * template, and of the rule packs.  All spans are valid until the classifier
 * that gave it is asked again.
 */
struct verdict {
    struct span cause;    /* "blacklisting" (TAXONOMY: first level) */
    struct span detail;   /* "dnsbl" */
    struct span rule;     /* id of the rule that decided, "code-550", … */
    struct span template; /* the reply text with its variable parts masked */
    uint64_t key;         /* hash of all that the verdict depends on */
    bool listed;          /* it says that a block list holds somebody */
    struct span dnsbl;    /* zone of the list named in the text, or none */
    struct span address;  /* listed address named in the text, or none */
    struct span provider; /* mailbox provider of the other side, or none */
};

#endif
