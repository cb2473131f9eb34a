/* SPDX-License-Identifier: MIT */
/* findings/search.h - what the detectors share, and the list they fill. */
#ifndef FINDINGS_SEARCH_H
#define FINDINGS_SEARCH_H

#include "base/memory.h"
#include "findings/finding.h"
#include "findings/findings_settings.h"
#include "findings/lexicon.h"
#include "findings/query.h"

/* Where the numbers of a finding come from. */
struct search_place {
    bool known;
    int dimension; /* enum series_dimension */
    uint32_t item;
    uint32_t kind; /* in struct kinds */
    uint32_t zone; /* of the block list; 0: any */
};

struct search {
    sqlite3 *db;
    const struct findings_settings *settings;
    const struct lexicon *lexicon; /* never NULL */
    struct arena *arena;           /* owns all texts of the findings */
    int64_t begin;                 /* first hour with mail */
    int64_t end;   /* second after the last line, at most settings->until */
    int64_t since; /* what was over before is left out */
    struct finding *items;
    struct search_place *places; /* of each item */
    size_t n;
    size_t cap;
    struct finding_band bands[2]; /* by direction */
    size_t n_bands;
};

/** search_add(s): A new finding with all texts "", valid until the next is
 * added. */
struct finding *search_add(struct search *s);

/** search_mark(s, f, mark): Let the cause of ${f} be the first one that has the
 * ${mark}; it stays "" if the lexicon knows of none. */
void search_mark(struct search *s, struct finding *f, enum cause_mark mark);

/** search_text(s, format, ...): A text that lives as long as the list. */
const char *search_text(struct search *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** search_keep(s, text): A copy that lives as long as the list. */
const char *search_keep(struct search *s, const char *text);

/** search_note(s, f, text): Add the kept ${text} to the notes of ${f}. */
void search_note(struct search *s, struct finding *f, const char *text);

#endif
