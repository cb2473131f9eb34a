/* SPDX-License-Identifier: MIT */
/* report/story.h - the verdict in a few plain sentences. */
#ifndef REPORT_STORY_H
#define REPORT_STORY_H

#include "base/buffer.h"
#include "report/gather.h"

/*
 * How a sentence wants to be seen.  Rates are never good or bad by
 * themselves; that is for whoever knows what was usual.
 */
enum story_mood {
    STORY_UNKNOWN = 0,
    STORY_FACT,    /* how it was */
    STORY_WARNING, /* something is incomplete */
    STORY_ALARM    /* somebody has to act */
};

struct story_sentence {
    enum story_mood mood;
    const char *about; /* section of the page that tells more, "causes" */
    char *text;        /* holds log text: to be escaped */
};

struct story {
    struct story_sentence *sentences;
    size_t n;
};

/** story_tell(g): The verdict on ${g}, most important first; ends with
 * story_free(). */
struct story *story_tell(const struct gather *g);

/** story_add_cause(out, g, cause, detail): Append the title of a cause, or
 * "cause: detail" if the lexicon has none. */
void story_add_cause(struct buffer *out, const struct gather *g,
    struct span cause, struct span detail);

/** story_side(side): "us" as part of a sentence: "for us to act on". */
const char *story_side(const char *side);

/** story_ask(g, fn, cause, detail): lexicon_ask() with spans. */
const char *story_ask(const struct gather *g, lexicon_fn *fn, struct span cause,
    struct span detail);

/** story_free(s): End ${s}.  NULL does nothing. */
void story_free(struct story *s);

#endif
