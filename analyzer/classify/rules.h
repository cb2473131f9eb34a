/* SPDX-License-Identifier: MIT */
/* classify/rules.h - the rules that give replies their cause. */
#ifndef CLASSIFY_RULES_H
#define CLASSIFY_RULES_H

#include "classify/knowledge.h"
#include "classify/parts.h"
#include "mail/event.h"
#include "pattern/regex.h"

/*
 * The rules of patterns/replies/ and of a site, in the order in which they are
 * tried: by the `order` of their file (a site's file without one comes before
 * all built-in ones), then by its name, then as they stand in it.  Built once;
 * threads may share them.
 */
struct rules;

/* One rule as it stands in its file.  Texts are terminated. */
struct rule {
    char *id;
    char *cause;     /* "blacklisting.dnsbl" */
    char *match;     /* for the template */
    char *unless;    /* for the template; NULL: none */
    char *direction; /* NULL: both */
    char **stages;   /* none: all */
    unsigned n_stages;
    char **codes; /* prefixes of the reply code; none: all */
    unsigned n_codes;
    char **status; /* prefixes of the enhanced code; none: all */
    unsigned n_status;
    char *extract;   /* for the raw text; NULL: none */
    char **examples; /* whole replies */
    unsigned n_examples;
    char **counterexamples;
    unsigned n_counterexamples;
    char *source; /* NULL: none */
};

/* A reply, and what an expression finds in it. */
struct rules_field_example {
    char *reply;
    char *want;
};

/* An expression that finds a field, at the head of a file.  Its groups are
 * named as those of `extract`; it is asked of the whole reply, codes included.
 */
struct rules_field {
    char *id;
    char *match;
    struct rules_field_example *examples;
    unsigned n_examples;
};

/* What a rule's conditions look at, besides the template. */
struct rules_facts {
    enum direction direction;
    enum stage stage;
    int code;                  /* 0: none */
    struct status_code status; /* class 0: none */
};

/* The expressions of a rule. */
enum rules_regex {
    RULES_MATCH = 0,
    RULES_UNLESS,
    RULES_EXTRACT,
    RULES_N_REGEX
};

/**
 * rules_load(k, site_dir):
 * Read all rules; causes are looked up in ${k}, which must outlive them.
 * Return NULL, having reported "file:line: what" for each fault, if a cause,
 * a direction, a stage or a prefix is none, an id is used twice, or an
 * expression of a site's file does not compile (those of the built-in files
 * are compiled when first needed; rules_compile_all() proves them).  End with
 * rules_free().
 */
struct rules *rules_load(const struct knowledge *k, const char *site_dir);

/** rules_free(r): End ${r}.  NULL does nothing. */
void rules_free(struct rules *r);

/** rules_count(r), rules_at(r, i): All rules in order; ${i} < rules_count().
 */
size_t rules_count(const struct rules *r);
const struct rule *rules_at(const struct rules *r, size_t i);

/** rules_find(r, id): The number of the rule ${id}; rules_count() if there is
 * none. */
size_t rules_find(const struct rules *r, struct span id);

/** rules_file(r, i), rules_line(r, i): Where rule ${i} stands. */
const char *rules_file(const struct rules *r, size_t i);
unsigned rules_line(const struct rules *r, size_t i);

/** rules_cause(r, i), rules_detail(r, i): What rule ${i} says. */
struct span rules_cause(const struct rules *r, size_t i);
struct span rules_detail(const struct rules *r, size_t i);

/** rules_detail_entry(r, i): That detail in the taxonomy. */
const struct detail_entry *rules_detail_entry(const struct rules *r, size_t i);

/**
 * rules_regex(r, i, which):
 * The compiled expression of rule ${i}, made when first asked for; NULL if it
 * has none or, having reported it, if it does not compile.
 */
const struct regex *rules_regex(
    const struct rules *r, size_t i, enum rules_regex which);

/** rules_compile_all(r): Compile every expression; return how many do not,
 * each reported. */
size_t rules_compile_all(const struct rules *r);

/** rules_applies(r, i, facts): True if the conditions of rule ${i} besides its
 * expressions hold. */
bool rules_applies(
    const struct rules *r, size_t i, const struct rules_facts *facts);

/** rules_n_fields(r), rules_field(r, i): The fields of all files. */
size_t rules_n_fields(const struct rules *r);
const struct rules_field *rules_field(const struct rules *r, size_t i);

/** rules_field_is_common(r, i): Field ${i} stands in a file without rules, and
 * is for all replies. */
bool rules_field_is_common(const struct rules *r, size_t i);

/** rules_field_is_for(r, i, rule): Field ${i} stands in the file of ${rule};
 * false if ${rule} is rules_count(). */
bool rules_field_is_for(const struct rules *r, size_t i, size_t rule);

/** rules_field_regex(r, i): The compiled expression of field ${i}, made when
 * first asked for; NULL if, having reported it, it does not compile. */
const struct regex *rules_field_regex(const struct rules *r, size_t i);

/** rules_field_error(r, i, what, text): Report "file:line: id: WHAT: TEXT" of
 * field ${i}. */
void rules_field_error(
    const struct rules *r, size_t i, const char *what, const char *text);

/** rules_report_limit(r, i): Say, the first time, that rule ${i} gave up at
 * LIMIT_REGEX_MATCH or LIMIT_REGEX_DEPTH. */
void rules_report_limit(const struct rules *r, size_t i);

/** rules_parts(r): The alternatives of all `match`es, as long as ${r} lasts. */
const struct parts *rules_parts(const struct rules *r);

/** rules_n_always(r): How many alternatives no text rules out. */
size_t rules_n_always(const struct rules *r);

#endif
