/* SPDX-License-Identifier: MIT */
/* parse/format_check.h - do the samples of format packs give what they say? */
#ifndef PARSE_FORMAT_CHECK_H
#define PARSE_FORMAT_CHECK_H

#include "parse/formats.h"

struct format_check_result {
    size_t n_patterns;
    size_t n_samples;
    size_t n_faults; /* each was reported as "file:line: what" */
};

/**
 * format_check_run(all, result):
 * Run every sample of every pattern of ${all}: the pattern must claim it, no
 * other line pattern of its pack may, and the event must be what the sample
 * wants.  Parts are given their sample as the field they take apart.
 */
void format_check_run(
    const struct formats *all, struct format_check_result *result);

#endif
