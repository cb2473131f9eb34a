/* SPDX-License-Identifier: MIT */
/* findings/lexicon.h - what is known about codes, causes and block lists. */
#ifndef FINDINGS_LEXICON_H
#define FINDINGS_LEXICON_H

#include "base/span.h"
#include "mail/cause_mark.h"

#include <sqlite3.h>
#include <stdbool.h>

/*
 * That knowledge lies in the pattern packs, which findings and reports may not
 * read; whoever may (cli) fills this in.  Each function takes its state and two
 * terminated texts and returns a terminated text that stays valid until the
 * next call, or NULL if it knows nothing.  A function may be NULL.
 */
typedef const char *lexicon_fn(void *state, const char *a, const char *b);

struct lexicon {
    void *state;
    lexicon_fn *meaning;     /* reply code, enhanced code: what they mean */
    lexicon_fn *delist_url;  /* zone, "": page where to ask for removal */
    lexicon_fn *cause_title; /* cause, detail: "Blacklisting: Listed …" */
    lexicon_fn *definition;  /* cause, detail: one or two sentences */
    lexicon_fn *side;        /* cause, detail: us, them, addressee, both … */
    lexicon_fn *advice;      /* cause, detail: the steps, most useful first, one
                              * a line: title TAB text TAB command (or empty) */
    lexicon_fn *together;    /* direction, "cause.detail": what it means if
                              * unrelated destinations fail so: name TAB title
                              * TAB meaning TAB destinations TAB own words */
    lexicon_fn *together_advice; /* the same two: steps as above */
    /* a set of enum cause_mark; may be NULL */
    unsigned (*marks)(void *state, struct span cause, struct span detail);
    /* the first detail that has the mark itself, and its cause; false: none */
    bool (*marked)(void *state, enum cause_mark mark, struct span *cause,
        struct span *detail);
};

/**
 * lexicon_register(db, lexicon):
 * Make the SQL functions meaning(code, status), delist_url(zone),
 * cause_title(cause, detail), side(cause, detail) and advice(cause, detail)
 * (the title of its first step) known to ${db}; what is not known is NULL.
 * ${lexicon} must outlive ${db}; NULL knows nothing.  Return false, having
 * reported it, on failure.
 */
bool lexicon_register(sqlite3 *db, const struct lexicon *lexicon);

/** lexicon_ask(lexicon, fn, a, b): The answer of ${fn}, or "" if it is NULL or
 * does not know. */
const char *lexicon_ask(const struct lexicon *lexicon, lexicon_fn *fn,
    const char *a, const char *b);

/** lexicon_marks(lexicon, cause, detail): The set of enum cause_mark of both;
 * 0 if the lexicon knows of no marks. */
unsigned lexicon_marks(
    const struct lexicon *lexicon, struct span cause, struct span detail);

#endif
