/* SPDX-License-Identifier: MIT */
/* cli/proposals.h - proposed rules as a file for a site's directory. */
#ifndef CLI_PROPOSALS_H
#define CLI_PROPOSALS_H

#include "base/buffer.h"
#include "classify/suggest.h"

/**
 * proposals_write(out, list, n):
 * Append the ${n} suggestions ${list} to ${out} as YAML that `patterns check`
 * takes: a rule for each, its samples, and comments that say what speaks for
 * it.  Those that YAML cannot hold (control bytes, no UTF-8) are left out;
 * return how many were written.
 */
size_t proposals_write(
    struct buffer *out, const struct suggestion *list, size_t n);

#endif
