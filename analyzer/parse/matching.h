/* SPDX-License-Identifier: MIT */
/* parse/matching.h - what patterns say of a text. */
#ifndef PARSE_MATCHING_H
#define PARSE_MATCHING_H

#include "parse/known.h"

/* For one thread. */
struct matching {
    struct regex_workspace *workspace;
    struct known *known;
    const struct known_part *met; /* what claims the text, if it was known */
    struct span subject; /* what the last expression was matched against */
    struct span pairs;   /* what stood before it, if the pattern splits */
    bool limit_said;     /* one message about limits is enough */
};

/** matching_init(m): End it with matching_free(). */
void matching_init(struct matching *m);

/** matching_reset(m): Another source begins. */
void matching_reset(struct matching *m);

/** matching_claims(m, p, text): Does ${p} claim ${text}, which begins as ${p}
 * wants it? */
bool matching_claims(
    struct matching *m, const struct pattern *p, struct span text);

/** matching_find(m, parts, text): The first of ${parts} that claims ${text},
 * or NULL. */
const struct pattern *matching_find(
    struct matching *m, const struct dispatch *parts, struct span text);

/** matching_recall(m, parts, text): The same for a text that may have been met
 * before, as relays have. */
const struct pattern *matching_recall(
    struct matching *m, const struct dispatch *parts, struct span text);

/** matching_take(m, p, fields): Set those of ${fields} (FIELD_COUNT) that
 * ${p} gives, which the last call above has found. */
void matching_take(
    struct matching *m, const struct pattern *p, struct span *fields);

/** matching_set(p, fields): Set those that ${p} gives without looking at any
 * text: all there are where it claims a record. */
void matching_set(const struct pattern *p, struct span *fields);

/** matching_free(m): Give back what ${m} holds. */
void matching_free(struct matching *m);

#endif
