/* SPDX-License-Identifier: MIT */
/* report/phrasing.h - findings and periods in words, the same in text, page
 * and mail. */
#ifndef REPORT_PHRASING_H
#define REPORT_PHRASING_H

#include "base/buffer.h"
#include "findings/finding.h"
#include "report/named.h"

/* What is appended here may hold log text: whoever shows it escapes it. */

/** phrasing_severity(f): "Critical", "Warning", "Notice" or "Good to know". */
const char *phrasing_severity(const struct finding *f);

/** phrasing_add_time(out, f): "since 2026-11-18 06:31", "2026-11-16 08:10 to
 * 11:40"; of a damaged log "read up to 2026-11-18 06:31". */
void phrasing_add_time(struct buffer *out, const struct finding *f);

/** phrasing_end(f): What belongs behind it: ", going on", ", over" or "". */
const char *phrasing_end(const struct finding *f);

/** phrasing_add_when(out, f): Both. */
void phrasing_add_when(struct buffer *out, const struct finding *f);

/** phrasing_add_weight(out, f): "205 failed attempts, 3 would be usual";
 * nothing if ${f} counts nothing or its headline has said so. */
void phrasing_add_weight(struct buffer *out, const struct finding *f);

/** phrasing_add_facts(out, f): All of these: "outbound, since …; 205 failed
 * attempts, 3 would be usual". */
void phrasing_add_facts(struct buffer *out, const struct finding *f);

/** phrasing_is_one_of(f, root): True if ${root} (NULL: no) sums up the listings
 * of an address and ${f} is one of these. */
bool phrasing_is_one_of(const struct finding *f, const struct finding *root);

/** phrasing_add_listing(out, f): Of such a one: "zen.spamhaus.org since
 * 2026-11-18 06:31 (12 attempts refused)". */
void phrasing_add_listing(struct buffer *out, const struct finding *f);

/** phrasing_page(f): The first page among the advice of ${f}, or "". */
const char *phrasing_page(const struct finding *f);

/** phrasing_add_stretch(out, from, until): "2026-11-16 08:10 to 11:40"; the
 * day stands once. */
void phrasing_add_stretch(struct buffer *out, int64_t from, int64_t until);

/** phrasing_add_period(out, filter): "2026-11-01 00:00 to 2026-11-08 00:00",
 * the full hours that ${filter} counts. */
void phrasing_add_period(struct buffer *out, const struct named_filter *filter);

#endif
