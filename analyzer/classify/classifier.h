/* SPDX-License-Identifier: MIT */
/* classify/classifier.h - replies to verdicts. */
#ifndef CLASSIFY_CLASSIFIER_H
#define CLASSIFY_CLASSIFIER_H

#include "classify/knowledge.h"
#include "classify/networks.h"
#include "classify/particulars.h"
#include "classify/rules.h"
#include "mail/event.h"
#include "mail/verdict.h"

/*
 * What decides, in this order: delivered (nothing else is asked), the rules
 * as they stand, the enhanced code (the remote's own, one in the text, the
 * MTA's), the reply code; what is left is unknown.unknown.
 *
 * One classifier per thread; rules and knowledge are shared.
 */
struct classifier;

/* All that a verdict depends on: what the store keeps of a reply. */
struct reply_facts {
    enum direction direction;
    enum stage stage;
    int code;                  /* 0: none */
    struct status_code status; /* the remote's own; class 0: none */
    struct status_code logged; /* the MTA's word; class 0: none */
    struct span template;
};

/** classifier_create(r, k): A classifier; ${r} and ${k} must outlive it. */
struct classifier *classifier_create(
    const struct rules *r, const struct knowledge *k);

/** classifier_free(c): End ${c}.  NULL does nothing. */
void classifier_free(struct classifier *c);

/** classifier_use_memo(c, on): Verdicts are remembered (they are, unless told
 * otherwise); without, each reply goes through the rules, for measuring. */
void classifier_use_memo(struct classifier *c, bool on);

/** classifier_set_own(c, own): Of several addresses in a reply about a block
 * list, the one in ${own}, which must outlive ${c}, is ours; NULL: not
 * known. */
void classifier_set_own(struct classifier *c, const struct networks *own);

/**
 * classifier_judge(c, e, v):
 * Find the verdict ${v} on the event ${e}.  The rule's id is
 *   that of the rule that decided, or "delivered",
 *   "status-5.1.1" (the enhanced code decided), "code-550" (the reply code),
 *   "none".
 * For blacklisting and for broken DNSBL look-ups, v->dnsbl and v->address are
 * what this reply's own text names.  The spans are valid until ${c} is used
 * again or ${e}'s are not.
 */
void classifier_judge(
    struct classifier *c, const struct event *e, struct verdict *v);

/** classifier_provider(c, e): What classifier_judge() says of the provider,
 * by itself. */
struct span classifier_provider(
    const struct classifier *c, const struct event *e);

/**
 * classifier_judge_facts(c, facts, v):
 * The same from what the store keeps, without the reply's own text: no
 * address, no provider, and only what the template says of the list.
 */
void classifier_judge_facts(
    struct classifier *c, const struct reply_facts *facts, struct verdict *v);

/**
 * classifier_read_text(c, direction, text, e):
 * Make an event of ${text}, a bare reply as a person pastes it: with or
 * without codes, or with the MTA's words around it ("host X said: 550 …", in
 * which case the reply inside is taken).  ${e} borrows from ${text} and from
 * ${c}, until this is called again.
 */
void classifier_read_text(struct classifier *c, enum direction direction,
    struct span text, struct event *e);

/**
 * classifier_particulars(c, e, v, p):
 * Find what ${e}, on which ${c} gave the verdict ${v}, says besides its cause.
 * Apart from the verdict because nothing that is counted depends on it.
 */
void classifier_particulars(struct classifier *c, const struct event *e,
    const struct verdict *v, struct particulars *p);

/**
 * classifier_explain(c, e, numbers, max):
 * Store the numbers of the rules that match ${e}, in order, in ${numbers} (at
 * most ${max}): the first one decides, the others would have.  Return how many
 * there are.  rules_file() and rules_line() tell where they stand.
 */
size_t classifier_explain(
    struct classifier *c, const struct event *e, uint32_t *numbers, size_t max);

#endif
