/* SPDX-License-Identifier: MIT */
/* mail/cause_mark.h - what has to be known of a cause besides its name. */
#ifndef MAIL_CAUSE_MARK_H
#define MAIL_CAUSE_MARK_H

/* Bits of a set.  patterns/taxonomy.yaml gives them to causes and details, in
 * the words beside them; findings read them, so that no code knows a cause. */
enum cause_mark {
    MARK_LISTED = 1,        /* "listed": a public list holds us */
    MARK_LOOKUP_BROKEN = 2, /* "lookup_broken": they cannot ask a list */
    MARK_BLOCK = 4,         /* "block": they want no mail from us */
    MARK_GREYLISTING = 8,   /* "greylisting": a retry is taken */
    MARK_OWN_TROUBLE = 16,  /* "own_trouble": said by us, our server's fault */
    MARK_NO_JUDGEMENT = 32  /* "no_judgement": it says nothing of us */
};

#endif
