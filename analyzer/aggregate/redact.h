/* SPDX-License-Identifier: MIT */
/* aggregate/redact.h - lines without the local parts of addresses. */
#ifndef AGGREGATE_REDACT_H
#define AGGREGATE_REDACT_H

#include "aggregate/privacy.h"
#include "mail/ownwords.h"

/* What is to be hidden in a line. */
struct redaction {
    const struct privacy *privacy; /* NULL: mask local parts */
    const struct own_words *own;   /* of the line's event; NULL: unknown */
    bool exact;          /* the line is to be read again: nothing else goes */
    bool again;          /* only words whose pseudonyms are in ->own go */
    struct span instead; /* of each local part; SPAN_NONE: by ${privacy} */
};

/**
 * redact_line(line, hiding, out, out_len):
 * Write ${line} to ${out} (${out_len} bytes) with the local part of every
 * address replaced ("***@example.org"), also where one stands alone: as one
 * of hiding->own, or behind a key that announces it ("user=", "orig_to=").
 * Cut at ${out_len}; return what was written.
 */
struct span redact_line(struct span line, const struct redaction *hiding,
    char *out, size_t out_len);

/** redact_local(privacy, local, domain, out): The same for the local part of an
 * address, in ${out}; equal for equal addresses. */
enum { REDACT_LOCAL_LEN = 1024 };
struct span redact_local(const struct privacy *privacy, struct span local,
    struct span domain, char *out);

#endif
