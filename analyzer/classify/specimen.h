/* SPDX-License-Identifier: MIT */
/* classify/specimen.h - one kind of reply among those that are compared. */
#ifndef CLASSIFY_SPECIMEN_H
#define CLASSIFY_SPECIMEN_H

#include "classify/classifier.h"
#include "classify/wording.h"

/* All its texts are in the arena of whoever collects specimens, or outlive
 * them. */
struct specimen {
    struct reply_facts facts;
    struct wording wording; /* of facts.template */
    bool understood;        /* a rule or an enhanced code gave the cause */
    struct span rule;
    struct span cause;
    struct span detail;
    struct span reply; /* whole, of a rule's example; else SPAN_NONE */
    int64_t attempts;
};

/** specimen_status(s): The remote's own enhanced code, else the MTA's. */
static inline struct status_code specimen_status(const struct specimen *s)
{
    return status_is_known(s->facts.status) ? s->facts.status : s->facts.logged;
}

#endif
