/* SPDX-License-Identifier: MIT */
/* findings/sentence.h - findings in plain sentences. */
#ifndef FINDINGS_SENTENCE_H
#define FINDINGS_SENTENCE_H

#include "findings/search.h"

/** sentence_scope(s, f): "Mail to Google", "Incoming mail": what ${f} is about.
 */
const char *sentence_scope(struct search *s, const struct finding *f);

/** sentence_host(s, host): "out1 (relay)": a server with what the site says
 * that it does, if it says so. */
const char *sentence_host(struct search *s, const char *host);

/** sentence_cause(s, cause, detail): "Rate limit": the title of a detail, else
 * its name. */
const char *sentence_cause(
    struct search *s, const char *cause, const char *detail);

/** sentence_shift(s, f): The headline of a shift. */
const char *sentence_shift(struct search *s, const struct finding *f);

/** sentence_earlier(s, since, until, observed, expected): A note about an
 * earlier episode. */
const char *sentence_earlier(struct search *s, int64_t since, int64_t until,
    double observed, double expected);

/** sentence_time(s, time): "2026-11-01 13:00" in UTC. */
const char *sentence_time(struct search *s, int64_t time);

/** sentence_count(s, n): A count or an expectation: "12,345", "0.3". */
const char *sentence_count(struct search *s, double n);

#endif
