/* SPDX-License-Identifier: MIT */
/* parse/roster.h - the recipients of a message whose fate is still open. */
#ifndef PARSE_ROSTER_H
#define PARSE_ROSTER_H

#include "base/limits.h"
#include "base/span.h"

/*
 * Some MTAs name recipients when the client does, and later tell only of the
 * message, or of its copy for one domain.  A roster is one text, so that it
 * can be kept between lines: the recipients in order of their coming, each
 * with a mark that says whether lines without recipients still mean it.  A
 * recipient that is struck keeps its place, because copies are counted by
 * the domains of all.
 */
struct roster {
    char text[LIMIT_ROSTER_LEN];
    size_t len;
};

/** roster_load(r, text): Take over ${text}, which was a roster's, cut at its
 * last whole recipient if it is too long; SPAN_NONE makes it empty. */
void roster_load(struct roster *r, struct span text);

/** roster_text(r): What roster_load() takes; valid until ${r} changes. */
struct span roster_text(const struct roster *r);

/** roster_enlist(r, address): Add ${address}, or undo that it was struck.
 * What does not fit, or holds a newline, is left out. */
void roster_enlist(struct roster *r, struct span address);

/** roster_strike(r, address): Lines without recipients mean ${address} no
 * longer. */
void roster_strike(struct roster *r, struct span address);

/**
 * roster_list(r, copy, separator, out):
 * Write the recipients that are not struck to ${out} (LIMIT_ROSTER_LEN
 * bytes), ${separator} between them; SPAN_NONE if there is none.  ${copy} >= 1
 * limits them to those of the domain that came as the ${copy}th; 0: all.
 * Where one domain is all there is, and ${copy} is above 1, each recipient
 * had a copy to himself: then the ${copy}th is given.
 */
struct span roster_list(
    const struct roster *r, int64_t copy, struct span separator, char *out);

#endif
