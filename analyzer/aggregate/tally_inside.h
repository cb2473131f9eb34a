/* SPDX-License-Identifier: MIT */
/* aggregate/tally_inside.h - what the files of the tally share. */
#ifndef AGGREGATE_TALLY_INSIDE_H
#define AGGREGATE_TALLY_INSIDE_H

#include "aggregate/admission.h"
#include "aggregate/tally.h"

enum { TALLY_MICROSECONDS = 1000000, TALLY_HOUR = 3600 };

/* The entries that counted event lines lately, each in the place that its key
 * chooses: this is done for every line of mail. */
enum { N_RECENT = 16 }; /* a power of two */

struct recent_line {
    bool known;
    struct line_key key;
    uint32_t entry;
};

struct recent_hour {
    bool known;
    struct digest_key key;
    uint32_t entry;
};

struct tally {
    struct fact_log facts;
    struct hashtable listings;
    struct hashtable digests;
    struct hashtable lines;
    struct hashtable unknown;
    struct intern *hosts;
    struct intern *domains;
    struct intern *providers;
    struct intern *texts;
    struct admission hosts_let_in;
    struct admission domains_let_in;
    struct admission unknown_let_in;
    struct admission programs_let_in;
    struct admission listed_let_in; /* addresses on lists */
    struct reply_table replies;
    struct samples *samples;
    int64_t n_overflow;
    uint64_t names;    /* how often the names above began anew */
    size_t bytes_kept; /* of those that earlier steps brought */
    uint32_t host;     /* the last one, most often the next one too */
    struct recent_line recent_lines[N_RECENT];
    struct recent_hour recent_hours[N_RECENT];
    const struct privacy *privacy;
};

/** tally_host(t, host): The number of ${host}; past the limit, that of
 * "(other)". */
uint32_t tally_host(struct tally *t, struct span host);

/** tally_domain(t, domain): The same for ${domain}, in lower case. */
uint32_t tally_domain(struct tally *t, struct span domain);

/** tally_hour(time): The second at which the hour of ${time}, microseconds,
 * began. */
int64_t tally_hour(int64_t time);

#endif
