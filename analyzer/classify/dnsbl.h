/* SPDX-License-Identifier: MIT */
/* classify/dnsbl.h - the DNS lists that replies name (patterns/dnsbl.yaml). */
#ifndef CLASSIFY_DNSBL_H
#define CLASSIFY_DNSBL_H

#include "classify/suffixes.h"

struct dnsbl_entry {
    char *name;     /* "Spamhaus ZEN" */
    char *operator; /* "Spamhaus" */
    char **zones;   /* at least one, in lower case */
    unsigned n_zones;
    char **words; /* names in texts that give no zone, in lower case */
    unsigned n_words;
    char *kind;   /* "address", "domain", "allow" */
    char *delist; /* page for lookup or removal; NULL: none */
};

/* Never changed after it was loaded. */
struct dnsbl_table;

/** dnsbl_load(site_dir): Read the file; NULL, having reported why, if it is
 * faulty.  End with dnsbl_free(). */
struct dnsbl_table *dnsbl_load(const char *site_dir);

/** dnsbl_free(t): End ${t}.  NULL does nothing. */
void dnsbl_free(struct dnsbl_table *t);

/** dnsbl_count(t): How many lists there are. */
unsigned dnsbl_count(const struct dnsbl_table *t);

/**
 * dnsbl_by_zone(t, name, zone):
 * Return the list whose zone ${name} is or lies under, with that zone in
 * ${zone} (NULL: not wanted), or NULL.
 */
const struct dnsbl_entry *dnsbl_by_zone(
    const struct dnsbl_table *t, struct span name, struct span *zone);

/**
 * dnsbl_zone_in_text(t, text):
 * Return the zone of the first known list that ${text} gives a name of, as it
 * stands in the file; SPAN_NONE if it gives none.  Lists of kind "allow" do
 * not count.
 */
struct span dnsbl_zone_in_text(const struct dnsbl_table *t, struct span text);

/** dnsbl_word_in_text(t, text): The same by the longest word; the zone is the
 * first of its list. */
struct span dnsbl_word_in_text(const struct dnsbl_table *t, struct span text);

/** dnsbl_add_names(t, names): Add to ${names} what templates should keep: the
 * zones, the domains they are registered under, and words that are names. */
void dnsbl_add_names(const struct dnsbl_table *t, struct suffixes *names);

#endif
