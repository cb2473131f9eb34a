/* SPDX-License-Identifier: MIT */
/* classify/knowledge.h - causes, advice, codes, DNSBLs and providers. */
#ifndef CLASSIFY_KNOWLEDGE_H
#define CLASSIFY_KNOWLEDGE_H

#include "classify/dnsbl.h"
#include "classify/providers.h"
#include "mail/cause_mark.h"
#include "mail/reply.h"

/*
 * What patterns/taxonomy.yaml, codes.yaml, dnsbl.yaml and providers.yaml say.
 * Loaded once, then never changed: threads may share it.  Everything a
 * look-up returns belongs to the knowledge; texts are terminated.
 */
struct knowledge;

struct detail_entry {
    char *name;
    char *title;
    char *definition;
    char *permanence; /* "permanent", "temporary", "either" */
    char *side;       /* "us", "them", "addressee", "both", "nobody", "none" */
    /* What a reply of this kind says of a block list: "named" (that it holds
     * somebody, and which one it is), "known" (the same, but names may mean
     * something else: only lists of dnsbl.yaml count), "broken" (nothing: the
     * look-up failed); NULL: it is not about lists. */
    char *list;
    enum cause_mark marks; /* a set, without those of its cause */
    char **advice;         /* ids, most useful first */
    unsigned n_advice;
};

struct cause_entry {
    char *name;
    char *title;
    char *definition;
    enum cause_mark marks; /* a set */
    struct detail_entry *details;
    unsigned n_details;
};

struct advice_entry {
    char *id;
    unsigned step; /* of the guide, 1 to 12; 0: additional */
    char *title;
    char *text;
    char *command; /* NULL: none */
};

/* What it means if unrelated destinations fail alike. */
struct together_entry {
    char *name;
    char *title;
    char *meaning;
    char *direction; /* "outbound", "inbound" */
    char **causes;   /* "cause.detail" */
    unsigned n_causes;
    unsigned own_words;    /* 1: only without a reply from outside */
    unsigned destinations; /* recipient domains at least; 0: any number */
    char **advice;
    unsigned n_advice;
};

struct code_entry {
    int code;
    char *title;
    char *meaning;
    char *source;
    char **usual; /* "cause.detail", most usual first */
    unsigned n_usual;
    char *verdict; /* "cause.detail"; NULL: the code alone decides nothing */
};

struct status_entry {
    char *status; /* "X.1.1", or "5.7.1" where a class differs */
    char *title;
    char *meaning;
    char *source;
    char **usual;
    unsigned n_usual;
    char *permanent; /* verdict for class 5; NULL: none */
    char *temporary; /* verdict for class 4; NULL: none */
};

struct class_entry {
    int class; /* first digit of a code or a status */
    char *title;
    char *meaning;
};

/**
 * knowledge_load(site_dir):
 * Read the four files, each from ${site_dir} (NULL: none) if it is there.
 * Return NULL, having reported "file:line: what", if one is faulty or names a
 * cause or an advice that does not exist.  End with knowledge_free().
 */
struct knowledge *knowledge_load(const char *site_dir);

/** knowledge_free(k): End ${k}.  NULL does nothing. */
void knowledge_free(struct knowledge *k);

/** knowledge_n_causes(k), knowledge_cause_at(k, i): All causes, in the order
 * of the taxonomy; ${i} < knowledge_n_causes(). */
unsigned knowledge_n_causes(const struct knowledge *k);
const struct cause_entry *knowledge_cause_at(
    const struct knowledge *k, unsigned i);

/** knowledge_cause(k, name): The cause ${name} ("blacklisting"), or NULL. */
const struct cause_entry *knowledge_cause(
    const struct knowledge *k, struct span name);

/** knowledge_detail(k, cause, detail): The detail, or NULL. */
const struct detail_entry *knowledge_detail(
    const struct knowledge *k, struct span cause, struct span detail);

/** knowledge_marks(k, cause, detail): The set of enum cause_mark that both
 * have; 0 for a cause or a detail that does not exist. */
unsigned knowledge_marks(
    const struct knowledge *k, struct span cause, struct span detail);

/** knowledge_marked(k, mark, cause, detail): Find the first detail that has the
 * ${mark} itself; store its name and that of its cause, which live as long as
 * ${k}, and return true, or return false if there is none. */
bool knowledge_marked(const struct knowledge *k, enum cause_mark mark,
    struct span *cause, struct span *detail);

/**
 * knowledge_split(k, name, cause, detail):
 * Find "cause.detail" ${name}; store both names, which live as long as ${k},
 * and return true, or return false if there is no such cause or detail.
 */
bool knowledge_split(const struct knowledge *k, struct span name,
    struct span *cause, struct span *detail);

/** knowledge_advice(k, id): The advice ${id}, or NULL. */
const struct advice_entry *knowledge_advice(
    const struct knowledge *k, struct span id);

/** knowledge_n_advice(k), knowledge_advice_at(k, i): All of it. */
unsigned knowledge_n_advice(const struct knowledge *k);
const struct advice_entry *knowledge_advice_at(
    const struct knowledge *k, unsigned i);

/** knowledge_together(k, direction, cause): The entry for "cause.detail"
 * ${cause}, or NULL. */
const struct together_entry *knowledge_together(
    const struct knowledge *k, struct span direction, struct span cause);

/** knowledge_reply_code(k, code): The reply code (550), or NULL. */
const struct code_entry *knowledge_reply_code(
    const struct knowledge *k, int code);

/** knowledge_status(k, status): The entry of ${status}: that of its class if
 * there is one, else that of any class; or NULL. */
const struct status_entry *knowledge_status(
    const struct knowledge *k, struct status_code status);

/** knowledge_status_verdict(k, status): What the status decides by itself, as
 * "cause.detail"; NULL: nothing. */
const char *knowledge_status_verdict(
    const struct knowledge *k, struct status_code status);

/** knowledge_class(k, digit): What the class 2 to 5 means, or NULL. */
const struct class_entry *knowledge_class(const struct knowledge *k, int digit);

/** knowledge_introductions(k, n): How the words end that MTAs write before a
 * reply they quote; ${n} gets how many there are. */
char *const *knowledge_introductions(const struct knowledge *k, unsigned *n);

/** knowledge_dnsbls(k), knowledge_providers(k): The other two files. */
const struct dnsbl_table *knowledge_dnsbls(const struct knowledge *k);
const struct provider_table *knowledge_providers(const struct knowledge *k);

/** knowledge_names(k): The names that templates keep. */
const struct suffixes *knowledge_names(const struct knowledge *k);

#endif
