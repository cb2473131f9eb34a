/* SPDX-License-Identifier: MIT */
/* report/answers.h - what an administrator asks at seven in the morning. */
#ifndef REPORT_ANSWERS_H
#define REPORT_ANSWERS_H

#include "report/gather.h"

enum answer_state {
    ANSWER_UNKNOWN, /* the data do not say */
    ANSWER_FINE,
    ANSWER_WATCH, /* worth a look */
    ANSWER_ACT    /* somebody has to act */
};

struct answer {
    const char *question; /* a label: "Block lists" */
    enum answer_state state;
    const char *about; /* section of the page that tells more */
    char *text;        /* sentences, one a line; log text: to be escaped */
};

enum { N_ANSWERS = 5 };

struct answers {
    struct answer items[N_ANSWERS];
};

/** answers_give(g): What to do first, whether we are blacklisted, who refuses
 * us, whether DNS is sound, what got worse since last week, from ${g}; ends
 * with answers_free(). */
struct answers *answers_give(const struct gather *g);

/** answers_state(state): "Act", "Watch", "Fine" or "Not known". */
const char *answers_state(enum answer_state state);

/** answers_free(a): End ${a}.  NULL does nothing. */
void answers_free(struct answers *a);

#endif
